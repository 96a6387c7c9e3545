"""What can go wrong with an ultrasound picture.

UltrasoundError
├── SourceUnreadable   a file this program cannot show faithfully
├── FrameOutOfRange    a frame number the cine does not have
├── FrameNotKept       a frame that was never in the ring, or is no more
├── ScenarioWrong      a simulator's scenario that cannot be understood, or cannot be
├── MeasurementRefused a measurement that would not be right here
├── WritingRefused     what a DICOM object cannot say truthfully
├── ProfileWrong       a device profile that is not understood or not plausible
├── ExportRefused      a file that cannot be written so that it names nobody
└── PictureError       an array of a shape or type that is not the picture asked for
"""


class UltrasoundError(Exception):
    """Base of everything this room refuses. The text holds the wrong value and what would be right."""


class SourceUnreadable(UltrasoundError):
    """A file this program cannot show faithfully."""


class FrameOutOfRange(UltrasoundError, IndexError):
    """A frame number the cine does not have."""


class FrameNotKept(UltrasoundError, LookupError):
    """A frame that was never in the ring, or is no more."""


class ScenarioWrong(UltrasoundError, ValueError):
    """A simulator's scenario that cannot be understood, or cannot be."""


class MeasurementRefused(UltrasoundError):
    """A measurement that would not be right here: no scale, two scales, or not the kind of picture for it."""


class WritingRefused(UltrasoundError):
    """What a DICOM object cannot say truthfully, or an archive does not take."""


class ProfileWrong(UltrasoundError):
    """A device profile that is not understood, not plausible, or changed after it was signed off."""


class ExportRefused(UltrasoundError):
    """A file that cannot be written so that it names nobody."""


class PictureError(UltrasoundError, ValueError):
    """An array of a shape or type that is not the picture asked for."""
