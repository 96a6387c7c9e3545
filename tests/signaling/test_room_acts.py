"""Pointers, auscultation, a capture card and calipers on the ECG: told to whom they are for."""

import msgspec

from ecg.leads import Lead
from records.ids import BindingId
from records.rooms import MediaKind
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, bind, in_call, join
from tests.fakes.records import CHEN, ZHOU
from ultrasound.trouble import PictureTrouble


async def test_a_pointer_carries_the_frame_it_was_made_on(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await chen.notice(m.PointAt(consult_id=consult_id, x=0.25, y=0.75, capture_us=42))
    moved = doctor.outbox.last(m.PointerMoved)
    assert (moved.x, moved.y, moved.capture_us) == (0.25, 0.75, 42)
    assert chen.outbox.of(m.PointerMoved) == []


async def test_one_microphone_auscultates_at_a_time_and_all_see_which(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await doctor.done(m.SetAuscultation, consult_id=consult_id, on=True)
    assert auscultating(chen) == ["zhou"]
    assert await chen.refused(m.SetAuscultation, consult_id=consult_id, on=True) == "auscultation_taken"
    await doctor.done(m.SetMuted, consult_id=consult_id, microphone_on=False, camera_on=True)
    assert auscultating(chen) == []
    muted = await doctor.refused(m.SetAuscultation, consult_id=consult_id, on=True)
    assert muted == "microphone_off"


async def test_auscultation_ends_with_the_page_that_began_it(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await doctor.done(m.SetAuscultation, consult_id=consult_id, on=True)
    reloaded = await clinic.sign_in(ZHOU)
    await join(reloaded, consult_id)
    assert auscultating(chen) == []


async def test_auscultation_outlives_a_new_peer_connection(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await doctor.done(m.SetAuscultation, consult_id=consult_id, on=True)
    await doctor.done(m.RestartMedia, consult_id=consult_id)
    assert auscultating(doctor) == ["zhou"]


async def test_a_capture_card_takes_the_stations_place_and_gives_it_back(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)
    on = {"consult_id": consult_id, "on": True}
    assert await doctor.refused(m.PublishUltrasound, **on) == "identity_not_confirmed"
    assert publishers(clinic, consult_id) == ["station"]
    await doctor.done(m.PublishUltrasound, resident_confirmed=True, **on)
    assert publishers(clinic, consult_id) == ["person"]
    assert sends_ultrasound(chen) == ["zhou"]
    await doctor.done(m.PublishUltrasound, consult_id=consult_id, on=False)
    assert publishers(clinic, consult_id) == ["station"]
    assert sends_ultrasound(chen) == ["station1"]


async def test_a_capture_card_ends_with_its_person_and_its_page(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)
    on = {"consult_id": consult_id, "on": True, "resident_confirmed": True}
    await doctor.done(m.PublishUltrasound, **on)
    reloaded = await clinic.sign_in(ZHOU)
    await join(reloaded, consult_id)
    assert publishers(clinic, consult_id) == ["station"]
    await reloaded.done(m.PublishUltrasound, **on)
    await reloaded.done(m.LeaveRoom, consult_id=consult_id)
    assert publishers(clinic, consult_id) == ["station"]


async def test_a_specialist_has_no_capture_card_at_the_bedside(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    on = {"consult_id": consult_id, "on": True, "resident_confirmed": True}
    assert await chen.refused(m.PublishUltrasound, **on) == "not_allowed"


async def test_the_clock_of_a_capture_card_is_told_to_all_and_nobody_elses_is(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    told = m.ReportClock(consult_id=consult_id, offset_us=1500, uncertainty_us=400)
    await doctor.notice(told)
    assert doctor.outbox.last(m.Refused).code == "not_allowed"
    await doctor.done(m.PublishUltrasound, consult_id=consult_id, on=True, resident_confirmed=True)
    await doctor.notice(told)
    clock = chen.outbox.last(m.PublisherClock)
    assert (clock.offset_us, clock.uncertainty_us) == (-1500, 400)


async def test_what_is_wrong_with_a_capture_cards_picture_is_told_to_all(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    told = m.ReportPicture(
        consult_id=consult_id, troubles=(PictureTrouble.RESIZED, PictureTrouble.LOST, PictureTrouble.LOST)
    )
    await doctor.notice(told)
    assert doctor.outbox.last(m.Refused).code == "not_allowed"
    await doctor.done(m.PublishUltrasound, consult_id=consult_id, on=True, resident_confirmed=True)
    await doctor.notice(told)
    for client in (doctor, chen):
        assert client.outbox.last(m.PublisherPicture).troubles == (
            PictureTrouble.LOST,
            PictureTrouble.RESIZED,
        )
    await doctor.notice(m.ReportPicture(consult_id=consult_id, troubles=()))
    assert chen.outbox.last(m.PublisherPicture).troubles == ()


async def test_the_measured_residual_reaches_the_dashboard(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await chen.notice(m.ReportQuality(consult_id=consult_id, alignment_residual_ms=0.8))
    await clinic.tick(2)
    (live,) = (await clinic.desk.dashboard()).live
    assert live.alignment_residual_ms == 0.8
    assert [point.alignment_residual_ms for _, point in clinic.desk.curves(consult_id)][-1] == 0.8


def auscultating(viewer: Client) -> list[str]:
    room = viewer.outbox.last(m.RoomChanged).room
    return [one.person.id for one in room.participants if one.auscultating]


def sends_ultrasound(viewer: Client) -> list[str]:
    room = viewer.outbox.last(m.RoomChanged).room
    return [one.person.id for one in room.participants if MediaKind.ULTRASOUND in one.publishes]


def publishers(clinic: Clinic, consult_id: str) -> list[str]:
    """Whose peer connections may publish ultrasound at this moment."""
    return [
        "station" if peer.is_station else "person"
        for peer in clinic.media.open_in(consult_id)
        if MediaKind.ULTRASOUND in peer.grants.publish
    ]


async def with_calipers(clinic: Clinic) -> tuple[Client, Client, str, m.EcgCalipers]:
    """A doctor and a specialist in a room with a bound station, and calipers on its ECG."""
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    binding_id = await bind(doctor, consult_id)
    calipers = m.EcgCalipers(
        binding_id=binding_id,
        kind=m.CaliperKind.INTERVAL,
        lead=Lead.V5,
        first=1000,
        second=1400,
        first_uv=-20.0,
        second_uv=1180.0,
    )
    return doctor, chen, consult_id, calipers


async def test_calipers_come_to_the_others_as_they_move(clinic: Clinic) -> None:
    doctor, chen, consult_id, calipers = await with_calipers(clinic)
    await chen.notice(m.MeasureEcg(consult_id=consult_id, calipers=calipers))
    told = doctor.outbox.last(m.EcgMeasured)
    assert told.calipers == calipers
    await chen.notice(m.MeasureEcg(consult_id=consult_id, calipers=None))
    assert doctor.outbox.last(m.EcgMeasured).calipers is None
    assert chen.outbox.of(m.EcgMeasured) == []


async def test_calipers_on_another_ecg_or_nowhere_are_refused(clinic: Clinic) -> None:
    doctor, chen, consult_id, calipers = await with_calipers(clinic)
    other = msgspec.structs.replace(calipers, binding_id=BindingId("another"))
    await chen.notice(m.MeasureEcg(consult_id=consult_id, calipers=other))
    assert chen.outbox.last(m.Refused).code == "not_allowed"
    for wrong in ({"first": -1}, {"rr": -5}, {"second_uv": float("nan")}, {"first_uv": 2e6}):
        await chen.notice(
            m.MeasureEcg(consult_id=consult_id, calipers=msgspec.structs.replace(calipers, **wrong))
        )
        assert chen.outbox.last(m.Refused).code == "out_of_range"
    assert doctor.outbox.of(m.EcgMeasured) == []


async def test_calipers_beyond_what_can_be_used_are_left_out_but_never_that_they_were_put_away(
    clinic: Clinic,
) -> None:
    doctor, chen, consult_id, calipers = await with_calipers(clinic)
    for _ in range(80):
        await chen.notice(m.MeasureEcg(consult_id=consult_id, calipers=calipers))
    assert len(doctor.outbox.of(m.EcgMeasured)) == 60
    await chen.notice(m.MeasureEcg(consult_id=consult_id, calipers=None))
    assert doctor.outbox.last(m.EcgMeasured).calipers is None
