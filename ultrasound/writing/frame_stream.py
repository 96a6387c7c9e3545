"""Frames as they go into an object: coded already, one after the other, all of one form."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydicom.dataset import Dataset
from pydicom.uid import UID

from ultrasound.files.pixel_form import Colour
from ultrasound.writing.loss import LossMethod


@dataclass(frozen=True, slots=True, eq=False)
class FrameStream:
    """Coded frames, given one by one and never all held.

    `colour`: the Photometric Interpretation. `method`: what was lost by the coding itself; None: nothing.
    `completed`: numbers, from 1, of frames whose bytes had to be completed; known once all were given.
    """

    syntax: UID
    colour: Colour
    width: int
    height: int
    frames: Iterator[bytes]
    method: LossMethod | None = None
    completed: list[int] = field(default_factory=list)

    @property
    def decoded_bytes(self) -> int:
        """Of one frame."""
        return self.width * self.height * self.colour.samples


def put_pixel_form(dataset: Dataset, colour: Colour, width: int, height: int) -> None:
    """Image Pixel, PS3.3 C.7.6.3: 8 bits, by pixel."""
    dataset.SamplesPerPixel = colour.samples
    dataset.PhotometricInterpretation = colour.value
    if colour.samples == 3:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = height, width
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
