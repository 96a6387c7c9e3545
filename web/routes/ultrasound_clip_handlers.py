"""Handlers of `web.routes.ultrasound_clips`."""

from typing import Any

from aiohttp.web import Response

from records.audit import Action
from records.ids import ClipId, KeptClipId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from records.ultrasound_clips import UltrasoundClip
from signaling.cards import read_person
from signaling.station_messages import StationClip
from web import clip_filing
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.consult_pictures import listed
from web.routes.ultrasound_clips import PART_LIMIT_BYTES, KeptClipList, KeptClipPage
from web.routing import RouteTable
from web.uploads import Upload

table = RouteTable()


def clip_page(ledger: Ledger, clip: UltrasoundClip) -> KeptClipPage:
    """A kept clip, with the name of who asked for it."""
    return KeptClipPage(clip=clip, asked_by=read_person(ledger, clip.asked_by))


@table.route(
    "PUT",
    "/api/station/clips/{clip_id}/parts/{part}",
    permission=Permission.RUN_STATION,
    scope=Scope.NONE,
    body=StationClip,
    body_limit_bytes=PART_LIMIT_BYTES,
    takes_files=True,
)
async def put_part(call: Call[Upload[StationClip]]) -> None:
    """A part of a clip the station was asked for by `give_clip`, in their order; sealed when this answers.

    One that is there already is answered as if it was taken. 422 for one out of turn: `have` says how many
    are there. After the last part the whole is held to its hash and filed, also when the binding has ended.
    """
    if len(call.body.files) != 1:
        raise Refused(ProblemCode.BAD_FIELDS, {"file": "one part"})
    clip_id, part = ClipId(call.named("clip_id")), call.body.files[0].data
    await clip_filing.take_part(call, clip_id, _number(call), call.body.about, part)


@table.route(
    "GET", "/api/consults/{consult_id}/kept-clips", permission=Permission.SEE_RESIDENTS, scope=Scope.CONSULT
)
async def list_of_consult(call: Call[None]) -> KeptClipList:
    """The clips that were kept in a consult, the first taken first; none that turned out to be another's."""

    def read(ledger: Ledger) -> KeptClipList:
        shown = listed(ledger, call, "ultrasound_clips", ledger.ultrasound_clips.of_consult)
        return KeptClipList(clips=tuple(clip_page(ledger, one) for one in shown))

    return await call.parts.records.write(read)


@table.route("GET", "/api/kept-clips/{kept_id}", permission=Permission.SEE_RESIDENTS, scope=Scope.CLIP)
async def show_kept_clip(call: Call[None]) -> KeptClipPage:
    """One kept clip; the reading is on the audit trail before a byte leaves."""

    def read(ledger: Ledger) -> KeptClipPage:
        return clip_page(ledger, _read(ledger, call, "ultrasound_clip"))

    return await call.parts.records.write(read)


@table.route(
    "GET", "/api/kept-clips/{kept_id}/parts/{part}", permission=Permission.SEE_RESIDENTS, scope=Scope.CLIP
)
async def show_part(call: Call[None]) -> Response:
    """A part, byte for byte as it was kept; a file that was changed is refused."""
    number = _number(call)
    clip = await call.parts.records.write(lambda ledger: _read(ledger, call, "ultrasound_clip_part"))
    if number >= len(clip.parts):
        raise Refused(ProblemCode.NOT_FOUND)
    part = await call.parts.clips.part(clip, number)
    return Response(body=part, content_type="application/octet-stream", headers={"Cache-Control": "no-store"})


def _read(ledger: Ledger, call: Call[Any], kind: str) -> UltrasoundClip:
    clip = ledger.ultrasound_clips.get(KeptClipId(call.named("kept_id")))
    ledger.audit.append(call.event(Action.READ, kind, clip.id, clip.resident_id))
    return clip


def _number(call: Call[Any]) -> int:
    text = call.named("part")
    if not text.isdecimal() or len(text) > 4:
        raise Refused(ProblemCode.NOT_FOUND)
    return int(text)
