"""How many beats the detector finds on the MIT-BIH records, how soon and at what cost, beside libraries."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import ecg_data
from benchmarks.report import Row, figure
from cloudclinic.ecg_commands.score import flutter_of
from ecg.common_steps import in_one_step
from ecg.signal.beats import BeatEvent, settled_beats
from ecg.signal.qrs import QrsDetector
from ecg.signal.scoring import BeatScore, score_beats, score_delays
from ecg.tracing import Tracing

CHUNK_S = 0.05
NO_SCORE = BeatScore(0, 0, 0, ())


@dataclass(frozen=True)
class Records:
    """Records by name, and a word for which they are."""

    said: str
    tracings: dict[str, Tracing]

    @property
    def hours(self) -> float:
        return sum(tracing.duration_s for tracing in self.tracings.values()) / 3600


@dataclass(frozen=True)
class Run:
    """What a detector found in all records together; `cpu_s` of this process, for so many lead-hours."""

    score: BeatScore
    beats: dict[str, tuple[BeatEvent, ...]]
    cpu_s: float
    lead_hours: float

    @property
    def f1(self) -> float | None:
        share = self.score.f1
        return None if share is None else 100 * share


def at_hand(data: Path) -> list[Records]:
    """The eight, and all 48 where all are there."""
    found = dict(ecg_data.mitdb(data))
    eight = {name: tracing for name, tracing in found.items() if name in ecg_data.EIGHT}
    sets = [Records(f"{len(eight)} MIT-BIH records", eight)] if eight else []
    if len(found) == len(ecg_data.MITDB):
        sets.append(Records("all 48 MIT-BIH records", found))
    return sets


def run(records: Records, leads: int, chunk_s: float | None = None) -> Run:
    """The detector on the first so many leads of each record, whole or in pieces as they come live."""
    score, beats, cpu_s = NO_SCORE, {}, 0.0
    for name, tracing in records.tracings.items():
        stored = in_one_step(tracing.channels[:leads])
        detector = QrsDetector(tracing.rate_hz, leads, stored.nv_per_lsb)
        began = time.process_time()
        events = list(_events(detector, stored.samples, chunk_s))
        cpu_s += time.process_time() - began
        beats[name] = settled_beats(events)
        score += scored(tracing, [beat.sample for beat in beats[name]])
    return Run(score, beats, cpu_s, leads * records.hours)


def _events(
    detector: QrsDetector, samples: np.ndarray[tuple[int, int], np.dtype[np.int16]], chunk_s: float | None
) -> Iterable[BeatEvent]:
    step = samples.shape[1] if chunk_s is None else round(chunk_s * detector.rate_hz)
    for first in range(0, samples.shape[1], step):
        yield from detector.feed(samples[:, first : first + step])
    yield from detector.finish()


def scored(tracing: Tracing, found: Sequence[int]) -> BeatScore:
    """Found beats against the record's own, ventricular flutter left out."""
    reference = [beat.sample for beat in tracing.beats]
    return score_beats(found, reference, tracing.rate_hz, excluded=flutter_of(tracing))


def rows(records: Records, must: float | None, aim_two_leads: float | None) -> list[Row]:
    """The table's rows of one set of records."""
    one, two = run(records, 1), run(records, 2)
    live = run(records, 1, CHUNK_S)
    said = records.said
    return [
        figure(f"QRS F1, 150 ms, {said}, one lead", one.f1, "%", must, None, _counts(one), at_least=True),
        figure(
            f"QRS F1, 150 ms, {said}, two leads",
            two.f1,
            "%",
            must,
            aim_two_leads,
            _counts(two),
            at_least=True,
        ),
        *_delay_rows(records, one),
        *_timing_rows(records, one),
        figure(
            f"CPU per lead-hour in pieces of 50 ms, {said}",
            live.cpu_s / live.lead_hours,
            "s",
            10,
            3,
            f"whole records at once: {one.cpu_s / one.lead_hours:.1f}",
        ),
    ]


def _delay_rows(records: Records, run: Run) -> list[Row]:
    delays = [score_delays(beats, records.tracings[name].rate_hz) for name, beats in run.beats.items()]
    every = sorted(
        beat.delay * 1000 / records.tracings[name].rate_hz
        for name, beats in run.beats.items()
        for beat in beats
        if not beat.late
    )
    late, live = sum(one.late for one in delays), sum(one.live for one in delays)
    why = f"{live} live, {late} marked late"
    said = f"decision delay, {records.said}, one lead"
    return [
        figure(f"{said}: median", _rank(every, 50), "ms", 180, 140, why),
        figure(f"{said}: p95", _rank(every, 95), "ms", 200, 170, why),
    ]


def _timing_rows(records: Records, run: Run) -> list[Row]:
    mean, sd = run.score.timing_mean_ms, run.score.timing_sd_ms
    said = f"R timing, {records.said}, one lead"
    return [
        figure(f"{said}: mean, either way", None if mean is None else abs(mean), "ms", 5, 2, f"{mean:+.1f}"),
        figure(f"{said}: SD", sd, "ms", 13, 9),
    ]


def _rank(ordered: Sequence[float], percent: int) -> float | None:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else None


def _counts(run: Run) -> str:
    score = run.score
    return f"TP {score.true_positives}, FP {score.false_positives}, FN {score.false_negatives}"


def peer_rows(records: Records, found: dict[str, dict[str, object]]) -> list[Row]:
    """What the libraries found in the first lead of the same records; without bounds."""
    return [_peer_row(records, name, one) for name, one in found.items()]


def _peer_row(records: Records, name: str, found: dict[str, object]) -> Row:
    what = f"{name}: QRS F1, 150 ms, {records.said}, one lead"
    if (why := found.get("failed")) is not None:
        return figure(what, None, "%", None, None, str(why))
    beats = found["beats"]
    assert isinstance(beats, dict) and isinstance(found["cpu_s"], float)
    score = sum((scored(records.tracings[record], at) for record, at in beats.items()), NO_SCORE)
    share = score.f1 or 0.0
    why = (
        f"FP {score.false_positives}, FN {score.false_negatives},"
        f" timing {score.timing_mean_ms:+.0f} ± {score.timing_sd_ms:.0f} ms,"
        f" {found['cpu_s'] / records.hours:.2f} CPU-s per lead-hour"
    )
    return figure(what, 100 * share, "%", None, None, why)
