"""The picture that is measured on."""

from dataclasses import dataclass
from enum import StrEnum

from ultrasound.measuring.measured import CalibrationSource
from ultrasound.regions import Region


class Standing(StrEnum):
    """What a picture is, compared with what was captured."""

    EXACT = "exact"
    """The captured picture, fetched without loss."""
    STORED = "stored"
    """A frame of a file, as it was stored."""
    SENT = "sent"
    """A picture of the video call: scaled, encoded, not measured on."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's size, standing and scale. Without regions it is uncalibrated."""

    width: int
    height: int
    standing: Standing
    regions: tuple[Region, ...] = ()
    source: CalibrationSource = CalibrationSource.FILE
    """Where the regions come from."""
    scale_uncertainty: float = 0.0
    """The most the scale may be off, as a part of it: 0.01 is one per cent."""
