"""Handlers of `web.routes.archive_outbox`."""

from typing import Any

from records import archive_outbox as outbox
from records.archive_outbox import OutboxEntry, SendState
from records.archive_queueing import queue_consult
from records.audit import Action
from records.ids import ConsultId, OutboxEntryId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.archive_outbox import OutboxBoard, OutboxCard, OutboxList
from web.routing import RouteTable

table = RouteTable()
_SHOWN = 200


def _card(ledger: Ledger, entry: OutboxEntry, misfiled: bool = False) -> OutboxCard:
    return OutboxCard(
        id=entry.id,
        destination=entry.destination,
        kind=entry.kind,
        number=entry.number,
        consult_number=ledger.consults.get(entry.consult_id).number,
        state=entry.state,
        queued_at=entry.queued_at,
        due_at=entry.due_at,
        tries=entry.tries,
        tried_at=entry.tried_at,
        sent_at=entry.sent_at,
        trouble=entry.trouble,
        detail=entry.detail,
        misfiled=misfiled,
    )


@table.route(
    "POST", "/api/consults/{consult_id}/archive", permission=Permission.KEEP_STILL, scope=Scope.CONSULT
)
async def send_consult(call: Call[None]) -> OutboxList:
    """Queue what was kept in the consult for the archives of the settings: what is queued already stays.

    The same is done when the opinion is signed.
    """
    archives = call.parts.settings.archives
    if not archives:
        raise Refused(ProblemCode.NO_ARCHIVE)

    def queue(ledger: Ledger) -> OutboxList:
        consult = ledger.consults.get(ConsultId(call.named("consult_id")))
        added = queue_consult(ledger, consult, archives, call.now)
        if added:
            ledger.audit.append(call.event(Action.EXPORT, "archive_outbox", consult.id, consult.resident_id))
        return _of_consult(ledger, call)

    listed = await call.parts.records.write(queue)
    call.parts.archive.hint()
    return listed


@table.route(
    "GET", "/api/consults/{consult_id}/archive", permission=Permission.SEE_RESIDENTS, scope=Scope.CONSULT
)
async def list_of_consult(call: Call[None]) -> OutboxList:
    """How far what was kept in a consult is on its way."""
    return await call.parts.records.read(lambda ledger: _of_consult(ledger, call))


def _of_consult(ledger: Ledger, call: Call[Any]) -> OutboxList:
    found = ledger.archive_outbox.of_consult(ConsultId(call.named("consult_id")))
    cards = tuple(_card(ledger, one) for one in found)
    return OutboxList(entries=cards, archives=call.parts.settings.archives)


@table.route("GET", "/api/archive-outbox", permission=Permission.MANAGE_ARCHIVES, scope=Scope.NONE)
async def show_outbox(call: Call[None]) -> OutboxBoard:
    """What waits, is sent at this moment or failed, with the reason; and what an archive keeps wrongly."""

    def read(ledger: Ledger) -> OutboxBoard:
        box = ledger.archive_outbox
        open_states = (SendState.FAILED, SendState.SENDING, SendState.WAITING)
        entries = [one for state in open_states for one in box.in_state(state, _SHOWN)]
        return OutboxBoard(
            archives=call.parts.settings.archives,
            counts=box.counts(),
            entries=tuple(_card(ledger, one) for one in entries),
            misfiled=tuple(_card(ledger, one, True) for one in box.misfiled()),
        )

    return await call.parts.records.read(read)


@table.route(
    "POST",
    "/api/archive-outbox/{entry_id}/retry",
    permission=Permission.MANAGE_ARCHIVES,
    scope=Scope.NONE,
)
async def retry(call: Call[None]) -> OutboxCard:
    """Try an entry at once that waits or failed; one that is sent stays sent."""

    def change(ledger: Ledger) -> OutboxCard:
        before = ledger.archive_outbox.get(OutboxEntryId(call.named("entry_id")))
        after = outbox.retried(before, call.now)
        ledger.archive_outbox.save(after)
        ledger.audit.append(call.event(Action.CHANGE, "archive_outbox", after.id))
        return _card(ledger, after)

    card = await call.parts.records.write(change)
    call.parts.archive.hint()
    return card
