"""What can go wrong with an ultrasound picture.

UltrasoundError
├── SourceUnreadable   a file this program cannot show faithfully
├── FrameOutOfRange    a frame number the cine does not have
└── PictureError       an array of a shape or type that is not the picture asked for
"""


class UltrasoundError(Exception):
    """Base of everything this room refuses. The text holds the wrong value and what would be right."""


class SourceUnreadable(UltrasoundError):
    """A file this program cannot show faithfully."""


class FrameOutOfRange(UltrasoundError, IndexError):
    """A frame number the cine does not have."""


class PictureError(UltrasoundError, ValueError):
    """An array of a shape or type that is not the picture asked for."""
