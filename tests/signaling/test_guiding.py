"""Guiding the hand: asked by the specialist, answered by the operator, said when nobody answers, and kept."""

from typing import Any

import pytest

from records.audit import Action
from records.guiding import (
    CannotReason,
    Guiding,
    GuidingEvent,
    GuidingState,
    Movement,
    ProbeWord,
    Toward,
)
from records.ids import ConsultId
from records.scanner_controls import ScannerControl
from signaling import acts
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, in_call, join
from tests.fakes.records import CHEN, HE, LIN, WU, ZHAO, ZHOU

TILT = ProbeWord(movement=Movement.TILT, toward=Toward.HEAD)
SLIDE = ProbeWord(movement=Movement.SLIDE, toward=Toward.TO_MARKER, little=True)
SEEN, DONE, CANNOT = GuidingEvent.SEEN, GuidingEvent.DONE, GuidingEvent.CANNOT


async def call(clinic: Clinic) -> tuple[Client, Client, ConsultId]:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    return doctor, chen, await in_call(clinic, doctor, chen)


async def guide(client: Client, consult_id: str, word: ProbeWord = TILT) -> str:
    return await client.done(m.GuideProbe, consult_id=consult_id, word=word)


async def answer(client: Client, consult_id: str, guiding_id: str, said: GuidingEvent, **more: Any) -> None:
    await client.done(m.AnswerGuiding, consult_id=consult_id, guiding_id=guiding_id, answer=said, **more)


def shown(client: Client) -> list[m.GuidingView]:
    return list(client.outbox.last(m.RoomChanged).room.guiding)


async def kept(clinic: Clinic, consult_id: ConsultId) -> tuple[Guiding, ...]:
    return await clinic.records.read(lambda ledger: ledger.guidings.of_consult(consult_id))


