"""Keeping an exact still: measured anew, sealed on the disk, then filed; once for a request."""

import asyncio
from typing import Any

import msgspec

from records.archive_queueing import queue_if_signed
from records.audit import Action
from records.derived_measuring import is_same
from records.filing import check_filing
from records.ids import ConsultId, KeptStillId, new_id
from records.ledger import Ledger
from records.still_measuring import measured, takes_angle
from records.ultrasound_stills import StillMeasurement, UltrasoundStill
from signaling.messages import StillCard
from ultrasound.measuring.refusal import Refusal as NotMeasured
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.ultrasound_stills import ClaimedMeasurement, KeepStill

MOST_MEASUREMENTS = 50
LONGEST_LABEL = 60
REQUEST_LENGTH = range(8, 65)


async def keep(call: Call[KeepStill]) -> UltrasoundStill:
    """Reckon, seal and file a still. Raises `Refused`, `RuleBroken`, `StoreError`; nothing is kept then."""
    asked, consult_id = call.body, ConsultId(call.named("consult_id"))
    if len(asked.request_id) not in REQUEST_LENGTH:
        raise Refused(ProblemCode.BAD_FIELDS, {"request_id": "8 to 64 characters"})
    if len(asked.measurements) > MOST_MEASUREMENTS:
        raise Refused(ProblemCode.BAD_FIELDS, {"measurements": f"at most {MOST_MEASUREMENTS}"})
    key = f"{call.account.id}:{asked.request_id}"
    before = await call.parts.records.read(lambda ledger: ledger.ultrasound_stills.by_request(key))
    if before is not None:
        return _same(before, consult_id, asked)
    held = call.parts.desk.still_to_keep(call.account.id, consult_id, asked.still_id)
    check_filing(simulated=held.card.simulated, demo=call.parts.settings.demo)
    # Long outlines take a part of a second each: not on the loop that relays ECG.
    measurements = await asyncio.to_thread(_all_reckoned, held.card, asked.measurements)
    kept_id = KeptStillId(new_id())
    resident_id = await call.parts.records.read(
        lambda ledger: ledger.bindings.get(held.binding_id).resident_id
    )
    seal = await call.parts.stills.keep(kept_id, resident_id, held.png)

    def file(ledger: Ledger) -> UltrasoundStill:
        twice = ledger.ultrasound_stills.by_request(key)
        if twice is not None:
            return _same(twice, consult_id, asked)
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


def _same(before: UltrasoundStill, consult_id: ConsultId, asked: KeepStill) -> UltrasoundStill:
    """What this request kept; raise `Refused` when it was another one: nobody is told that this was kept."""
    claimed = [(one.tool, one.points) for one in asked.measurements]
    kept = [(one.tool, one.points) for one in before.measurements]
    if (before.consult_id, before.still_id, kept) != (consult_id, asked.still_id, claimed):
        raise Refused(ProblemCode.BAD_FIELDS, {"request_id": "another still was kept by it"})
    return before


async def _filed(call: Call[Any], kept_id: KeptStillId, file: Any) -> UltrasoundStill:
    try:
        still: UltrasoundStill = await call.parts.records.write(file)
    except BaseException:
        await call.parts.stills.forget(kept_id)
        raise
    if still.id != kept_id:
        await call.parts.stills.forget(kept_id)  # the same request came twice at once
    return still


def _all_reckoned(card: StillCard, claimed: tuple[ClaimedMeasurement, ...]) -> tuple[StillMeasurement, ...]:
    return tuple(_reckoned(card, at, one) for at, one in enumerate(claimed))


def _reckoned(card: StillCard, at: int, claimed: ClaimedMeasurement) -> StillMeasurement:
    """What the server reads at the same points; raise `Refused` when it is refused, or another figure."""
    label = checked_label(claimed.label)
    if claimed.angle_deg is not None and not takes_angle(claimed.tool):
        raise Refused(ProblemCode.BAD_FIELDS, {"angle_deg": f"{claimed.tool} is not changed by an angle"})
    try:
        found = measured(
            card.width, card.height, card.calibration, claimed.tool, claimed.points, claimed.angle_deg
        )
    except NotMeasured as refusal:
        fields = {"measurement": str(at), "reason": refusal.code.value}
        raise Refused(ProblemCode.NOT_MEASURED, fields) from refusal
    if not is_same(found.value, claimed.value) or found.unit is not claimed.unit:
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


def checked_label(label: str) -> str:
    """What was measured, in words; raise `Refused` when it is too long or cannot be printed."""
    shown = label.strip()
    if len(shown) > LONGEST_LABEL or not shown.isprintable():
        raise Refused(ProblemCode.BAD_FIELDS, {"label": f"at most {LONGEST_LABEL} characters"})
    return shown
