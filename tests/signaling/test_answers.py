"""Asking and answering: races, repeats, returning, handing over, adding, declining."""

import asyncio
import datetime as dt

import msgspec
import pytest

from records.accounts import Presence
from records.consults import ConsultState, EcgRecording, Urgency
from records.emergency import DURATION, EmergencyAccess
from records.ids import ConsultId, ReadingId, RecordingId
from records.ledger import Ledger
from records.residents import Reading, ReadingKind, ReadingSource
from signaling import changes
from signaling import messages as m
from tests.fakes.clinic import Clinic, ask, in_call, join, prepare
from tests.fakes.records import (
    CHEN,
    HAN,
    LI_JIANGUO,
    SHEN_YULAN,
    STATION,
    SUN,
    ULTRASOUND,
    WANG_XIUYING,
    WU,
    ZHAO,
    ZHOU,
)


async def test_of_two_who_accept_in_the_same_instant_exactly_one_wins(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    for _ in range(10):
        consult_id = await ask(doctor)
        answers = await asyncio.gather(
            chen.send(m.AcceptConsult, consult_id=consult_id),
            zhao.send(m.AcceptConsult, consult_id=consult_id),
        )
        assert sorted(type(one).__name__ for one in answers) == ["Done", "Refused"]
        winner = CHEN if isinstance(answers[0], m.Done) else ZHAO
        refused = next(one for one in answers if isinstance(one, m.Refused))
        assert refused.code == "taken_by_another"
        assert (await clinic.consult(consult_id)).specialist_id == winner.id
        loser = zhao if winner is CHEN else chen
        assert loser.card(consult_id) is None
        gone = loser.outbox.last(m.ConsultGone)
        assert (gone.consult_id, gone.why) == (consult_id, m.GoneWhy.TAKEN)


async def test_a_repeat_of_a_command_does_nothing_and_gets_the_first_answer(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    command = m.RequestConsult(
        id="asked-once",
        resident_id=LI_JIANGUO.id,
        specialty=CHEN.specialties[0],
        urgency=Urgency.ROUTINE,
        question="气短",
    )
    first = await doctor.repeat(command)
    assert await doctor.repeat(command) == first
    again = await clinic.sign_in(ZHOU)  # from another tab, after a lost answer
    assert await again.repeat(command) == first
    assert len(await clinic.records.read(lambda ledger: ledger.consults.open())) == 1


async def test_a_repeat_of_a_refused_command_is_refused_again_even_when_it_would_do_now(
    clinic: Clinic,
) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    entering = m.JoinRoom(id="too-early", consult_id=consult_id, microphone_on=True, camera_on=True)
    first = await doctor.repeat(entering)
    assert isinstance(first, m.Refused)
    await prepare(doctor, consult_id)
    assert await doctor.repeat(entering) == first
    assert await chen.refused(m.AcceptConsult, consult_id="no such consult") == "not_found"


async def test_two_people_may_use_the_same_command_id(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    assert isinstance(await chen.repeat(m.AcceptConsult(id="same-id-1", consult_id=consult_id)), m.Done)
    answer = await doctor.repeat(m.SayChat(id="same-id-1", consult_id=consult_id, text="谢谢"))
    assert isinstance(answer, m.Done)
    assert chen.outbox.last(m.ChatSaid).line.text == "谢谢"


async def test_a_returned_request_that_is_supplied_keeps_its_place(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    first = await ask(doctor)
    since = (await clinic.consult(first)).waiting_since
    clinic.clock.pass_s(60)
    second = await ask(doctor, resident_id=LI_JIANGUO.id)
    await chen.done(m.ReturnConsult, consult_id=first, reason="请补充用药史")
    owed = doctor.card(first)
    assert owed is not None and owed.state is ConsultState.RETURNED and owed.reason == "请补充用药史"
    assert chen.card(first) is None
    moved_up = doctor.card(second)
    assert moved_up is not None and moved_up.place == 1
    clinic.clock.pass_s(60)
    await doctor.done(m.SupplyInformation, consult_id=first, question="胸闷，服用阿司匹林")
    back, behind = chen.card(first), chen.card(second)
    assert back is not None and behind is not None
    assert (back.place, behind.place) == (1, 2) and back.waiting_since == since
    assert back.rings_me and back.question == "胸闷，服用阿司匹林"


async def test_a_handed_over_consult_rings_only_the_other_until_she_takes_it(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await in_call(clinic, doctor, chen)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="需要超声会诊")
    offered = zhao.card(consult_id)
    assert offered is not None and offered.rings_me
    still = chen.card(consult_id)
    assert still is not None and not still.rings_me
    assert len(clinic.media.open_in(consult_id)) == 2  # nobody is left alone meanwhile
    await zhao.done(m.AcceptConsult, consult_id=consult_id)
    assert chen.outbox.last(m.RoomClosed).reason == "moved_out"
    assert chen.card(consult_id) is None
    await join(zhao, consult_id)
    consult = await clinic.consult(consult_id)
    assert (consult.state, consult.specialist_id) == (ConsultState.IN_CALL, ZHAO.id)


async def test_a_hand_over_that_is_declined_goes_to_the_specialty(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await ask(doctor, specialist_id=ZHAO.id)
    meant_for_another = chen.card(consult_id)
    assert meant_for_another is not None and not meant_for_another.rings_me
    await zhao.done(m.DeclineConsult, consult_id=consult_id, reason="正在手术")
    for_her_now, declined = chen.card(consult_id), zhao.card(consult_id)
    assert for_her_now is not None and for_her_now.rings_me
    assert declined is not None and not declined.rings_me


async def test_a_decline_leaves_others_ringing_and_needs_a_reason(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await ask(doctor)
    assert await chen.refused(m.DeclineConsult, consult_id=consult_id, reason="  ") == "reason_needed"
    await chen.done(m.DeclineConsult, consult_id=consult_id, reason="不在科室")
    hers, others = chen.card(consult_id), zhao.card(consult_id)
    assert hers is not None and others is not None
    assert not hers.rings_me and others.rings_me


async def test_a_second_specialist_is_rung_into_the_room_and_may_decline(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await in_call(clinic, doctor, chen)
    await chen.done(m.AddSpecialist, consult_id=consult_id, specialist_id=ZHAO.id)
    adding = {"consult_id": consult_id, "specialist_id": ZHAO.id}
    assert await chen.refused(m.AddSpecialist, **adding) == "already_in_consult"
    card = zhao.card(consult_id)
    assert card is not None and card.rings_me
    await join(zhao, consult_id)
    card = zhao.card(consult_id)
    assert card is not None and not card.rings_me
    await zhao.done(m.DeclineConsult, consult_id=consult_id, reason="另有急诊")
    assert zhao.card(consult_id) is None
    assert len(clinic.media.open_in(consult_id)) == 2


async def test_only_an_active_specialist_can_be_named(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    for nobody in (WU.id, STATION.id, HAN.id, "nobody"):
        naming = {"consult_id": consult_id, "specialist_id": nobody}
        assert await chen.refused(m.AddSpecialist, **naming) == "no_such_specialist"
        assert await chen.refused(m.HandOver, **naming, reason="换人") == "no_such_specialist"


async def test_a_cancelled_request_leaves_every_list(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    assert await doctor.refused(m.CancelConsult, consult_id=consult_id, reason="") == "reason_needed"
    await doctor.done(m.CancelConsult, consult_id=consult_id, reason="居民已转院")
    assert chen.card(consult_id) is None
    assert chen.outbox.last(m.ConsultGone).why is m.GoneWhy.CANCELLED
    card = doctor.card(consult_id)
    assert card is not None and card.state is ConsultState.CANCELLED
    assert await chen.refused(m.AcceptConsult, consult_id=consult_id) == "wrong_state"


async def test_an_administrator_ends_a_session_with_a_reason_both_sides_see(clinic: Clinic) -> None:
    doctor, chen, administrator = [await clinic.sign_in(one) for one in (ZHOU, CHEN, HAN)]
    consult_id = await in_call(clinic, doctor, chen)
    await administrator.done(m.ForceEnd, consult_id=consult_id, reason="线路检修")
    assert {one.outbox.last(m.RoomClosed).reason for one in (doctor, chen)} == {"线路检修"}
    assert await clinic.state(consult_id) is ConsultState.OPINION_DUE
    assert administrator.card(consult_id) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"question": " \n"}, "question_needed"),
        ({"question": "长" * 501}, "text_too_long"),
        ({"specialty": "astrology"}, "no_such_specialty"),
        ({"resident_id": "nobody"}, "not_found"),
        ({"resident_id": SHEN_YULAN.id}, "not_found"),  # of another institution
        ({"specialist_id": ZHOU.id}, "no_such_specialist"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_a_request_that_cannot_be_is_refused_and_leaves_nothing(
    clinic: Clinic, fields: dict[str, str], code: str
) -> None:
    doctor = await clinic.sign_in(ZHOU)
    asked = {
        "resident_id": LI_JIANGUO.id,
        "specialty": ULTRASOUND,
        "urgency": Urgency.ROUTINE,
        "question": "腹痛",
    }
    assert await doctor.refused(m.RequestConsult, **(asked | fields)) == code
    assert await clinic.records.read(lambda ledger: ledger.consults.open()) == ()


async def test_who_is_not_of_a_consult_can_do_nothing_to_it(clinic: Clinic) -> None:
    doctor, stranger = await clinic.sign_in(ZHOU), await clinic.sign_in(SUN)
    consult_id = await ask(doctor)
    before = await clinic.consult(consult_id)
    assert stranger.card(consult_id) is None
    for kind, fields in (
        (m.CancelConsult, {"reason": "不需要"}),
        (m.SupplyInformation, {"question": "改写"}),
        (m.SayChat, {"text": "你好"}),
        (m.EndConsult, {}),
        (m.AcknowledgeOpinion, {}),
        (m.RestartMedia, {}),
        (m.SetMuted, {"microphone_on": True, "camera_on": True}),
        (m.LeaveRoom, {}),
    ):
        code = await stranger.refused(kind, consult_id=consult_id, **fields)
        assert code == "not_found", kind
    assert await clinic.consult(consult_id) == before


async def test_a_busy_specialist_sees_the_request_without_being_rung(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await chen.done(m.SetPresence, presence=Presence.BUSY)
    changed = doctor.outbox.last(m.SpecialistChanged).specialist
    assert changed.presence == "busy" and changed.connected
    consult_id = await ask(doctor)
    card = chen.card(consult_id)
    assert card is not None and not card.rings_me
    await chen.done(m.SetPresence, presence=Presence.AVAILABLE)
    card = chen.card(consult_id)
    assert card is not None and card.rings_me


async def test_a_specialist_in_a_call_is_not_rung_but_sees_it(clinic: Clinic) -> None:
    doctor, chen, _ = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    await in_call(clinic, doctor, chen)
    consult_id = await ask(doctor, resident_id=LI_JIANGUO.id)
    card = chen.card(consult_id)
    assert card is not None and not card.rings_me


async def test_only_its_own_specialist_disposes_of_a_consult(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await ask(doctor)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    await chen.done(m.AddSpecialist, consult_id=consult_id, specialist_id=ZHAO.id)
    handing = {"consult_id": consult_id, "specialist_id": ZHAO.id, "reason": "我来"}
    assert await zhao.refused(m.HandOver, **handing) == "not_allowed"
    assert await zhao.refused(m.ReturnConsult, consult_id=consult_id, reason="资料不足") == "not_allowed"
    assert await zhao.refused(m.AcceptConsult, consult_id=consult_id) == "taken_by_another"
    await chen.done(m.ReturnConsult, consult_id=consult_id, reason="资料不足")


async def test_who_was_turned_out_of_a_consult_sits_in_its_room_no_more(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)

    def take_away(ledger: Ledger) -> None:
        consult = ledger.consults.get(consult_id)
        ledger.consults.save(
            msgspec.structs.replace(consult, specialist_id=ZHAO.id, version=consult.version + 1)
        )

    await clinic.records.write(take_away)
    await clinic.desk.announce_consult(consult_id)
    assert chen.outbox.last(m.RoomClosed).reason == "moved_out"
    assert [peer.closed for peer in clinic.media.peers.values()] == [False, True]


async def test_a_consult_ended_elsewhere_closes_its_room(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)

    def end(ledger: Ledger) -> None:
        ledger.consults.save(
            changes.ended(ledger.consults.get(consult_id), clinic.clock(), clinic.settings.opinion_within)
        )

    await clinic.records.write(end)
    await clinic.desk.announce_consult(consult_id)
    assert clinic.media.open_in(consult_id) == []
    assert doctor.outbox.last(m.RoomClosed).consult_id == consult_id


async def test_a_typed_reading_comes_to_everyone_of_the_consult(clinic: Clinic) -> None:
    doctor, chen, sun = [await clinic.sign_in(one) for one in (ZHOU, CHEN, SUN)]
    consult_id = await ask(doctor)
    reading = Reading(
        id=ReadingId("r1"),
        resident_id=WANG_XIUYING.id,
        kind=ReadingKind.SYSTOLIC_PRESSURE,
        value=168,
        source=ReadingSource.TYPED,
        measured_at=clinic.clock(),
        entered_by=ZHOU.id,
    )
    await clinic.records.write(lambda ledger: ledger.readings.add(reading))
    await clinic.desk.announce_reading(reading)
    assert chen.outbox.last(m.ReadingTaken).reading == reading
    card = chen.card(consult_id)
    assert card is not None and card.readings == (reading,)
    assert sun.outbox.of(m.ReadingTaken) == []


async def test_the_latest_ecg_goes_along_and_the_one_before_is_at_hand(clinic: Clinic) -> None:
    def add(ledger: Ledger) -> None:
        for days_ago in (300, 2):
            ledger.recordings.add(_recording(clinic, days_ago))

    await clinic.records.write(add)
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    card = chen.card(consult_id)
    assert card is not None
    assert (card.recording_id, card.prior_recording_id) == ("ecg-2", "ecg-300")


def _recording(clinic: Clinic, days_ago: int) -> EcgRecording:
    return EcgRecording(
        id=RecordingId(f"ecg-{days_ago}"),
        resident_id=WANG_XIUYING.id,
        binding_id=None,
        consult_id=None,
        stream_id=days_ago,
        started_at=clinic.clock() - dt.timedelta(days=days_ago),
        rate_hz=500,
        nv_per_lsb=2500,
        leads=("I", "II"),
        sample_count=5000,
        missing_samples=0,
        complete=True,
        simulated=False,
    )


async def test_a_returned_request_has_no_room(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    await join(doctor, consult_id)  # the asking side may wait in the room
    await chen.done(m.ReturnConsult, consult_id=consult_id, reason="请补充")
    assert doctor.outbox.last(m.RoomClosed).reason == "请补充"
    entering = {"consult_id": consult_id, "microphone_on": True, "camera_on": True}
    assert await doctor.refused(m.JoinRoom, **entering) == "wrong_state"
    assert clinic.media.open_in(consult_id) == []


async def test_emergency_access_lets_another_institution_ask_while_it_runs(clinic: Clinic) -> None:
    sun = await clinic.sign_in(SUN)
    access = EmergencyAccess(
        id="e1",
        resident_id=WANG_XIUYING.id,
        account_id=SUN.id,
        reason="昏迷送来",
        granted_at=clinic.clock(),
        expires_at=clinic.clock() + DURATION,
    )
    await clinic.records.write(lambda ledger: ledger.emergency_accesses.add(access))
    consult_id = await ask(sun)
    await sun.done(m.CancelConsult, consult_id=consult_id, reason="已转院")
    clinic.clock.pass_s(DURATION.total_seconds() + 1)
    asked = {"specialty": CHEN.specialties[0], "urgency": Urgency.ROUTINE, "question": "复查"}
    code = await sun.refused(m.RequestConsult, resident_id=WANG_XIUYING.id, **asked)
    assert code == "not_found"


async def test_lines_by_others_are_unread_until_one_writes_oneself(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    for text in ("血压 168/96", "疼痛放射到左臂"):
        await doctor.done(m.SayChat, consult_id=consult_id, text=text)
        clinic.clock.pass_s(1)
    assert await _unread(clinic, consult_id) == 2
    await chen.done(m.SayChat, consult_id=consult_id, text="马上看")
    clinic.clock.pass_s(1)
    assert await _unread(clinic, consult_id) == 0
    await doctor.done(m.SayChat, consult_id=consult_id, text="谢谢")
    assert await _unread(clinic, consult_id) == 1


async def _unread(clinic: Clinic, consult_id: str) -> int:
    snapshot = (await clinic.sign_in(CHEN)).outbox.last(m.Welcome).snapshot
    assert snapshot is not None
    return snapshot.unread_chat[ConsultId(consult_id)]
