"""The daily job: deletes tapes that are due, says so in the log and on the audit trail, and heeds holds."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from typing import Protocol

from records.audit import Action, AuditEvent
from records.errors import NotFound
from records.ids import TapeId
from records.ledger import Ledger, Records
from records.tapes import Tape, deleted, is_due

log = logging.getLogger(__name__)
EVERY_S = 24 * 3600.0


class Shelf(Protocol):
    """The tapes on disk."""

    async def stored(self) -> tuple[TapeId, ...]: ...
    async def delete(self, tape_id: TapeId) -> None: ...


async def delete_due(records: Records, shelf: Shelf, now: dt.datetime) -> tuple[TapeId, ...]:
    """Delete what is due. First the records say so, in one step with the look at the legal hold; then the
    content goes. What a server that died in between left on the disk goes the next time."""
    due = await records.write(lambda ledger: _mark_due(ledger, now))
    for tape_id in await shelf.stored():
        if await records.read(lambda ledger, one=tape_id: _is_deleted(ledger, one)):  # type: ignore[misc]
            await shelf.delete(tape_id)
            log.info("tape %s: its content was deleted", tape_id)
    return due


def _mark_due(ledger: Ledger, now: dt.datetime) -> tuple[TapeId, ...]:
    due = [tape for tape in ledger.tapes.due_before(now) if is_due(tape, now)]
    for tape in due:
        ledger.tapes.save(deleted(tape, now))
        ledger.audit.append(_event(tape, now))
    return tuple(tape.id for tape in due)


def _event(tape: Tape, now: dt.datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        actor_id=None,
        actor_role="server",
        action=Action.DELETE,
        object_kind="tape",
        object_id=tape.id,
        resident_id=tape.resident_id,
        reason="due",
    )


def _is_deleted(ledger: Ledger, tape_id: TapeId) -> bool:
    try:
        return ledger.tapes.get(tape_id).deleted_at is not None
    except NotFound:
        return False  # a file nobody knows is not ours to delete


async def delete_daily(records: Records, shelf: Shelf, clock: Callable[[], dt.datetime]) -> None:
    """Run the job at the start and every day; one that fails is tried again the next day."""
    while True:
        try:
            await delete_due(records, shelf, clock())
        except Exception:
            log.exception("tapes that are due could not be deleted")
        await asyncio.sleep(EVERY_S)
