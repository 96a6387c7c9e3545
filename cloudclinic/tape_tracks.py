"""The tracks of a tape: one a participant and kind, over all the starts of its streams; and their frames."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from media.layout import Codec
from media.taped_frames import TapedFrame, TapedPacket, frames
from records.rooms import MediaKind
from records.store.tape_files import TapeFile
from records.store.tape_fragments import Summary
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
        self.keys_us += [key.at_us for key in summary.keys if key.stream in self.streams]

    def key_before(self, at_us: int) -> int:
        """Where a decoder must begin to show what is at a moment."""
        if self.kind is MediaKind.VOICE:
            return at_us
        at = bisect_right(self.keys_us, at_us)
        return self.keys_us[at - 1] if at else at_us


class Clock(NamedTuple):
    """How a station's clock stood from a moment on: station = server + offset."""

    at_us: int
    offset_us: int


class PlacedFrame(NamedTuple):
    """A frame and its place on the tape's one timeline, the server's clock."""

    at_us: int
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


def clocks_of(summaries: Sequence[tuple[int, Summary]]) -> list[Clock]:
    """What the acts say of the station's clock."""
    acts = ((act.at_us, json.loads(act.message)) for _, summary in summaries for act in summary.acts)
    return [Clock(at_us, act["offset_us"]) for at_us, act in acts if act.get("type") == "station_clock"]


def frames_of(
    file: TapeFile, track: Track, clocks: Sequence[Clock], begin_us: int, end_us: int
) -> list[PlacedFrame]:
    """The frames between two moments, and before them what a decoder needs to show the first."""
    start_us = track.key_before(begin_us)
    packets: dict[int, list[TapedPacket]] = {}
    for body in file.bodies(start_us, end_us + LATE_US):
        for record in split_records(body):
            if record.kind == RecordKind.PACKET and record.stream in track.streams:
                taped = TapedPacket(record.sequence, record.at_us, record.payload)
                packets.setdefault(record.stream, []).append(taped)
    placed: list[PlacedFrame] = []
    for stream, taken in packets.items():
        placed += _placed(track.streams[stream], taken, clocks)
    placed.sort(key=lambda one: one.at_us)
    return [one for one in placed if start_us - LATE_US <= one.at_us <= end_us]


def _placed(
    stream: TapeStream, packets: Sequence[TapedPacket], clocks: Sequence[Clock]
) -> Iterator[PlacedFrame]:
    """What was stamped at capture stands there; the rest where its timestamps say, from its first arrival."""
    codecs = {payload_type: Codec(name) for payload_type, name in stream.codecs.items()}
    origin: tuple[int, int] | None = None
    for frame in frames(packets, codecs):
        offset_us = _offset_at(clocks, frame.at_us)
        if stream.kind is MediaKind.ULTRASOUND and frame.capture_us is not None and offset_us is not None:
            yield PlacedFrame(frame.capture_us - offset_us, frame)
            continue
        if origin is None:
            origin = frame.timestamp, frame.at_us
        ticks = (frame.timestamp - origin[0] + (1 << 31)) % (1 << 32) - (1 << 31)
        yield PlacedFrame(origin[1] + ticks * 1_000_000 // stream.clock_rate_hz, frame)


def _offset_at(clocks: Sequence[Clock], at_us: int) -> int | None:
    """The latest that was told by then, or else the first."""
    if not clocks:
        return None
    at = bisect_right([clock.at_us for clock in clocks], at_us)
    return clocks[max(0, at - 1)].offset_us
