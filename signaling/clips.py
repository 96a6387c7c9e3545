"""Clips on their way from stations to the record: asked for, taken in part by part, told to the room."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from records.consults import Binding
from records.ecg_studies import SampleSeal
from records.ids import AccountId, BindingId, ClipId, ConsultId, KeptClipId, ResidentId, new_id
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.room_keeping import RoomKeeping
from signaling.station_lines import Station, Stations
from signaling.tabs import Tab

LEAST_S, MOST_S = 1.0, 30.0
MOST_UNDER_WAY = 4
"""Of one station."""

MOST_SHOWN = 20
"""Of one room, the newest."""

MOST_BYTES = 128 << 20
PART_BYTES = 2 << 20
STALLED_AFTER = dt.timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class ComingClip:
    """A clip that is not kept yet."""

    view: m.ClipView
    asked_by: AccountId
    consult_id: ConsultId
    binding: Binding
    seconds: float
    until_us: int | None
    moved_at: dt.datetime
    kept_id: KeptClipId = field(default_factory=lambda: KeptClipId(new_id()))
    told: s.StationClip | None = None
    taken_at: dt.datetime | None = None
    parts: list[SampleSeal] = field(default_factory=list)
    hashed: Any = field(default_factory=hashlib.sha256)
    taking: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def binding_id(self) -> BindingId:
        """Under which it was captured."""
        return self.binding.id

    @property
    def resident_id(self) -> ResidentId:
        """Whose it is, and under whose key its parts are sealed."""
        return self.binding.resident_id

    @property
    def is_whole(self) -> bool:
        """Whether every part is there."""
        return self.told is not None and len(self.parts) == self.told.parts


class Clips:
    """Knows every clip on its way, and tells their rooms."""

    def __init__(self, rooms: RoomKeeping, stations: Stations, clock: Callable[[], dt.datetime]) -> None:
        self._rooms = rooms
        self._stations = stations
        self._clock = clock
        self._coming: dict[ClipId, ComingClip] = {}
        self._abandoned: list[ComingClip] = []

    def take(self, tab: Tab, command: m.TakeClip) -> str:
        """Ask the station for a clip; its id."""
        if not LEAST_S <= command.seconds <= MOST_S:
            raise Refused(Refusal.OUT_OF_RANGE, f"{LEAST_S:g} to {MOST_S:g} s are right")
        seat = self._rooms.seat_at(command.consult_id, tab)
        room = self._rooms.rooms[command.consult_id]
        if room.ultrasound_elsewhere():
            raise Refused(Refusal.NO_RING)
        station = next((one for one in map(self._stations.find, room.stations()) if one), None)
        if station is None or station.binding is None or station.binding.consult_id != room.consult_id:
            raise Refused(Refusal.NO_PICTURE)
        if station.line is None:
            raise Refused(Refusal.STATION_OFFLINE)
        station_id, now = station.binding.station_id, self._clock()
        if sum(one.binding.station_id == station_id for one in self._coming.values()) >= MOST_UNDER_WAY:
            raise Refused(Refusal.RATE_LIMITED, "as many clips as may be are on their way")
        clip_id = ClipId(new_id())
        view = m.ClipView(clip_id=clip_id, state=m.ClipState.ASKED, by=seat.participant_id, asked_at=now)
        clip = self._coming[clip_id] = ComingClip(
            view=view,
            asked_by=tab.account.id,
            consult_id=room.consult_id,
            binding=station.binding,
            seconds=command.seconds,
            until_us=room.frozen.capture_us if room.frozen is not None else None,
            moved_at=now,
        )
        station.send(_give(clip))
        self._tell(clip)
        return clip_id

    def failed(self, station: Station, message: s.StationClipFailed) -> None:
        """The station has no such frames, or cannot give them."""
        clip = self._coming.get(message.clip_id)
        if clip is None or self._stations.of_binding(clip.binding) is not station:
            raise Refused(Refusal.NOT_FOUND, "no such clip is awaited")
        self.give_up(clip, message.why)

    def station_back(self, account_id: AccountId) -> None:
        """A station is back: it is asked again for what it owes; what it is at, it goes on with."""
        for clip in self._coming.values():
            if clip.binding.station_id == account_id:
                self._stations[account_id].send(_give(clip))

    def tick(self) -> None:
        """To be called every second: those of which nothing came for long are given up."""
        now = self._clock()
        for clip in [one for one in self._coming.values() if now - one.moved_at >= STALLED_AFTER]:
            self.give_up(clip, m.ClipFailure.STALLED)

    def abandoned(self) -> tuple[ComingClip, ...]:
        """Those that were given up since this was last asked: what is there of them is to be removed."""
        gone, self._abandoned = tuple(self._abandoned), []
        return gone

    def awaited(self, account_id: AccountId, clip_id: ClipId, about: s.StationClip) -> ComingClip:
        """The clip a station puts a part of; raise `Refused` when it is none it was asked for."""
        clip = self._coming.get(clip_id)
        if clip is None or clip.binding.station_id != account_id or clip.binding_id != about.binding_id:
            raise Refused(Refusal.NOT_FOUND, "no such clip is awaited")
        return clip

    def begin(self, clip: ComingClip, about: s.StationClip) -> None:
        """Take in what the station says of a clip, with its first part; the same with every other."""
        if clip.told is None:
            _check(about)
            station = self._stations.of_binding(clip.binding)
            if station.clock is None:
                raise Refused(Refusal.CLOCK_UNKNOWN)
            try:
                clip.taken_at = moments.from_us(about.from_us - station.clock.offset_us)
            except (OverflowError, ValueError) as error:
                raise Refused(Refusal.OUT_OF_RANGE) from error
            clip.told = about
        elif clip.told != about:
            raise Refused(Refusal.CHANGED_MEANWHILE, "it was told otherwise with its first part")

    def part_kept(self, clip: ComingClip, part: bytes, seal: SampleSeal) -> None:
        """A part is on the disk."""
        assert clip.told is not None
        clip.parts.append(seal)
        clip.hashed.update(part)
        clip.moved_at = self._clock()
        seconds = (clip.told.until_us - clip.told.from_us) / 1_000_000
        percent = 100 * len(clip.parts) // clip.told.parts
        self._change(clip, state=m.ClipState.COMING, percent=percent, seconds=seconds)

    def kept(self, clip: ComingClip, number: str) -> None:
        """It is with the record."""
        self._coming.pop(clip.view.clip_id, None)
        self._change(clip, state=m.ClipState.KEPT, percent=100, kept_id=clip.kept_id, number=number)

    def give_up(self, clip: ComingClip, why: m.ClipFailure) -> None:
        """Nothing of it is kept."""
        if self._coming.pop(clip.view.clip_id, None) is None:
            return
        self._abandoned.append(clip)
        self._stations.of_binding(clip.binding).send(
            s.LeaveClip(binding_id=clip.binding_id, clip_id=clip.view.clip_id)
        )
        self._change(clip, state=m.ClipState.FAILED, failed=why)

    def _change(self, clip: ComingClip, **fields: Any) -> None:
        clip.view = msgspec.structs.replace(clip.view, **fields)
        self._tell(clip)

    def _tell(self, clip: ComingClip) -> None:
        room = self._rooms.rooms.get(clip.consult_id)
        if room is None:
            return
        room.clips[clip.view.clip_id] = clip.view
        while len(room.clips) > MOST_SHOWN:
            del room.clips[next(iter(room.clips))]
        changed = m.ClipChanged(consult_id=room.consult_id, clip=clip.view)
        self._rooms.witness(room.consult_id, changed)
        for tab in room.receivers():
            tab.put(changed)


def _give(clip: ComingClip) -> s.GiveClip:
    return s.GiveClip(
        binding_id=clip.binding_id,
        clip_id=clip.view.clip_id,
        seconds=clip.seconds,
        until_us=clip.told.until_us if clip.told is not None else clip.until_us,
    )


def _check(about: s.StationClip) -> None:
    parts = -(-about.size_bytes // PART_BYTES)
    if not 0 < about.size_bytes <= MOST_BYTES or about.parts != parts:
        raise Refused(Refusal.OUT_OF_RANGE, f"1 to {MOST_BYTES} bytes in parts of {PART_BYTES}")
    if len(about.sha256) != 64 or not set(about.sha256) <= set("0123456789abcdef"):
        raise Refused(Refusal.UNREADABLE, "a SHA-256 has 64 hexadecimal digits")
    if not 0 < about.from_us <= about.until_us or about.until_us - about.from_us > 2 * MOST_S * 1_000_000:
        raise Refused(Refusal.OUT_OF_RANGE)
    if not 0 < about.frames <= 100_000:
        raise Refused(Refusal.OUT_OF_RANGE)
