"""Exported files, and what the tests of them share."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import examples
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.ultrasound.cines import native, saved
from ultrasound.dicom import open_dicom
from ultrasound.privacy.deidentifying import Choices, Deidentified, deidentify
from ultrasound.privacy.pseudonyms import Pseudonyms

KEY = b"a key of the site, 32 bytes long"
LOGIQ = Path(str(examples.get_path("jpeg2k")))


def exported(path: Path, key: bytes = KEY, **choices: object) -> Deidentified:
    return deidentify(path, Choices(pseudonyms=Pseudonyms(key), **choices))  # type: ignore[arg-type]


def dataset_of(done: Deidentified) -> Dataset:
    return pydicom.dcmread(BytesIO(done.data))


def frames_of(done: Deidentified, folder: Path) -> list[NDArray[np.uint8]]:
    """The pictures of what was written, by our own reader."""
    path = folder / "exported.dcm"
    path.write_bytes(done.data)
    cine = open_dicom(path, paced=False)
    return [cine.frame(index) for index in range(cine.frame_count)]


def region(left: int, top: int, right: int, bottom: int, data_type: int = 1) -> Dataset:
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = 1, data_type, 0
    item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 3
    item.PhysicalDeltaX = item.PhysicalDeltaY = 0.05
    return item


def patient_dataset(frames: int = 1, photometric: str = "RGB") -> Dataset:
    """A small file of a patient: 64 x 48, bright noise, one tissue region, identity in header and dates."""
    shape = (frames, 48, 64, 3) if photometric == "RGB" else (frames, 48, 64)
    dataset = native(Path(), np.random.default_rng(9).integers(1, 256, shape).astype(np.uint8), photometric)
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = "Zhang^San", "4711", "19700203"
    dataset.PatientSex, dataset.PatientAge, dataset.InstitutionName = "F", "056Y", "Anhua Station"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3.1", "1.2.3.2"
    dataset.StudyDate, dataset.StudyTime, dataset.ContentDate = "20240229", "101500", "20240301"
    dataset.AcquisitionDateTime = "20240229101530.25+0800"
    dataset.Manufacturer, dataset.ManufacturerModelName = "Maker", "Model 7"
    dataset.SequenceOfUltrasoundRegions = Sequence([region(10, 8, 49, 39)])
    dataset.BurnedInAnnotation = "NO"
    return dataset


def patient_file(folder: Path, name: str = "zhang.dcm", **fields: object) -> Path:
    dataset = patient_dataset()
    for keyword, value in fields.items():
        setattr(dataset, keyword, value)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return saved(dataset, folder / name)
