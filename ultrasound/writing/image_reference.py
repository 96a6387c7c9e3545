"""Which image, and which of its frames, a measurement or a mark is about."""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from ultrasound.errors import WritingRefused
from ultrasound.files.pixel_form import Colour
from ultrasound.measuring.points import Point

CORNER_PX = 0.5
"""Our points count from the middle of the first pixel, DICOM's in reports and marks from its corner."""


@dataclass(frozen=True, slots=True)
class ImageReference:
    """A frame of a written image; `frame` counts from 0, as everywhere in this program."""

    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str
    width: int
    height: int
    coloured: bool
    frame_count: int = 1
    frame: int = 0

    @classmethod
    def of(cls, header: Dataset, frame: int = 0) -> "ImageReference":
        """Of an image's data set; raises WritingRefused for a frame it does not have."""
        count = int(header.get("NumberOfFrames") or 1)
        if not 0 <= frame < count:
            raise WritingRefused(f"frame {frame} of {count}; 0 to {count - 1} exist")
        return cls(
            str(header.SOPClassUID),
            str(header.SOPInstanceUID),
            str(header.SeriesInstanceUID),
            int(header.Columns),
            int(header.Rows),
            header.PhotometricInterpretation != Colour.MONOCHROME2,
            count,
            frame,
        )

    @property
    def frame_numbers(self) -> list[int] | None:
        """As DICOM counts them, from 1; None where the image is no multi-frame one."""
        return [self.frame + 1] if self.frame_count > 1 else None

    def placed(self, point: Point) -> tuple[float, float]:
        """A point as reports and marks count it; raises WritingRefused where it lies outside the picture."""
        x, y = point[0] + CORNER_PX, point[1] + CORNER_PX
        if not (0 <= x <= self.width and 0 <= y <= self.height):
            raise WritingRefused(
                f"point ({point[0]:g}, {point[1]:g}) lies outside the picture of {self.width}x{self.height}"
            )
        return x, y
