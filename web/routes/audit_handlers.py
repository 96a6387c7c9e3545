"""Handler of `web.routes.administration`: looking something up in the audit trail."""

from collections.abc import Mapping

from records.audit import Action, AuditEntry
from records.errors import NotFound
from records.ids import AccountId, ResidentId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.administration import AuditList, AuditRow, AuditSearch
from web.routing import RouteTable

table = RouteTable()
PAGE = 200


@table.route(
    "POST", "/api/audit/search", permission=Permission.SEARCH_AUDIT, scope=Scope.NONE, body=AuditSearch
)
async def search_audit(call: Call[AuditSearch]) -> AuditList:
    """Entries by person, resident and time, newest first. Looking is itself an entry."""
    chain_ok = await call.parts.chain_check.holds(call.parts.records, call.now)
    given = call.body
    if any(at is not None and at.tzinfo is None for at in (given.since, given.until)):
        raise Refused(ProblemCode.BAD_FIELDS, {"since": "needs a time zone"})

    def search(ledger: Ledger) -> AuditList:
        found = _found(ledger, given)
        ledger.audit.append(call.event(Action.SEARCH, "audit", ""))
        return AuditList(entries=_rows(ledger, found[:PAGE]), more=len(found) > PAGE, chain_ok=chain_ok)

    return await call.parts.records.write(search)


def _found(ledger: Ledger, given: AuditSearch) -> tuple[AuditEntry, ...]:
    """Nothing at all when the person or the resident asked for does not exist."""
    actor = ledger.accounts.by_name(given.sign_in_name) if given.sign_in_name else None
    resident = ledger.residents.by_record_number(given.record_number) if given.record_number else None
    if (given.sign_in_name and actor is None) or (given.record_number and resident is None):
        return ()
    return ledger.audit.search(
        actor_id=actor.id if actor else None,
        resident_id=resident.id if resident else None,
        since=given.since,
        until=given.until,
        before_seq=given.before_seq,
        limit=PAGE + 1,
    )


def _rows(ledger: Ledger, entries: tuple[AuditEntry, ...]) -> tuple[AuditRow, ...]:
    names = {one.id: one.sign_in_name for one in ledger.accounts.all()}
    numbers = {one: record_number(ledger, one) for one in _residents(entries)}
    return tuple(_row(entry, names, numbers) for entry in entries)


def _residents(entries: tuple[AuditEntry, ...]) -> set[ResidentId]:
    return {entry.event.resident_id for entry in entries if entry.event.resident_id is not None}


def record_number(ledger: Ledger, resident_id: ResidentId) -> str:
    """A resident's number: what an administrator may know of her."""
    try:
        return ledger.residents.get(resident_id).record_number
    except NotFound:
        return ""


def _row(entry: AuditEntry, names: Mapping[AccountId, str], numbers: Mapping[ResidentId, str]) -> AuditRow:
    event = entry.event
    return AuditRow(
        seq=entry.seq,
        at=event.at,
        actor=names.get(event.actor_id, "") if event.actor_id else "",
        actor_role=event.actor_role,
        action=event.action.value,
        resident_record_number=numbers.get(event.resident_id, "") if event.resident_id else "",
        object_kind=event.object_kind,
        object_id=event.object_id,
        outcome=event.outcome.value,
        reason=event.reason,
        address=event.address,
    )
