"""Two ECGs of one resident over each other, as it is told: what differs, and their median beats.

All of it is a program's, on what programs measured: nothing of it is a finding.
"""

import enum
from typing import Protocol

from records.ecg_drafts import MachineDraft
from records.errors import RecordsError
from records.values import Value


class ToCompare(Value):
    """One of the two."""

    samples: bytes  # `records.ecg_samples.pack_tracing`
    draft: MachineDraft  # its measurements are those that are compared
    resident: str  # an opaque name: two of different residents are never compared
    simulated: bool
    breaks: tuple[int, ...] = ()  # samples at which the signal does not continue what was before
    unusable: tuple[str, ...] = ()  # leads that the device called so of at least a part


class WhyNot(enum.StrEnum):
    """Why two ECGs are not compared at all."""

    OTHER_RESIDENT = "other_resident"
    SIMULATED = "simulated"  # one was made by no patient
    NOT_EARLIER = "not_earlier"  # it was taken no earlier than the other
    NO_MEASUREMENTS = "no_measurements"  # the program could make nothing of one of them
    POOR_SIGNAL = "poor_signal"  # no lead can be read in both


class ComparisonRefused(RecordsError):
    """The two are not compared; `why` says the reason."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(f"two ECGs are not compared: {why}")
        self.why = why


class ComparedValue(Value):
    """A measurement in both; `difference` is later less earlier, of axes the shorter way round."""

    measure: str  # `ecg.measurements.Measure`
    unit: str  # UCUM
    earlier: float
    later: float
    difference: float
    noise: float  # so much may be measuring error
    beyond_noise: bool


class NotComparedValue(Value):
    """A measurement that is not in both, or not surely enough."""

    measure: str
    why: str  # `ecg.comparison.Refused`


class ComparedSt(Value):
    """The level of ST of one lead, microvolts."""

    lead: str
    at: str  # `ecg.measurements.LeadMeasure`: st_j, st_60
    earlier_uv: float
    later_uv: float
    difference_uv: float
    noise_uv: float
    beyond_noise: bool


class BeatOverlay(Value):
    """Both median beats on one time axis, lead by lead: derived beats, no rhythm. Sample 0 is at `first_ms`
    from R of the earlier one."""

    leads: tuple[str, ...]
    rate_hz: float
    first_ms: float
    earlier_uv: tuple[tuple[int, ...], ...]
    later_uv: tuple[tuple[int, ...], ...]
    earlier_beats: int  # of how many beats the median was taken
    later_beats: int
    likeness: float  # of the complexes over all leads: 1 when they are of one shape


class EcgComparison(Value):
    """What was compared, and for everything that was not, why (`ecg.comparison.Refused`)."""

    changes: tuple[ComparedValue, ...]
    not_compared: tuple[NotComparedValue, ...]
    st: tuple[ComparedSt, ...]
    st_refused: str  # empty: it was compared
    overlay: BeatOverlay | None
    overlay_refused: str
    left_out: tuple[str, ...]  # leads that cannot be read in one of the two
    notes: tuple[str, ...]  # `ecg.comparison.Note`
    other_program: bool  # the two were measured by different versions of the program


class EcgComparer(Protocol):
    """Compares ECGs."""

    async def compare(self, earlier: ToCompare, later: ToCompare) -> EcgComparison:
        """Raises `ComparisonRefused` with the reason, `WorkFailed`."""
