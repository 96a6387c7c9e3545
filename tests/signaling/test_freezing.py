"""A room has one frozen picture: the same for both sides, exact once the station's still is there."""

import hashlib

import pytest

from records.ids import StillId
from records.picture_regions import as_value
from records.stills import Calibration
from signaling import messages as m
from signaling import station_messages as s
from signaling.errors import Refused
from signaling.freezing import STILL_WITHIN
from signaling.frozen import MOST_STILLS
from tests.fakes.clinic import Clinic, ask, bind, in_call, join, prepare
from tests.fakes.records import CHEN, HE, LIN, ZHOU
from tests.signaling.stills import AT, PIXELS, about, frozen_for, grey_png, scanned, take
from tests.ultrasound.measuring.frames import plane
from ultrasound.measuring.measured import CalibrationSource

SECOND = 1_000_000


async def test_a_freeze_is_everybodys_at_once_and_the_station_is_asked(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze(room.chen)
    for client in (room.doctor, room.chen):
        frozen = frozen_for(client)
        assert frozen is not None
        assert (frozen.capture_us, frozen.still, frozen.absent) == (AT, None, None)
    (asked,) = room.asked()
    assert (asked.binding_id, asked.capture_us, asked.steps) == (room.binding_id, AT, ())


async def test_the_still_is_told_to_both_with_its_hash(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze(room.doctor)
    still_id = room.asked()[0].still_id
    await room.found(still_id, AT + 3)
    room.put(still_id, AT + 3)
    for client in (room.doctor, room.chen):
        frozen = frozen_for(client)
        assert frozen is not None and frozen.still is not None
        assert frozen.capture_us == frozen.still.capture_us == AT + 3
        assert frozen.still.still_id == still_id
        assert frozen.still.pixels_sha256 == hashlib.sha256(PIXELS.tobytes()).hexdigest()
    for account in (ZHOU, CHEN):
        assert clinic.desk.still(account.id, room.consult_id, still_id).png == grey_png()


async def test_one_who_comes_late_is_told_how_the_picture_stands(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    late = await clinic.sign_in(ZHOU)
    await join(late, room.consult_id)
    frozen = frozen_for(late)
    assert frozen is not None and frozen.still == still


async def test_one_whose_line_was_lost_is_told_how_the_picture_stands(clinic: Clinic) -> None:
    room = await scanned(clinic)
    chen = await clinic.sign_in(CHEN, "tab-of-chen")
    await join(chen, room.consult_id)
    seen = chen.outbox.events[-1].seq
    await clinic.desk.disconnect(chen.line)
    await room.freeze(room.doctor)
    for resume_after in (seen, None):
        back = await clinic.sign_in(CHEN, "tab-of-chen", resume_after=resume_after)
        frozen = frozen_for(back)
        assert frozen is not None and frozen.capture_us == AT


async def test_going_live_is_everybodys(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze(room.chen)
    await room.doctor.done(m.UnfreezePicture, consult_id=room.consult_id)
    assert frozen_for(room.chen) is None and frozen_for(room.doctor) is None
    left = room.told.of(s.LeaveStill)
    assert [one.still_id for one in left] == [room.asked()[0].still_id]
    with pytest.raises(Refused):
        room.put(room.asked()[0].still_id)
    assert frozen_for(room.chen) is None


async def test_of_two_freezes_the_last_one_wins_on_both_sides(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze(room.chen)
    await room.freeze(room.doctor, AT + SECOND)
    first, second = room.asked()
    await room.found(first.still_id)
    with pytest.raises(Refused):
        room.put(first.still_id)
    await room.found(second.still_id, AT + SECOND)
    room.put(second.still_id, AT + SECOND)
    told = [frozen_for(client) for client in (room.doctor, room.chen)]
    assert told[0] == told[1]
    assert told[0] is not None and told[0].still is not None
    assert (told[0].still.still_id, told[0].capture_us) == (second.still_id, AT + SECOND)


@pytest.mark.parametrize("apart_us", [0, 5_000, -8_000])
async def test_two_who_freeze_one_frame_wait_for_one_still(clinic: Clinic, apart_us: int) -> None:
    """Two browsers reckon one frame's time a few milliseconds apart: nothing is asked for or shown twice."""
    room = await scanned(clinic)
    await room.freeze(room.chen)
    drawn = await room.chen.done(
        m.DrawMark,
        consult_id=room.consult_id,
        shape=m.MarkShape.TARGET,
        points=((1.0, 1.0),),
        capture_us=AT,
    )
    await room.freeze(room.doctor, AT + apart_us)
    assert frozen_for(room.doctor) == frozen_for(room.chen)
    (asked,) = room.asked()
    await room.found(asked.still_id, AT + 1_000)
    room.put(asked.still_id, AT + 1_000)
    mark = room.doctor.outbox.last(m.MarkDrawn).mark
    assert (mark.id, mark.capture_us) == (drawn, AT + 1_000), "it goes along with its frame"
    await room.chen.done(m.UndoMark, consult_id=room.consult_id)


async def test_who_freezes_what_is_frozen_already_is_told_how_it_stands(clinic: Clinic) -> None:
    """Back to the frame one came from, before that was told: the page has put the still away and waits."""
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    told = len(room.chen.outbox.of(m.PictureFrozen))
    await room.freeze(room.chen)
    assert len(room.chen.outbox.of(m.PictureFrozen)) == told + 1
    frozen = frozen_for(room.chen)
    assert frozen is not None and frozen.still == still
    assert len(room.asked()) == 1


async def test_a_step_leads_where_the_station_says(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze_exactly(room.chen)
    await room.step(room.doctor, -3)
    before = frozen_for(room.chen)
    assert before is not None and before.capture_us == AT and before.still is not None
    asked = room.asked()[-1]
    assert (asked.capture_us, asked.steps) == (AT, (s.PictureStep(by=-3, unit=m.StepUnit.FRAME),))
    await room.found(asked.still_id, AT - 100_000)
    after = frozen_for(room.chen)
    assert after is not None and (after.capture_us, after.still) == (AT - 100_000, None)
    room.put(asked.still_id, AT - 100_000)
    exact = frozen_for(room.doctor)
    assert exact is not None and exact.still is not None and exact.still.still_id == asked.still_id


async def test_steps_that_are_faster_than_the_line_add_up(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze_exactly(room.chen)
    for _ in range(3):
        await room.step(room.chen, -1)
    await room.step(room.doctor, 1, m.StepUnit.BEAT)
    back, beat = m.StepUnit.FRAME, m.StepUnit.BEAT
    *_, third, fourth = room.asked()
    assert third.steps == (s.PictureStep(by=-3, unit=back),)
    assert fourth.steps == (s.PictureStep(by=-3, unit=back), s.PictureStep(by=1, unit=beat))
    await room.found(third.still_id, AT - 99_000)
    assert (frozen_for(room.doctor) or pytest.fail()).capture_us == AT - 99_000
    await room.step(room.chen, -1)
    asked = room.asked()[-1]
    assert asked.capture_us == AT - 99_000
    assert asked.steps == (s.PictureStep(by=1, unit=beat), s.PictureStep(by=-1, unit=back))


async def test_a_step_that_leads_nowhere_is_told_to_who_took_it_and_changes_nothing(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    await room.step(room.doctor, -1, m.StepUnit.BEAT)
    asked = room.asked()[-1]
    await room.say(
        s.StationStillAbsent(
            binding_id=room.binding_id, still_id=asked.still_id, not_stepped=m.NotStepped.NO_BEATS
        )
    )
    assert room.doctor.outbox.last(m.PictureNotStepped).why is m.NotStepped.NO_BEATS
    assert room.chen.outbox.of(m.PictureNotStepped) == []
    frozen = frozen_for(room.chen)
    assert frozen is not None and frozen.still == still


async def test_a_step_back_to_a_frame_that_is_here_needs_no_second_still(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    await room.step(room.chen, -1)
    await room.found(room.asked()[-1].still_id, AT - 33_000)
    room.put(room.asked()[-1].still_id, AT - 33_000)
    await room.step(room.chen, 1)
    again = room.asked()[-1]
    await room.found(again.still_id, AT)
    frozen = frozen_for(room.doctor)
    assert frozen is not None and frozen.still == still
    assert room.told.of(s.LeaveStill)[-1].still_id == again.still_id


async def test_a_frame_keeps_its_still_when_a_second_one_is_faster_than_the_word_of_it(
    clinic: Clinic,
) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    await room.step(room.chen, -1)
    room.put(room.asked()[-1].still_id, AT - 33_000)
    await room.step(room.chen, 1)
    room.put(room.asked()[-1].still_id, AT)
    frozen = frozen_for(room.doctor)
    assert frozen is not None and (frozen.capture_us, frozen.still) == (AT, still)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"by": 0}, "out_of_range"),
        ({"by": 1001}, "out_of_range"),
        ({"consult_id": "another"}, "not_found"),
    ],
)
async def test_a_step_that_makes_no_sense_is_refused(
    clinic: Clinic, change: dict[str, object], code: str
) -> None:
    room = await scanned(clinic)
    await room.freeze_exactly(room.chen)
    step = {"consult_id": room.consult_id, "by": 1, "unit": m.StepUnit.FRAME} | change
    assert await room.chen.refused(m.StepPicture, **step) == code


async def test_nothing_is_stepped_that_is_not_frozen_and_no_beat_without_an_ecg(clinic: Clinic) -> None:
    room = await scanned(clinic)
    step = {"consult_id": room.consult_id, "by": 1}
    assert await room.chen.refused(m.StepPicture, **step) == "not_frozen"
    await room.freeze(room.chen)
    await room.say(s.StationDevices(ultrasound=m.DeviceState.RUNNING, ecg=m.DeviceState.MISSING))
    assert await room.chen.refused(m.StepPicture, unit=m.StepUnit.BEAT, **step) == "no_beats"


async def test_without_a_picture_nothing_is_frozen(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    assert await chen.refused(m.FreezePicture, consult_id=consult_id, capture_us=AT) == "no_picture"
    wrong = await chen.refused(m.FreezePicture, consult_id=consult_id, capture_us=0)
    assert wrong == "out_of_range"


async def test_a_station_without_a_scanner_has_no_picture(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.say(s.StationDevices(ultrasound=m.DeviceState.MISSING, ecg=m.DeviceState.RUNNING))
    refused = await room.chen.refused(m.FreezePicture, consult_id=room.consult_id, capture_us=AT)
    assert refused == "no_picture"


async def test_a_capture_card_has_no_ring_and_giving_it_back_goes_live(clinic: Clinic) -> None:
    room = await scanned(clinic)
    on = {"consult_id": room.consult_id, "resident_confirmed": True}
    await room.doctor.done(m.PublishUltrasound, on=True, **on)
    await room.freeze(room.chen)
    frozen = frozen_for(room.doctor)
    assert frozen is not None and frozen.absent is m.StillAbsence.NO_RING
    assert room.asked() == []
    assert await room.chen.refused(m.StepPicture, consult_id=room.consult_id, by=1) == "no_ring"
    await room.doctor.done(m.PublishUltrasound, on=False, **on)
    assert frozen_for(room.doctor) is None


async def test_a_frame_that_is_gone_stays_live_and_says_why(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze(room.chen)
    gone = m.StillAbsence.GONE_FROM_RING
    await room.say(
        s.StationStillAbsent(binding_id=room.binding_id, still_id=room.asked()[0].still_id, absent=gone)
    )
    frozen = frozen_for(room.doctor)
    assert frozen is not None and (frozen.absent, frozen.still) == (gone, None)


async def test_a_station_that_is_lost_half_way_is_asked_again_when_it_is_back(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze(room.chen)
    await clinic.desk.station_disconnect(room.line)
    lost = frozen_for(room.doctor)
    assert lost is not None and lost.absent is m.StillAbsence.STATION_LOST
    room.line, room.told = await clinic.station()
    asked = frozen_for(room.chen)
    assert asked is not None and (asked.absent, asked.still) == (None, None)
    room.put(room.asked()[0].still_id)
    there = frozen_for(room.doctor)
    assert there is not None and there.still is not None


async def test_a_still_that_does_not_come_is_given_up(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze(room.chen)
    await clinic.tick(STILL_WITHIN.total_seconds() - 1)
    waiting = frozen_for(room.doctor)
    assert waiting is not None and waiting.absent is None
    await clinic.tick(1)
    late = frozen_for(room.doctor)
    assert late is not None and late.absent is m.StillAbsence.TOO_SLOW
    room.put(room.asked()[0].still_id)  # it comes after all
    there = frozen_for(room.chen)
    assert there is not None and there.still is not None and there.absent is None


async def test_another_binding_goes_live_and_takes_no_still_of_the_one_before(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    await room.freeze(room.chen, AT + SECOND)
    before, asked = room.binding_id, room.asked()[-1]
    await room.bind()
    assert frozen_for(room.doctor) is None and frozen_for(room.chen) is None
    await room.freeze(room.chen, AT + SECOND)
    for binding_id in (before, room.binding_id):
        with pytest.raises(Refused):
            take(clinic, asked.still_id, about(binding_id, AT + SECOND))
    frozen = frozen_for(room.doctor)
    assert frozen is not None and frozen.still is None
    assert clinic.desk.still(CHEN.id, room.consult_id, still.still_id).binding_id == before


async def test_a_released_station_leaves_nothing_frozen(clinic: Clinic) -> None:
    room = await scanned(clinic)
    await room.freeze_exactly(room.chen)
    await room.doctor.done(m.ReleaseStation, binding_id=room.binding_id)
    assert frozen_for(room.chen) is None
    assert await room.chen.refused(m.FreezePicture, consult_id=room.consult_id, capture_us=AT) == "no_picture"


async def test_no_still_of_one_consult_is_seen_in_another(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    other = await ask(room.doctor, beside_open=True)
    await prepare(room.doctor, other)
    await room.chen.done(m.AcceptConsult, consult_id=other)
    await join(room.chen, other)
    with pytest.raises(Refused):
        clinic.desk.still(CHEN.id, other, still.still_id)
    await room.doctor.done(m.ReleaseStation, binding_id=room.binding_id)
    await join(room.doctor, other)
    binding_id = await bind(room.doctor, other)
    await room.chen.done(m.FreezePicture, consult_id=other, capture_us=AT)
    asked = room.asked()[-1]
    assert asked.binding_id == binding_id  # the same instant, and yet nothing of the other resident's
    frozen = frozen_for(room.doctor)
    assert frozen is not None and frozen.still is None


async def test_who_receives_no_picture_is_told_of_none_and_fetches_none(clinic: Clinic) -> None:
    room = await scanned(clinic)
    interpreter, observer = await clinic.sign_in(LIN), await clinic.sign_in(HE)
    for guest, client in ((LIN, interpreter), (HE, observer)):
        invited = {"consult_id": room.consult_id, "account_id": guest.id, "resident_agreed": True}
        await room.doctor.done(m.InviteGuest, **invited)
        await join(client, room.consult_id)
    still = await room.freeze_exactly(room.chen)
    assert interpreter.outbox.of(m.PictureFrozen) == []
    assert (frozen_for(observer) or pytest.fail()).still == still
    assert await observer.refused(m.UnfreezePicture, consult_id=room.consult_id) == "not_allowed"
    assert clinic.desk.still(HE.id, room.consult_id, still.still_id).card == still
    with pytest.raises(Refused):
        clinic.desk.still(LIN.id, room.consult_id, still.still_id)


async def test_a_room_keeps_its_newest_stills_and_none_after_its_end(clinic: Clinic) -> None:
    room = await scanned(clinic)
    cards = [await room.freeze_exactly(room.chen, AT + at * SECOND) for at in range(MOST_STILLS + 1)]
    with pytest.raises(Refused):
        clinic.desk.still(CHEN.id, room.consult_id, cards[0].still_id)
    for card in cards[1:]:
        assert clinic.desk.still(CHEN.id, room.consult_id, card.still_id).card == card
    clinic.clock.pass_s(1)
    await room.chen.done(m.EndConsult, consult_id=room.consult_id)
    with pytest.raises(Refused):
        clinic.desk.still(CHEN.id, room.consult_id, cards[-1].still_id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 5},
        {"grey": False},
        {"pixels_sha256": "0" * 63},
        {"pixels_sha256": "Z" * 64},
        {"capture_us": AT + 9000},
        {"frame_number": -1},
    ],
)
async def test_a_still_that_is_not_what_it_says_is_refused(clinic: Clinic, wrong: dict[str, object]) -> None:
    room = await scanned(clinic)
    await room.freeze(room.chen)
    with pytest.raises(Refused):
        take(clinic, room.asked()[0].still_id, about(room.binding_id, **wrong))
    frozen = frozen_for(room.chen)
    assert frozen is not None and frozen.still is None


async def test_a_scale_that_is_from_nowhere_is_refused(clinic: Clinic) -> None:
    region = as_value(plane(0, 0, 3, 2))
    nowhere = Calibration(source=CalibrationSource.NONE, regions=(region,))
    room = await scanned(clinic)
    await room.freeze(room.chen)
    still_id = room.asked()[-1].still_id
    with pytest.raises(Refused):
        room.put(still_id, calibration=nowhere)
    room.put(still_id, calibration=Calibration(source=CalibrationSource.RULER, regions=(region,)))
    frozen = frozen_for(room.chen)
    assert frozen is not None and frozen.still is not None


async def test_what_nobody_asked_for_is_refused(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    for still_id in (still.still_id, StillId("f" * 32)):  # it is there already; it never was asked for
        with pytest.raises(Refused):
            room.put(still_id)
    await room.found("f" * 32)
    assert room.told.last(s.StationRefused).code == "not_found"
