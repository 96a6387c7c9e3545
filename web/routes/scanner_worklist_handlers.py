"""Handlers of `web.routes.scanner_worklist`."""

from records.exchange.archive.address import check_title
from records.ids import AccountId
from records.permissions import Permission, Scope
from records.scheduled_steps import ScannerAsks, ScannerSteps
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routing import RouteTable

table = RouteTable()


@table.route(
    "POST",
    "/api/station/worklist",
    permission=Permission.RUN_STATION,
    scope=Scope.NONE,
    body=ScannerAsks,
)
async def scanner_worklist(call: Call[ScannerAsks]) -> ScannerSteps:
    """Whose scan comes next at this station; what a scanner was told of first is on the audit trail."""
    scanner, station_id = call.body.scanner, AccountId(call.account.id)
    try:
        check_title(scanner)
    except ValueError as error:
        raise Refused(ProblemCode.BAD_FIELDS, {"scanner": str(error)}) from error
    steps = await call.parts.records.write(
        lambda ledger: call.parts.scanner_worklist.steps(
            ledger, ledger.accounts.get(station_id), scanner, call.now
        )
    )
    return ScannerSteps(steps=steps)
