"""How far the limits of P, QRS and T lie from readers' on LUDB records, over all leads and in lead II."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import ecg_data
from benchmarks.report import Row, figure
from ecg.files.wfdb_annotations import read_wfdb_annotations
from ecg.measurements import Measurements
from ecg.measuring import measure
from ecg.signal.limit_scoring import (
    Limit,
    MarkedWave,
    Reference,
    marked_waves,
    reference_of_lead,
    reference_over_leads,
    score_limits,
)
from ecg.signal.scoring import BeatScore

LEADS = ("i", "ii", "iii", "avr", "avl", "avf", "v1", "v2", "v3", "v4", "v5", "v6")

_BOUNDS: Mapping[Limit, tuple[float, float, float, float]] = {
    Limit.QRS_ONSET: (5, 12, 3, 9),
    Limit.QRS_END: (5, 16, 3, 12),
    Limit.T_END: (10, 25, 5, 20),
}
"""Mean and SD in ms that must be reached, and that are aimed at."""

Scores = dict[Limit, BeatScore]


@dataclass(frozen=True)
class Scored:
    """The limits of some records, pooled, against both references."""

    records: int
    over_leads: Scores
    lead_ii: Scores


def scored(headers: Iterable[Path]) -> Scored:
    """Every record measured and compared."""
    over_leads, lead_ii, count = _none(), _none(), 0
    for header in headers:
        measured = measure(ecg_data.read(header))
        waves = [_marked(header, lead, measured.rate_hz) for lead in LEADS]
        _add(over_leads, measured, reference_over_leads(waves, measured.rate_hz))
        _add(lead_ii, measured, reference_of_lead(waves[LEADS.index("ii")]))
        count += 1
    return Scored(count, over_leads, lead_ii)


def _marked(header: Path, lead: str, rate_hz: float) -> Sequence[MarkedWave]:
    path = header.with_suffix(f".{lead}")
    return marked_waves(read_wfdb_annotations(path.read_bytes(), path.name, rate_hz))


def _none() -> Scores:
    return {limit: BeatScore(0, 0, 0, ()) for limit in Limit}


def _add(scores: Scores, measured: Measurements, reference: Reference) -> None:
    for limit, score in score_limits(measured.limits, reference, measured.rate_hz).items():
        scores[limit] += score


def rows(headers: Sequence[Path]) -> list[Row]:
    """The table's rows: bounds on the marks over all leads, those of lead II beside them."""
    found = scored(headers)
    said = f"{found.records} LUDB records"
    table = [row for limit, bounds in _BOUNDS.items() for row in _timing(found, limit, bounds, said)]
    p = found.over_leads[Limit.P_PEAK]
    counts = f"TP {p.true_positives}, FP {p.false_positives}, FN {p.false_negatives}"
    return [
        *table,
        figure(f"P presence, sensitivity, {said}", _percent(p.sensitivity), "%", 96, 97, counts, True),
        figure(f"P presence, PPV, {said}", _percent(p.positive_predictivity), "%", 85, 93, counts, True),
    ]


def _timing(
    found: Scored, limit: Limit, bounds: tuple[float, float, float, float], said: str
) -> Iterable[Row]:
    must_mean, must_sd, aim_mean, aim_sd = bounds
    one, two = found.over_leads[limit], found.lead_ii[limit]
    what = f"{limit.replace('_', ' ')}, {said}"
    beside = f"in lead II {two.timing_mean_ms or 0:+.1f} ± {two.timing_sd_ms or 0:.1f}"
    mean = one.timing_mean_ms
    yield figure(
        f"{what}: mean, either way",
        None if mean is None else abs(mean),
        "ms",
        must_mean,
        aim_mean,
        "" if mean is None else f"{mean:+.1f}; {beside}",
    )
    yield figure(f"{what}: SD", one.timing_sd_ms, "ms", must_sd, aim_sd, f"{one.true_positives} marks")


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
