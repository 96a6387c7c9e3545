"""What is known of how pictures were taken, and what became of them since."""

from dataclasses import dataclass
from datetime import datetime

from pydicom.dataset import Dataset

from ultrasound.errors import WritingRefused
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.regions import Region
from ultrasound.writing.identity import put_text
from ultrasound.writing.loss import Loss
from ultrasound.writing.region_items import region_items


@dataclass(frozen=True, slots=True)
class Scanner:
    """The device; what is not known stays empty."""

    maker: str = ""
    model: str = ""
    serial_number: str = ""
    software: str = ""
    station: str = ""


UNKNOWN_SCANNER = Scanner()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """Of a still, or of a cine's first frame.

    `taken`: with its zone. `burned_in`: whether a name may stand in the pixels; who does not know says yes.
    `losses`: every lossy compression before this writing, as of a grabber's JPEG that was decoded, or of
    the video of a call; None: not known. `derivation`: what was done to the pixels, as a mask; empty: they
    are as captured.
    """

    taken: datetime
    burned_in: bool
    scanner: Scanner = UNKNOWN_SCANNER
    regions: tuple[Region, ...] = ()
    calibration: CalibrationSource = CalibrationSource.FILE
    losses: tuple[Loss, ...] | None = ()
    derivation: str = ""


_SCALE_WORDS = {
    CalibrationSource.RULER: "Scale of the regions: read off the ruler in the picture",
    CalibrationSource.USER: "Scale of the regions: set by a person",
}


def put_acquisition(dataset: Dataset, acquisition: Acquisition, width: int, height: int) -> None:
    """Write it into an image of this size; its losses are written with those of the coding."""
    put_scanner(dataset, acquisition.scanner)
    put_moment(dataset, acquisition.taken)
    dataset.Laterality = dataset.PatientOrientation = ""  # what the probe looked at, nobody told
    dataset.BurnedInAnnotation = "YES" if acquisition.burned_in else "NO"
    dataset.ImageType = ["DERIVED" if acquisition.derivation else "ORIGINAL", "PRIMARY"]
    if acquisition.derivation:
        put_text(dataset, "DerivationDescription", acquisition.derivation, "derivation")
    if acquisition.regions:
        dataset.SequenceOfUltrasoundRegions = region_items(acquisition.regions, width, height)
        if acquisition.calibration in _SCALE_WORDS:
            dataset.ImageComments = _SCALE_WORDS[acquisition.calibration]


def put_scanner(dataset: Dataset, scanner: Scanner) -> None:
    """General Equipment, PS3.3 C.7.5.1."""
    put_text(dataset, "Manufacturer", scanner.maker, "maker")
    for keyword, value, name in (
        ("ManufacturerModelName", scanner.model, "model"),
        ("DeviceSerialNumber", scanner.serial_number, "serial_number"),
        ("SoftwareVersions", scanner.software, "software"),
        ("StationName", scanner.station, "station"),
    ):
        if value:
            put_text(dataset, keyword, value, name)


def put_moment(dataset: Dataset, taken: datetime) -> None:
    """When it was taken, to the microsecond, and in which zone."""
    if taken.tzinfo is None:
        raise WritingRefused("the moment of acquisition has no zone; it takes one to be a moment")
    zone = taken.strftime("%z")[:5]
    dataset.AcquisitionDateTime = taken.strftime("%Y%m%d%H%M%S.%f") + zone
    dataset.AcquisitionDate = dataset.ContentDate = taken.strftime("%Y%m%d")
    dataset.AcquisitionTime = dataset.ContentTime = taken.strftime("%H%M%S.%f")
    dataset.TimezoneOffsetFromUTC = zone
