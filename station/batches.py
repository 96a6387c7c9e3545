"""Joins journaled pieces of an ECG into fewer, larger packets for the durable path."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from ecg.sample_codecs import Codec
from ecg.wire import Flag, Mark, Wave, encode

LATE_US = 1_000_000
"""Samples older than this are sent with the backfill flag."""

MAX_VALUES = 14_400
"""Samples times leads in a packet: below 32 KiB even where deflate finds nothing to save."""

_RAW_VALUES = 3_000  # a quarter of a second of twelve leads: not worth deflating


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


def packet(wave: Wave, sequence: int, period_us: float, now_us: int) -> bytes:
    """The WAVE as bytes; with the backfill flag when its last sample is late."""
    age_us = now_us - (wave.captured_us + wave.sample_count * period_us)
    flags = wave.flags | Flag.BACKFILL if age_us > LATE_US else wave.flags
    codec = Codec.RAW if wave.samples.size <= _RAW_VALUES else Codec.DELTA_DEFLATE
    return encode(replace(wave, sequence=sequence, flags=flags), codec)


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
