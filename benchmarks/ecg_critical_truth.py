"""What is critical in recordings, by their own reference annotations and not by what the rules answer."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks import ecg_data
from ecg.annotations import AnnotationCode
from ecg.common_steps import in_one_step
from ecg.errors import SourceUnreadable
from ecg.leads import Lead
from ecg.ranges import SampleRange
from ecg.recording import Recording
from ecg.tracing import Tracing

Episodes = dict[str, list[SampleRange]]
"""By rule: where it is met."""

LEAST_SWINGS_S = 4.0
"""Flutter that lasts shorter fills no window, and is not asked for."""


def recordings(data: Path) -> Iterator[tuple[str, Tracing, Episodes]]:
    """Every WFDB record below the directory that has reference beats or is a 12-lead one, with its truth."""
    for header in ecg_data.headers(data):
        try:
            tracing = ecg_data.read(header)
        except SourceUnreadable:
            continue
        if not tracing.beats and len(tracing.channels) < 12:
            continue
        truth = of_beats(tracing) if tracing.beats else {}
        if "III degree AV-block" in header.read_text(errors="replace"):
            truth["av_block_3"] = [SampleRange(0, tracing.sample_count)]
        yield f"{header.parent.name}/{header.stem}", tracing, truth


def recording_of(tracing: Tracing) -> Recording:
    """All channels; those that are no standard lead (MLII) go by a standard name that is free."""
    free = [lead for lead in Lead if lead not in {channel.lead for channel in tracing.channels}]
    free = [Lead.II] + free if Lead.II in free else free
    stored = in_one_step(tracing.channels[:12])
    leads = tuple(channel.lead or free.pop(0) for channel in tracing.channels[:12])
    return Recording(
        leads=leads, rate_hz=tracing.rate_hz, nv_per_lsb=stored.nv_per_lsb, samples=stored.samples
    )


def of_beats(tracing: Tracing) -> Episodes:
    """By the reference beats and rhythms: pauses, slow and fast rhythms, flutter."""
    swings = list(_swings(tracing))
    beats = [one.sample for one in tracing.beats]
    found: Episodes = {}
    least = round(LEAST_SWINGS_S * tracing.rate_hz)
    found["ventricular_fibrillation"] = [one for one in swings if one.count >= least]
    found["pause"] = [
        SampleRange(a, b - a)
        for a, b in pairwise(beats)
        if b - a >= 3.0 * tracing.rate_hz and not any(a < one.end and one.first < b for one in swings)
    ]
    found["bradycardia"] = [
        one
        for one in _windows(beats, tracing.rate_hz, 10.0, 0, 35)
        if not any(one.first < swing.end and swing.first < one.end for swing in swings)
    ]
    found["fast_atrial_fibrillation"] = list(_irregular(tracing, beats))
    return {rule: episodes for rule, episodes in found.items() if episodes}


def _swings(tracing: Tracing) -> Iterator[SampleRange]:
    start = None
    for one in tracing.annotations:
        if one.code is AnnotationCode.FIBRILLATION_START:
            start = one.sample
        elif one.code is AnnotationCode.FIBRILLATION_END and start is not None:
            yield SampleRange(start, one.sample - start)
            start = None


def _windows(
    beats: list[int], rate_hz: float, seconds: float, above: float, below: float
) -> Iterator[SampleRange]:
    """Stretches of so many seconds in which the reference beats come at a rate between the two."""
    for k, first in enumerate(beats):
        end = int(np.searchsorted(beats, first + seconds * rate_hz))
        if end >= len(beats):
            return
        per_min = 60 * (end - k) * rate_hz / (beats[end] - first)
        if above <= per_min < below:
            yield SampleRange(first, beats[end] - first)


def _irregular(tracing: Tracing, beats: list[int]) -> Iterator[SampleRange]:
    """Where the annotators call it atrial fibrillation or flutter and the mean over 5 s is 180 or more."""
    rhythm, since = "", 0
    spans: list[SampleRange] = []
    changes = [one for one in tracing.annotations if one.code is AnnotationCode.RHYTHM_CHANGE]
    for one in changes:
        if rhythm.startswith(("(AFIB", "(AFL")):
            spans.append(SampleRange(since, one.sample - since))
        rhythm, since = one.text, one.sample
    if rhythm.startswith(("(AFIB", "(AFL")):
        spans.append(SampleRange(since, tracing.sample_count - since))
    for where in _windows(beats, tracing.rate_hz, 5.0, 180, 1000):
        if any(span.first <= where.first and where.end <= span.end for span in spans):
            yield where
