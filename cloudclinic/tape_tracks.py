"""The tracks of a tape: one a participant and kind, over all the starts of its streams; and their frames."""

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from cloudclinic.tape_arrivals import Arrivals
from cloudclinic.tape_clocks import Clocks
from media.layout import Codec
from media.parameter_sets import ParameterSets
from media.taped_frames import TapedFrame, TapedPacket, frames, parameter_sets
from records.rooms import MediaKind
from records.store.tape_files import TapeFile
from records.store.tape_fragments import KeyPlace, Summary
from records.tape_records import RecordKind, split_records
from records.tapes import TapeStream

LATE_US = 1_500_000
"""A packet that was asked for again comes at most so much later."""


@dataclass
class Track:
    """One kind of stream of one participant."""

    number: int
    participant_id: str
    kind: MediaKind
    streams: dict[int, TapeStream] = field(default_factory=dict)
    keys_us: list[int] = field(default_factory=list)
    keys: dict[int, list[KeyPlace]] = field(default_factory=dict)  # of each stream
    sets: dict[KeyPlace, ParameterSets] = field(default_factory=dict)  # as far as they were looked for
    packets: int = 0
    begin_us: int = 0
    end_us: int = 0

    def counts(self, summary: Summary, begin_us: int) -> None:
        """Take in what a fragment says of its streams."""
        for stream, packets in summary.packets.items():
            if stream in self.streams:
                self.packets += packets
                self.begin_us = self.begin_us or begin_us
                self.end_us = max(self.end_us, summary.last_us.get(stream, 0))
        for key in summary.keys:
            if key.stream in self.streams:
                self.keys_us.append(key.at_us)
                self.keys.setdefault(key.stream, []).append(key)

    def key_before(self, at_us: int) -> int:
        """Where a decoder must begin to show what is at a moment."""
        if self.kind is MediaKind.VOICE:
            return at_us
        at = bisect_right(self.keys_us, at_us)
        return self.keys_us[at - 1] if at else at_us


class PlacedFrame(NamedTuple):
    """A frame and its place on the tape's one timeline, the server's clock."""

    at_us: int
    stream: int
    frame: TapedFrame


def tracks_of(summaries: Sequence[tuple[int, Summary]]) -> list[Track]:
    """The tracks, from each fragment's begin and summary."""
    found: dict[tuple[str, MediaKind], Track] = {}
    for begin_us, summary in summaries:
        for stream in summary.streams:
            key = stream.participant_id, stream.kind
            track = found.setdefault(key, Track(len(found), stream.participant_id, stream.kind))
            track.streams[stream.number] = stream
        for track in found.values():
            track.counts(summary, begin_us)
    return list(found.values())


def frames_of(file: TapeFile, track: Track, clocks: Clocks, begin_us: int, end_us: int) -> list[PlacedFrame]:
    """The frames between two moments, and before them what a decoder needs to show the first."""
    start_us = track.key_before(begin_us)
    packets = _packets(file, track, start_us, end_us + LATE_US)
    placed = [
        _placed(
            track.streams[stream],
            taken,
            clocks,
            track.keys.get(stream, ()),
            partial(_sets_before, file, track, stream, taken[0].at_us),
        )
        for stream, taken in packets.items()
    ]
    in_order = heapq.merge(*placed, key=lambda one: one.at_us)  # a stream's own order is that of its decoder
    return [one for one in in_order if start_us - LATE_US <= one.at_us <= end_us]


def _packets(file: TapeFile, track: Track, begin_us: int, end_us: int) -> dict[int, list[TapedPacket]]:
    """The packets of a track's streams in every fragment that has anything between two moments."""
    packets: dict[int, list[TapedPacket]] = {}
    for body in file.bodies(begin_us, end_us):
        for record in split_records(body):
            if record.kind == RecordKind.PACKET and record.stream in track.streams:
                taped = TapedPacket(record.sequence, record.at_us, record.payload)
                packets.setdefault(record.stream, []).append(taped)
    return packets


def _sets_before(file: TapeFile, track: Track, stream: int, at_us: int) -> ParameterSets:
    """The parameter sets that were sent last before a moment, with the key frame they were sent with.

    From key frame to key frame backwards, for an encoder that sends them once; what was found is kept.
    """
    keys = track.keys.get(stream, [])
    found, looked = ParameterSets(), []
    for key in reversed(keys[: bisect_left(keys, at_us, key=attrgetter("at_us"))]):
        if key not in track.sets:
            looked.append(key)
            taken = _packets(file, track, key.at_us, key.at_us).get(stream, [])
            found = parameter_sets(taken, _codecs(track.streams[stream]))
        else:
            found = track.sets[key]
        if found.complete:
            break
    track.sets.update(dict.fromkeys(looked, found))
    return found


def _codecs(stream: TapeStream) -> dict[int, Codec]:
    return {payload_type: Codec(name) for payload_type, name in stream.codecs.items()}


def _placed(
    stream: TapeStream,
    packets: Sequence[TapedPacket],
    clocks: Clocks,
    keys: Sequence[KeyPlace],
    sets_before: Callable[[], ParameterSets],
) -> Iterator[PlacedFrame]:
    """What was stamped by a clock that is known stands at its capture; the rest where its timestamps say."""
    arrivals = Arrivals(stream.clock_rate_hz, keys)
    for frame in frames(packets, _codecs(stream), sets_before):
        offset_us = None
        if stream.kind is MediaKind.ULTRASOUND and frame.capture_us is not None:
            offset_us = clocks.offset_us(stream.participant_id, frame.at_us)
        if offset_us is None or frame.capture_us is None:
            yield PlacedFrame(arrivals.place_us(frame.timestamp, frame.at_us), stream.number, frame)
        else:
            yield PlacedFrame(frame.capture_us - offset_us, stream.number, frame)
