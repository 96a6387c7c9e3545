"""What passes between a program and the process that reads the pictures of a file."""

import enum

from records.stated_patient import StatedPatient
from records.stills import PictureRegion
from records.values import Value
from ultrasound.measuring.measured import CalibrationSource


class FileOfPictures(enum.StrEnum):
    """What kind of file it is."""

    DICOM = "dicom"
    CLIP = "clip"  # `records.clip_file`


class ReadPictures(Value):
    """A file, open under this descriptor in the process, and which frames of it are wanted, from 1."""

    descriptor: int
    kind: FileOfPictures
    first: int = 1
    most: int = 0  # frames; 0: only what the file says
    most_bytes: int = 24 << 20  # of PNGs: the frames that fit, one at least


class ObjectPlace(Value):
    """Where a DICOM object stands among others."""

    study_uid: str
    series_uid: str
    sop_instance_uid: str
    series_number: int = 0
    instance_number: int = 0
    series_description: str = ""


class FileDescription(Value):
    """What a file of pictures says."""

    width: int
    height: int
    frames: int
    frame_times_ms: tuple[float, ...] | None
    regions: tuple[PictureRegion, ...]
    calibration: CalibrationSource | None
    stated: StatedPatient = StatedPatient()
    place: ObjectPlace | None = None  # of a DICOM object


class PicturesRead(Value, tag="read"):
    """What it says, and the frames that were asked for as PNGs without loss."""

    description: FileDescription
    pngs: tuple[bytes, ...] = ()


class PicturesRefused(Value, tag="refused"):
    """A file that cannot be shown faithfully: one sentence, without anything of the patient."""

    sentence: str


PicturesAnswer = PicturesRead | PicturesRefused
