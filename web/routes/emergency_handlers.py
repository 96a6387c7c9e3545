"""Handlers of `web.routes.administration`: reviewing emergency accesses, without seeing what was opened."""

from records.audit import Action
from records.emergency import EmergencyAccess, reviewed
from records.ledger import Ledger
from records.permissions import Permission, Scope
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.administration import EmergencyAccessList, EmergencyAccessRow, ReviewEmergencyAccess
from web.routes.audit_handlers import record_number
from web.routing import RouteTable

table = RouteTable()
NOTE_MOST = 1000


@table.route(
    "GET", "/api/emergency-accesses", permission=Permission.REVIEW_EMERGENCY_ACCESS, scope=Scope.NONE
)
async def list_emergency_accesses(call: Call[None]) -> EmergencyAccessList:
    """All of them, those nobody has reviewed first."""

    def read(ledger: Ledger) -> EmergencyAccessList:
        found = sorted(ledger.emergency_accesses.all(), key=lambda one: one.granted_at, reverse=True)
        found.sort(key=lambda one: one.reviewed_at is not None)
        return EmergencyAccessList(accesses=tuple(_row(ledger, one) for one in found))

    return await call.parts.records.read(read)


def _row(ledger: Ledger, access: EmergencyAccess) -> EmergencyAccessRow:
    return EmergencyAccessRow(
        access=access,
        account_name=ledger.accounts.get(access.account_id).display_name,
        resident_record_number=record_number(ledger, access.resident_id),
    )


@table.route(
    "POST",
    "/api/emergency-accesses/{id}/review",
    permission=Permission.REVIEW_EMERGENCY_ACCESS,
    scope=Scope.NONE,
    body=ReviewEmergencyAccess,
)
async def review_emergency_access(call: Call[ReviewEmergencyAccess]) -> EmergencyAccess:
    """Note that somebody looked at why a record was opened."""
    note = call.body.note.strip()
    if not 1 <= len(note) <= NOTE_MOST:
        raise Refused(ProblemCode.BAD_FIELDS, {"note": f"1 to {NOTE_MOST} characters"})

    def review(ledger: Ledger) -> EmergencyAccess:
        access = ledger.emergency_accesses.get(call.named("id"))
        if access.reviewed_at is not None:
            raise Refused(ProblemCode.CHANGED_MEANWHILE)
        after = reviewed(access, by=call.account.id, note=note, now=call.now)
        ledger.emergency_accesses.save(after)
        ledger.audit.append(call.event(Action.REVIEW, "emergency_access", access.id, access.resident_id))
        return after

    return await call.parts.records.write(review)
