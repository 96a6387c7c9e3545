"""Two clicks on the ruler of the exact still go to the station; the still comes back with its scale."""

import pytest

from records.ids import BindingId
from records.stills import Calibration
from signaling import messages as m
from signaling import station_messages as s
from signaling.errors import Refused
from tests.fakes.clinic import Clinic
from tests.fakes.records import ZHOU
from tests.signaling.stills import AT, Scanned, frozen_for, scanned
from ultrasound.measuring.measured import CalibrationSource

POINTS = ((1.0, 0.0), (1.0, 2.0))


async def set_scale(room: Scanned, still: m.StillCard, **other: object) -> None:
    fields = {"consult_id": room.consult_id, "still_id": still.still_id, "points": POINTS, "apart_mm": 40.0}
    await room.doctor.done(m.SetPictureScale, **(fields | other))


async def test_the_station_is_asked_with_the_frame_and_both_sides_get_the_still_anew(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    await set_scale(room, still)
    (asked,) = room.told.of(s.SetScale)
    assert (asked.binding_id, asked.still_id, asked.capture_us) == (room.binding_id, still.still_id, AT)
    assert (asked.points, asked.apart_mm) == (POINTS, 40.0)
    await room.say(s.StationScaleSet(binding_id=room.binding_id, still_id=still.still_id))
    again = room.asked()[-1]
    assert again.still_id != still.still_id and again.capture_us == AT
    await room.found(again.still_id)
    room.put(again.still_id, calibration=Calibration(source=CalibrationSource.USER, regions=()))
    for client in (room.doctor, room.chen):
        frozen = frozen_for(client)
        assert frozen is not None and frozen.still is not None and frozen.still.calibration is not None
        assert frozen.still.calibration.source is CalibrationSource.USER
    with pytest.raises(Refused):
        clinic.desk.still(ZHOU.id, room.consult_id, still.still_id)  # it says something else


async def test_who_set_it_is_on_the_trail(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await set_scale(room, await room.freeze_exactly(room.chen))
    events = await clinic.records.read(lambda ledger: [entry.event for entry in ledger.audit.all()])
    told = [one for one in events if one.object_kind == "picture_scale"]
    assert [(one.actor_id, one.object_id) for one in told] == [(ZHOU.id, room.consult_id)]


async def test_a_refusal_is_told_to_who_asked_alone(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    await set_scale(room, still)
    refused = m.ScaleRefusal.CLICKS_TOO_CLOSE
    await room.say(s.StationScaleSet(binding_id=room.binding_id, still_id=still.still_id, refused=refused))
    (told,) = room.doctor.outbox.of(m.PictureScaleRefused)
    assert told.why is refused and not room.chen.outbox.of(m.PictureScaleRefused)
    frozen = frozen_for(room.doctor)
    assert frozen is not None and frozen.still == still


async def test_only_places_on_the_still_that_stands_there_are_taken(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    fields = {"consult_id": room.consult_id, "still_id": still.still_id, "points": POINTS, "apart_mm": 40.0}
    for other, code in (
        ({"still_id": "another"}, "not_exact"),
        ({"points": ((-1.0, 0.0), (1.0, 2.0))}, "out_of_range"),
        ({"points": ((1.0, 0.0), (9.0, 2.0))}, "out_of_range"),
        ({"apart_mm": 0.0}, "out_of_range"),
        ({"apart_mm": 501.0}, "out_of_range"),
    ):
        assert await room.doctor.refused(m.SetPictureScale, **(fields | other)) == code
    await room.doctor.done(m.UnfreezePicture, consult_id=room.consult_id)
    assert await room.doctor.refused(m.SetPictureScale, **fields) == "not_exact"
    assert room.told.of(s.SetScale) == []


async def test_an_answer_of_another_binding_changes_nothing(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    asked = len(room.asked())
    await room.say(s.StationScaleSet(binding_id=BindingId("another"), still_id=still.still_id))
    assert len(room.asked()) == asked
    frozen = frozen_for(room.doctor)
    assert frozen is not None and frozen.still == still


async def test_a_still_of_before_is_gone_also_when_a_step_is_under_way(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    await set_scale(room, still)
    await room.step(room.chen, -1)
    step = room.asked()[-1]
    await room.say(s.StationScaleSet(binding_id=room.binding_id, still_id=still.still_id))
    frozen = frozen_for(room.doctor)
    assert frozen is not None and frozen.still is None, "its scale is not what it was"
    assert room.asked()[-1] == step, "the station gives one still at a time"
    await room.say(
        s.StationStillAbsent(
            binding_id=room.binding_id, still_id=step.still_id, absent=None, not_stepped=m.NotStepped.OLDEST
        )
    )
    again = room.asked()[-1]
    assert (
        again.capture_us == AT and again.steps == () and again.still_id not in (still.still_id, step.still_id)
    )
    room.put(again.still_id, calibration=Calibration(source=CalibrationSource.USER, regions=()))
    frozen = frozen_for(room.doctor)
    assert frozen is not None and frozen.still is not None and frozen.still.calibration is not None
