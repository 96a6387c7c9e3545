"""Freezing the room's ultrasound: asks the station for the exact still, takes in what it answers."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from records.consults import Binding
from records.derived_measurements import DerivedMeasurement
from records.ids import AccountId, BindingId, ConsultId, StillId, new_id
from records.picture_regions import as_region
from records.rooms import MediaKind
from records.stills import Calibration, Mark
from records.ultrasound_stills import UltrasoundStill
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from signaling.errors import Refused
from signaling.frozen import MOST_STEPS_WAITING, Frozen, Still, WaitingStep
from signaling.picture_marks import marks_on
from signaling.png_head import read_png_head
from signaling.refusals import Refusal
from signaling.room_keeping import RoomKeeping
from signaling.rooms import Room, Seat
from signaling.station_lines import Station, Stations
from signaling.tabs import Tab
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.regions import has_sound_scale

MOST_CAPTURE_US = 1 << 53
MOST_STEP = 1000
MOST_REGIONS = 32
LONGEST_PROFILE = 200
STILL_WITHIN = dt.timedelta(seconds=60)
"""A still that has not come by then is given up; over a line of 1 Mbit/s that is 7 MB."""


@dataclass(frozen=True, slots=True)
class KeepableStill:
    """All that a room knows of an exact still."""

    card: m.StillCard
    binding_id: BindingId
    png: bytes
    taken_at: dt.datetime  # on the server's clock
    marks: tuple[Mark, ...]


class Freezing:
    """Decides on the room as it stands, tells everyone who receives its picture, and asks the station."""

    def __init__(self, rooms: RoomKeeping, stations: Stations, clock: Callable[[], dt.datetime]) -> None:
        self._rooms = rooms
        self._stations = stations
        self._clock = clock

    # --- what people ask for ----------------------------------------------------------------------------

    def freeze(self, tab: Tab, command: m.FreezePicture) -> None:
        """Freeze the picture at a frame, for everybody, and have its exact still fetched."""
        if not 0 < command.capture_us < MOST_CAPTURE_US:
            raise Refused(Refusal.OUT_OF_RANGE)
        seat, room = self._seated(tab, command.consult_id)
        before = room.frozen
        if before is not None and not before.steps and before.is_near(command.capture_us):
            tab.put(room.picture_frozen())  # two people froze one frame: who came second waits for it, too
            return
        source = self._source(room)
        now = self._clock()
        frozen = Frozen(
            asked_us=command.capture_us,
            capture_us=command.capture_us,
            by=seat.participant_id,
            at=now,
            still_id=StillId(new_id()),
            binding_id=source.binding_id if source else None,
            asked_at=now,
        )
        self._leave(room)
        room.frozen = frozen
        if source is None:
            frozen.absent = m.StillAbsence.NO_RING
        elif not self._use_kept(room, frozen):
            self._ask(room, frozen)
        self._rooms.tell_frozen(room)

    def step(self, tab: Tab, command: m.StepPicture) -> None:
        """Go to another frame, as soon as the station has said which that is."""
        if command.by == 0 or abs(command.by) > MOST_STEP:
            raise Refused(Refusal.OUT_OF_RANGE, f"1 to {MOST_STEP} either way are right")
        seat, room = self._seated(tab, command.consult_id)
        frozen = room.frozen
        if frozen is None:
            raise Refused(Refusal.NOT_FROZEN)
        station = self._station_of(room, frozen)
        if frozen.binding_id is None or station is None:
            raise Refused(Refusal.NO_RING)
        if station.line is None:
            raise Refused(Refusal.STATION_OFFLINE)
        if command.unit is m.StepUnit.BEAT and station.live.ecg is m.DeviceState.MISSING:
            raise Refused(Refusal.NO_BEATS)
        if len(frozen.steps) >= MOST_STEPS_WAITING:
            raise Refused(Refusal.RATE_LIMITED, "the station has not answered the steps before")
        step = s.PictureStep(by=command.by, unit=command.unit)
        waiting = WaitingStep(still_id=StillId(new_id()), by=seat.participant_id, step=step)
        frozen.steps.append(waiting)
        station.send(
            s.GiveStill(
                binding_id=frozen.binding_id,
                still_id=waiting.still_id,
                capture_us=frozen.capture_us,
                steps=frozen.steps_to_go(),
            )
        )

    def unfreeze(self, tab: Tab, command: m.UnfreezePicture) -> None:
        """Go live again, everybody."""
        _, room = self._seated(tab, command.consult_id)
        if room.frozen is None:
            return  # two people went live at once
        self._leave(room)
        room.frozen = None
        self._rooms.tell_frozen(room)

    # --- what the station answers -----------------------------------------------------------------------

    def found(self, station: Station, message: s.StationStillFound) -> None:
        """The station has the frame: the room stands at it, and its still follows."""
        room, frozen = self._asked(station, message.still_id)
        waiting = frozen.take_step(message.still_id)
        if waiting is None:
            self._settle(room, frozen, message.capture_us)
        else:
            frozen.moved_to(message.capture_us, waiting, self._clock())
        if self._use_kept(room, frozen):
            station.send(s.LeaveStill(binding_id=message.binding_id, still_id=message.still_id))
        self._rooms.tell_frozen(room)

    def _settle(self, room: Room, frozen: Frozen, capture_us: int) -> None:
        """The station says exactly which frame was asked for; what was drawn on it meanwhile goes along."""
        if abs(capture_us - frozen.asked_us) > m.SAME_FRAME_US:
            raise Refused(Refusal.OUT_OF_RANGE, "another frame than the one that was asked for")
        before_us, frozen.capture_us = frozen.capture_us, capture_us
        self._rooms.move_marks(room, before_us, capture_us)

    def absent(self, station: Station, message: s.StationStillAbsent) -> None:
        """The station has no such frame, or cannot give it: the picture stays what each browser decoded."""
        room, frozen = self._asked(station, message.still_id)
        waiting = frozen.take_step(message.still_id)
        if waiting is not None:
            self._say_not_stepped(room, waiting, message.not_stepped or m.NotStepped.OLDEST)
            if frozen.ask_after_steps and not frozen.steps:
                self._ask(room, frozen)
        elif frozen.is_awaited:
            frozen.absent = message.absent or m.StillAbsence.FAILED
            self._rooms.tell_frozen(room)

    def take_still(
        self, account_id: AccountId, still_id: StillId, about: s.StationStill, png: bytes, png_sha256: str
    ) -> None:
        """Take in an exact still; raise `Refused` when it is not awaited, or is not what it says it is."""
        station = self._stations.find(account_id)
        if station is None or station.binding is None or station.binding.id != about.binding_id:
            raise Refused(Refusal.NOT_BOUND)
        room, frozen = self._asked(station, still_id)
        _check_still(about, png)
        waiting = frozen.take_step(still_id)
        if waiting is not None:  # it was faster than the word that its frame was found
            frozen.moved_to(about.capture_us, waiting, self._clock())
        else:
            self._settle(room, frozen, about.capture_us)
        if self._use_kept(room, frozen):
            # Stepped back to, faster than the word of it: what was laid on this frame's still stays there.
            self._rooms.tell_frozen(room)
            return
        card = _card(still_id, about, len(png), simulated=about.simulated or station.binding.simulated)
        room.stills.add(
            Still(
                card=card,
                binding_id=about.binding_id,
                png=png,
                png_sha256=png_sha256,
                taken_at=_taken_at(station, about.capture_us),
            )
        )
        frozen.still, frozen.absent = card, None
        self._rooms.tell_frozen(room)

    def scale_changed(self, binding: Binding) -> None:
        """What a pixel is worth was set anew: stills that were given before say something else."""
        room = self._rooms.rooms.get(binding.consult_id)
        if room is None:
            return
        room.stills.forget(binding.id)
        frozen = room.frozen
        if frozen is None or frozen.binding_id != binding.id:
            return
        frozen.still_id, frozen.asked_at = StillId(new_id()), self._clock()
        frozen.still = frozen.absent = None
        # The station gives one still at a time: where a step is under way, its still comes first.
        frozen.ask_after_steps = bool(frozen.steps)
        if not frozen.steps:
            self._ask(room, frozen)
        self._rooms.tell_frozen(room)

    # --- lines and time ---------------------------------------------------------------------------------

    def station_lost(self, binding: Binding) -> None:
        """A station's line is lost: what it was asked for does not come until it is back."""
        room = self._rooms.rooms.get(binding.consult_id)
        frozen = room.frozen if room else None
        if room is None or frozen is None or frozen.binding_id != binding.id:
            return
        frozen.steps.clear()
        if frozen.is_awaited:
            frozen.absent = m.StillAbsence.STATION_LOST
            self._rooms.tell_frozen(room)

    def station_back(self, binding: Binding) -> None:
        """A station is back, under the same binding: it is asked again."""
        room = self._rooms.rooms.get(binding.consult_id)
        frozen = room.frozen if room else None
        if room is None or frozen is None or frozen.binding_id != binding.id:
            return
        if frozen.absent is m.StillAbsence.STATION_LOST:
            frozen.absent, frozen.asked_at = None, self._clock()
            self._ask(room, frozen)
            self._rooms.tell_frozen(room)

    def tick(self) -> None:
        """To be called every second: what does not come is given up."""
        for room in self._rooms.rooms.values():
            frozen = room.frozen
            if frozen is None or not frozen.is_awaited or self._clock() - frozen.asked_at < STILL_WITHIN:
                continue
            frozen.absent = m.StillAbsence.TOO_SLOW
            self._rooms.tell_frozen(room)

    def moved(self, binding: Binding) -> None:
        """A binding is another resident's now: none of its pictures is shown or held any more."""
        room = self._rooms.rooms.get(binding.consult_id)
        if room is None:
            return
        room.stills.forget(binding.id)
        if room.frozen is not None and room.frozen.binding_id == binding.id:
            self._rooms.forget_picture(room)

    # --- the stills -------------------------------------------------------------------------------------

    def still_for(self, account_id: AccountId, consult_id: ConsultId, still_id: StillId) -> Still:
        """An exact still of a room, for somebody in it who receives its picture; raise `Refused`."""
        seat = self._rooms.seat_of(consult_id, account_id)
        if MediaKind.ULTRASOUND not in seat.grants.receive:
            raise Refused(Refusal.NOT_ALLOWED, "receives no ultrasound")
        still = self._rooms.rooms[consult_id].stills.get(still_id)
        if still is None:
            raise Refused(Refusal.NOT_FOUND)
        return still

    def still_to_keep(self, account_id: AccountId, consult_id: ConsultId, still_id: StillId) -> KeepableStill:
        """A still with the marks on its frame and when it was taken; raise `Refused`."""
        still = self.still_for(account_id, consult_id, still_id)
        if still.taken_at is None:
            raise Refused(Refusal.CLOCK_UNKNOWN)
        room = self._rooms.rooms[consult_id]
        return KeepableStill(
            card=still.card,
            binding_id=still.binding_id,
            png=still.png,
            taken_at=still.taken_at,
            marks=tuple(marks_on(room, still.card.capture_us)),
        )

    def kept(self, still: UltrasoundStill) -> None:
        """Tell everybody who receives the picture that a still of it is in the record."""
        room = self._rooms.rooms.get(still.consult_id)
        if room is None:
            return
        told = m.StillKept(
            consult_id=still.consult_id,
            still_id=still.still_id,
            kept_id=still.id,
            number=still.number,
            mark_ids=tuple(mark.id for mark in still.marks),
        )
        self._rooms.witness(room.consult_id, told)
        for tab in room.receivers():
            tab.put(told)

    def derived(self, whole: DerivedMeasurement) -> None:
        """Tell everybody who receives the picture that something was derived of its kept measurements."""
        room = self._rooms.rooms.get(whole.consult_id)
        if room is None:
            return
        told = m.MeasurementDerived(consult_id=whole.consult_id, derived_id=whole.id, number=whole.number)
        self._rooms.witness(room.consult_id, told)
        for tab in room.receivers():
            tab.put(told)

    def _seated(self, tab: Tab, consult_id: ConsultId) -> tuple[Seat, Room]:
        return self._rooms.seat_at(consult_id, tab), self._rooms.rooms[consult_id]

    def _source(self, room: Room) -> Seat | None:
        """The station whose picture is the room's; None: it comes from what keeps no frames."""
        if room.ultrasound_elsewhere():
            return None
        for account_id in room.stations():
            if self._stations[account_id].live.ultrasound is not m.DeviceState.MISSING:
                return room.seats[account_id]
        raise Refused(Refusal.NO_PICTURE)

    def _station_of(self, room: Room, frozen: Frozen) -> Station | None:
        """The station the frozen picture comes from, while it still works under that binding."""
        for account_id in room.stations():
            station = self._stations[account_id]
            if station.binding is not None and station.binding.id == frozen.binding_id:
                return station
        return None

    def _ask(self, room: Room, frozen: Frozen) -> None:
        frozen.ask_after_steps = False
        station = self._station_of(room, frozen)
        if station is None or station.line is None or frozen.binding_id is None:
            frozen.absent = m.StillAbsence.STATION_LOST
            return
        station.send(
            s.GiveStill(binding_id=frozen.binding_id, still_id=frozen.still_id, capture_us=frozen.capture_us)
        )

    def _use_kept(self, room: Room, frozen: Frozen) -> bool:
        """Whether the frame's still is here already, as after a step there and back."""
        kept = room.stills.of_frame(frozen.binding_id, frozen.capture_us) if frozen.binding_id else None
        if kept is None:
            return False
        frozen.still_id, frozen.still = kept.card.still_id, kept.card
        frozen.absent = None
        return True

    def _leave(self, room: Room) -> None:
        """What was asked for of the frozen picture before is not wanted any more."""
        frozen = room.frozen
        station = self._station_of(room, frozen) if frozen is not None else None
        if frozen is None or station is None or frozen.binding_id is None:
            return
        awaited = [one.still_id for one in frozen.steps]
        if frozen.is_awaited:
            awaited.append(frozen.still_id)
        for still_id in awaited:
            station.send(s.LeaveStill(binding_id=frozen.binding_id, still_id=still_id))

    def _asked(self, station: Station, still_id: StillId) -> tuple[Room, Frozen]:
        """The room whose frozen picture, or a step from it, awaits this still; raise `Refused`."""
        binding = station.binding
        room = self._rooms.rooms.get(binding.consult_id) if binding is not None else None
        frozen = room.frozen if room is not None else None
        if room is None or frozen is None or binding is None or frozen.binding_id != binding.id:
            raise Refused(Refusal.NOT_FOUND, "no such still is awaited")
        is_this = frozen.still_id == still_id and frozen.still is None
        if not is_this and all(one.still_id != still_id for one in frozen.steps):
            raise Refused(Refusal.NOT_FOUND, "no such still is awaited")
        return room, frozen

    def _say_not_stepped(self, room: Room, waiting: WaitingStep, why: m.NotStepped) -> None:
        for seat in room.people():
            if seat.participant_id == waiting.by and seat.tab is not None:
                seat.tab.send(
                    m.PictureNotStepped(consult_id=room.consult_id, unit=waiting.step.unit, why=why)
                )


