"""A device's blocks as a stream: pieces of 20 ms by index, losses as missing samples that are told. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING, Electrode, lead_bits, unusable_leads
from ecg.packets import Flag, Mark, MarkKind, Wave
from station.ecg_devices.device import DeviceDescription, SampleBlock, failed
from station.ecg_devices.device_clock import ClockUnfit, DeviceClock
from station.ecg_stream import missing_waves, piece_end

MOST_AHEAD_US = 2_000_000
"""A count may jump ahead of the time that has passed by so much: what was held up on the way, no more."""


class Piece(NamedTuple):
    """Samples to journal; those that were missed are not sent live, the next piece tells the gap."""

    wave: Wave
    live: bool


class _State(NamedTuple):
    electrodes_off: Electrode
    unusable: int
    clipped: int


class DeviceStream:
    """One connection of a device: `index` is where its first sample stands in the stream."""

    def __init__(
        self, description: DeviceDescription, stream_id: int, index: int, first: SampleBlock
    ) -> None:
        self._about = description
        self._stream_id = stream_id
        self._clock = DeviceClock(description.rate_hz)
        self._shift = index - first.number
        self._next = index
        self._gap = index > 0
        self._pending: list[NDArray[np.int16]] = []
        self._pending_from = index
        self._pending_marks: list[tuple[int, Mark]] = []
        self._state = _State(Electrode(0), 0, 0)
        self._seen_us = first.arrived_us - round(first.count * 1e6 / description.rate_hz)

    @property
    def next_index(self) -> int:
        """The index after the last sample that was taken in."""
        return self._next

    @property
    def drift_ppm(self) -> float | None:
        """How much slower the device counts than it says; None before it is known."""
        return self._clock.drift_ppm

    def captured_us(self, index: int) -> int:
        """When a sample was taken, or would be, on the station's clock."""
        return self._clock.captured_us(index - self._shift) - self._about.latency_us

    def take(self, block: SampleBlock) -> Iterator[Piece]:
        """The pieces that are complete by this block.

        Raises `DeviceFailed` when the block cannot belong to this connection: another shape, a count that
        went back or ran away, a rate that is not the one that was said.
        """
        first = block.number + self._shift
        self._check(block, first)
        try:
            self._clock.observe(block.end, block.arrived_us if block.taken_us is None else block.taken_us)
        except ClockUnfit as unfit:
            raise failed(str(unfit)) from None
        self._seen_us = block.arrived_us
        if first > self._next:
            yield from self._finish()
            yield from self._missed(first)
        state, samples = self._told(block)
        if state != self._state:
            yield from self._finish()
            self._state = state
        self._pending_marks += ((first + mark.offset, mark) for mark in block.marks)
        yield from self._cut(samples)

    def finish(self) -> Iterator[Piece]:
        """What is left of an incomplete piece, when nothing follows."""
        yield from self._finish()

    def _check(self, block: SampleBlock, first: int) -> None:
        if block.samples.ndim != 2 or block.samples.shape[0] != self._about.rows or not block.count:
            raise failed(f"a block of {block.samples.shape}; {self._about.rows} rows were said")
        if first < self._next:
            raise failed(f"its count went back by {self._next - first} samples: it was started anew")
        passed_us = block.arrived_us - self._seen_us
        ahead_us = (first + block.count - self._next) * 1e6 / self._about.rate_hz - passed_us
        if first > self._next and ahead_us > MOST_AHEAD_US:
            raise failed(f"its count jumped by {first - self._next} samples in {passed_us / 1e6:.1f} s")

    def _told(self, block: SampleBlock) -> tuple[_State, NDArray[np.int16]]:
        leads = self._about.leads
        unusable = block.unusable | lead_bits(unusable_leads(block.electrodes_off) & set(leads), leads)
        samples = block.samples
        if unusable:
            samples = samples.copy()
            samples[[row for row in range(len(samples)) if unusable >> row & 1]] = MISSING
        return _State(block.electrodes_off, unusable, block.clipped & ~unusable), samples

    def _cut(self, samples: NDArray[np.int16]) -> Iterator[Piece]:
        while samples.shape[1]:
            room = piece_end(self._next, self._about.rate_hz) - self._next
            self._pending.append(samples[:, :room])
            self._next += min(room, samples.shape[1])
            samples = samples[:, room:]
            if self._next == piece_end(self._next - 1, self._about.rate_hz):
                yield from self._finish()

    def _missed(self, first: int) -> Iterator[Piece]:
        captured_us = self.captured_us(self._next)
        about = self._about
        for wave in missing_waves(self._stream_id, about.rows, self._next, first, captured_us, about.rate_hz):
            yield Piece(wave, live=False)
        self._next = self._pending_from = first
        self._gap = True

    def _finish(self) -> Iterator[Piece]:
        if not self._pending:
            return
        first, end = self._pending_from, self._next
        marks = [Mark(at - first, mark.kind, mark.value) for at, mark in self._pending_marks if at < end]
        if self._gap:
            marks.insert(0, Mark(0, MarkKind.RESUME))
        wave = Wave(
            stream_id=self._stream_id,
            first_index=first,
            captured_us=self.captured_us(first),
            samples=np.ascontiguousarray(np.concatenate(self._pending, axis=1)),
            flags=Flag.GAP if self._gap else Flag.NONE,
            electrodes_off=self._state.electrodes_off,
            unusable=self._state.unusable,
            clipped=self._state.clipped,
            marks=tuple(marks),
        )
        self._pending, self._pending_from, self._gap = [], end, False
        self._pending_marks = [(at, mark) for at, mark in self._pending_marks if at >= end]
        yield Piece(wave, live=True)
