"""What is measured on an ECG, as values: each with its unit and how sure it is, or with why it is absent.

A measurement that could not be made is never a number: whoever reads it meets the reason instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ecg.errors import SignalError
from ecg.leads import Lead


class Unit(StrEnum):
    """UCUM codes of the units measurements come in."""

    MS = "ms"
    PER_MIN = "/min"
    DEGREE = "deg"
    UV = "uV"
    RATIO = "1"


class Measure(StrEnum):
    """Of the whole ECG. A QTc always names its formula; `QRS` from the earliest onset to the latest end of
    all leads (CSE)."""

    RATE = "rate"
    RR_MEAN = "rr_mean"
    RR_MIN = "rr_min"
    RR_MAX = "rr_max"
    RR_SD = "rr_sd"
    RR_RMSSD = "rr_rmssd"
    P = "p"
    PR = "pr"
    QRS = "qrs"
    QT = "qt"
    QTC_BAZETT = "qtc_bazett"
    QTC_FRIDERICIA = "qtc_fridericia"
    QTC_FRAMINGHAM = "qtc_framingham"
    QTC_HODGES = "qtc_hodges"
    P_AXIS = "p_axis"
    QRS_AXIS = "qrs_axis"
    T_AXIS = "t_axis"


class LeadMeasure(StrEnum):
    """Of one lead of the median beat, against the isoelectric line before QRS; signed, 0 when not there."""

    P = "p"
    Q = "q"
    R = "r"
    S = "s"
    T = "t"
    ST_J = "st_j"
    """In the 8 ms after the end of QRS."""
    ST_60 = "st_60"
    """60 ms after the end of QRS."""


UNITS: Mapping[Measure, Unit] = {
    Measure.RATE: Unit.PER_MIN,
    Measure.P_AXIS: Unit.DEGREE,
    Measure.QRS_AXIS: Unit.DEGREE,
    Measure.T_AXIS: Unit.DEGREE,
} | {
    measure: Unit.MS
    for measure in Measure
    if measure not in (Measure.RATE, Measure.P_AXIS, Measure.QRS_AXIS, Measure.T_AXIS)
}
"""The unit each measure comes in. Amplitudes of a lead are in microvolts."""


class Why(StrEnum):
    """Why a measurement is absent."""

    FEW_BEATS = "too few beats of one shape"
    NO_BEATS = "no beat was found"
    NO_P = "no P wave stands before the QRS complexes"
    P_NOT_COUPLED = "P waves and QRS complexes do not keep a constant distance"
    NO_T_END = "the end of T does not stand out"
    T_ON_QRS = "QRS and T run into each other"
    LEADS_MISSING = "the leads it needs are not there"
    POOR_SIGNAL = "the signal is too poor"
    RATE_OUT_OF_RANGE = "the formula does not hold at this rate"
    LOW_VOLTAGE = "the complexes are too small"
    TOO_SHORT = "the recording is too short"
    RATE_TOO_LOW_HZ = "the sample rate is too low"
    ST_FILTERED = "the device's high-pass shifts ST"
    SPIKES_FILTERED = "the device's low-pass takes out pacing spikes"
    NOT_MEASURED = "not measured by this version"
    """Of the program, the one that measured then."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value in its unit; `confidence` from 0 to 1, of what the signal and the beats' agreement allow."""

    value: float
    unit: Unit
    confidence: float

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise SignalError(f"a confidence of {self.confidence}; 0 to 1 is right")


@dataclass(frozen=True, slots=True)
class Absent:
    """No value, and why."""

    why: Why


Measurement = Measured | Absent


@dataclass(frozen=True, slots=True)
class BeatLimits:
    """First and last sample of the waves of one beat, None where the wave is not there or not told apart.

    `r`: the detector's sample of the complex. Limits of QRS are global: earliest onset, latest end.
    """

    r: int
    qrs_onset: int
    qrs_end: int
    p_onset: int | None = None
    p_peak: int | None = None
    p_end: int | None = None
    t_onset: int | None = None
    t_peak: int | None = None
    t_end: int | None = None


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything measured on one ECG.

    `values` has every `Measure`; `leads` every `LeadMeasure` of every lead measured. `beats`: the R of every
    beat that stands. `usual_beats`: how many share the usual shape, on which intervals and amplitudes rest.
    """

    rate_hz: float
    sample_count: int
    values: Mapping[Measure, Measurement]
    leads: Mapping[Lead, Mapping[LeadMeasure, Measurement]] = field(default_factory=dict)
    beats: tuple[int, ...] = ()
    usual_beats: int = 0
    limits: tuple[BeatLimits, ...] = ()

    def of(self, measure: Measure) -> float | None:
        """The value when there is one."""
        found = self.values[measure]
        return found.value if isinstance(found, Measured) else None

    def of_lead(self, lead: Lead, measure: LeadMeasure) -> float | None:
        """The value in this lead when there is one."""
        found = self.leads.get(lead, {}).get(measure)
        return found.value if isinstance(found, Measured) else None
