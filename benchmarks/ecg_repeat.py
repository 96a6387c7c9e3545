"""How well measurements repeat: two halves of one recording, measured each by itself.

The heart is the same and so are the electrodes; what differs is measuring error, and the noise a comparison
of two ECGs must allow for at least. `python -m benchmarks.ecg_repeat DIR` prints the rows.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks import ecg_data
from benchmarks.report import Row
from ecg.common_steps import recording_of
from ecg.comparison import COMPARED, LEAST_CONFIDENCE, NOISE, ST_LEAST_UV, Change, Compared, compare
from ecg.errors import EcgError
from ecg.measurements import UNITS, LeadMeasure, Measure, Measured, Measurements
from ecg.measuring import measure
from ecg.recording import Recording

HALF_S = 5.0


def halves(data: Path) -> Iterator[tuple[bool, Compared, Compared]]:
    """Neighbouring five seconds of every 12-lead record; whether its amplitudes are true to scale."""
    scaled = set(ecg_data.ludb(data))  # every lead of LUDB was stretched to one size
    for header in ecg_data.headers(data):
        try:
            tracing = ecg_data.read(header)
            recording, _ = recording_of(tracing)
        except EcgError:
            continue
        if len(recording.leads) == 12:
            parts = [Compared(recording=part, measurements=measure(part)) for part in _parts(recording)]
            for earlier, later in pairwise(parts):
                yield header not in scaled, earlier, later


def _parts(recording: Recording) -> Iterator[Recording]:
    length = round(HALF_S * recording.rate_hz)
    for first in range(0, recording.sample_count - length + 1, length):
        yield replace(recording, samples=recording.samples[:, first : first + length].copy())


def rows(data: Path) -> list[Row]:
    """Of every measure what two halves differ by in 95 of 100."""
    differences: dict[Measure, list[float]] = {measure: [] for measure in COMPARED}
    st: dict[LeadMeasure, list[float]] = {LeadMeasure.ST_J: [], LeadMeasure.ST_60: []}
    for to_scale, earlier, later in halves(data):
        for change in compare(earlier, later).changes:
            _add(differences, change)
        for at, found in st.items():
            found += _st(earlier.measurements, later.measurements, at) if to_scale else []
    return [
        *(_row(measure, found, UNITS[measure], NOISE.get(measure)) for measure, found in differences.items()),
        *(_row(at, found, "uV", ST_LEAST_UV) for at, found in st.items()),
    ]


def _add(differences: dict[Measure, list[float]], change: Change) -> None:
    differences[change.measure].append(abs(change.difference))


def _st(earlier: Measurements, later: Measurements, at: LeadMeasure) -> list[float]:
    found = []
    for lead in earlier.leads:
        one, two = earlier.leads[lead][at], later.leads[lead][at]
        if (
            isinstance(one, Measured)
            and isinstance(two, Measured)
            and min(one.confidence, two.confidence) >= LEAST_CONFIDENCE
        ):
            found.append(abs(two.value - one.value))
    return found


def _row(what: str, found: list[float], unit: str, allowed: float | None) -> Row:
    return Row(
        what=f"halves of one recording, {what}: p95 of the difference",
        value=float(np.percentile(found, 95)) if found else None,
        unit=unit,
        must=None if allowed is None or not found else allowed,
        aim=None,
        why=f"n={len(found)}, at most {max(found):.0f}" if found else "in no recording",
    )


if __name__ == "__main__":
    for row in rows(Path(sys.argv[1])):
        value = "–" if row.value is None else f"{row.value:.0f}"
        print(f"| {row.what} | {value} {row.unit} | {row.why} |")
