"""What stations do at the desk: come and go, acquire under a binding, deliver, tell of themselves."""

import datetime as dt
import logging
from collections.abc import Callable

import msgspec

from records.accounts import Account
from records.audit import Action, AuditEvent
from records.consults import Binding
from records.ecg_drafts import QualityNote
from records.errors import NotFound, RuleBroken
from records.exam_presets import ExamPreset
from records.ids import AccountId, BindingId, ReadingId, new_id
from records.ledger import Ledger, Records
from records.readings import CLOCK_TOLERANCE, check_reading
from records.residents import Reading, ReadingSource
from records.rooms import MediaKind
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from signaling.announcing import Announcer
from signaling.binding_end import ClockReading, end_of_binding_us
from signaling.cards import read_person
from signaling.clips import Clips
from signaling.ecg_quality import check_notes
from signaling.errors import Refused
from signaling.filed_readings import FiledReadings
from signaling.freezing import Freezing
from signaling.picture_part import possible
from signaling.picture_scale import PictureScale
from signaling.refusals import Refusal
from signaling.room_keeping import RoomKeeping
from signaling.sample_flow import SampleFlow
from signaling.scanner_remote import ScannerRemote
from signaling.station_lines import Station, StationLine, Stations

log = logging.getLogger(__name__)

LIVE_READING = dt.timedelta(seconds=10)
"""A reading older than this is filed with its time, and not sent to screens as if it were of now."""

LINE_SLACK = dt.timedelta(seconds=1)
"""What a station's clock may drift between two of its probes, and more; beside its uncertainty."""

UNFINISHED_LIMIT = 1000
"""Bindings a station may name as not wholly delivered."""


