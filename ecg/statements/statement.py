"""A statement and what it stands on, as values."""

from dataclasses import dataclass
from enum import StrEnum

from ecg.leads import Lead
from ecg.measurements import LeadMeasure, Measure, Unit, Why


class StatementCode(StrEnum):
    """Everything that can be stated. None names a disease, a rhythm or a block, and none says "normal"."""

    POOR_QUALITY = "poor_quality"
    ARM_LEADS_SWAPPED = "arm_leads_swapped"
    PACING_MARKS = "pacing_marks"
    RATE_LOW = "rate_low"
    RATE_HIGH = "rate_high"
    RR_IRREGULAR = "rr_irregular"
    PR_LONG = "pr_long"
    QRS_WIDE = "qrs_wide"
    QTC_LONG = "qtc_long"
    QTC_VERY_LONG = "qtc_very_long"
    AXIS_LEFT = "axis_left"
    AXIS_RIGHT = "axis_right"
    AXIS_EXTREME = "axis_extreme"
    LOW_VOLTAGE_LIMB = "low_voltage_limb"
    LOW_VOLTAGE_CHEST = "low_voltage_chest"


class Made(StrEnum):
    """Quantities that are made of measurements."""

    QRS_NET = "qrs_net"
    """R plus the deeper of Q and S, in one lead."""
    QRS_PEAK_TO_PEAK = "qrs_peak_to_peak"
    """From the deeper of Q and S to R; the largest of the leads."""
    PACING_MARKS = "pacing_marks"
    POOR_LEADS = "poor_leads"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One value a statement stands on, the limit it is beyond, and of how many beats in which leads."""

    measure: Measure | LeadMeasure | Made
    value: float
    unit: Unit
    limit: float
    beats: int
    leads: tuple[Lead, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated, and on what."""

    code: StatementCode
    evidence: tuple[Evidence, ...]


class WithheldWhy(StrEnum):
    """Why nothing is stated either way."""

    POOR_QUALITY = "poor_quality"
    FEW_BEATS = "few_beats"
    """Fewer than five beats of one shape."""
    UNSURE = "unsure"
    """The measurement is not sure enough."""
    ABSENT = "absent"
    CHILD = "child"
    """The limits are those of adults."""
    LEADS_MISSING = "leads_missing"
    """Leads it needs are not there, or poor."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A statement that is neither made nor ruled out. `absent`: why its measurement is, when it is."""

    code: StatementCode
    why: WithheldWhy
    absent: Why | None = None


@dataclass(frozen=True, slots=True)
class Statements:
    """What was stated and what was withheld; a code in neither was looked at and does not hold."""

    made: tuple[Statement, ...]
    withheld: tuple[Withheld, ...]
