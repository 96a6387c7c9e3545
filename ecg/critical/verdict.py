"""What a rule's test answers, as values."""

from dataclasses import dataclass, replace
from enum import StrEnum

from ecg.leads import Lead
from ecg.measurements import Why
from ecg.ranges import SampleRange


class Verdict(StrEnum):
    """The four answers; none of them is "normal"."""

    HIT = "hit"
    NO_HIT = "no_hit"
    NOT_TESTED = "not_tested"
    BY_PERSON = "by_person"


class NotTested(StrEnum):
    """Why a rule was not tested, or not to the end."""

    TOO_SHORT = "too_short"
    """Less signal without a break than the rule needs."""
    LEADS_MISSING = "leads_missing"
    NO_EARLIER_ECG = "no_earlier_ecg"
    OTHER_AGE = "other_age"
    POOR_SIGNAL = "poor_signal"
    """No readable signal, or what was found lies where the signal cannot be trusted."""
    FEW_BEATS = "few_beats"
    NOT_MEASURED = "not_measured"
    """A measurement the rule stands on is absent, or was not asked for."""


class Quantity(StrEnum):
    """What a value of the evidence is; the unit is in the name."""

    PAUSE_S = "pause_s"
    RATE_PER_MIN = "rate_per_min"
    P_RATE_PER_MIN = "p_rate_per_min"
    P_TO_QRS_SPREAD_MS = "p_to_qrs_spread_ms"
    QTC_MS = "qtc_ms"
    QT_MS = "qt_ms"
    COUPLING_MS = "coupling_ms"
    """From the onset of the usual beat's QRS to that of the early one."""
    QRS_MS = "qrs_ms"
    LASTED_S = "lasted_s"
    SHORTEST_RR_MS = "shortest_rr_ms"
    RR_VARIATION_PERCENT = "rr_variation_percent"
    LIKENESS_PERCENT = "likeness_percent"
    OSCILLATION_PER_MIN = "oscillation_per_min"
    EVENNESS_PERCENT = "evenness_percent"
    AWAY_FROM_BASELINE_PERCENT = "away_from_baseline_percent"
    ST_UV = "st_uv"


@dataclass(frozen=True, slots=True)
class Value:
    """One value and the limit of the rule it is beyond, where it has one."""

    quantity: Quantity
    value: float
    limit: float | None = None
    lead: Lead | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where in the signal a rule was met, by which beats (R), with which values."""

    where: SampleRange
    values: tuple[Value, ...]
    beats: tuple[int, ...] = ()

    def of(self, quantity: Quantity) -> float:
        """The first value of this kind."""
        return next(one.value for one in self.values if one.quantity is quantity)

    def moved(self, by: int) -> "Evidence":
        """The same, its samples counted from elsewhere."""
        where = SampleRange(self.where.first + by, self.where.count)
        return replace(self, where=where, beats=tuple(r + by for r in self.beats))


@dataclass(frozen=True, slots=True)
class Answer:
    """A test's answer. `evidence` stands with a hit; with "not tested: too short" it says that all there is
    of the signal meets the rule. `absent`: why the measurement is, when that is why it was not tested."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    why: NotTested | None = None
    absent: Why | None = None


NO_HIT = Answer(Verdict.NO_HIT)

UNDECIDED = Answer(Verdict.BY_PERSON)
"""The signal neither shows it nor rules it out."""


def hit_or_not(evidence: list[Evidence]) -> Answer:
    """A hit when there is evidence."""
    return Answer(Verdict.HIT, tuple(evidence)) if evidence else NO_HIT


def not_tested(why: NotTested, absent: Why | None = None) -> Answer:
    """Not tested, and why."""
    return Answer(Verdict.NOT_TESTED, (), why, absent)