def _taken_at(station: Station, capture_us: int) -> dt.datetime | None:
    """A capture time on the server's clock; None: how the station's clock stands is not known."""
    if station.clock is None:
        return None
    try:
        return moments.from_us(capture_us - station.clock.offset_us)
    except (OverflowError, ValueError) as error:
        raise Refused(Refusal.OUT_OF_RANGE) from error


def _check_still(about: s.StationStill, png: bytes) -> None:
    """Raise `Refused` for a still that is not what it says it is; its pixels are not looked at here."""
    head = read_png_head(png)
    if head is None or (head.width, head.height, head.grey) != (about.width, about.height, about.grey):
        raise Refused(Refusal.UNREADABLE, "not a PNG of the size and kind that was said")
    if len(about.pixels_sha256) != 64 or not set(about.pixels_sha256) <= set("0123456789abcdef"):
        raise Refused(Refusal.UNREADABLE, "a SHA-256 has 64 hexadecimal digits")
    if not 0 < about.capture_us < MOST_CAPTURE_US or not 0 <= about.frame_number < MOST_CAPTURE_US:
        raise Refused(Refusal.OUT_OF_RANGE)
    if about.calibration is not None:
        _check_calibration(about.calibration)


def _check_calibration(calibration: Calibration) -> None:
    if len(calibration.regions) > MOST_REGIONS or len(calibration.profile) > LONGEST_PROFILE:
        raise Refused(Refusal.OUT_OF_RANGE, f"at most {MOST_REGIONS} regions")
    try:
        regions = tuple(as_region(one) for one in calibration.regions)
    except ValueError as error:
        raise Refused(Refusal.OUT_OF_RANGE, str(error)) from error
    if calibration.source is CalibrationSource.NONE and regions:
        raise Refused(Refusal.OUT_OF_RANGE, "a scale says where it is from")
    if not 0 <= calibration.scale_uncertainty < 1 or not all(
        one.fault or has_sound_scale(one) for one in regions
    ):
        raise Refused(Refusal.OUT_OF_RANGE, "a scale that no scanner's picture has")


def _card(still_id: StillId, about: s.StationStill, png_bytes: int, *, simulated: bool) -> m.StillCard:
    fields = msgspec.structs.asdict(about)
    del fields["binding_id"]
    return m.StillCard(**(fields | {"still_id": still_id, "png_bytes": png_bytes, "simulated": simulated}))
