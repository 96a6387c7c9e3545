"""How often each rule of the critical values hits rightly and wrongly: on made signals, on recordings.

`python -m benchmarks.ecg_critical [--data DIR]` prints the table that docs/ecg-critical-values.md publishes.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.ecg_critical_cases import Case, cases, simulated
from benchmarks.ecg_critical_truth import recording_of, recordings
from benchmarks.report import Row
from ecg.appraisal import unreadable
from ecg.critical.assessment import Assessment, assess
from ecg.critical.loading import default_table
from ecg.critical.recorded import strip_of
from ecg.critical.rule import RuleKind
from ecg.critical.verdict import Evidence, Verdict
from ecg.measuring import measure
from ecg.quality.live import assess as assess_quality
from ecg.ranges import SampleRange
from ecg.recording import Recording

TABLE = default_table()
FLUTTER = "ventricular_fibrillation"
RULES = tuple(rule.id for rule in TABLE.rules if rule.test is not RuleKind.BY_PERSON)


@dataclass
class Count:
    """Of one rule: signals or episodes that meet it, those hit, and what was hit and should not have been.

    `within_flutter`: what was hit in ventricular flutter that is another rule's; no alarm that was false.
    """

    met: int = 0
    hit: int = 0
    within_flutter: int = 0
    missed: list[str] = field(default_factory=list)
    not_met: int = 0
    false: list[str] = field(default_factory=list)
    hours: float = 0.0


Counts = dict[str, Count]


def answered(recording: Recording) -> Assessment:
    """The shipped table on a recording, as `ecg.appraisal` asks it: what is spoilt taken as missing."""
    poor = unreadable(assess_quality(recording), recording)
    return assess(strip_of(recording, measure, poor), TABLE)


# --- made signals ----------------------------------------------------------------------------------------


def made_counts(every: Iterable[Case]) -> Counts:
    """Made signals against every rule."""
    counts = {rule: Count() for rule in RULES}
    for case in every:
        hits = {one.rule.id for one in answered(case.recording).hits}
        for rule, count in counts.items():
            if rule in case.meets:
                count.met += 1
                count.hit += rule in hits
                count.missed += [] if rule in hits else [case.name]
            elif rule not in case.may:
                count.not_met += 1
                count.false += [case.name] if rule in hits else []
    return counts


# --- recordings ------------------------------------------------------------------------------------------


def recorded_counts(data: Path) -> dict[str, Counts]:
    """By kind of recording ("two leads, hours", "12 leads, 10 s"): every rule against the reference."""
    found = {kind: {rule: Count() for rule in RULES} for kind in ("long", "resting")}
    for name, tracing, truth in recordings(data):
        recording = recording_of(tracing)
        counts = found["resting" if len(recording.leads) >= 12 else "long"]
        assessment = answered(recording)
        for result in assessment.results:
            if result.rule.id not in counts:
                continue
            tested = result.answer.verdict is not Verdict.NOT_TESTED
            episodes = truth.get(result.rule.id, [])
            if tested or episodes:
                flutter = truth.get(FLUTTER, [])
                evidence = result.answer.evidence
                _add(counts[result.rule.id], name, recording, episodes, evidence, tested, flutter)
    return found


def _add(
    count: Count,
    name: str,
    recording: Recording,
    episodes: Sequence[SampleRange],
    evidence: Iterable[Evidence],
    tested: bool,
    flutter: Sequence[SampleRange],
) -> None:
    found = [one.where for one in evidence] if tested else []
    count.hours += recording.duration_s / 3600 if tested else 0.0
    joined = list(_joined(episodes))
    count.met += len(joined)
    for episode in joined:
        hit = any(_overlap(episode, one) for one in found)
        count.hit += hit
        count.missed += [] if hit else [f"{name} {episode.first / recording.rate_hz:.0f} s"]
    for one in found:
        if any(_overlap(episode, one) for episode in joined):
            continue
        if any(_overlap(episode, one) for episode in flutter):
            count.within_flutter += 1
        else:
            count.false.append(f"{name} {one.first / recording.rate_hz:.0f} s")


def _overlap(one: SampleRange, other: SampleRange) -> bool:
    return one.first < other.end and other.first < one.end


def _joined(episodes: Sequence[SampleRange]) -> Iterator[SampleRange]:
    last: SampleRange | None = None
    for one in sorted(episodes):
        if last is not None and one.first <= last.end:
            last = SampleRange(last.first, max(last.end, one.end) - last.first)
            continue
        if last is not None:
            yield last
        last = one
    if last is not None:
        yield last


# --- rows ------------------------------------------------------------------------------------------------


def rows(data: Path | None) -> list[Row]:
    """The table's rows; without recordings, those of made signals."""
    found = [
        row
        for kind, every in (("made", cases()), ("simulated", simulated()))
        for rule, count in made_counts(every).items()
        for row in _rows(f"critical value {rule}, {kind} signals", count, f"of {count.not_met} others")
    ]
    if data is None:
        return found
    for kind, counts in recorded_counts(data).items():
        for rule, count in counts.items():
            if count.hours or count.met:
                said = f"critical value {rule}, {kind} recordings"
                found += _rows(said, count, f"in {count.hours:.2f} h")
    return found


def _rows(what: str, count: Count, among: str) -> Iterator[Row]:
    if count.met:
        share = 100 * count.hit / count.met
        why = f"{count.hit} of {count.met}" + _listed(count.missed, "missed")
        yield Row(what=f"{what}: hit", value=share, unit="%", must=None, aim=None, why=why)
    why = among + _listed(count.false, "at")
    why += f"; {count.within_flutter} in flutter, another rule's" if count.within_flutter else ""
    yield Row(what=f"{what}: false", value=len(count.false), unit="", must=None, aim=None, why=why)


def _listed(names: list[str], word: str) -> str:
    return f"; {word} {', '.join(sorted(set(names))[:6])}" if names else ""


def main() -> None:
    """Print the rows as the document has them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path)
    for row in rows(asked.parse_args().data):
        print(f"| {row.what} | {row.value:g} {row.unit}".rstrip() + f" | {row.why} |")


if __name__ == "__main__":
    main()
