"""Unanswered rings widen by stored deadlines; a restart loses no request, no state, no deadline."""

import datetime as dt
from pathlib import Path

from records.accounts import Presence
from records.consults import ConsultState
from signaling import messages as m
from tests.fakes.clinic import Clinic, ask, bind, in_call, join, open_clinic, prepare
from tests.fakes.records import CHEN, STATION, ZHAO, ZHOU


async def test_an_unanswered_ring_widens_step_by_step_and_ends_with_the_webhook(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    await zhao.done(m.SetPresence, presence=Presence.BUSY)
    consult_id = await ask(doctor)
    assert _rings(zhao, consult_id) is False
    await clinic.tick(59)
    assert (await clinic.consult(consult_id)).ring_circle == 0
    await clinic.tick(1)
    assert (await clinic.consult(consult_id)).ring_circle == 1
    assert _rings(zhao, consult_id) is True and clinic.webhooks == []
    await clinic.tick(60)
    event, about = clinic.webhooks[0]
    assert event == "consult_unanswered"
    assert about["consult_id"] == consult_id and about["waited_s"] == 120
    assert set(about) == {"consult_id", "number", "specialty", "urgency", "waited_s"}
    await clinic.tick(600)
    assert len(clinic.webhooks) == 1
    assert (await clinic.consult(consult_id)).ring_deadline_at is None


def _rings(client: object, consult_id: str) -> bool:
    card = client.card(consult_id)  # type: ignore[attr-defined]
    return card is not None and card.rings_me


async def test_a_circle_with_nobody_in_it_does_not_wait_for_its_deadline(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    await clinic.tick()
    clinic.clock.pass_s(30)  # long after the start
    consult_id = await ask(doctor)
    await clinic.tick(1)
    await clinic.tick(1)
    assert (await clinic.consult(consult_id)).ring_circle == 2
    assert len(clinic.webhooks) == 1


async def _unanswered(clinic: Clinic) -> str:
    """A request that has gone to the widest circle, with nobody connected to answer it."""
    doctor = await clinic.sign_in(ZHOU)
    await clinic.tick()
    clinic.clock.pass_s(30)  # long after the start
    consult_id = await ask(doctor)
    for _ in range(3):
        await clinic.tick(1)
    assert (await clinic.consult(consult_id)).ring_circle == 2
    return consult_id


async def test_a_webhook_that_fails_is_tried_three_times_with_growing_waits(clinic: Clinic) -> None:
    clinic.webhook_down = True
    consult_id = await _unanswered(clinic)
    assert len(clinic.webhooks) == 1
    await clinic.tick(3)
    assert len(clinic.webhooks) == 1
    await clinic.tick(2)
    assert len(clinic.webhooks) == 2
    await clinic.tick(29)
    assert len(clinic.webhooks) == 2
    await clinic.tick(2)
    assert len(clinic.webhooks) == 3
    await clinic.tick(3600)
    assert len(clinic.webhooks) == 3
    assert (await clinic.consult(consult_id)).webhook_due_at is not None  # and it is not forgotten


async def test_a_webhook_that_was_not_delivered_is_tried_again_after_a_restart(clinic: Clinic) -> None:
    clinic.webhook_down = True
    consult_id = await _unanswered(clinic)
    clinic.webhook_down = False
    clinic.webhooks.clear()
    await clinic.restart()
    await clinic.tick(1)
    assert [about["consult_id"] for _, about in clinic.webhooks] == [consult_id]
    assert (await clinic.consult(consult_id)).webhook_due_at is None
    await clinic.tick(100)
    await clinic.restart()
    await clinic.tick(1)
    assert len(clinic.webhooks) == 1  # delivered once is enough


async def test_a_request_that_was_answered_meanwhile_calls_nobody(clinic: Clinic) -> None:
    clinic.webhook_down = True
    consult_id = await _unanswered(clinic)
    chen = await clinic.sign_in(CHEN)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    clinic.webhook_down = False
    await clinic.tick(100)
    assert len(clinic.webhooks) == 1


async def test_an_accepted_consult_is_not_widened(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    before = await clinic.consult(consult_id)
    await clinic.tick(600)
    assert await clinic.consult(consult_id) == before and clinic.webhooks == []


async def test_what_was_meant_for_one_goes_to_all_when_she_does_not_answer(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await ask(doctor, specialist_id=CHEN.id)
    assert (_rings(chen, consult_id), _rings(zhao, consult_id)) == (True, False)
    await clinic.tick(60)
    assert _rings(chen, consult_id) and _rings(zhao, consult_id)


async def test_the_time_out_can_be_set(tmp_path: Path) -> None:
    async with open_clinic(tmp_path, ring_timeout_s=5) as clinic:
        doctor, _ = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
        consult_id = await ask(doctor)
        await clinic.tick(5)
        assert (await clinic.consult(consult_id)).ring_circle == 1


async def test_a_restart_loses_no_request_and_no_deadline(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    before = await clinic.consult(consult_id)
    assert before.ring_deadline_at == clinic.clock.now + dt.timedelta(seconds=60)
    clinic.clock.pass_s(30)
    await clinic.restart()
    assert await clinic.consult(consult_id) == before
    chen = await clinic.sign_in(CHEN)
    assert _rings(chen, consult_id)
    await clinic.tick(29)
    assert (await clinic.consult(consult_id)).ring_circle == 0
    await clinic.tick(1)
    assert (await clinic.consult(consult_id)).ring_circle == 1


async def test_a_deadline_that_passed_while_the_server_was_down_is_kept_at_the_start(clinic: Clinic) -> None:
    doctor, _ = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    clinic.clock.pass_s(300)
    await clinic.restart()
    await clinic.tick()
    assert (await clinic.consult(consult_id)).ring_circle == 1


async def test_a_call_and_its_binding_live_on_after_a_restart(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    binding_id = await bind(doctor, consult_id)
    await clinic.restart()
    assert await clinic.state(consult_id) is ConsultState.IN_CALL
    _, station = await clinic.station()
    welcome = station.sent[0]
    assert welcome.bind is not None and welcome.bind.binding_id == binding_id  # type: ignore[attr-defined]
    doctor = await clinic.sign_in(ZHOU)
    await doctor.done(m.JoinRoom, consult_id=consult_id, microphone_on=False, camera_on=False)
    people = {one.person.id for one in doctor.outbox.last(m.RoomChanged).room.participants}
    assert people == {ZHOU.id, STATION.id}


async def test_a_repeat_after_a_restart_gets_the_first_answer(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    command = m.SayChat(id="said-once-1", consult_id=consult_id, text="在吗")
    first = await doctor.repeat(command)
    await clinic.restart()
    again = await clinic.sign_in(ZHOU)
    assert await again.repeat(command) == first
    chat = await clinic.records.read(lambda ledger: ledger.consults.chat(consult_id))
    assert [line.text for line in chat] == ["在吗"]


async def test_after_a_start_clients_have_time_to_come_back_before_circles_widen(clinic: Clinic) -> None:
    consult_id = await ask(await clinic.sign_in(ZHOU))
    await clinic.restart()
    for _ in range(14):
        await clinic.tick(1)
    assert (await clinic.consult(consult_id)).ring_circle == 0
    await clinic.tick(2)
    assert (await clinic.consult(consult_id)).ring_circle == 1


async def test_who_was_brought_in_and_came_is_not_rung_again_after_a_restart(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await in_call(clinic, doctor, chen)
    await chen.done(m.AddSpecialist, consult_id=consult_id, specialist_id=ZHAO.id)
    card = zhao.card(consult_id)
    assert card is not None and card.rings_me
    await join(zhao, consult_id)
    await clinic.restart()
    card = (await clinic.sign_in(ZHAO)).card(consult_id)
    assert card is not None and not card.rings_me
