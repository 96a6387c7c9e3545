"""Pointers, drawings, held frames, auscultation and a capture card: told to whom they are for."""

import pytest

from records.rooms import MediaKind
from signaling import messages as m
from signaling.room_acts import MOST_STROKES
from tests.fakes.clinic import Client, Clinic, bind, in_call, join
from tests.fakes.records import CHEN, HE, LIN, ZHOU

STROKE = {
    "shape": m.StrokeShape.ARROW,
    "points": ((0.1, 0.2), (0.3, 0.4)),
    "capture_us": 1_700_000_000_000_000,
}


async def test_a_pointer_carries_the_frame_it_was_made_on(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await chen.notice(m.PointAt(consult_id=consult_id, x=0.25, y=0.75, capture_us=42))
    moved = doctor.outbox.last(m.PointerMoved)
    assert (moved.x, moved.y, moved.capture_us) == (0.25, 0.75, 42)
    assert chen.outbox.of(m.PointerMoved) == []


async def test_a_stroke_is_shown_to_all_and_again_to_who_comes_back(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    stroke_id = await chen.done(m.DrawStroke, consult_id=consult_id, **STROKE)
    for one in (doctor, chen):
        drawn = one.outbox.last(m.StrokeDrawn).stroke
        assert (drawn.id, drawn.capture_us) == (stroke_id, STROKE["capture_us"])
    again = await clinic.sign_in(ZHOU)
    await join(again, consult_id)
    assert [one.stroke.id for one in again.outbox.of(m.StrokeDrawn)] == [stroke_id]
    await doctor.refused(m.ClearDrawings, consult_id=consult_id)  # the tab of before has no seat any more
    await again.done(m.ClearDrawings, consult_id=consult_id)
    assert chen.outbox.last(m.DrawingsCleared).consult_id == consult_id
    late = await clinic.sign_in(ZHOU)
    await join(late, consult_id)
    assert late.outbox.of(m.StrokeDrawn) == []


@pytest.mark.parametrize(
    "points", [(), ((0.5, 0.5),), ((0.5, 0.5), (1.5, 0.5)), tuple((0.5, 0.5) for _ in range(201))]
)
async def test_a_stroke_that_cannot_be_drawn_is_refused(
    clinic: Clinic, points: tuple[tuple[float, float], ...]
) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    wrong = STROKE | {"points": points}
    assert await chen.refused(m.DrawStroke, consult_id=consult_id, **wrong) == "out_of_range"
    assert doctor.outbox.of(m.StrokeDrawn) == []


async def test_drawings_have_a_bound(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    for _ in range(MOST_STROKES):
        clinic.clock.pass_s(1)
        await chen.done(m.DrawStroke, consult_id=consult_id, **STROKE)
    assert await chen.refused(m.DrawStroke, consult_id=consult_id, **STROKE) == "too_many_drawings"


async def test_drawings_of_one_binding_are_not_laid_on_the_next_ones_pictures(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)
    await chen.done(m.DrawStroke, consult_id=consult_id, **STROKE)
    await bind(doctor, consult_id)
    again = await clinic.sign_in(CHEN)
    await join(again, consult_id)
    assert again.outbox.of(m.StrokeDrawn) == []


async def test_an_interpreter_is_told_of_no_drawing(clinic: Clinic) -> None:
    doctor, chen, interpreter, observer = [await clinic.sign_in(one) for one in (ZHOU, CHEN, LIN, HE)]
    consult_id = await in_call(clinic, doctor, chen)
    for guest, client in ((LIN, interpreter), (HE, observer)):
        await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=guest.id, resident_agreed=True)
        await join(client, consult_id)
    await chen.done(m.DrawStroke, consult_id=consult_id, **STROKE)
    await chen.notice(m.HoldFrame(consult_id=consult_id, capture_us=7))
    assert len(observer.outbox.of(m.StrokeDrawn)) == 1
    assert observer.outbox.last(m.FrameHeld).capture_us == 7
    assert interpreter.outbox.of(m.StrokeDrawn) == [] and interpreter.outbox.of(m.FrameHeld) == []


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
