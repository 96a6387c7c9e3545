"""Handlers of `web.routes.derived_measurements`."""

from records.audit import Action
from records.derived_measurements import DerivedMeasurement
from records.ids import ConsultId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from web import derived_filing
from web.call import Call
from web.derived_cards import derived_cards
from web.routes.derived_measurements import Derive, DerivedList, MeasuredOfConsult, MeasuredStill
from web.routing import KIB, RouteTable

table = RouteTable()


@table.route(
    "GET",
    "/api/consults/{consult_id}/measured",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.CONSULT,
)
async def measured_of_consult(call: Call[None]) -> MeasuredOfConsult:
    """What was measured on the kept stills of a consult, and what was derived of it; of its resident only."""

    def read(ledger: Ledger) -> MeasuredOfConsult:
        consult = ledger.consults.get(ConsultId(call.named("consult_id")))
        kept = derived_filing.kept_of(call, ledger, consult.id)
        ledger.audit.append(
            call.event(Action.READ, "ultrasound_measurements", consult.id, consult.resident_id)
        )
        return MeasuredOfConsult(
            stills=tuple(
                MeasuredStill(
                    kept_id=one.id,
                    binding_id=one.binding_id,
                    capture_us=one.capture_us,
                    number=one.number,
                    taken_at=one.taken_at,
                    frame_number=one.frame_number,
                    width=one.width,
                    height=one.height,
                    calibration=one.calibration,
                    measurements=one.measurements,
                )
                for one in kept.stills.values()
                if one.measurements
            ),
            derived=tuple(one for one in kept.derived.values() if set(one.still_ids) <= set(kept.stills)),
        )

    return await call.parts.records.write(read)


@table.route(
    "GET",
    "/api/consults/{consult_id}/derived",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.CONSULT,
)
async def derived_of_consult(call: Call[None]) -> DerivedList:
    """What was derived in a consult, to those who may see its kept stills; of its resident only.

    One whose stills turned out to be of several residents is listed as void, without its figure.
    """

    def read(ledger: Ledger) -> DerivedList:
        consult = ledger.consults.get(ConsultId(call.named("consult_id")))
        kept = ledger.derived_measurements.of_consult(consult.id)
        cards = derived_cards(ledger, call.account, kept, consult.resident_id, call.now)
        ledger.audit.append(call.event(Action.READ, "derived_measurements", consult.id, consult.resident_id))
        return DerivedList(derived=cards)

    return await call.parts.records.write(read)


@table.route(
    "POST",
    "/api/consults/{consult_id}/derived",
    permission=Permission.KEEP_STILL,
    scope=Scope.CONSULT,
    body=Derive,
    body_limit_bytes=16 * KIB,
)
async def derive(call: Call[Derive]) -> DerivedMeasurement:
    """Derive a volume, an ejection fraction or a valve area of kept measurements, and keep it with them.

    Only of this consult and its resident: another part is `not_found`. Every part is measured anew from its
    points, then the whole: where it is refused (`not_measured`, with the reason) or comes out otherwise
    (`measured_otherwise`, with the server's value) nothing is kept. What rests on simulated pictures is kept
    in the demo only.
    """
    whole, new = await derived_filing.keep(call)
    if new:
        await call.parts.desk.announce_derived(whole)
    return whole
