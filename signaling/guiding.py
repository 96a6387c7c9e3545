"""What guides ask of operators, as the room and its tape see it; and what nobody answered in time."""

import datetime as dt
from functools import partial

from records.audit import Action, AuditEvent
from records.guiding import Guiding, GuidingEvent, GuidingStep, due_at, step
from records.ids import GuidingId
from records.ledger import Ledger, Records
from signaling import acts
from signaling.messages import GuidingView
from signaling.room_keeping import RoomKeeping
from signaling.rooms import participant_of


def view_of(ledger: Ledger, guiding: Guiding) -> GuidingView:
    """What was asked and what became of it, with the names of who did."""
    last = guiding.steps[-1] if guiding.steps else None
    handed_on = any(one.event is GuidingEvent.TIME_OUT for one in guiding.steps[:-1])
    by = last.by if last is not None and last.by != guiding.guide_id else None
    return GuidingView(
        id=guiding.id,
        participant_id=participant_of(guiding.consult_id, guiding.guide_id),
        guide_name=ledger.accounts.get(guiding.guide_id).display_name,
        word=guiding.probe,
        control=guiding.control,
        state=guiding.state,
        asked_at=guiding.asked_at,
        changed_at=last.at if last is not None else guiding.asked_at,
        answered_by=ledger.accounts.get(by).display_name if by is not None else "",
        reason=last.reason if last is not None else None,
        remote=guiding.remote,
        at_device=guiding.at_device and not handed_on,
        reported=last.reported if last is not None else None,
    )


class GuidingDesk:
    """Shows what was decided, and watches the time."""

    def __init__(self, records: Records, rooms: RoomKeeping) -> None:
        self._records, self._rooms = records, rooms
        self._awaited: dict[GuidingId, dt.datetime] = {}  # until when an answer is waited for

    async def begin_again(self) -> None:
        """At the start of a server: what one before it waited for runs out as it would have."""
        for guiding in await self._records.read(lambda ledger: ledger.guidings.awaited()):
            self._watch(guiding)

    def moved(self, guiding: Guiding, view: GuidingView) -> None:
        """Something was asked, or became of it: everyone in the room is shown it, and its tape keeps it."""
        self._watch(guiding)
        room = self._rooms.rooms.get(guiding.consult_id)
        if room is None:
            return
        if guiding.remote is not None:  # the room itself shows whether the scanner may be turned
            self._rooms.witness(guiding.consult_id, acts.Guided(guiding=view))
            return
        shown = room.guiding.get(guiding.guide_id)
        if shown is not None and (shown.asked_at, shown.changed_at) > (view.asked_at, view.changed_at):
            return  # carried out late: what came of it since, or replaced it, is shown already
        room.guiding[guiding.guide_id] = view
        self._rooms.witness(guiding.consult_id, acts.Guided(guiding=view))
        self._rooms.tell(room)

    async def tick(self, now: dt.datetime) -> None:
        """Once a second: what nobody answered in time is said so, to both sides."""
        for guiding_id, due in list(self._awaited.items()):
            if due > now:
                continue
            timed_out = await self._records.write(partial(_time_out, guiding_id=guiding_id, now=now))
            if timed_out is not None:
                self.moved(*timed_out)
            elif self._awaited.get(guiding_id) == due:
                del self._awaited[guiding_id]  # answered meanwhile

    def _watch(self, guiding: Guiding) -> None:
        due = due_at(guiding)
        if due is None:
            self._awaited.pop(guiding.id, None)
        else:
            self._awaited[guiding.id] = due


def _time_out(ledger: Ledger, guiding_id: GuidingId, now: dt.datetime) -> tuple[Guiding, GuidingView] | None:
    """Note that nobody answered; None when somebody did meanwhile."""
    before = ledger.guidings.get(guiding_id)
    due = due_at(before)
    if due is None or due > now:
        return None
    after = step(before, GuidingStep(event=GuidingEvent.TIME_OUT, at=now, by=None))
    ledger.guidings.save(after)
    ledger.audit.append(
        AuditEvent(
            at=now,
            actor_id=None,
            actor_role="server",
            action=Action.CHANGE,
            object_kind="guiding",
            object_id=after.id,
            resident_id=ledger.consults.get(after.consult_id).resident_id,
            reason=after.state.value,
        )
    )
    return after, view_of(ledger, after)
