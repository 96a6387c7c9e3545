"""Handlers of `web.routes.stills`."""

import asyncio
import hashlib

from aiohttp.web import Response

from records.ids import ConsultId, StillId
from records.permissions import Permission, Scope
from signaling.station_messages import StationStill
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.stills import STILL_LIMIT_BYTES
from web.routing import RouteTable
from web.uploads import Upload

table = RouteTable()


@table.route(
    "PUT",
    "/api/station/stills/{still_id}",
    permission=Permission.RUN_STATION,
    scope=Scope.NONE,
    body=StationStill,
    body_limit_bytes=STILL_LIMIT_BYTES,
    takes_files=True,
)
async def put_still(call: Call[Upload[StationStill]]) -> None:
    """The exact still the station was asked for by `give_still`; anything else is refused, and nothing kept.

    Its head must be that of a PNG of the size and kind that `about` says. Its pixels are not looked at here.
    """
    if len(call.body.files) != 1:
        raise Refused(ProblemCode.BAD_FIELDS, {"file": "one PNG"})
    png = call.body.files[0].data
    sha256 = await asyncio.to_thread(lambda: hashlib.sha256(png).hexdigest())
    still_id = StillId(call.named("still_id"))
    call.parts.desk.take_still(call.account.id, still_id, call.body.about, png, sha256)


@table.route(
    "GET",
    "/api/consults/{consult_id}/stills/{still_id}",
    permission=Permission.SEE_DEVICES,
    scope=Scope.CONSULT,
)
async def show_still(call: Call[None]) -> Response:
    """An exact still of the room, as a PNG; for those who sit in it and receive its picture."""
    consult_id, still_id = ConsultId(call.named("consult_id")), StillId(call.named("still_id"))
    still = call.parts.desk.still(call.account.id, consult_id, still_id)
    return Response(body=still.png, content_type="image/png", headers={"Cache-Control": "no-store"})
