"""`cloudclinic ecg score`: the detector against a record's own reference beats (ANSI/AAMI EC57)."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from cloudclinic.answers import Answer, columns, show
from cloudclinic.ecg_commands.files import REFUSED, path_of, refuse
from ecg.annotations import AnnotationCode
from ecg.errors import EcgError, SignalError
from ecg.files.door import read_any
from ecg.ranges import SampleRange
from ecg.signal.scoring import WINDOW_S, BeatScore, score_beats
from ecg.signal.tracing_beats import beats_of, channels_named
from ecg.tracing import Tracing

GROSS = "gross"
"""EC57's word for the score of all records' beats together."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One record's score; `late`: beats that search-back found."""

    record: str
    score: BeatScore
    late: int


def run(options: argparse.Namespace) -> int:
    """Print sensitivity, PPV, F1 and timing of each record and of all together."""
    status, scored = 0, []
    for record in options.files:
        try:
            scored.append(score_record(record, read_any(path_of(record)), options.lead))
        except (EcgError, OSError) as error:
            refuse(options, record, error)
            status = REFUSED
    if scored:
        show(answer(scored), as_json=options.json)
    return status


def score_record(record: str, tracing: Tracing, leads: Sequence[str] | None = None) -> Scored:
    """Found beats beside the record's own; SignalError when it has none.

    Ventricular flutter and fibrillation, where no beats are labelled, do not count (EC57, 4.2).
    """
    if not tracing.beats:
        raise SignalError("no reference beats; a record with beat annotations is needed")
    beats = beats_of(tracing, channels_named(tracing, leads) if leads else None)
    score = score_beats(
        [beat.sample for beat in beats],
        [beat.sample for beat in tracing.beats],
        tracing.rate_hz,
        excluded=flutter_of(tracing),
    )
    return Scored(record, score, sum(beat.late for beat in beats))


def flutter_of(tracing: Tracing) -> tuple[SampleRange, ...]:
    """Where the reference marks ventricular flutter or fibrillation; without an end, to the record's."""
    episodes, began = [], None
    for annotation in tracing.annotations:
        if annotation.code is AnnotationCode.FIBRILLATION_START and began is None:
            began = annotation.sample
        elif annotation.code is AnnotationCode.FIBRILLATION_END and began is not None:
            episodes.append(SampleRange(began, annotation.sample - began))
            began = None
    if began is not None:
        episodes.append(SampleRange(began, tracing.sample_count - began))
    return tuple(episodes)


def answer(scored: Sequence[Scored]) -> Answer:
    """Every record, and the gross score when there are several."""
    rows = list(scored)
    if len(rows) > 1:
        whole = sum((one.score for one in rows), BeatScore(0, 0, 0, ()))
        rows.append(Scored(GROSS, whole, sum(one.late for one in rows)))
    head = ("record", "TP", "FP", "FN", "Se %", "PPV %", "F1 %", "timing ms", "late")
    objects = [_object(one) for one in rows]
    gross = objects.pop() if len(scored) > 1 else None
    return Answer(
        {"window_ms": round(WINDOW_S * 1000), "records": objects} | ({GROSS: gross} if gross else {}),
        list(columns([head, *map(_row, rows)])),
    )


def _object(one: Scored) -> dict[str, object]:
    score = one.score
    return {
        "record": one.record,
        "true_positives": score.true_positives,
        "false_positives": score.false_positives,
        "false_negatives": score.false_negatives,
        "sensitivity": score.sensitivity,
        "ppv": score.positive_predictivity,
        "f1": score.f1,
        "timing_mean_ms": score.timing_mean_ms,
        "timing_sd_ms": score.timing_sd_ms,
        "late": one.late,
    }


def _row(one: Scored) -> tuple[str, ...]:
    score = one.score
    shares = (score.sensitivity, score.positive_predictivity, score.f1)
    timing = (
        "–" if score.timing_mean_ms is None else f"{score.timing_mean_ms:+.1f} ± {score.timing_sd_ms:.1f}"
    )
    counts = (score.true_positives, score.false_positives, score.false_negatives)
    return (
        one.record,
        *map(str, counts),
        *("–" if share is None else f"{100 * share:.2f}" for share in shares),
        timing,
        str(one.late),
    )
