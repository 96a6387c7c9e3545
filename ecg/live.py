"""Cuts the live ECG into packets that fit one datagram and repeat what was sent just before."""

from collections import deque

import numpy as np

from ecg.errors import WireError
from ecg.wire import HEADER_BYTES, Flag, Mark, MarkKind, Wave, encode

LIVE_PACKET_BYTES = 1100
"""An RTP payload of 1,150 bytes passes every path; the rest is for extensions (measured)."""

PIECE_MS = 20
REPEAT_MS = 40
_MARK_BYTES = 4


def highest_rate_hz(leads: int, max_bytes: int = LIVE_PACKET_BYTES) -> int:
    """The highest rate at which a piece of so many leads, with a mark in it, fits a live packet."""
    return (max_bytes - HEADER_BYTES - _MARK_BYTES) // (2 * leads) * 1000 // PIECE_MS


class LivePacketizer:
    """Makes one WAVE of every new piece, with up to 40 ms of the samples directly before it in front.

    Two packets in a row may be lost without a hole; the receiver stores by index, so repeats are harmless.
    """

    def __init__(self, rate_hz: float, max_bytes: int = LIVE_PACKET_BYTES) -> None:
        self._most_samples = int(rate_hz * REPEAT_MS / 1000)
        self._repeat_samples = self._most_samples
        self._period_us = 1_000_000 / rate_hz
        self._max_bytes = max_bytes
        self._recent: deque[Wave] = deque()
        self._sequence = 0

    def repeat(self, on: bool) -> None:
        """Repeat what was sent just before, or not: a line that carries next to nothing is better used."""
        self._repeat_samples = self._most_samples if on else 0

    def packet(self, newest: Wave) -> bytes:
        """The newest piece (usually 20 ms) as bytes; its `sequence` is replaced by the live path's own.

        Raises WireError when the piece alone does not fit.
        """
        if self._recent and not _continues(self._recent[-1], newest):
            self._recent.clear()
        self._recent.append(newest)
        leads = newest.samples.shape[0]
        marks = _marks(self._recent)
        room = (self._max_bytes - HEADER_BYTES - _MARK_BYTES * len(marks)) // (2 * leads)
        if room < newest.sample_count:
            raise WireError(
                f"{newest.sample_count} samples of {leads} leads do not fit {self._max_bytes} bytes;"
                f" at most {room}"
            )
        wave = self._joined(newest, min(room - newest.sample_count, self._repeat_samples), marks)
        self._forget()
        return encode(wave)

    def _joined(self, newest: Wave, repeat: int, marks: list[tuple[int, Mark]]) -> Wave:
        oldest = self._recent[0]
        first = max(newest.first_index - repeat, oldest.first_index)
        samples = np.concatenate([wave.samples for wave in self._recent], axis=1)
        home = next(wave for wave in self._recent if wave.end_index > first)
        flags = newest.flags & ~Flag.GAP
        if first == home.first_index:
            flags |= home.flags & Flag.GAP
        sequence, self._sequence = self._sequence, (self._sequence + 1) & 0xFFFFFFFF
        return Wave(
            stream_id=newest.stream_id,
            sequence=sequence,
            first_index=first,
            captured_us=home.captured_us + round((first - home.first_index) * self._period_us),
            samples=np.ascontiguousarray(samples[:, first - oldest.first_index :]),
            flags=flags,
            electrodes_off=newest.electrodes_off,
            unusable=newest.unusable,
            clipped=newest.clipped,
            marks=tuple(Mark(at - first, mark.kind, mark.value) for at, mark in marks if at >= first),
        )

    def _forget(self) -> None:
        newest = self._recent[-1]
        while len(self._recent) > 1 and self._recent[0].end_index <= newest.end_index - self._repeat_samples:
            self._recent.popleft()


def _continues(before: Wave, after: Wave) -> bool:
    return (
        before.stream_id == after.stream_id
        and before.end_index == after.first_index
        and before.samples.shape[0] == after.samples.shape[0]
    )


def _marks(waves: deque[Wave]) -> list[tuple[int, Mark]]:
    """Every mark with its absolute index; a piece after a gap gets a RESUME where it begins."""
    found: list[tuple[int, Mark]] = []
    for wave in waves:
        own = [(wave.first_index + mark.offset, mark) for mark in wave.marks]
        resumes = any(mark.kind is MarkKind.RESUME and mark.offset == 0 for mark in wave.marks)
        if wave.flags & Flag.GAP and not resumes:
            own.insert(0, (wave.first_index, Mark(0, MarkKind.RESUME)))
        found += own
    return found
