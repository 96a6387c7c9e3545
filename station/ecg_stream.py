"""The ECG of one binding: pieces of 20 ms by index, on the station's clock. No I/O and no waiting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ecg.description import StreamDescription
from ecg.leads import MISSING, Electrode, derived_leads
from ecg.source import EcgSource
from ecg.synthetic import with_electrode_off
from ecg.wire import Flag, Mark, MarkKind, Wave

PIECES_PER_S = 50


@dataclass(frozen=True, slots=True)
class Anchor:
    """Sample `index` is captured at `captured_us`."""

    index: int
    captured_us: int


class EcgStream:
    """Cuts a source into pieces as their last sample is captured.

    `anchor` is where the stream begins, or goes on after the station was started again; a piece that
    does not continue what was before carries GAP and a RESUME mark.
    """

    def __init__(self, source: EcgSource, stream_id: int, anchor: Anchor) -> None:
        self._source = source
        self._stream_id = stream_id
        self._anchor = anchor
        self._next = anchor.index
        self._sequence = 0
        self.electrodes_off = Electrode(0)

    @property
    def next_index(self) -> int:
        """The first sample that was not taken yet."""
        return self._next

    def captured_us(self, index: int) -> int:
        """When a sample is captured, on the station's clock."""
        return self._anchor.captured_us + round((index - self._anchor.index) * 1e6 / self._source.rate_hz)

    def due_us(self) -> int:
        """When the next piece is complete."""
        return self.captured_us(piece_end(self._next, self._source.rate_hz))

    def pieces(self, now_us: int) -> Iterator[Wave]:
        """Every piece that is complete by now, in order; none is ever left out."""
        while self.due_us() <= now_us:
            yield self._piece()

    def _piece(self) -> Wave:
        first, end = self._next, piece_end(self._next, self._source.rate_hz)
        samples = self._source.samples(first, end - first)
        signs, unusable = self._source.signs(first, end - first), 0
        off = self.electrodes_off | signs.electrodes_off
        if off:
            samples, _, unusable = with_electrode_off(samples, off, self._source.leads)
        breaks = set(self._source.breaks(first, end - first))
        if first == self._anchor.index and first > 0:
            breaks.add(0)
        flags = Flag.SIMULATED if self._source.simulated else Flag.NONE
        self._next = end
        self._sequence += 1
        return Wave(
            stream_id=self._stream_id,
            sequence=self._sequence - 1,
            first_index=first,
            captured_us=self.captured_us(first),
            samples=samples,
            flags=flags | Flag.GAP if 0 in breaks else flags,
            electrodes_off=off,
            unusable=unusable,
            clipped=signs.clipped & ~unusable,
            marks=(*(Mark(at, MarkKind.RESUME) for at in sorted(breaks)), *signs.marks),
        )


def piece_end(index: int, rate_hz: float) -> int:
    """The end of the piece that holds a sample: at whole 20 ms from sample 0, whatever the rate."""
    per_piece = rate_hz / PIECES_PER_S
    number = int(index / per_piece) + 1
    while int(number * per_piece) <= index:
        number += 1
    return int(number * per_piece)


def describe(source: EcgSource, session: str, started_us: int, offset_us: int | None) -> StreamDescription:
    """What META says of a source."""
    return StreamDescription(
        rate_hz=source.rate_hz,
        nv_per_lsb=source.nv_per_lsb,
        leads=source.leads,
        derived=derived_leads(source.leads),
        started_us=started_us,
        filters=source.filters,
        device=source.device,
        session=session,
        clock_offset_us=offset_us,
        simulated=source.simulated,
    )


def resume(description: StreamDescription, journaled_end: int, now_us: int) -> Anchor:
    """Where a stream goes on that was broken off: at its own rate, and never before what is journaled."""
    period_us = 1e6 / description.rate_hz
    index = int((now_us - description.started_us) // period_us) + 1
    if index >= journaled_end:
        return Anchor(index, description.started_us + round(index * period_us))
    return Anchor(journaled_end, now_us)  # the clock was set back meanwhile


class Place(NamedTuple):
    """Where samples begin or go on; those from `missed_from`, captured then, were taken by nobody."""

    anchor: Anchor
    missed_from: int
    missed_from_us: int

    def missed(self, stream_id: int, rate_hz: float, rows: int) -> Iterator[Wave]:
        """The samples nobody took, as missing ones."""
        end = self.anchor.index
        return missing_waves(stream_id, rows, self.missed_from, end, self.missed_from_us, rate_hz)


def missing_waves(
    stream_id: int, leads: int, first: int, end: int, captured_us: int, rate_hz: float
) -> Iterator[Wave]:
    """The samples nobody took, as missing ones: a gap that is told, not one to wait for."""
    most = 4096
    for at in range(first, end, most):
        yield Wave(
            stream_id=stream_id,
            first_index=at,
            captured_us=captured_us + round((at - first) * 1e6 / rate_hz),
            samples=np.full((leads, min(most, end - at)), MISSING, np.int16),
            flags=Flag.GAP if at == first else Flag.NONE,
        )
