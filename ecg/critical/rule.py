"""A site's rules, as values: what each is called, what it needs, how it is tested, with which limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ecg.words import Language, Words


class RuleKind(StrEnum):
    """How a rule is tested."""

    PAUSE = "pause"
    SLOW_RATE = "slow_rate"
    AV_DISSOCIATION = "av_dissociation"
    LONG_QT_R_ON_T = "long_qt_r_on_t"
    WIDE_TACHYCARDIA = "wide_tachycardia"
    POLYMORPHIC_TACHYCARDIA = "polymorphic_tachycardia"
    FIBRILLATION = "fibrillation"
    NARROW_TACHYCARDIA = "narrow_tachycardia"
    IRREGULAR_FAST = "irregular_fast"
    IRREGULAR_WIDE = "irregular_wide"
    ST_ELEVATION = "st_elevation"
    BY_PERSON = "by_person"


class LeadsNeeded(StrEnum):
    """Which leads a rule needs."""

    ANY = "any"
    TWELVE = "twelve"


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be there before a rule is tested.

    `seconds`: readable signal without a break. `from_years`, `below_years`: the ages its limits are for.
    """

    seconds: float
    leads: LeadsNeeded
    earlier_ecg: bool
    from_years: float
    below_years: float | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `first_found`: it is critical only when it was not known before."""

    id: str
    item: str
    words: Words
    test: RuleKind
    needs: Needs
    limits: Mapping[str, float]
    first_found: bool

    def name(self, language: Language) -> str:
        """What it is called, with its limits in the name."""
        return self.words.said(language, {name: f"{value:g}" for name, value in self.limits.items()})


@dataclass(frozen=True, slots=True)
class CriticalTable:
    """The rules of a site, in its order."""

    id: str
    name: Words
    source: str
    rules: tuple[Rule, ...]
