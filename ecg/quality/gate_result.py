"""The gate's rules and its answer, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ecg.leads import INDEPENDENT_LEADS, Electrode, Lead
from ecg.quality.advice import Advice, Cause
from ecg.quality.reversal import ReversalCheck, Suspicion

NO_ELECTRODE = Electrode(0)


class Decision(StrEnum):
    """What the gate advises."""

    SEND = "send"
    SEND_WITH_NOTE = "send_with_note"
    REPEAT = "repeat"


class Weight(StrEnum):
    """What a reason asks for."""

    MINOR = "minor"
    """Told, no more."""
    NOTE = "note"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class GateRules:
    """Seconds are of signal; a site may change any of them."""

    leads: tuple[Lead, ...] = INDEPENDENT_LEADS
    """What must be there; III, aVR, aVL and aVF follow from I and II."""

    least_s: float = 10.0
    """How long a standard recording is (AHA/ACC/HRS 2007)."""

    least_usable_s: float = 5.0
    """Of each lead, or the recording is to be repeated: three complexes, of which a median beat is made, take
    4.5 s at 40 a minute."""

    noted_s: float = 2.0
    """So many seconds of a lead with the same finding, still readable, are worth a note; fewer are minor."""

    noted_costs: float = 0.3
    """What is noted costs this part of its second."""

    reversal_costs: float = 30.0
    """Points: the rest may be perfect, and what is read from it wrong."""


DEFAULT_GATE_RULES = GateRules()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a recording is faulted: what, where, what to do, and what it costs.

    `electrodes`: those to see to. `lead_seconds`: seconds of leads in which it was found, added up.
    `points`: of the 100. `suspicion`: the details of a suspected reversal.
    """

    cause: Cause
    weight: Weight
    advice: Advice
    leads: tuple[Lead, ...] = ()
    electrodes: Electrode = NO_ELECTRODE
    lead_seconds: float = 0.0
    points: float = 0.0
    suspicion: Suspicion | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """The advice, the score (0 to 100), its reasons with the most important first, seconds usable per lead.

    `reversals`: also says which could not be looked for.
    """

    decision: Decision
    score: int
    reasons: tuple[Reason, ...]
    usable_s: Mapping[Lead, float]
    reversals: ReversalCheck = field(default_factory=ReversalCheck)
