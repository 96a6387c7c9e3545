"""WHIP (RFC 9725): any encoder that speaks it is a station's ultrasound, or the camera of its room.

Neither trickled candidates nor ICE restarts are taken: a PATCH gets 405, and who lost its path offers anew.
"""

from aiohttp.web import Response

from records.permissions import Permission, Scope
from records.rooms import Door
from web.call import Call
from web.open_sockets import bearer_hash
from web.routing import RouteTable
from web.sdp import OFFER_LIMIT_BYTES, answer_offer, check_rate, take_no_patch, what_is_taken

table = RouteTable()
_SESSIONS = "/whip/sessions"


@table.route(
    "POST",
    "/whip/ultrasound",
    permission=Permission.RUN_STATION,
    scope=Scope.NONE,
    takes_sdp=True,
    body_limit_bytes=OFFER_LIMIT_BYTES,
)
async def publish_ultrasound(call: Call[str]) -> Response:
    """Publish ultrasound under the station's running binding, in place of the station's own picture.

    201 with the SDP answer, and in `Location` the session. 409 while the station is bound to no consult.
    """
    return await _publish(call, Door.ULTRASOUND)


@table.route(
    "POST",
    "/whip/camera",
    permission=Permission.RUN_STATION,
    scope=Scope.NONE,
    takes_sdp=True,
    body_limit_bytes=OFFER_LIMIT_BYTES,
)
async def publish_camera(call: Call[str]) -> Response:
    """Publish the room's camera, and its microphone if it has one, under the station's running binding."""
    return await _publish(call, Door.CAMERA)


async def _publish(call: Call[str], door: Door) -> Response:
    check_rate(call, f"{call.account.id} {door.value}")
    token = bearer_hash(call.request.headers.get("Authorization", "")) or ""
    return await answer_offer(call.parts.desk.doors.publish(call.account, token, door, call.body), _SESSIONS)


@table.route("DELETE", "/whip/sessions/{id}", permission=Permission.RUN_STATION, scope=Scope.NONE)
async def end_publishing(call: Call[None]) -> Response:
    """End a session of one's own; 404 for one that has ended already."""
    await call.parts.desk.doors.end_device(call.account.id, call.named("id"))
    return Response(status=200)


@table.route("PATCH", "/whip/sessions/{id}", permission=Permission.RUN_STATION, scope=Scope.NONE)
async def change_publishing(call: Call[None]) -> Response:
    """Always 405: candidates are not trickled, a lost path is a new offer."""
    raise take_no_patch()


@table.route("OPTIONS", "/whip/ultrasound", permission=Permission.ANYONE, scope=Scope.NONE)
async def ultrasound_options(call: Call[None]) -> Response:
    """What may be posted here: `Accept-Post: application/sdp`."""
    return what_is_taken()


@table.route("OPTIONS", "/whip/camera", permission=Permission.ANYONE, scope=Scope.NONE)
async def camera_options(call: Call[None]) -> Response:
    """What may be posted here: `Accept-Post: application/sdp`."""
    return what_is_taken()
