"""Joins stored pieces of an ECG into fewer, larger packets for the durable path and for filling holes."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

import numpy as np

from ecg.sample_codecs import Codec
from ecg.wire import HEADER_BYTES, Flag, Mark, Wave, encode

LATE_US = 1_000_000
"""Samples older than this are sent with the backfill flag."""

UNEVEN_US = 1_000
"""Further from where its run expects it a piece begins a run of its own, so that it keeps its time."""

MAX_VALUES = 14_400
"""Samples times leads in a packet: below 32 KiB even where deflate finds nothing to save."""


def join(pieces: Iterable[Wave], first: int) -> Wave | None:
    """One WAVE from `first` on, of pieces in order, as far as they follow each other without a change.

    What lies before `first` is cut off. A change of electrodes or of flags, and a gap, begin another packet.
    """
    chosen: list[Wave] = []
    at, room = first, MAX_VALUES
    for piece in pieces:
        if piece.end_index <= at:
            continue
        cut = _from(piece, at)
        if cut.first_index != at or (chosen and not _alike(chosen[0], cut)):
            break
        if cut.samples.size > room and chosen:
            break
        chosen.append(cut)
        at, room = cut.end_index, room - cut.samples.size
    return _joined(chosen) if chosen else None


def joined_runs(pieces: Sequence[Wave]) -> list[Wave]:
    """As few WAVEs as hold these pieces (in order of their first sample), each sample once.

    Besides what `join` keeps apart, a new one begins where the capture times do not go on evenly.
    """
    found: list[Wave] = []
    for run in _even_runs(pieces):
        at = run[0].first_index
        while (wave := join(run, at)) is not None:
            found.append(wave)
            at = wave.end_index
            while run and run[0].end_index <= at:
                run.popleft()
            if run:
                at = max(at, run[0].first_index)
    return found


def _even_runs(pieces: Sequence[Wave]) -> list[deque[Wave]]:
    """Pieces by themselves in time: each begins when the ones before it say that it should."""
    period_us = _usual_period_us(pieces)
    runs: list[deque[Wave]] = []
    for piece in pieces:
        begin = runs[-1][0] if runs else None
        if begin is not None and runs[-1][-1].end_index >= piece.end_index:
            continue  # all of it is there already
        expected_us = (
            begin.captured_us + (piece.first_index - begin.first_index) * period_us if begin else None
        )
        if expected_us is None or abs(piece.captured_us - expected_us) > UNEVEN_US:
            runs.append(deque())
        runs[-1].append(piece)
    return runs


def _usual_period_us(pieces: Sequence[Wave]) -> float:
    steps = [
        (after.captured_us - before.captured_us) / (after.first_index - before.first_index)
        for before, after in pairwise(pieces)
        if after.first_index > before.first_index
    ]
    return median(steps) if steps else 0.0


def packet(wave: Wave, sequence: int, period_us: float, now_us: int) -> bytes:
    """The WAVE as bytes, packed where that is smaller; flagged as backfill when its last sample is late."""
    age_us = now_us - (wave.captured_us + wave.sample_count * period_us)
    flags = wave.flags | Flag.BACKFILL if age_us > LATE_US else wave.flags
    return packed(replace(wave, sequence=sequence, flags=flags))


def packed(wave: Wave) -> bytes:
    """The WAVE as bytes, packed where that is smaller."""
    small = encode(wave, Codec.DELTA_DEFLATE)
    return small if len(small) - HEADER_BYTES < 2 * wave.samples.size else encode(wave)


def _from(piece: Wave, first: int) -> Wave:
    skip = first - piece.first_index
    if skip <= 0:
        return piece
    return replace(
        piece,
        first_index=first,
        samples=piece.samples[:, skip:],
        flags=piece.flags & ~Flag.GAP,
        marks=tuple(Mark(m.offset - skip, m.kind, m.value) for m in piece.marks if m.offset >= skip),
    )


def _alike(one: Wave, other: Wave) -> bool:
    if other.flags & Flag.GAP or one.flags & ~Flag.GAP != other.flags:
        return False
    return (one.electrodes_off, one.unusable, one.clipped) == (
        other.electrodes_off,
        other.unusable,
        other.clipped,
    )


def _joined(pieces: Sequence[Wave]) -> Wave:
    begin = pieces[0]
    marks = tuple(
        Mark(piece.first_index - begin.first_index + mark.offset, mark.kind, mark.value)
        for piece in pieces
        for mark in piece.marks
    )
    samples = np.concatenate([piece.samples for piece in pieces], axis=1)
    return replace(begin, samples=np.ascontiguousarray(samples), marks=marks)
