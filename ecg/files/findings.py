"""What was found on a tracing and goes with it into a file: measurements, the median beat, statements."""

from dataclasses import dataclass

from ecg.errors import SignalError
from ecg.leads import Lead
from ecg.measurements import Measurements
from ecg.signal.median_beat import MedianBeat


@dataclass(frozen=True, slots=True, eq=False)
class MedianOfLeads:
    """A median beat with the leads its rows are of; SignalError when they are not as many."""

    leads: tuple[Lead, ...]
    beat: MedianBeat

    def __post_init__(self) -> None:
        if len(self.leads) != len(self.beat.samples_uv) or len(set(self.leads)) != len(self.leads):
            raise SignalError(
                f"{len(self.leads)} leads for {len(self.beat.samples_uv)} rows of a median beat"
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """All of it is of the whole tracing; `statements` are sentences in words, a draft until signed."""

    measurements: Measurements | None = None
    median: MedianOfLeads | None = None
    statements: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return self.measurements is None and self.median is None and not self.statements
