"""The desk: every message of every client and station comes here, and all they see goes out from here.

It knows no socket: an `Outbox` is one socket's way out. Nothing a client or a station sends makes a method
raise; what cannot be done is answered by a refusal. What is said on a line is carried out in
`client_traffic` and `station_traffic`.
"""

import datetime as dt
from collections.abc import Callable

from records.accounts import Account, Presence, Role
from records.consults import Binding, Consult, ConsultState
from records.derived_measurements import DerivedMeasurement
from records.ecg_studies import EcgStudy
from records.ids import AccountId, ConsultId, SessionId, StillId
from records.ledger import Ledger, Records
from records.residents import Reading
from records.ultrasound_stills import UltrasoundStill
from signaling import cards
from signaling import messages as m
from signaling import station_messages as s
from signaling.absent_specialists import AbsentSpecialists
from signaling.carrying import Carrying
from signaling.chest_pain import clock_of
from signaling.client_traffic import ClientTraffic
from signaling.clips import Clips
from signaling.dashboard import DashboardDesk
from signaling.doors import Doors
from signaling.ecg_excerpts import Excerpt, WantedExcerpt
from signaling.escalation import Escalation, Webhook
from signaling.figures import ServerFacts
from signaling.freezing import KeepableStill
from signaling.frozen import Still
from signaling.guarded import guarded
from signaling.parts import Parts
from signaling.permissions import check_declared
from signaling.ports import MediaEvent, MediaPlane, Outbox, Samples, SpoilLine, TapeRecorders
from signaling.reading_list import ReadingList
from signaling.refusals import Refusal
from signaling.relays import NO_RELAYS, Relays
from signaling.settings import DeskSettings
from signaling.shared_reads import SharedReads
from signaling.station_lines import StationLine
from signaling.station_traffic import StationTraffic
from signaling.tabs import Line
from signaling.tallying import Tallying
from signaling.tape_clock import monotonic_us
from signaling.transitions import ENDED

_LENGTHS_EVERY = dt.timedelta(seconds=10)
_FORGETTING_EVERY = dt.timedelta(hours=1)

ANSWERS_KEPT = dt.timedelta(days=2)
"""A page repeats a command for as long as it is open and signed in: half a day at most."""


