"""Keeping an exact still: measured anew, sealed on the disk, then filed; once for a request."""

import math
from typing import Any

import msgspec

from records.archive_queueing import queue_if_signed
from records.audit import Action
from records.filing import check_filing
from records.ids import ConsultId, KeptStillId, new_id
from records.ledger import Ledger
from records.still_measuring import measured
from records.ultrasound_stills import StillMeasurement, UltrasoundStill
from signaling.messages import StillCard
from ultrasound.measuring.refusal import Refusal as NotMeasured
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.ultrasound_stills import ClaimedMeasurement, KeepStill

MOST_MEASUREMENTS = 50
LONGEST_LABEL = 60
_REQUEST_LENGTH = range(8, 65)
_SAME = 1e-6
"""Twins reckon in the same steps: what differs by more, as a part of the value, is another figure."""


async def keep(call: Call[KeepStill]) -> UltrasoundStill:
    """Reckon, seal and file a still. Raises `Refused`, `RuleBroken`, `StoreError`; nothing is kept then."""
    asked, consult_id = call.body, ConsultId(call.named("consult_id"))
    if len(asked.request_id) not in _REQUEST_LENGTH:
        raise Refused(ProblemCode.BAD_FIELDS, {"request_id": "8 to 64 characters"})
    if len(asked.measurements) > MOST_MEASUREMENTS:
        raise Refused(ProblemCode.BAD_FIELDS, {"measurements": f"at most {MOST_MEASUREMENTS}"})
    key = f"{call.account.id}:{asked.request_id}"
    before = await call.parts.records.read(lambda ledger: ledger.ultrasound_stills.by_request(key))
    if before is not None:
        return before
    held = call.parts.desk.still_to_keep(call.account.id, consult_id, asked.still_id)
    check_filing(simulated=held.card.simulated, demo=call.parts.settings.demo)
    measurements = tuple(_reckoned(held.card, at, one) for at, one in enumerate(asked.measurements))
    kept_id = KeptStillId(new_id())
    resident_id = await call.parts.records.read(
        lambda ledger: ledger.bindings.get(held.binding_id).resident_id
    )
    seal = await call.parts.stills.keep(kept_id, resident_id, held.png)

    def file(ledger: Ledger) -> UltrasoundStill:
        twice = ledger.ultrasound_stills.by_request(key)
        if twice is not None:
            return twice
        consult, binding = ledger.consults.get(consult_id), ledger.bindings.get(held.binding_id)
        if not binding.resident_id == consult.resident_id == resident_id:
            raise Refused(ProblemCode.CHANGED_MEANWHILE)  # it turned out to be another resident's
        card = msgspec.structs.asdict(held.card)
        del card["png_bytes"]
        still = UltrasoundStill(
            **card,
            id=kept_id,
            number=ledger.ultrasound_stills.next_number(call.now.astimezone().date()),
            resident_id=resident_id,
            institution_id=call.account.institution_id,
            consult_id=consult_id,
            binding_id=binding.id,
            station_id=binding.station_id,
            kept_by=call.account.id,
            kept_at=call.now,
            taken_at=held.taken_at,
            seal=seal,
            marks=held.marks,
            measurements=measurements,
        )
        ledger.ultrasound_stills.add(still, key)
        queue_if_signed(ledger, still, call.parts.settings.archives, call.now)
        ledger.audit.append(call.event(Action.CREATE, "ultrasound_still", still.id, resident_id))
        return still

    return await _filed(call, kept_id, file)


async def _filed(call: Call[Any], kept_id: KeptStillId, file: Any) -> UltrasoundStill:
    try:
        still: UltrasoundStill = await call.parts.records.write(file)
    except BaseException:
        await call.parts.stills.forget(kept_id)
        raise
    if still.id != kept_id:
        await call.parts.stills.forget(kept_id)  # the same request came twice at once
    return still


def _reckoned(card: StillCard, at: int, claimed: ClaimedMeasurement) -> StillMeasurement:
    """What the server reads at the same points; raise `Refused` when it is refused, or another figure."""
    label = claimed.label.strip()
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise Refused(ProblemCode.BAD_FIELDS, {"label": f"at most {LONGEST_LABEL} characters"})
    try:
        found = measured(
            card.width, card.height, card.calibration, claimed.tool, claimed.points, claimed.angle_deg
        )
    except NotMeasured as refusal:
        fields = {"measurement": str(at), "reason": refusal.code.value}
        raise Refused(ProblemCode.NOT_MEASURED, fields) from refusal
    same = math.isclose(found.value, claimed.value, rel_tol=_SAME, abs_tol=_SAME)
    if not same or found.unit is not claimed.unit:
        told = f"{found.value:.6g} {found.unit.value}"
        raise Refused(ProblemCode.MEASURED_OTHERWISE, {"measurement": str(at), "value": told})
    return StillMeasurement(
        tool=claimed.tool,
        points=claimed.points,
        value=found.value,
        unit=found.unit,
        uncertainty=found.uncertainty,
        calibration=found.calibration,
        uncalibrated=found.uncalibrated,
        angle_deg=claimed.angle_deg,
        label=label,
    )
