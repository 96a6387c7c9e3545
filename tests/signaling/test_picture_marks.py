"""Marks are bound to a frame, in captured pixels; calipers go on an exact still only."""

import math

import pytest

from records.ids import StillId
from signaling import messages as m
from signaling.picture_marks import MOST_MARKS
from tests.fakes.clinic import Clinic, join
from tests.fakes.records import HE, LIN, ZHOU
from tests.signaling.stills import AT, Scanned, scanned

ARROW = {"shape": m.MarkShape.ARROW, "points": ((10.0, 20.0), (30.5, 40.25)), "capture_us": AT}
POINT = {"points": ((5.0, 5.0),), "capture_us": AT}
CALIPERS = m.PictureCalipers(tool=m.PictureTool.DISTANCE, points=((0.0, 0.0), (3.0, 2.0)))


async def frozen_room(clinic: Clinic) -> Scanned:
    """A room whose picture stands still, not exact yet."""
    room = await scanned(clinic)
    await room.freeze(room.chen)
    return room


async def test_a_mark_on_the_frozen_picture_is_shown_to_all_and_to_who_comes_late(clinic: Clinic) -> None:
    room = await frozen_room(clinic)
    mark_id = await room.chen.done(m.DrawMark, consult_id=room.consult_id, **ARROW)
    for client in (room.doctor, room.chen):
        mark = client.outbox.last(m.MarkDrawn).mark
        assert (mark.id, mark.points, mark.capture_us) == (mark_id, ARROW["points"], AT)
    late = await clinic.sign_in(ZHOU)
    await join(late, room.consult_id)
    assert [one.mark.id for one in late.outbox.of(m.MarkDrawn)] == [mark_id]