async def test_a_word_comes_to_both_sides_with_who_asked_and_when(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    guiding_id = await guide(chen, consult_id)
    (one,) = shown(doctor)
    assert (one.id, one.word, one.control, one.state) == (guiding_id, TILT, None, GuidingState.ASKED)
    assert (one.guide_name, one.asked_at, one.answered_by) == (CHEN.display_name, clinic.clock.now, "")
    assert shown(chen) == [one]


async def test_seen_and_done_come_back_to_the_guide(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    guiding_id = await guide(chen, consult_id)
    await answer(doctor, consult_id, guiding_id, SEEN)
    assert [(one.state, one.answered_by) for one in shown(chen)] == [(GuidingState.SEEN, ZHOU.display_name)]
    await answer(doctor, consult_id, guiding_id, DONE)
    assert [one.state for one in shown(chen)] == [GuidingState.DONE]


async def test_what_cannot_be_says_why(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    of = {"consult_id": consult_id, "guiding_id": await guide(chen, consult_id), "answer": CANNOT}
    assert await doctor.refused(m.AnswerGuiding, **of) == "reason_needed"
    await doctor.done(m.AnswerGuiding, reason=CannotReason.PAIN, **of)
    assert [(one.state, one.reason) for one in shown(chen)] == [(GuidingState.CANNOT, CannotReason.PAIN)]


async def test_nothing_but_the_three_answers_is_one(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    of = {"consult_id": consult_id, "guiding_id": await guide(chen, consult_id)}
    for wrong in set(GuidingEvent) - {SEEN, DONE, CANNOT}:
        assert await doctor.refused(m.AnswerGuiding, answer=wrong, **of) == "out_of_range"


async def test_what_is_carried_out_late_does_not_undo_what_came_after(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    guiding_id = await guide(chen, consult_id)
    clinic.clock.pass_s(1)
    await answer(doctor, consult_id, guiding_id, SEEN)
    (seen,) = shown(chen)
    clinic.clock.pass_s(1)
    await answer(doctor, consult_id, guiding_id, DONE)
    (one,) = await kept(clinic, consult_id)
    clinic.desk._parts.guiding.moved(one, seen)
    assert [view.state for view in shown(chen)] == [GuidingState.DONE]


async def test_a_control_is_asked_for_and_answered_the_same_way(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    asked = {"consult_id": consult_id, "control": ScannerControl.DEPTH_LESS}
    guiding_id = await chen.done(m.RequestControl, **asked)
    assert [(one.word, one.control) for one in shown(doctor)] == [(None, ScannerControl.DEPTH_LESS)]
    await answer(doctor, consult_id, guiding_id, CANNOT, reason=CannotReason.NOT_ON_SCANNER)
    assert [one.state for one in await kept(clinic, consult_id)] == [GuidingState.CANNOT]


async def test_one_is_open_of_each_guide_and_a_new_one_replaces_it(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    first = await guide(chen, consult_id)
    second = await guide(chen, consult_id, SLIDE)
    assert [one.id for one in shown(doctor)] == [second]
    late = {"consult_id": consult_id, "guiding_id": first, "answer": DONE}
    assert await doctor.refused(m.AnswerGuiding, **late) == "changed_meanwhile"
    assert [one.state for one in await kept(clinic, consult_id)] == [
        GuidingState.REPLACED,
        GuidingState.ASKED,
    ]


async def test_two_guides_do_not_take_each_others_words_away(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    zhao = await clinic.sign_in(ZHAO)
    await chen.done(m.AddSpecialist, consult_id=consult_id, specialist_id=ZHAO.id)
    await join(zhao, consult_id)
    await guide(chen, consult_id)
    clinic.clock.pass_s(1)
    hers = await guide(zhao, consult_id, SLIDE)
    assert [one.guide_name for one in shown(doctor)] == [CHEN.display_name, ZHAO.display_name]
    of = {"consult_id": consult_id, "guiding_id": hers}
    assert await chen.refused(m.TakeBackGuiding, **of) == "not_allowed"


async def test_the_guide_takes_back_what_is_not_done(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    of = {"consult_id": consult_id, "guiding_id": await guide(chen, consult_id)}
    await chen.done(m.TakeBackGuiding, **of)
    assert [one.state for one in shown(doctor)] == [GuidingState.TAKEN_BACK]
    assert await chen.refused(m.TakeBackGuiding, **of) == "changed_meanwhile"


async def test_that_nobody_answers_is_said_to_both_and_a_late_answer_counts(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    guiding_id = await guide(chen, consult_id)
    await clinic.tick(14)
    assert [one.state for one in shown(chen)] == [GuidingState.ASKED]
    await clinic.tick(1)
    for one in (doctor, chen):
        assert [(view.state, view.answered_by) for view in shown(one)] == [(GuidingState.UNANSWERED, "")]
    await answer(doctor, consult_id, guiding_id, SEEN)
    await clinic.tick(59)
    assert [one.state for one in shown(chen)] == [GuidingState.SEEN]
    await clinic.tick(1)
    assert [one.state for one in shown(chen)] == [GuidingState.UNANSWERED]


async def test_whoever_comes_back_is_shown_what_is_asked(clinic: Clinic) -> None:
    _, chen, consult_id = await call(clinic)
    guiding_id = await guide(chen, consult_id)
    again = await clinic.sign_in(ZHOU)
    await join(again, consult_id)
    assert [one.id for one in shown(again)] == [guiding_id]
    await answer(again, consult_id, guiding_id, DONE)


async def test_what_a_server_before_waited_for_runs_out(clinic: Clinic) -> None:
    _, chen, consult_id = await call(clinic)
    await guide(chen, consult_id)
    await clinic.restart()
    await clinic.tick(15)
    (one,) = await kept(clinic, consult_id)
    assert (one.state, one.steps[-1].by) == (GuidingState.UNANSWERED, None)


async def test_only_the_answering_side_guides_and_only_the_operators_side_answers(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    guiding_id = await guide(chen, consult_id)
    of = {"consult_id": consult_id, "guiding_id": guiding_id, "answer": DONE}
    assert await doctor.refused(m.GuideProbe, consult_id=consult_id, word=TILT) == "not_allowed"
    assert await chen.refused(m.AnswerGuiding, **of) == "not_allowed"
    for guest in (LIN, HE):
        client = await clinic.sign_in(guest)
        await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=guest.id, resident_agreed=True)
        await join(client, consult_id)
        assert await client.refused(m.GuideProbe, consult_id=consult_id, word=TILT) == "not_allowed"
        assert await client.refused(m.AnswerGuiding, **of) == "not_allowed"
    nurse = await clinic.sign_in(WU)
    assert await nurse.refused(m.AnswerGuiding, **of) == "not_in_room"
    await join(nurse, consult_id)
    await nurse.done(m.AnswerGuiding, **of)
    assert [one.answered_by for one in shown(chen)] == [WU.display_name]


async def test_another_consults_word_is_not_answered_here(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    other = await in_call(clinic, doctor, chen)
    of = {"consult_id": other, "guiding_id": await guide(chen, consult_id), "answer": DONE}
    assert await doctor.refused(m.AnswerGuiding, **of) == "not_found"


@pytest.mark.parametrize(
    "word",
    [
        ProbeWord(movement=Movement.SLIDE, toward=Toward.PATIENT_LEFT),
        ProbeWord(movement=Movement.ROTATE),
        ProbeWord(movement=Movement.MARKER, toward=Toward.OCLOCK, hour=13),
    ],
)
async def test_a_word_outside_the_vocabulary_is_refused(clinic: Clinic, word: ProbeWord) -> None:
    doctor, chen, consult_id = await call(clinic)
    assert await chen.refused(m.GuideProbe, consult_id=consult_id, word=word) == "out_of_range"
    assert shown(doctor) == []


async def test_everything_is_kept_and_on_the_audit_trail(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    guiding_id = await guide(chen, consult_id)
    clinic.clock.pass_s(3)
    await answer(doctor, consult_id, guiding_id, DONE)
    await guide(chen, consult_id, SLIDE)
    await clinic.tick(15)
    events = await clinic.records.read(lambda ledger: [one.event for one in ledger.audit.all()])
    noted = [one for one in events if one.object_kind == "guiding"]
    assert [(one.actor_id, one.action, one.reason) for one in noted] == [
        (CHEN.id, Action.CREATE, ""),
        (ZHOU.id, Action.CHANGE, "done"),
        (CHEN.id, Action.CREATE, ""),
        (None, Action.CHANGE, "unanswered"),
    ]
    first, second = await kept(clinic, consult_id)
    assert [(one.event, (one.at - first.asked_at).total_seconds()) for one in first.steps] == [(DONE, 3)]
    assert second.probe == SLIDE


async def test_the_tape_keeps_each_step(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    taken: list[acts.Guided] = []
    rooms = clinic.desk._parts.rooms

    def witness(_: ConsultId, message: m.Message) -> None:
        if isinstance(message, acts.Guided):
            taken.append(message)

    rooms.witness = witness
    await answer(doctor, consult_id, await guide(chen, consult_id), SEEN)
    assert [one.guiding.state for one in taken] == [GuidingState.ASKED, GuidingState.SEEN]
