"""What the ultrasound examines: chosen in the room, told to station and both sides, kept to one binding."""

import re
from pathlib import Path

from records.audit import Action
from records.exam_presets import PRIORITIES, ExamPreset, Priority, priority_of
from records.ids import ConsultId
from signaling import messages as m
from signaling import station_messages as s
from tests.fakes.clinic import Client, Clinic, bind, in_call
from tests.fakes.records import CHEN, STATION, WANG_XIUYING, WU, ZHOU
from ultrasound.trouble import PictureTrouble


async def begun(clinic: Clinic) -> tuple[Client, Client, ConsultId]:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    return doctor, chen, consult_id


def preset_of(client: Client, consult_id: ConsultId) -> ExamPreset | None:
    card = client.card(consult_id)
    assert card is not None and card.station is not None
    return card.station.exam_preset


async def test_a_choice_goes_to_the_station_and_is_shown_to_both_sides(clinic: Clinic) -> None:
    doctor, chen, consult_id = await begun(clinic)
    _, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    assert preset_of(doctor, consult_id) is None
    await doctor.done(m.ChooseExamPreset, consult_id=consult_id, preset=ExamPreset.SMALL_PARTS)
    assert station.last(s.StationPreset) == s.StationPreset(
        binding_id=binding_id, preset=ExamPreset.SMALL_PARTS
    )
    assert preset_of(doctor, consult_id) is preset_of(chen, consult_id) is ExamPreset.SMALL_PARTS
    entries = await clinic.records.read(lambda ledger: ledger.audit.search(actor_id=ZHOU.id))
    kept = [one.event for one in entries if one.event.object_kind == "exam_preset"]
    assert [(one.actor_id, one.action, one.object_id, one.resident_id) for one in kept] == [
        (ZHOU.id, Action.CHANGE, binding_id, WANG_XIUYING.id)
    ]
    await doctor.done(m.ChooseExamPreset, consult_id=consult_id, preset=None)
    assert station.last(s.StationPreset).preset is None and preset_of(chen, consult_id) is None


async def test_a_station_that_comes_back_is_told_again_also_that_nothing_is_chosen(clinic: Clinic) -> None:
    doctor, _, consult_id = await begun(clinic)
    await clinic.station()
    await bind(doctor, consult_id)
    _, again = await clinic.station()
    assert again.last(s.StationPreset).preset is None
    await doctor.done(m.ChooseExamPreset, consult_id=consult_id, preset=ExamPreset.CARDIAC)
    _, again = await clinic.station()
    kinds = [type(one) for one in again.sent]
    assert kinds.index(s.StationPreset) > kinds.index(s.StationWelcome)
    assert again.last(s.StationPreset).preset is ExamPreset.CARDIAC


async def test_a_choice_ends_with_its_binding(clinic: Clinic) -> None:
    doctor, _, consult_id = await begun(clinic)
    await clinic.station()
    binding_id = await bind(doctor, consult_id)
    await doctor.done(m.ChooseExamPreset, consult_id=consult_id, preset=ExamPreset.CARDIAC)
    await doctor.done(m.ReleaseStation, binding_id=binding_id)
    await bind(doctor, consult_id)
    assert preset_of(doctor, consult_id) is None


async def test_only_the_doctor_in_the_room_of_a_bound_station_chooses(clinic: Clinic) -> None:
    doctor, chen, consult_id = await begun(clinic)
    await clinic.station()
    choice = {"consult_id": consult_id, "preset": ExamPreset.ABDOMEN}
    assert await doctor.refused(m.ChooseExamPreset, **choice) == "not_bound"
    await bind(doctor, consult_id)
    assert await chen.refused(m.ChooseExamPreset, **choice) == "not_allowed"
    assert await (await clinic.sign_in(WU)).refused(m.ChooseExamPreset, **choice) == "not_allowed"
    await doctor.done(m.LeaveRoom, consult_id=consult_id)
    assert await doctor.refused(m.ChooseExamPreset, **choice) == "not_in_room"
    assert preset_of(doctor, consult_id) is None


async def test_what_is_wrong_with_the_picture_is_on_the_station_card_of_both_sides(clinic: Clinic) -> None:
    doctor, chen, consult_id = await begun(clinic)
    line, _ = await clinic.station()
    await bind(doctor, consult_id)
    running = {"ultrasound": m.DeviceState.RUNNING, "ecg": m.DeviceState.RUNNING}
    troubles = (PictureTrouble.FROZEN, PictureTrouble.RESIZED)
    await clinic.desk.station_receive(line, s.StationDevices(**running, picture_troubles=troubles))
    for client in (doctor, chen):
        card = client.card(consult_id)
        assert card is not None and card.station is not None and card.station.picture_troubles == troubles
    await clinic.desk.station_receive(line, s.StationDevices(**running))
    assert doctor.outbox.last(m.StationChanged).station.picture_troubles == ()
    assert doctor.outbox.last(m.StationChanged).station.id == STATION.id


def test_the_page_tells_of_each_preset_what_the_station_does() -> None:
    page = Path(__file__).resolve().parents[2] / "web/client/src/pages/Room/exam.ts"
    told = dict(re.findall(r'^  (\w+): "(motion|detail)",$', page.read_text(), re.MULTILINE))
    assert told == {preset.value: kept.value for preset, kept in PRIORITIES.items()}


def test_every_preset_keeps_motion_or_detail_and_no_choice_keeps_motion() -> None:
    assert set(PRIORITIES) == set(ExamPreset)
    assert {one for one, kept in PRIORITIES.items() if kept is Priority.DETAIL} == {
        ExamPreset.ABDOMEN,
        ExamPreset.SMALL_PARTS,
    }
    assert priority_of(None) is Priority.MOTION
