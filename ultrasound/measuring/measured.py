"""One measurement as it is shown: never a number without its unit, its doubt and the origin of its scale."""

from dataclasses import dataclass
from enum import StrEnum

from ultrasound.measuring.unit import Unit


class CalibrationSource(StrEnum):
    """Where a scale comes from."""

    FILE = "file"
    """The scanner wrote it into the file."""
    RULER = "ruler"
    """Read off the ruler in the picture; a person said what a tick is worth."""
    USER = "user"
    """A person clicked two points and said how far apart they are."""
    NONE = "none"
    """There is none: the value is in pixels."""


class Uncalibrated(StrEnum):
    """Why a value stands in pixels."""

    NO_REGIONS = "no_regions"
    OUTSIDE_REGIONS = "outside_regions"
    REGION_FAULTY = "region_faulty"
    UNITS_DO_NOT_FIT = "units_do_not_fit"


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with its unit and the most it may be off."""

    value: float
    unit: Unit
    uncertainty: float
    """In `unit`: every point one pixel off in its worst direction, and the scale as far off as it may be."""
    calibration: CalibrationSource
    region: int | None = None
    """Index of the region that gave the scale; None where no single one did."""
    uncalibrated: Uncalibrated | None = None
    """Why there is no scale; then the word "uncalibrated" stands beside the value."""
