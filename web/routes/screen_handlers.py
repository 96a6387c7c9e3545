"""Handlers of `web.routes.screens`."""

from typing import Any

from records.audit import Action
from records.ids import ConsultId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.screens import LetScreenIn, ScreenLinkGiven, ScreenLinkMade, ScreenLinks
from web.routing import RouteTable

table = RouteTable()


@table.route(
    "GET",
    "/api/consults/{consult_id}/screens",
    permission=Permission.LET_SCREEN_WATCH,
    scope=Scope.CONSULT,
)
async def list_links(call: Call[None]) -> ScreenLinks:
    """The links given for teaching screens; only from within the consult's room, and without their tokens."""
    given = call.parts.desk.doors.links_given(call.account, ConsultId(call.named("consult_id")))
    return ScreenLinks(
        links=tuple(
            ScreenLinkGiven(
                id=one.link.id,
                opened_by=one.link.opened_by,
                expires_at=one.link.expires_at,
                watching=one.watching,
            )
            for one in given
        )
    )


@table.route(
    "POST",
    "/api/consults/{consult_id}/screens",
    permission=Permission.LET_SCREEN_WATCH,
    scope=Scope.CONSULT,
    body=LetScreenIn,
)
async def let_screen_in(call: Call[LetScreenIn]) -> ScreenLinkMade:
    """Make a link for a teaching screen; only from within the consult's room, once the resident agreed."""
    if not call.body.resident_agreed:
        raise Refused(ProblemCode.BAD_FIELDS, {"resident_agreed": "the resident must have agreed"})
    consult_id = ConsultId(call.named("consult_id"))
    link, token = await call.parts.desk.doors.let_screen_in(call.account, consult_id)
    await _note(call, Action.CREATE, consult_id, link.id, "the resident agreed")
    return ScreenLinkMade(id=link.id, path=f"/whep/{consult_id}", token=token, expires_at=link.expires_at)


@table.route(
    "DELETE",
    "/api/consults/{consult_id}/screens/{id}",
    permission=Permission.LET_SCREEN_WATCH,
    scope=Scope.CONSULT,
)
async def take_link_back(call: Call[None]) -> None:
    """Take a link back; a screen that watches by it is put out at once."""
    consult_id = ConsultId(call.named("consult_id"))
    await call.parts.desk.doors.take_link_back(call.account, consult_id, call.named("id"))
    await _note(call, Action.RELEASE, consult_id, call.named("id"))


async def _note(
    call: Call[Any], action: Action, consult_id: ConsultId, link_id: str, reason: str = ""
) -> None:
    def write(ledger: Ledger) -> None:
        resident_id = ledger.consults.get(consult_id).resident_id
        ledger.audit.append(call.event(action, "screen", link_id, resident_id, reason))

    await call.parts.records.write(write)
