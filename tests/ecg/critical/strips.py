"""Strips with a known truth: made signals whose beats and limits are given, not found."""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.ecg_made import Made
from ecg.critical.assessment import Assessment, EarlierEcg, Result, assess
from ecg.critical.loading import default_table
from ecg.critical.strip import Block, Strip
from ecg.leads import MISSING, Lead
from ecg.measurements import LeadMeasure, Measure, Why
from ecg.ranges import SampleRange
from ecg.subject import Subject
from tests.ecg.made_measurements import measurements

TABLE = default_table()
ADULT = Subject(60)


def strip_of(
    made: Made,
    values: Mapping[Measure, float | Why] | None = None,
    leads: Mapping[Lead, Mapping[LeadMeasure, float | Why]] | None = None,
    *,
    limits: bool = True,
    measured: bool = True,
    gaps: Sequence[tuple[float, float]] = (),
    unreadable: Sequence[tuple[float, float]] = (),
) -> Strip:
    """The made signal with its own beats and limits, one block of ordinary measurements, gaps in seconds.

    A beat that lies in a gap was not found.
    """
    recording = made.recording
    samples = recording.samples.copy()
    holes = [_range(gap, recording.rate_hz) for gap in gaps]
    for hole in holes:
        samples[:, hole.first : hole.end] = MISSING
    every = made.limits
    found = tuple(one.r for one in every if not any(hole.first <= one.r < hole.end for hole in holes))
    block = measurements(
        values,
        leads=leads,
        beats=found,
        limits=every if limits else (),
        rate_hz=recording.rate_hz,
        sample_count=recording.sample_count,
    )
    return Strip(
        leads=recording.leads,
        rate_hz=recording.rate_hz,
        nv_per_lsb=recording.nv_per_lsb,
        samples=samples,
        beats=found,
        blocks=(Block(0, block),) if measured else (),
        unreadable=tuple(_range(one, recording.rate_hz) for one in unreadable),
    )


def _range(seconds: tuple[float, float], rate_hz: float) -> SampleRange:
    first = round(seconds[0] * rate_hz)
    return SampleRange(first, round(seconds[1] * rate_hz) - first)


def assessed(strip: Strip, subject: Subject = ADULT, earlier: EarlierEcg | None = None) -> Assessment:
    """By the list of Zhejiang."""
    return assess(strip, TABLE, subject, earlier)


def result_of(strip: Strip, rule: str, subject: Subject = ADULT, earlier: EarlierEcg | None = None) -> Result:
    """The answer of one rule of that list."""
    return next(one for one in assessed(strip, subject, earlier).results if one.rule.id == rule)


def hits(strip: Strip, subject: Subject = ADULT) -> set[str]:
    """The ids of the rules that were met."""
    return {one.rule.id for one in assessed(strip, subject).hits}


def silence(seconds: float, rate_hz: int = 500, noise_uv: float = 8.0) -> np.ndarray:
    """Eight leads without a heart, microvolts."""
    return np.random.default_rng(4).normal(0, noise_uv, (8, round(seconds * rate_hz)))
