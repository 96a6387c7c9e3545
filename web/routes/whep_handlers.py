"""WHEP (draft-ietf-wish-whep-03): a teaching screen watches one consult by a link that a doctor made for it.

The link is made in `web.routes.screen_handlers`. Neither trickled candidates nor ICE restarts are taken.
"""

from aiohttp.web import Response

from records.ids import ConsultId
from records.permissions import Permission, Scope
from web.call import Call
from web.errors import ProblemCode, Refused
from web.open_sockets import bearer_hash
from web.routing import RouteTable
from web.sdp import OFFER_LIMIT_BYTES, answer_offer, check_rate, take_no_patch, what_is_taken

table = RouteTable()


@table.route(
    "POST",
    "/whep/{consult_id}",
    permission=Permission.WATCH_BY_LINK,
    scope=Scope.NONE,
    takes_sdp=True,
    body_limit_bytes=OFFER_LIMIT_BYTES,
)
async def watch(call: Call[str]) -> Response:
    """Watch the consult the token's link is for: 201 with the SDP answer, and in `Location` the session.

    One link is one screen: a second offer by it takes the place of the first. 409 while nobody sits in the
    room.
    """
    consult_id = ConsultId(call.named("consult_id"))
    link = call.parts.desk.doors.screen_link(consult_id, _token(call))
    if link is None:
        raise Refused(ProblemCode.SIGNED_OUT)  # it watches still, and the time to connect is over
    check_rate(call, link.id)
    return await answer_offer(call.parts.desk.doors.watch(link, call.body), f"/whep/{consult_id}")


@table.route("DELETE", "/whep/{consult_id}/{id}", permission=Permission.WATCH_BY_LINK, scope=Scope.NONE)
async def end_watching(call: Call[None]) -> Response:
    """End the session of one's own link; 404 for one that has ended already."""
    await call.parts.desk.doors.end_screen(_token(call), call.named("id"))
    return Response(status=200)


@table.route("PATCH", "/whep/{consult_id}/{id}", permission=Permission.WATCH_BY_LINK, scope=Scope.NONE)
async def change_watching(call: Call[None]) -> Response:
    """Always 405: candidates are not trickled, a lost path is a new offer."""
    raise take_no_patch()


@table.route("OPTIONS", "/whep/{consult_id}", permission=Permission.ANYONE, scope=Scope.NONE)
async def watching_options(call: Call[None]) -> Response:
    """What may be posted here: `Accept-Post: application/sdp`."""
    return what_is_taken()


def _token(call: Call[str] | Call[None]) -> str:
    return bearer_hash(call.request.headers.get("Authorization", "")) or ""
