"""Carries out what follows from a decision, once that is stored."""

import datetime as dt

from records.audit import Action, AuditEvent
from records.consults import ConsultState
from records.guiding import is_at_device
from records.ids import AccountId, ConsultId
from records.ledger import Ledger
from records.tapes import TapeEnd
from signaling import changes, scopes
from signaling.commands import case as c
from signaling.messages import ChatSaid
from signaling.parts import Parts
from signaling.reading_list import ReadingList
from signaling.room_keeping import MOVED_OUT
from signaling.tabs import Tab
from signaling.transitions import ENDED


class Carrying:
    """Rooms, stations and everyone's screens after a command."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._reading_list = ReadingList(parts)

    async def out(self, tab: Tab, effect: c.Effect) -> None:
        """Carry out one effect of a command that came from `tab`."""
        parts = self._parts
        match effect:
            case c.ConsultMoved(consult_id=consult_id):
                await self.consult_moved(consult_id)
            case c.RoomEnds(consult_id=consult_id, reason=reason):
                await self._room_ends(consult_id, reason)
            case c.PersonLeaves():
                await self._person_leaves(tab, effect)
            case c.PersonJoins():
                await self._person_joins(tab, effect)
            case c.BindingBegins(binding=binding):
                await parts.at_work.begin(binding)
            case c.BindingEnds(binding=binding):
                await parts.at_work.end(binding)
            case c.PresetChosen(binding=binding, preset=preset):
                await parts.at_work.choose_preset(binding, preset)
            case c.StationMoves(station_id=station_id):
                await parts.announcer.station_moved(station_id)
            case c.PresenceSaid(account_id=account_id, presence=presence):
                parts.presence[account_id] = presence
                await parts.announcer.specialist_moved(account_id)
            case c.BindingMoved(binding=binding):
                parts.at_work.moved(binding)
            case c.StudyMoved(study=study):
                await self._reading_list.moved(study)
            case c.TapeStarts(tape=tape):
                await parts.taping.start(tape)
                await self._tell_clocks(tape.consult_id)
            case c.TapeStops(consult_id=consult_id, end=end, at=at):
                await parts.taping.stop(consult_id, end, at)
            case c.GuidingMoves(guiding=guiding, view=view):
                parts.guiding.moved(guiding, view)
                if is_at_device(guiding):
                    await parts.remote.turn(guiding)
            case c.ChatGrows(line=line):
                parts.taping.act(line.consult_id, ChatSaid(line=line))
                await parts.announcer.chat_grew(line)

    async def consult_moved(self, consult_id: ConsultId) -> None:
        """Tell of a consult; when both sides have just met, it is in call from now on."""
        room = self._parts.rooms.rooms.get(consult_id)
        if room is not None and room.both_sides_present():
            await self._parts.records.write(lambda ledger: self._met(ledger, consult_id))
        await self.clear_room(consult_id)
        await self._parts.announcer.consults_moved(consult_id)

    async def clear_room(self, consult_id: ConsultId) -> None:
        """Nobody sits in a room or lets it be watched who does not belong there, whatever came first."""
        await self._end_screens(consult_id)
        room = self._parts.rooms.rooms.get(consult_id)
        if room is None:
            return
        consult = await self._parts.records.read(lambda ledger: ledger.consults.get(consult_id))
        self._parts.remote.consult_is(consult)
        if consult.state in ENDED:
            await self._room_ends(consult_id, consult.reason)
            return
        for account_id, seat in list(room.seats.items()):
            if seat.tab is not None and not scopes.takes_part(seat.tab.account, consult):
                await self._parts.rooms.leave(consult_id, account_id, MOVED_OUT)

    async def _end_screens(self, consult_id: ConsultId) -> None:
        """Of those who take part no more: a link must not be the way to stay."""
        makers = {one for at, one in self._parts.doors.let_in_by() if at == consult_id}
        if not makers:
            return

        def gone(ledger: Ledger) -> list[AccountId]:
            consult = ledger.consults.get(consult_id)
            return [one for one in makers if not scopes.takes_part(ledger.accounts.get(one), consult)]

        for account_id in await self._parts.records.read(gone):
            await self._parts.doors.end_screens_of(consult_id, account_id)

    def _met(self, ledger: Ledger, consult_id: ConsultId) -> None:
        consult = ledger.consults.get(consult_id)
        if consult.state is not ConsultState.ACCEPTED:
            return
        now = self._parts.clock()
        ledger.consults.save(changes.met(consult, now))
        ledger.audit.append(by_server(now, Action.CHANGE, consult_id))

    async def _room_ends(self, consult_id: ConsultId, reason: str) -> None:
        room = self._parts.rooms.rooms.get(consult_id)
        sat = list(room.seats) if room else []
        self._parts.doors.consult_ended(consult_id)
        await self._parts.taping.stop(consult_id, TapeEnd.ROOM_CLOSED, self._parts.clock())
        await self._parts.rooms.close(consult_id, reason)
        self._parts.reports.forget(consult_id)
        await self._parts.records.write(lambda ledger: self._keep_score(ledger, consult_id))
        for account_id in sat:
            await self.call_changed(account_id)

    def _keep_score(self, ledger: Ledger, consult_id: ConsultId) -> None:
        """Once, of a session both sides were in."""
        consult, scoring = ledger.consults.get(consult_id), self._parts.rooms.scoring
        if consult.state not in ENDED or ledger.session_scores.of_consult(consult_id) is not None:
            return
        score = scoring.finish(consult, self._parts.clock())
        ledger.session_scores.forget_tally(consult_id)
        if score is not None:
            ledger.session_scores.add(score)

    async def _person_leaves(self, tab: Tab, leaves: c.PersonLeaves) -> None:
        room = self._parts.rooms.rooms.get(leaves.consult_id)
        seat = room.seats.get(leaves.account_id) if room else None
        if seat is None or (leaves.reason is None and seat.tab is not tab):
            return  # a tab that lost its place to another tab takes nobody out
        await self._parts.rooms.leave(leaves.consult_id, leaves.account_id, leaves.reason)
        await self.call_changed(leaves.account_id)

    async def _person_joins(self, tab: Tab, joins: c.PersonJoins) -> None:
        parts, join = self._parts, joins.join
        if parts.tabs.find(tab.client_id) is not tab:
            return  # signed out meanwhile
        await parts.rooms.join(join.consult_id, tab, joins.person, join.microphone_on, join.camera_on)
        room = parts.rooms.rooms.get(join.consult_id)
        for station_id in room.stations() if room else ():
            parts.at_work.tell_clock(parts.stations[station_id])
        await self.call_changed(tab.account.id)

    async def _tell_clocks(self, consult_id: ConsultId) -> None:
        """A tape that begins must know how the clocks stand that its pictures and its ECG are stamped by."""
        room = self._parts.rooms.rooms.get(consult_id)
        for station_id in room.stations() if room else ():
            await self._parts.announcer.station_moved(station_id)
            self._parts.at_work.tell_clock(self._parts.stations[station_id])

    async def call_changed(self, account_id: AccountId) -> None:
        """Somebody entered or left a room: a specialist in a call is rung differently."""
        await self._parts.announcer.specialist_moved(account_id)


def by_server(now: dt.datetime, action: Action, consult_id: ConsultId) -> AuditEvent:
    """What the server did by itself."""
    return AuditEvent(
        at=now,
        actor_id=None,
        actor_role="server",
        action=action,
        object_kind="consult",
        object_id=consult_id,
    )
