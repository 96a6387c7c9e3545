"""Keeping what is derived of kept measurements: all of it reckoned anew, once for a request."""

from records.archive_queueing import queue_if_signed
from records.audit import Action
from records.derived_measurements import DerivedMeasurement
from records.derived_measuring import Derived, Kept, PartMissing, derived, is_same
from records.filing import check_filing
from records.ids import ConsultId, DerivedId, new_id
from records.ledger import Ledger
from records.scope import OVER
from signaling.scopes import may_see_devices, may_see_picture, takes_part
from ultrasound.measuring.refusal import Refusal as NotMeasured
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.derived_measurements import Derive
from web.still_filing import REQUEST_LENGTH, checked_label


async def keep(call: Call[Derive]) -> tuple[DerivedMeasurement, bool]:
    """Reckon and file; and whether it is new. Raises `Refused`, `RuleBroken`, `StoreError`; then nothing is
    kept."""
    asked, consult_id = call.body, ConsultId(call.named("consult_id"))
    if len(asked.request_id) not in REQUEST_LENGTH:
        raise Refused(ProblemCode.BAD_FIELDS, {"request_id": "8 to 64 characters"})
    label, key = checked_label(asked.label), f"{call.account.id}:{asked.request_id}"
    found = await call.parts.records.read(lambda ledger: _reckoned(call, ledger, consult_id))
    check_filing(simulated=found.simulated, demo=call.parts.settings.demo)

    def file(ledger: Ledger) -> tuple[DerivedMeasurement, bool]:
        before = ledger.derived_measurements.by_request(key)
        if before is not None:
            names = tuple(one.name for one in before.parts)
            if (before.consult_id, before.derivation, names) != (consult_id, asked.derivation, asked.parts):
                raise Refused(ProblemCode.BAD_FIELDS, {"request_id": "something else was derived by it"})
            return before, False
        consult = ledger.consults.get(consult_id)
        kept = kept_of(call, ledger, consult_id)
        if not set(found.still_ids) <= set(kept.stills) or any(
            one.name.derived_id is not None and one.name.derived_id not in kept.derived for one in found.parts
        ):
            raise Refused(ProblemCode.CHANGED_MEANWHILE)  # one turned out to be another resident's
        whole = DerivedMeasurement(
            id=DerivedId(new_id()),
            number=ledger.derived_measurements.next_number(call.now.astimezone().date()),
            resident_id=consult.resident_id,
            institution_id=call.account.institution_id,
            consult_id=consult_id,
            kept_by=call.account.id,
            kept_at=call.now,
            derivation=asked.derivation,
            parts=found.parts,
            still_ids=found.still_ids,
            value=found.measured.value,
            unit=found.measured.unit,
            uncertainty=found.measured.uncertainty,
            calibration=found.measured.calibration,
            scales_differ=found.scales_differ,
            simulated=found.simulated,
            label=label,
        )
        ledger.derived_measurements.add(whole, key)
        queue_if_signed(ledger, whole, call.parts.settings.archives, call.now)
        ledger.audit.append(call.event(Action.CREATE, "derived_measurement", whole.id, whole.resident_id))
        return whole, True

    return await call.parts.records.write(file)


def kept_of(call: Call[Derive] | Call[None], ledger: Ledger, consult_id: ConsultId) -> Kept:
    """What is kept of a consult and its resident, as far as the caller may see it."""
    consult = ledger.consults.get(consult_id)
    stills = [
        one
        for one in ledger.ultrasound_stills.of_consult(consult_id)
        if may_see_picture(ledger, call.account, one, call.now)
    ]
    return Kept.of(consult.resident_id, stills, ledger.derived_measurements.of_consult(consult_id))


def _reckoned(call: Call[Derive], ledger: Ledger, consult_id: ConsultId) -> Derived:
    """What the server derives; raise `Refused` when it may not be, or comes out otherwise."""
    asked, consult = call.body, ledger.consults.get(consult_id)
    if not takes_part(call.account, consult) or not may_see_devices(call.account, consult):
        raise Refused(ProblemCode.NOT_ALLOWED)
    if consult.state in OVER:
        raise Refused(ProblemCode.WRONG_STATE)
    try:
        found = derived(kept_of(call, ledger, consult_id), asked.derivation, asked.parts)
    except PartMissing as missing:
        raise Refused(ProblemCode.NOT_FOUND) from missing
    except NotMeasured as refusal:
        raise Refused(ProblemCode.NOT_MEASURED, {"reason": refusal.code.value}) from refusal
    if not is_same(found.measured.value, asked.value) or found.measured.unit is not asked.unit:
        told = f"{found.measured.value:.6g} {found.measured.unit.value}"
        raise Refused(ProblemCode.MEASURED_OTHERWISE, {"value": told})
    return found