async def test_marks_stay_with_their_frame_when_the_picture_steps_on(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze_exactly(room.chen)
    await room.chen.done(m.DrawMark, consult_id=room.consult_id, **ARROW)
    await room.step(room.doctor, -1)
    await room.found(room.asked()[-1].still_id, AT - 33_000)
    assert await room.chen.refused(m.DrawMark, consult_id=room.consult_id, **ARROW) == "frame_changed"
    await room.chen.done(m.DrawMark, consult_id=room.consult_id, **(ARROW | {"capture_us": AT - 33_000}))
    await room.doctor.done(m.ClearMarks, consult_id=room.consult_id)
    assert room.chen.outbox.last(m.MarksCleared).capture_us == AT - 33_000
    late = await clinic.sign_in(ZHOU)
    await join(late, room.consult_id)
    assert [one.mark.capture_us for one in late.outbox.of(m.MarkDrawn)] == [AT]


async def test_a_mark_made_before_the_frame_was_known_exactly_goes_along(clinic: Clinic) -> None:
    room = await frozen_room(clinic)
    mark_id = await room.chen.done(m.DrawMark, consult_id=room.consult_id, **ARROW)
    await room.found(room.asked()[0].still_id, AT - 4000)
    again = room.doctor.outbox.last(m.MarkDrawn).mark
    assert (again.id, again.capture_us) == (mark_id, AT - 4000)
    await room.doctor.done(m.DrawMark, consult_id=room.consult_id, **ARROW)  # it had not heard it yet
    assert room.chen.outbox.last(m.MarkDrawn).mark.capture_us == AT - 4000


async def test_a_mark_on_the_moving_picture_passes_and_is_not_kept(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.chen.done(m.DrawMark, consult_id=room.consult_id, fades=True, **ARROW)
    assert room.doctor.outbox.last(m.MarkPassing).mark.capture_us == AT
    late = await clinic.sign_in(ZHOU)
    await join(late, room.consult_id)
    assert late.outbox.of(m.MarkDrawn) == late.outbox.of(m.MarkPassing) == []
    assert await room.chen.refused(m.DrawMark, consult_id=room.consult_id, **ARROW) == "not_frozen"
    await room.freeze(room.chen)
    still = await room.chen.refused(m.DrawMark, consult_id=room.consult_id, fades=True, **ARROW)
    assert still == "frame_changed"


async def test_one_takes_back_ones_own_last_mark_and_nobody_elses(clinic: Clinic) -> None:
    room = await frozen_room(clinic)
    ids = [await room.chen.done(m.DrawMark, consult_id=room.consult_id, **ARROW) for _ in range(2)]
    await room.doctor.done(m.DrawMark, consult_id=room.consult_id, **ARROW)
    for mark_id in reversed(ids):
        await room.chen.done(m.UndoMark, consult_id=room.consult_id)
        assert room.doctor.outbox.last(m.MarkUndone).mark_id == mark_id
    assert await room.chen.refused(m.UndoMark, consult_id=room.consult_id) == "nothing_to_undo"


async def test_text_is_bounded_and_stands_only_where_text_is(clinic: Clinic) -> None:
    room = await frozen_room(clinic)
    text = {"consult_id": room.consult_id, "shape": m.MarkShape.TEXT} | POINT
    await room.chen.done(m.DrawMark, text=" 左室 ", **text)
    assert room.doctor.outbox.last(m.MarkDrawn).mark.text == "左室"
    assert await room.chen.refused(m.DrawMark, text=" ", **text) == "text_needed"
    assert await room.chen.refused(m.DrawMark, text="左" * 81, **text) == "text_too_long"
    assert await room.chen.refused(m.DrawMark, text="左\n室", **text) == "out_of_range"
    drawn = {"consult_id": room.consult_id, "text": "左室"} | ARROW
    assert await room.chen.refused(m.DrawMark, **drawn) == "out_of_range"


@pytest.mark.parametrize(
    ("shape", "points"),
    [
        ("arrow", ((1.0, 1.0),)),
        ("arrow", ((1.0, 1.0),) * 3),
        ("freehand", ((1.0, 1.0),) * 201),
        ("freehand", ((1.0, 1.0),)),
        ("circle", ((1.0, 1.0),)),
        ("target", ((1.0, 1.0), (2.0, 2.0))),
        ("target", ()),
        ("target", ((640.0, 10.0),)),
        ("target", ((10.0, 479.6),)),
        ("target", ((-0.6, 10.0),)),
        ("target", ((math.nan, 10.0),)),
    ],
)
async def test_a_mark_that_cannot_be_drawn_is_refused(
    clinic: Clinic, shape: str, points: tuple[tuple[float, float], ...]
) -> None:
    room = await frozen_room(clinic)
    drawn = {"shape": m.MarkShape(shape), "points": points, "capture_us": AT}
    assert await room.chen.refused(m.DrawMark, consult_id=room.consult_id, **drawn) == "out_of_range"
    assert room.doctor.outbox.of(m.MarkDrawn) == []


async def test_the_outermost_pixels_whole_area_can_be_marked(clinic: Clinic) -> None:
    room = await frozen_room(clinic)
    corners = {"shape": m.MarkShape.ARROW, "points": ((-0.5, -0.5), (639.5, 479.5)), "capture_us": AT}
    await room.chen.done(m.DrawMark, consult_id=room.consult_id, **corners)


async def test_marks_on_a_frame_have_a_bound(clinic: Clinic) -> None:
    room = await frozen_room(clinic)
    for _ in range(MOST_MARKS):
        clinic.clock.pass_s(0.1)
        await room.chen.done(m.DrawMark, consult_id=room.consult_id, **ARROW)
    assert await room.chen.refused(m.DrawMark, consult_id=room.consult_id, **ARROW) == "too_many_drawings"


async def test_an_interpreter_is_told_of_no_mark(clinic: Clinic) -> None:
    room = await scanned(clinic)
    interpreter, observer = await clinic.sign_in(LIN), await clinic.sign_in(HE)
    for guest, client in ((LIN, interpreter), (HE, observer)):
        invited = {"consult_id": room.consult_id, "account_id": guest.id, "resident_agreed": True}
        await room.doctor.done(m.InviteGuest, **invited)
        await join(client, room.consult_id)
    await room.chen.done(m.DrawMark, consult_id=room.consult_id, fades=True, **ARROW)
    await room.freeze(room.chen)
    await room.chen.done(m.DrawMark, consult_id=room.consult_id, **ARROW)
    assert len(observer.outbox.of(m.MarkPassing)) == len(observer.outbox.of(m.MarkDrawn)) == 1
    told = (m.MarkPassing, m.MarkDrawn, m.MarksCleared)
    assert [interpreter.outbox.of(kind) for kind in told] == [[], [], []]
    assert await observer.refused(m.DrawMark, consult_id=room.consult_id, **ARROW) == "not_allowed"


async def test_marks_of_one_binding_are_not_laid_on_the_next_ones_pictures(clinic: Clinic) -> None:
    room = await frozen_room(clinic)
    await room.chen.done(m.DrawMark, consult_id=room.consult_id, **ARROW)
    await room.bind()
    assert room.doctor.outbox.last(m.MarksCleared).capture_us is None
    late = await clinic.sign_in(ZHOU)
    await join(late, room.consult_id)
    assert late.outbox.of(m.MarkDrawn) == []


async def test_calipers_on_an_exact_still_come_to_the_others_as_they_move(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    here = {"consult_id": room.consult_id, "still_id": still.still_id}
    await room.chen.notice(m.MeasurePicture(calipers=CALIPERS, **here))
    assert room.doctor.outbox.last(m.PictureMeasured).calipers == CALIPERS
    await room.chen.notice(m.MeasurePicture(calipers=None, **here))
    assert room.doctor.outbox.last(m.PictureMeasured).calipers is None
    assert room.chen.outbox.of(m.PictureMeasured) == []


async def test_nothing_is_measured_that_is_not_exact(clinic: Clinic) -> None:
    room = await frozen_room(clinic)
    for still_id in (room.asked()[0].still_id, StillId("f" * 32)):
        await room.chen.notice(
            m.MeasurePicture(consult_id=room.consult_id, still_id=still_id, calipers=CALIPERS)
        )
        assert room.chen.outbox.last(m.Refused).code == "not_exact"
    still = await room.freeze_exactly(room.chen, AT + 1_000_000)
    for points in ((), ((4.0, 0.0),), ((0.0, math.inf),), ((0.0, 0.0),) * 513):
        wrong = m.PictureCalipers(tool=m.PictureTool.DISTANCE, points=points)
        await room.chen.notice(
            m.MeasurePicture(consult_id=room.consult_id, still_id=still.still_id, calipers=wrong)
        )
        assert room.chen.outbox.last(m.Refused).code == "out_of_range"
    assert room.doctor.outbox.of(m.PictureMeasured) == []
