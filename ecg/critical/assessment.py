"""A whole table tested on a signal: every rule answers, and the answers make one conclusion."""

from dataclasses import dataclass, replace
from enum import StrEnum

from ecg.critical.kinds import KINDS
from ecg.critical.pause import is_dead
from ecg.critical.rule import CriticalTable, LeadsNeeded, Needs, Rule, RuleKind
from ecg.critical.strip import Strip
from ecg.critical.verdict import Answer, NotTested, Verdict, not_tested
from ecg.leads import INDEPENDENT_LEADS
from ecg.subject import ADULT_FROM_YEARS, UNKNOWN, Subject


class Conclusion(StrEnum):
    """What all rules together come to. None says "normal"."""

    POSSIBLE = "possible"
    """Possible critical value, please read."""
    LOOKS_LIKE = "looks_like"
    """No hit, but all there is of the signal fits a rule that needs more of it: please read."""
    NO_HIT = "no_hit"
    """No hit among the rules tested."""
    NOTHING_TESTED = "nothing_tested"


@dataclass(frozen=True, slots=True)
class EarlierEcg:
    """An earlier ECG of the same resident was read; `shown`: the rules (ids) a reader found met in it."""

    shown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Result:
    """A rule's answer. `there_s`: the longest readable signal. `novelty_unknown`: it is critical when first
    found, and no earlier ECG is at hand to say so."""

    rule: Rule
    answer: Answer
    there_s: float
    novelty_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """Every rule of a table with its answer. `adult_assumed`: no age was given."""

    table: CriticalTable
    results: tuple[Result, ...]
    adult_assumed: bool

    @property
    def hits(self) -> tuple[Result, ...]:
        """The rules that were met."""
        return tuple(one for one in self.results if one.answer.verdict is Verdict.HIT)

    @property
    def conclusion(self) -> Conclusion:
        """What is to be said on top."""
        if self.hits:
            return Conclusion.POSSIBLE
        if any(one.answer.verdict is Verdict.NOT_TESTED and one.answer.evidence for one in self.results):
            return Conclusion.LOOKS_LIKE
        if any(one.answer.verdict is Verdict.NO_HIT for one in self.results):
            return Conclusion.NO_HIT
        return Conclusion.NOTHING_TESTED


def assess(
    strip: Strip, table: CriticalTable, subject: Subject = UNKNOWN, earlier: EarlierEcg | None = None
) -> Assessment:
    """Test every rule of the table. An unknown age counts as an adult's, and the assessment says so."""
    results = tuple(_result(rule, strip, subject, earlier) for rule in table.rules)
    return Assessment(table, results, subject.age_years is None)


def _result(rule: Rule, strip: Strip, subject: Subject, earlier: EarlierEcg | None) -> Result:
    answer = _answer(rule, strip, subject, earlier)
    hit = answer.verdict is Verdict.HIT
    if hit and rule.first_found and earlier is not None and rule.id in earlier.shown:
        answer = replace(answer, verdict=Verdict.BY_PERSON)  # known before: what of it is new, a reader says
    unknown = hit and rule.first_found and earlier is None
    return Result(rule, answer, strip.readable_s, unknown)


def _answer(rule: Rule, strip: Strip, subject: Subject, earlier: EarlierEcg | None) -> Answer:
    if rule.test is RuleKind.BY_PERSON:
        return Answer(Verdict.BY_PERSON)
    if not _is_of_age(rule.needs, subject):
        return not_tested(NotTested.OTHER_AGE)
    if rule.needs.earlier_ecg and earlier is None:
        return not_tested(NotTested.NO_EARLIER_ECG)
    if rule.needs.leads is LeadsNeeded.TWELVE and not set(INDEPENDENT_LEADS) <= set(strip.leads):
        return not_tested(NotTested.LEADS_MISSING)
    if not strip.stretches or is_dead(strip):  # of a line without any beat "no hit" would say too much
        return not_tested(NotTested.POOR_SIGNAL)
    kind = KINDS[rule.test]
    if strip.readable_s < rule.needs.seconds:
        evidence = kind.partial(strip, rule.limits) if kind.partial else []
        return replace(not_tested(NotTested.TOO_SHORT), evidence=tuple(evidence))
    return kind.test(strip, rule.limits)


def _is_of_age(needs: Needs, subject: Subject) -> bool:
    years = ADULT_FROM_YEARS if subject.age_years is None else subject.age_years
    return needs.from_years <= years and (needs.below_years is None or years < needs.below_years)
