"""Every kind of test: the function, the limits it takes, and between what each is plausible."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ecg.critical import tachycardia
from ecg.critical.dissociation import find_dissociation
from ecg.critical.fibrillation import find_fibrillation
from ecg.critical.pause import find_pauses
from ecg.critical.polymorphic import find_polymorphic_tachycardia
from ecg.critical.r_on_t import find_r_on_t
from ecg.critical.rule import RuleKind
from ecg.critical.slow_rate import find_slow_rate
from ecg.critical.st_elevation import find_st_elevation
from ecg.critical.strip import Strip
from ecg.critical.verdict import Answer, Evidence

Test = Callable[[Strip, Mapping[str, float]], Answer]
Partial = Callable[[Strip, Mapping[str, float]], list[Evidence]]


@dataclass(frozen=True, slots=True)
class Plausible:
    """Between what a limit may be set; beyond it is a slip of the pen."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of test. `partial`: what a signal too short for it shows as far as it goes."""

    test: Test
    limits: Mapping[str, Plausible]
    partial: Partial | None = None


_FAST = Plausible(100, 300)
_QRS = Plausible(100, 160)
_LASTING = Plausible(2, 60)
_VARIATION = Plausible(3, 30)

KINDS: Mapping[RuleKind, Kind] = {
    RuleKind.PAUSE: Kind(find_pauses, {"pause_s": Plausible(1.5, 10)}),
    RuleKind.SLOW_RATE: Kind(
        find_slow_rate, {"below_per_min": Plausible(20, 60), "over_s": Plausible(5, 60)}
    ),
    RuleKind.AV_DISSOCIATION: Kind(find_dissociation, {"below_per_min": Plausible(20, 80)}),
    RuleKind.LONG_QT_R_ON_T: Kind(find_r_on_t, {"qtc_ms": Plausible(430, 650), "qrs_ms": _QRS}),
    RuleKind.WIDE_TACHYCARDIA: Kind(
        tachycardia.find_wide_tachycardia,
        {"per_min": _FAST, "least_s": _LASTING, "qrs_ms": _QRS},
        tachycardia.wide_as_far_as_it_goes,
    ),
    RuleKind.POLYMORPHIC_TACHYCARDIA: Kind(
        find_polymorphic_tachycardia,
        {
            "per_min": _FAST,
            "least_beats": Plausible(3, 30),
            "alike_percent": Plausible(30, 95),
            "even_percent": Plausible(20, 90),
        },
    ),
    RuleKind.FIBRILLATION: Kind(
        find_fibrillation,
        {
            "away_percent": Plausible(30, 80),
            "leakage_percent": Plausible(20, 80),
            "slowest_per_min": Plausible(100, 300),
            "fastest_per_min": Plausible(300, 900),
            "least_mv": Plausible(0.05, 0.5),
        },
    ),
    RuleKind.NARROW_TACHYCARDIA: Kind(
        tachycardia.find_narrow_tachycardia,
        {"per_min": _FAST, "least_s": _LASTING, "qrs_ms": _QRS},
        tachycardia.narrow_as_far_as_it_goes,
    ),
    RuleKind.IRREGULAR_FAST: Kind(
        tachycardia.find_irregular_fast,
        {"per_min": _FAST, "least_s": _LASTING, "variation_percent": _VARIATION},
    ),
    RuleKind.IRREGULAR_WIDE: Kind(
        tachycardia.find_irregular_wide,
        {
            "per_min": _FAST,
            "shortest_rr_ms": Plausible(200, 350),
            "variation_percent": _VARIATION,
            "qrs_ms": _QRS,
        },
    ),
    RuleKind.ST_ELEVATION: Kind(
        find_st_elevation,
        {
            "limb_mv": Plausible(0.05, 0.5),
            "v1_v3_mv": Plausible(0.1, 0.8),
            "v4_v6_mv": Plausible(0.05, 0.5),
            "least_leads": Plausible(1, 4),
            "after_j_ms": Plausible(0, 60),
        },
    ),
}
"""`by_person` is not among them: nothing in a signal answers it."""
