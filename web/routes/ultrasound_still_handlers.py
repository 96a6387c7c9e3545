"""Handlers of `web.routes.ultrasound_stills`."""

from typing import Any

from aiohttp.web import Response

from records.audit import Action
from records.ids import KeptStillId, ParticipantId
from records.ledger import Ledger
from records.permissions import PERMISSIONS, Permission, Scope
from records.ultrasound_stills import UltrasoundStill
from signaling.cards import read_person
from signaling.messages import PersonCard
from signaling.rooms import participant_of
from web import still_filing
from web.call import Call
from web.derived_cards import resting_on
from web.routes.consult_pictures import listed
from web.routes.ultrasound_stills import KeepStill, KeptStillCard, KeptStillList, KeptStillPage
from web.routing import KIB, RouteTable

table = RouteTable()
_DRAWING = [role for role, rights in PERMISSIONS.items() if Permission.MARK_PICTURE in rights]


def still_card(ledger: Ledger, still: UltrasoundStill) -> KeptStillCard:
    """A kept still as lists show it."""
    return KeptStillCard(
        id=still.id,
        number=still.number,
        consult_id=still.consult_id,
        still_id=still.still_id,
        taken_at=still.taken_at,
        frame_number=still.frame_number,
        kept_at=still.kept_at,
        kept_by=read_person(ledger, still.kept_by),
        width=still.width,
        height=still.height,
        simulated=still.simulated,
        mark_ids=tuple(mark.id for mark in still.marks),
        measurements=still.measurements,
    )


@table.route(
    "POST",
    "/api/consults/{consult_id}/stills",
    permission=Permission.KEEP_STILL,
    scope=Scope.CONSULT,
    body=KeepStill,
    body_limit_bytes=256 * KIB,
)
async def keep_still(call: Call[KeepStill]) -> KeptStillCard:
    """Keep an exact still of the room with the marks on its frame and what was measured on it.

    For those who sit in the room and receive its picture. Every measurement is reckoned anew from its points
    and the still's own calibration: where one is refused (`not_measured`, with the reason) or comes out
    otherwise (`measured_otherwise`, with the server's value) nothing is kept. Simulated pictures are kept in
    the demo only.
    """
    still = await still_filing.keep(call)
    await call.parts.desk.announce_still(still)
    return await call.parts.records.read(lambda ledger: still_card(ledger, still))


@table.route(
    "GET",
    "/api/consults/{consult_id}/kept-stills",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.CONSULT,
)
async def list_of_consult(call: Call[None]) -> KeptStillList:
    """The stills that were kept in a consult, the first taken first; none that turned out to be another's."""

    def read(ledger: Ledger) -> KeptStillList:
        shown = listed(ledger, call, "ultrasound_stills", ledger.ultrasound_stills.of_consult)
        return KeptStillList(stills=tuple(still_card(ledger, one) for one in shown))

    return await call.parts.records.write(read)


@table.route("GET", "/api/kept-stills/{kept_id}", permission=Permission.SEE_RESIDENTS, scope=Scope.STILL)
async def show_kept_still(call: Call[None]) -> KeptStillPage:
    """One kept still; the reading is on the audit trail before a byte leaves."""

    def read(ledger: Ledger) -> KeptStillPage:
        still = _read(ledger, call, "ultrasound_still")
        return KeptStillPage(
            still=still_card(ledger, still),
            details=still,
            drawn_by=_drawn_by(ledger, still),
            derived=resting_on(ledger, call.account, still, call.now),
        )

    return await call.parts.records.write(read)


@table.route(
    "GET", "/api/kept-stills/{kept_id}/picture", permission=Permission.SEE_RESIDENTS, scope=Scope.STILL
)
async def show_picture(call: Call[None]) -> Response:
    """Its picture as a PNG, bit for bit as it was kept; a file that was changed is refused."""
    still = await call.parts.records.write(lambda ledger: _read(ledger, call, "ultrasound_still_picture"))
    png = await call.parts.stills.png(still)
    return Response(body=png, content_type="image/png", headers={"Cache-Control": "no-store"})


def _drawn_by(ledger: Ledger, still: UltrasoundStill) -> dict[ParticipantId, PersonCard]:
    """A mark names its participant; who that is, every account that may mark is asked."""
    drawn = {one.participant_id for one in still.marks}
    if not drawn:
        return {}
    people = (one.id for role in _DRAWING for one in ledger.accounts.by_role(role))
    called = ((participant_of(still.consult_id, one), one) for one in people)
    return {name: read_person(ledger, one) for name, one in called if name in drawn}


def _read(ledger: Ledger, call: Call[Any], kind: str) -> UltrasoundStill:
    still = ledger.ultrasound_stills.get(KeptStillId(call.named("kept_id")))
    ledger.audit.append(call.event(Action.READ, kind, still.id, still.resident_id))
    return still