class StationsAtWork:
    """Carries out what stations say and what they are told."""

    def __init__(
        self,
        records: Records,
        stations: Stations,
        rooms: RoomKeeping,
        flow: SampleFlow,
        freezing: Freezing,
        scale: PictureScale,
        clips: Clips,
        remote: ScannerRemote,
        announcer: Announcer,
        clock: Callable[[], dt.datetime],
        demo: bool,
    ) -> None:
        self._records = records
        self._stations = stations
        self._rooms = rooms
        self._flow = flow
        self._freezing = freezing
        self._scale = scale
        self._clips = clips
        self._remote = remote
        self._announcer = announcer
        self._clock = clock
        self._demo = demo
        self._filed = FiledReadings()

    # --- the line ---------------------------------------------------------------------------------------

    async def connect(self, account: Account, hello: s.StationHello, line: StationLine) -> None:
        """Let a station in: a second line of it replaces the first; its running binding goes on."""
        station = self._stations[account.id]
        async with station.changing:
            owed = await self._records.read(lambda ledger: _read_owed(ledger, account.id, hello))
            station.streams.update({binding.ecg_stream_id: binding for binding in owed})
            if station.line is not None:
                station.line.close(s.StationCloseCode.REPLACED.value)
            station.connects(line)
            station.says(hello, self._clock())
            self._welcome(station)
            if station.binding is not None:
                await self._mark_simulated(station, station.binding)
                await self._seat(station.binding)
                self._freezing.station_back(station.binding)
            self._clips.station_back(account.id)
        await self._announcer.station_moved(account.id)

    def _welcome(self, station: Station) -> None:
        station.send(
            s.StationWelcome(
                server_us=moments.to_us(self._clock()),
                bind=_bind_message(station.binding) if station.binding else None,
                demo=self._demo,
            )
        )
        self._tell_preset(station)

    async def disconnect(self, line: StationLine) -> None:
        """A station's line is lost; its binding goes on."""
        station = self._stations[line.account.id]
        line.closed = True
        if station.line is not line:
            return
        station.lost(self._clock())
        if station.binding is not None:
            self._rooms.station_lost(station.binding)
            self._freezing.station_lost(station.binding)
        await self._announcer.station_moved(line.account.id)

    # --- bindings ---------------------------------------------------------------------------------------

    async def begin(self, binding: Binding) -> None:
        """A binding was made: the station is told and its media opened, unless it has ended meanwhile."""
        station = self._stations.of_binding(binding)
        async with station.changing:
            stored = await self._records.read(lambda ledger: ledger.bindings.get(binding.id))
            if stored.ended_at is not None:
                return
            station.runs(stored)
            station.send(_bind_message(stored))
            if station.line is not None:
                await self._seat(stored)
        await self._announcer.station_moved(binding.station_id)

    async def choose_preset(self, binding: Binding, preset: ExamPreset | None) -> None:
        """The examination was chosen: the station is told, and everyone who sees it."""
        station = self._stations.of_binding(binding)
        async with station.changing:
            if station.binding is None or station.binding.id != binding.id:
                return  # it has ended meanwhile
            station.examines(preset)
            self._tell_preset(station)
        await self._announcer.station_moved(binding.station_id)

    def _tell_preset(self, station: Station) -> None:
        """Also that none is chosen: a station may remember one that this server never heard of."""
        if station.binding is not None:
            station.send(s.StationPreset(binding_id=station.binding.id, preset=station.live.exam_preset))

    async def end(self, binding: Binding) -> None:
        """A binding has ended: the station is told and its media closed; what it owes is still taken."""
        station = self._stations.of_binding(binding)
        async with station.changing:
            station.stopped(binding)
            station.send(s.Release(binding_id=binding.id))
            await self._rooms.station_out(binding)
        await self._flow.note_length(binding)
        await self._announcer.station_moved(binding.station_id)

    def moved(self, binding: Binding) -> None:
        """A binding is another resident's now: nobody is sent more of it, and late readings follow it."""
        self._stations.of_binding(binding).marked(binding)
        self._freezing.moved(binding)
        self._flow.nobody_watches(binding)

    async def _seat(self, binding: Binding) -> None:
        account, person = await self._records.read(
            lambda ledger: (ledger.accounts.get(binding.station_id), read_person(ledger, binding.station_id))
        )
        await self._rooms.station_in(binding, account, person)

    async def _mark_simulated(self, station: Station, binding: Binding) -> None:
        """A station bound before it said so is simulated: the binding must say so from now on."""
        if not station.live.simulated or binding.simulated:
            return
        marked = msgspec.structs.replace(binding, simulated=True)
        await self._records.write(lambda ledger: ledger.bindings.save(marked))
        station.runs(marked)

    # --- what it says -----------------------------------------------------------------------------------

    async def take(self, line: StationLine, message: m.Message) -> None:
        """Take in one message; raise `Refused` when it cannot be."""
        station = self._stations[line.account.id]
        match message:
            case s.StationProbeClock():
                self._probe_clock(station, line, message)
            case s.StationDevices():
                station.says(message, self._clock())
                await self._announcer.station_moved(line.account.id)
            case s.StationAnswerMedia():
                await self._rooms.paths.answer(line.account.id, message.peer_id, message.sdp)
            case s.StationReading():
                await self._reading(station, message)
            case s.StationReleased():
                await self._released(station, message)
            case s.StationFigures():
                self._figures(station, message)
            case s.StationPicture():
                self._picture(station, message)
            case s.StationStillFound():
                self._freezing.found(station, message)
            case s.StationStillAbsent():
                self._freezing.absent(station, message)
            case s.StationScaleSet():
                self._scale.answered(station, message)
            case s.StationScanner():
                self._remote.offers(station, message)
            case s.StationTurned():
                await self._remote.turned(line, message)
            case s.StationTurningEnded():
                self._remote.ended(station, message)
            case s.StationClipFailed():
                self._clips.failed(station, message)
            case _:
                raise Refused(Refusal.UNKNOWN_MESSAGE)

    def _probe_clock(self, station: Station, line: StationLine, probe: s.StationProbeClock) -> None:
        received_us = moments.to_us(self._clock())
        line.send(
            s.StationClockProbed(
                sent_us=probe.sent_us,
                received_us=received_us,
                answered_us=moments.to_us(self._clock()),
            )
        )
        if probe.offset_us is None or probe.uncertainty_us is None:
            return
        station.clock = ClockReading(probe.offset_us, abs(probe.uncertainty_us), received_us)
        self._flow.clock_known(station)
        self.tell_clock(station)

    def tell_clock(self, station: Station) -> None:
        """Tell everyone in the room how the station's clock stands."""
        if station.binding is None or station.clock is None:
            return
        figures = station.fresh_figures(self._clock())
        clock = m.StationClock(
            binding_id=station.binding.id,
            offset_us=station.clock.offset_us,
            uncertainty_us=station.clock.uncertainty_us,
            ecg_drift_ppm=figures.ecg_drift_ppm if figures else None,
        )
        self._rooms.witness(station.binding.consult_id, clock)
        for tab in self._rooms.tabs_in(station.binding.consult_id):
            tab.send(clock)

    def _figures(self, station: Station, figures: s.StationFigures) -> None:
        if station.binding is None or station.binding.id != figures.binding_id:
            raise Refused(Refusal.NOT_BOUND)
        check_notes(figures.ecg_quality or ())
        station.figures, station.figures_at = figures, self._clock()
        if figures.ecg_quality is not None:
            self._tell_quality(station.binding, figures.ecg_quality)

    def _tell_quality(self, binding: Binding, notes: tuple[QualityNote, ...]) -> None:
        """To everyone in the room who receives the ECG; told again and again: nobody is caught up."""
        room = self._rooms.rooms.get(binding.consult_id)
        told = m.EcgQuality(consult_id=binding.consult_id, binding_id=binding.id, notes=notes)
        for seat in room.people() if room is not None else ():
            if seat.tab is not None and MediaKind.ECG in seat.grants.receive:
                seat.tab.send(told)

    def _picture(self, station: Station, picture: s.StationPicture) -> None:
        if station.binding is None or station.binding.id != picture.binding_id:
            raise Refused(Refusal.NOT_BOUND)
        if not possible(picture.part):
            raise Refused(Refusal.OUT_OF_RANGE)
        shown = m.PictureShown(
            consult_id=station.binding.consult_id,
            binding_id=picture.binding_id,
            since_us=picture.since_us,
            part=picture.part,
            given_up=picture.given_up,
            encoding=picture.encoding,
        )
        self._rooms.picture_shown(station.binding, shown)

    async def _released(self, station: Station, message: s.StationReleased) -> None:
        binding = next((one for one in station.streams.values() if one.id == message.binding_id), None)
        if binding is None:
            raise Refused(Refusal.NOT_BOUND)
        await self._flow.note_length(binding)
        if message.delivered and (station.binding is None or station.binding.id != binding.id):
            log.info("binding %s: everything was delivered", binding.id)

    async def _reading(self, station: Station, message: s.StationReading) -> None:
        """Keep a vital sign under the binding it was taken under; a late one is not shown as live."""
        binding = _binding_of_reading(station, message)
        simulated = message.simulated or binding.simulated
        reading = self._as_reading(station, binding, message, simulated)
        _check_possible(station, binding, reading, self._clock())
        if (not simulated or self._demo) and self._filed.due(binding, reading):
            await self._records.write(lambda ledger: _keep_reading(ledger, reading, self._clock()))
        if binding is station.binding and self._clock() - reading.measured_at <= LIVE_READING:
            taken = m.ReadingTaken(consult_id=binding.consult_id, reading=reading, binding_id=binding.id)
            await self._announcer.reading_taken(taken)

    def _as_reading(
        self, station: Station, binding: Binding, message: s.StationReading, simulated: bool
    ) -> Reading:
        offset_us = station.clock.offset_us if station.clock else 0
        try:
            measured_at = moments.from_us(message.measured_us - offset_us)
        except (OverflowError, ValueError) as error:
            raise Refused(Refusal.OUT_OF_RANGE) from error
        return Reading(
            id=ReadingId(new_id()),
            resident_id=binding.resident_id,
            kind=message.kind,
            value=message.value,
            source=ReadingSource.SIMULATED if simulated else ReadingSource.DEVICE,
            measured_at=measured_at,
            entered_by=binding.station_id,
        )


