"""What passes between a program and the process that reads an ultrasound file."""

from records.values import Value
from ultrasound.files.description import Description


class ReadUltrasound(Value):
    """A file, open under this descriptor in the process, and which frame of it is wanted, from 1."""

    descriptor: int
    name: str  # for the sentence of a refusal
    frame: int | None = None


class DecodedFrame(Value):
    """A picture as it is to be shown: one byte a pixel where it is grey, else three, RGB."""

    width: int
    height: int
    samples: bytes


class UltrasoundRead(Value, tag="read"):
    """What the file holds, with the frame that was asked for."""

    description: Description
    frame: DecodedFrame | None = None


class UltrasoundRefused(Value, tag="refused"):
    """A file that cannot be shown faithfully: one sentence with the file's name in front."""

    sentence: str


UltrasoundAnswer = UltrasoundRead | UltrasoundRefused
