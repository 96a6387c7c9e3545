"""What is known of how a consult's pictures were taken."""

import datetime as dt

from records.exchange.archive.kept_objects import KeptObject
from records.picture_regions import as_region
from records.stills import Calibration, LossyCodec
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_stills import UltrasoundStill
from ultrasound.errors import WritingRefused
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.writing.acquisition import Acquisition, Scanner
from ultrasound.writing.loss import Loss, LossMethod

_BY_PROFILE = "All outside of the device profile's shape and allowed text areas made black before encoding"
_UNSURE = "Parts made black before encoding, by no device profile that was signed off for this screen"
_LONGEST_STATION = 16

METHODS = {
    LossyCodec.MJPEG: LossMethod.JPEG,
    LossyCodec.H264: LossMethod.H264,
    LossyCodec.HEVC: LossMethod.HEVC,
}


def acquisition_of(
    kept: KeptObject, taken: dt.datetime, scale: Calibration | None, losses: tuple[Loss, ...] | None
) -> Acquisition:
    """Names may be burned in unless a mask that a person signed off was laid over it."""
    try:
        regions = tuple(as_region(one) for one in scale.regions) if scale is not None else ()
    except ValueError as fault:
        raise WritingRefused(f"its calibration cannot be told ({fault})") from None
    picture = kept.still or kept.clip
    return Acquisition(
        taken=taken.astimezone(kept.zone),
        burned_in=not (picture is not None and picture.mask_signed),
        scanner=scanner_of(kept),
        regions=regions,
        calibration=scale.source if scale is not None else CalibrationSource.FILE,
        losses=losses,
        derivation=_derivation(picture) if picture is not None and picture.masked else "",
    )


def _derivation(picture: UltrasoundStill | UltrasoundClip) -> str:
    return _BY_PROFILE if picture.mask_signed else _UNSURE


def scanner_of(kept: KeptObject) -> Scanner:
    """The station; what the scanner behind it is nobody told."""
    return Scanner(station=kept.station_name if len(kept.station_name) <= _LONGEST_STATION else "")