def _binding_of_reading(station: Station, message: s.StationReading) -> Binding:
    """The binding a reading was taken under; raise `Refused` when it was none, or had ended."""
    if station.binding is not None and station.binding.id == message.binding_id:
        return station.binding
    owed = next((one for one in station.streams.values() if one.id == message.binding_id), None)
    if owed is None or owed.ended_at is None:
        raise Refused(Refusal.NOT_BOUND)
    if station.clock is None:
        raise Refused(Refusal.CLOCK_UNKNOWN)
    if message.measured_us >= end_of_binding_us(owed, station.clock):
        raise Refused(Refusal.NOT_BOUND, "measured after the binding ended")
    return owed


def _check_possible(station: Station, binding: Binding, reading: Reading, now: dt.datetime) -> None:
    """Refuse an impossible value, and one of before the binding or of the future."""
    try:
        check_reading(reading, now)
    except RuleBroken as error:
        raise Refused(Refusal.OUT_OF_RANGE, str(error)) from error
    off = CLOCK_TOLERANCE
    if station.clock is not None:
        off = LINE_SLACK + dt.timedelta(microseconds=station.clock.uncertainty_us)
    if not binding.bound_at - off <= reading.measured_at <= now + off:
        raise Refused(Refusal.OUT_OF_RANGE, "measured before the binding, or in the future")


def _keep_reading(ledger: Ledger, reading: Reading, now: dt.datetime) -> None:
    ledger.readings.add(reading)
    ledger.audit.append(
        AuditEvent(
            at=now,
            actor_id=reading.entered_by,
            actor_role="station",
            action=Action.CREATE,
            object_kind="reading",
            object_id=reading.id,
            resident_id=reading.resident_id,
        )
    )


def _read_owed(ledger: Ledger, station_id: AccountId, hello: s.StationHello) -> list[Binding]:
    """The bindings a station says it still owes samples of, its own only."""
    named = (_own_binding(ledger, station_id, one) for one in hello.unfinished[:UNFINISHED_LIMIT])
    return [binding for binding in named if binding is not None]


def _own_binding(ledger: Ledger, station_id: AccountId, binding_id: BindingId) -> Binding | None:
    try:
        binding = ledger.bindings.get(binding_id)
    except NotFound:
        return None
    return binding if binding.station_id == station_id else None


def _bind_message(binding: Binding) -> s.Bind:
    return s.Bind(
        binding_id=binding.id,
        consult_id=binding.consult_id,
        ecg_stream_id=binding.ecg_stream_id,
        ultrasound_stream_id=binding.ultrasound_stream_id,
    )