class Desk:
    """Consults, rooms and stations at work. Made once; `start` before the first line, `stop` at the end."""

    def __init__(
        self,
        records: Records,
        media: MediaPlane,
        samples: Samples,
        clock: Callable[[], dt.datetime],
        settings: DeskSettings | None = None,
        webhook: Webhook | None = None,
        relays: Relays = NO_RELAYS,
        spoil_line: SpoilLine | None = None,
        recorders: TapeRecorders | None = None,
        monotonic: Callable[[], int] = monotonic_us,
    ) -> None:
        check_declared()
        settings = settings or DeskSettings()
        self._parts = Parts(
            records, media, samples, clock, settings, relays, spoil_line, recorders, monotonic
        )
        self._records = records
        self._clock = clock
        self._carrying = Carrying(self._parts)
        self._clients = ClientTraffic(self._parts, self._carrying)
        self._stations = StationTraffic(self._parts)
        self._escalation = Escalation(self._parts, webhook)
        self._dashboard = DashboardDesk(self._parts)
        self._tallying = Tallying(records, self._parts.rooms.scoring)
        self._absent = AbsentSpecialists(self._parts)
        self._reading_list = ReadingList(self._parts)
        self._lengths_at: dt.datetime | None = None
        self._forgot_at: dt.datetime | None = None

    # --- the desk's own life ----------------------------------------------------------------------------

    async def start(self) -> None:
        """Read what was going on: requests that wait with their deadlines, running bindings, presences."""
        waiting, running = await self._records.read(_read_open)
        self._parts.presence.update(await self._records.read(_read_presence))
        for binding in running:
            self._parts.stations.of_binding(binding).runs(binding)
        await self._parts.announcer.consults_moved(*waiting)
        await self._parts.taping.begin_again()
        await self._parts.guiding.begin_again()
        await self._parts.remote.begin_again()
        await self._tallying.begin_again()

    async def stop(self) -> None:
        """Wait for what is still under way."""
        await self._escalation.stop()
        await guarded(self._parts.remote.keep())
        await self._tallying.keep()
        await self._parts.taping.sealed()

    async def end_tapes(self) -> None:
        """End and seal every tape, before media and recorders are closed."""
        await self._parts.taping.stop_all()

    async def tick(self) -> None:
        """To be called every second: deadlines, tabs that did not come back, figures."""
        now = self._clock()
        await guarded(self._escalation.tick(now))
        await guarded(self._absent.tick(now))
        await guarded(self._reading_list.tick(now))
        await guarded(self._forget_answers(now))
        await guarded(self._clients.expire(now))
        await guarded(self._parts.rooms.paths.tick())
        self._parts.freezing.tick()
        self._parts.clips.tick()
        await guarded(self._parts.taping.tick())
        await guarded(self._parts.guiding.tick(now))
        await guarded(self._parts.remote.tick())
        await guarded(self._tallying.tick(now))
        await guarded(self._dashboard.tick(now))
        await guarded(self._note_lengths(now))

    async def _forget_answers(self, now: dt.datetime) -> None:
        """Answers no client can still repeat its command for are dropped, once an hour."""
        if self._forgot_at is not None and now - self._forgot_at < _FORGETTING_EVERY:
            return
        self._forgot_at = now
        await self._records.write(lambda ledger: ledger.answers.forget_before(now - ANSWERS_KEPT))

    async def _note_lengths(self, now: dt.datetime) -> None:
        if self._lengths_at is not None and now - self._lengths_at < _LENGTHS_EVERY:
            return
        self._lengths_at = now
        for station in self._parts.stations:
            if station.binding is not None:
                await self._parts.flow.note_length(station.binding)

    # --- clients ----------------------------------------------------------------------------------------

    async def connect(self, account: Account, session_id: SessionId, hello: m.Hello, outbox: Outbox) -> Line:
        """Let a signed-in client in; the line is closed already when it may not be."""
        return await self._clients.connect(account, session_id, hello, outbox)

    async def disconnect(self, line: Line) -> None:
        """A socket is gone. The tab's events and its place in a room are kept for a while."""
        await self._clients.disconnect(line)

    async def receive_text(self, line: Line, text: bytes | str) -> None:
        """Take in one text message as it came; what cannot be read is refused."""
        await self._clients.receive_text(line, text)

    async def receive(self, line: Line, message: m.Message) -> None:
        """Take in one message; everything is answered through the line's outbox."""
        await self._clients.receive(line, message)

    async def refuse_unreadable(
        self, line: Line, problem: str, re: str = "", refusal: Refusal = Refusal.UNREADABLE
    ) -> None:
        """Answer a message that could not be read. `problem` is for a debugger: it may quote the message."""
        await self._clients.refuse_unreadable(line, problem, re, refusal)

    # --- signing out ------------------------------------------------------------------------------------

    async def end_session(self, session_id: SessionId, code: str) -> None:
        """Close the sockets and media of one signed-in browser, at once."""
        for tab in self._parts.tabs.of_session(session_id):
            await self._clients.sign_out(tab, code)

    async def end_account(self, account_id: AccountId, code: str) -> None:
        """Close every socket and all media of an account, at once; a station's as well."""
        for tab in self._parts.tabs.of_account(account_id):
            await self._clients.sign_out(tab, code)
        station = self._parts.stations.find(account_id)
        line = station.line if station is not None else None
        if line is not None:
            line.close(s.StationCloseCode.REVOKED.value)
            await self.station_disconnect(line)
        for consult_id in list(self._parts.rooms.rooms):
            await self._parts.rooms.leave(consult_id, account_id)
        await self._parts.doors.end_account(account_id)

    def in_call(self, session_id: SessionId) -> bool:
        """Whether a signed-in browser sits in a room: that counts as activity."""
        return self._parts.rooms.session_in_call(session_id)

    # --- stations ---------------------------------------------------------------------------------------

    async def station_connect(self, account: Account, hello: s.StationHello, outbox: Outbox) -> StationLine:
        """Let a station in; a line it had is closed."""
        return await self._stations.connect(account, hello, outbox)

    async def station_disconnect(self, line: StationLine) -> None:
        """A station's socket is gone; its binding goes on."""
        await self._stations.disconnect(line)

    async def station_receive_text(self, line: StationLine, text: bytes | str) -> None:
        """Take in one text message of a station as it came; what cannot be read is refused."""
        await self._stations.receive_text(line, text)

    async def station_receive(self, line: StationLine, message: m.Message) -> None:
        """Take in one message of a station; what cannot be done is refused."""
        await self._stations.receive(line, message)

    async def station_packet(self, line: StationLine, packet: bytes) -> None:
        """Take in one E1 packet of a station; it lands under the binding it was taken under, or nowhere."""
        await self._stations.packet(line, packet)

    async def refuse_station_unreadable(
        self, line: StationLine, problem: str, refusal: Refusal = Refusal.UNREADABLE
    ) -> None:
        """Answer a station's message that could not be read; `problem` as in `refuse_unreadable`."""
        await self._stations.refuse_unreadable(line, problem, refusal)

    # --- from beside and above --------------------------------------------------------------------------

    async def media_event(self, event: MediaEvent) -> None:
        """Take in what a media worker tells."""
        await guarded(self._parts.rooms.paths.heard(event))
        await guarded(self._parts.doors.heard(event))

    @property
    def doors(self) -> Doors:
        """What came by a standard door: encoders, room cameras, teaching screens."""
        return self._parts.doors

    async def announce_consult(self, consult_id: ConsultId) -> None:
        """Tell everyone of a consult that an HTTP route has changed."""
        await self._carrying.consult_moved(consult_id)

    async def announce_opinion(self, consult_id: ConsultId) -> None:
        """Tell everyone of a consult that its opinion was signed."""
        await self._carrying.consult_moved(consult_id)
        await self._parts.announcer.to_viewers(consult_id, m.OpinionSigned(consult_id=consult_id))

    async def announce_reading(self, reading: Reading) -> None:
        """Tell of a typed reading, in every consult of the resident that has not ended."""
        consults = await self._records.read(lambda ledger: ledger.consults.of_resident(reading.resident_id))
        for consult in consults:
            if consult.state not in ENDED:
                taken = m.ReadingTaken(consult_id=consult.id, reading=reading)
                await self._parts.announcer.reading_taken(taken)
                await self._parts.announcer.consults_moved(consult.id)

    async def announce_study(self, study: EcgStudy) -> None:
        """Tell of an ECG that came into the reading list, or moved on."""
        await guarded(self._reading_list.moved(study))

    async def take_ecg(self, account: Account, wanted: WantedExcerpt) -> Excerpt:
        """Ten seconds of a bound station's ECG, once they are stored; raise `Refused`."""
        return await self._parts.excerpts.take(account, wanted)

    def take_still(
        self, account_id: AccountId, still_id: StillId, about: s.StationStill, png: bytes, png_sha256: str
    ) -> None:
        """An exact still that a station was asked for; raise `Refused`."""
        self._parts.freezing.take_still(account_id, still_id, about, png, png_sha256)

    def still(self, account_id: AccountId, consult_id: ConsultId, still_id: StillId) -> Still:
        """An exact still of a room, for somebody in it who receives its picture; raise `Refused`."""
        return self._parts.freezing.still_for(account_id, consult_id, still_id)

    @property
    def clips(self) -> Clips:
        """Clips on their way from stations to the record."""
        return self._parts.clips

    def still_to_keep(self, account_id: AccountId, consult_id: ConsultId, still_id: StillId) -> KeepableStill:
        """An exact still with all a room knows of it; raise `Refused`."""
        return self._parts.freezing.still_to_keep(account_id, consult_id, still_id)

    async def announce_still(self, still: UltrasoundStill) -> None:
        """Tell those who receive the picture that a still of it was kept."""
        self._parts.freezing.kept(still)

    async def announce_derived(self, derived: DerivedMeasurement) -> None:
        """Tell those who receive the picture that something was derived of what was measured on it."""
        self._parts.freezing.derived(derived)

    async def announce_account(self, account_id: AccountId) -> None:
        """Tell of an account that was changed: its tabs see what it may see now."""
        account = await self._records.read(lambda ledger: ledger.accounts.get(account_id))
        if account.disabled:
            await self.end_account(account_id, Refusal.SIGNED_OUT.value)
        for tab in self._parts.tabs.of_account(account_id):
            tab.account = account
        seated = {room.consult_id for room in self._parts.rooms.rooms.values() if account_id in room.seats}
        watched = {consult_id for consult_id, one in self._parts.doors.let_in_by() if one == account_id}
        for consult_id in seated | watched:
            await guarded(self._carrying.clear_room(consult_id))
        await self._parts.announcer.specialist_moved(account_id)
        open_ids = await self._records.read(lambda ledger: [one.id for one in ledger.consults.open()])
        await self._parts.announcer.consults_moved(*open_ids)

    def card(self, ledger: Ledger, consult: Consult, account: Account) -> m.ConsultCard:
        """A consult's card for one account, which must be allowed to see it; for use in a transaction."""
        return cards.consult_card(ledger, consult, account, self._parts.around())

    def chest_pain(self, ledger: Ledger, consult: Consult) -> m.ChestPainClock | None:
        """A consult's chest-pain clock as it stands; None: none was started. For use in a transaction."""
        return clock_of(ledger, consult, SharedReads(ledger, self._parts.live()))

    def guest_cards(self, ledger: Ledger) -> tuple[m.GuestCard, ...]:
        """Every interpreter and observer who can be invited; for use in a transaction."""
        return cards.read_guests(ledger, self._parts.live())

    def station_cards(self, ledger: Ledger) -> tuple[m.StationCard, ...]:
        """Every station, as it is at this moment; for use in a transaction."""
        return cards.read_stations(ledger, self._parts.live())

    # --- the dashboard ----------------------------------------------------------------------------------

    def set_server_facts(self, facts: ServerFacts) -> None:
        """What the dashboard shows of the server beyond consults."""
        self._dashboard.server_facts = facts

    async def dashboard(self) -> m.Dashboard:
        """All an administrator sees at once."""
        return await self._dashboard.read()

    def curves(self, consult_id: ConsultId) -> tuple[tuple[dt.datetime, m.LiveFigures], ...]:
        """Ten minutes of a live session's figures, one each 2 s, oldest first."""
        return self._parts.curves.of(consult_id)


def _read_presence(ledger: Ledger) -> dict[AccountId, Presence]:
    return {one.id: one.presence for one in ledger.accounts.by_role(Role.SPECIALIST)}


def _read_open(ledger: Ledger) -> tuple[list[ConsultId], list[Binding]]:
    consults = ledger.consults.open()
    bindings = [ledger.bindings.running_of_consult(one.id) for one in consults]
    waiting = [one.id for one in consults if one.state is ConsultState.WAITING]
    return waiting, [one for one in bindings if one is not None]
