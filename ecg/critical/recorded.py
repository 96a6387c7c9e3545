"""A recorded ECG made ready for the rules: its beats found, measured ten seconds at a time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ecg.critical.strip import Block, Strip
from ecg.leads import MISSING, Lead
from ecg.measurements import Measurements
from ecg.ranges import SampleRange
from ecg.recording import Recording
from ecg.signal.qrs import find_beats

BLOCK_S = 10.0
"""As long as a resting ECG: in a longer signal what is measured may change."""

LEAST_BLOCK_S = 5.0

Measure = Callable[[Recording], Measurements]


def strip_of(
    recording: Recording,
    measure: Measure,
    poor: Mapping[Lead, Iterable[SampleRange]] | None = None,
) -> Strip:
    """The recording with its beats and measurements.

    `poor`: where a lead must not be read, by a judgement of its quality; it is then taken as missing there.
    A flat line is not to be among them: a heart that stands still draws one.
    """
    samples = _without(recording, poor or {})
    blocks = tuple(
        Block(first, measure(_part(recording, samples, first, end))) for first, end in _blocks(recording)
    )
    return Strip(
        leads=recording.leads,
        rate_hz=recording.rate_hz,
        nv_per_lsb=recording.nv_per_lsb,
        samples=samples,
        beats=_beats(recording, samples, blocks),
        blocks=blocks,
    )


def _without(recording: Recording, poor: Mapping[Lead, Iterable[SampleRange]]) -> NDArray[np.int16]:
    samples = recording.samples.copy()
    for lead, ranges in poor.items():
        for where in ranges:
            samples[recording.leads.index(lead), where.first : where.end] = MISSING
    return samples


def _blocks(recording: Recording) -> list[tuple[int, int]]:
    """First and end of each: ten seconds, the last as long again when less than five would be left."""
    length, count = round(BLOCK_S * recording.rate_hz), recording.sample_count
    firsts = list(range(0, count, length))
    if len(firsts) > 1 and count - firsts[-1] < LEAST_BLOCK_S * recording.rate_hz:
        firsts.pop()
    return list(zip(firsts, [*firsts[1:], count], strict=True))


def _part(recording: Recording, samples: NDArray[np.int16], first: int, end: int) -> Recording:
    return replace(recording, samples=samples[:, first:end])


def _beats(recording: Recording, samples: NDArray[np.int16], blocks: tuple[Block, ...]) -> tuple[int, ...]:
    """As measured when that was one piece; else found in the whole, where no border hides one."""
    if len(blocks) == 1:
        return blocks[0].measurements.beats
    found = find_beats(samples, recording.rate_hz, recording.nv_per_lsb)
    return tuple(beat.sample for beat in found)
