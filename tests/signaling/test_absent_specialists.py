"""An opinion that is due is given by somebody: offered, taken over, or freed when its specialist cannot."""

import asyncio

import msgspec

from records.accounts import Account, Role
from records.audit import Action
from records.consults import ConsultState
from records.ids import AccountId
from records.ledger import Ledger
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, ask, in_call
from tests.fakes.records import CHEN, HAN, ULTRASOUND, ZHAO, ZHOU

THIRD = msgspec.structs.replace(CHEN, id=AccountId("qian"), sign_in_name="qian", display_name="钱")
ELSEWHERE = msgspec.structs.replace(
    CHEN, id=AccountId("feng"), sign_in_name="feng", display_name="冯", specialties=(ULTRASOUND,)
)
DAY_S = 24 * 3600


async def _due(clinic: Clinic) -> tuple[Client, Client, Client, str]:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await in_call(clinic, doctor, chen)
    await chen.done(m.EndConsult, consult_id=consult_id)
    return doctor, chen, zhao, consult_id


async def _change(clinic: Clinic, account: Account, **fields: object) -> None:
    def change(ledger: Ledger) -> None:
        ledger.accounts.save(msgspec.structs.replace(ledger.accounts.get(account.id), **fields))

    await clinic.records.write(change)
    await clinic.desk.announce_account(account.id)


async def test_it_is_its_specialists_alone_at_first(clinic: Clinic) -> None:
    _, _, zhao, consult_id = await _due(clinic)
    await clinic.tick(DAY_S - 1)
    assert zhao.card(consult_id) is None
    assert await zhao.refused(m.TakeOpinion, consult_id=consult_id, reason="代写") == "taken_by_another"
    consult = await clinic.consult(consult_id)
    assert (consult.specialist_id, consult.opinion_free) == (CHEN.id, False)


async def test_a_disabled_specialists_opinion_is_taken_over_by_a_colleague(clinic: Clinic) -> None:
    doctor, _, zhao, consult_id = await _due(clinic)
    await _change(clinic, CHEN, disabled=True)
    await clinic.tick(10)
    card = zhao.card(consult_id)
    assert card is not None and card.opinion_free
    asker = doctor.card(consult_id)
    assert asker is not None and asker.opinion_free
    await zhao.done(m.TakeOpinion, consult_id=consult_id, reason="陈医生已离岗")
    consult = await clinic.consult(consult_id)
    assert (consult.state, consult.specialist_id) == (ConsultState.OPINION_DUE, ZHAO.id)
    assert not consult.opinion_free
    told = doctor.card(consult_id)
    assert told is not None and told.specialist is not None
    assert (told.specialist.id, told.reason) == (ZHAO.id, "陈医生已离岗")


async def test_who_is_no_specialist_any_more_cannot_sign_either(clinic: Clinic) -> None:
    _, _, zhao, consult_id = await _due(clinic)
    await _change(clinic, CHEN, role=Role.ADMINISTRATOR)
    await clinic.tick(10)
    assert zhao.card(consult_id) is not None


async def test_an_overdue_one_may_be_written_by_others_and_still_by_her(clinic: Clinic) -> None:
    _, chen, zhao, consult_id = await _due(clinic)
    await clinic.tick(DAY_S)
    card, hers = zhao.card(consult_id), chen.card(consult_id)
    assert card is not None and card.opinion_free and hers is not None
    assert (await clinic.consult(consult_id)).specialist_id == CHEN.id
    await zhao.done(m.TakeOpinion, consult_id=consult_id, reason="逾期代写")
    assert chen.card(consult_id) is None
    consult = await clinic.consult(consult_id)
    assert consult.opinion_due_at == clinic.clock() + clinic.settings.opinion_within


async def test_a_restart_loses_no_deadline_of_an_opinion(clinic: Clinic) -> None:
    *_, consult_id = await _due(clinic)
    await clinic.tick(DAY_S / 2)
    await clinic.restart()
    zhao = await clinic.sign_in(ZHAO)
    await clinic.tick(DAY_S / 2 - 1)
    assert zhao.card(consult_id) is None
    await clinic.restart()
    zhao = await clinic.sign_in(ZHAO)
    await clinic.tick(1)
    assert zhao.card(consult_id) is not None


async def test_of_two_colleagues_exactly_one_gets_it(clinic: Clinic) -> None:
    await clinic.records.write(lambda ledger: ledger.accounts.add(THIRD))
    _, _, zhao, consult_id = await _due(clinic)
    third = await clinic.sign_in(THIRD)
    await clinic.tick(DAY_S)
    answers = await asyncio.gather(
        *(one.send(m.TakeOpinion, consult_id=consult_id, reason="代写") for one in (zhao, third))
    )
    codes = sorted(one.code if isinstance(one, m.Refused) else "done" for one in answers)
    assert codes == ["done", "taken_by_another"]


async def test_another_specialty_an_administrator_and_the_asker_do_not(clinic: Clinic) -> None:
    await clinic.records.write(lambda ledger: ledger.accounts.add(ELSEWHERE))
    doctor, _, _, consult_id = await _due(clinic)
    elsewhere, admin = await clinic.sign_in(ELSEWHERE), await clinic.sign_in(HAN)
    await clinic.tick(DAY_S)
    assert elsewhere.card(consult_id) is None
    taking = {"consult_id": consult_id, "reason": "代写"}
    assert await elsewhere.refused(m.TakeOpinion, **taking) == "not_found"
    assert await admin.refused(m.TakeOpinion, **taking) == "not_allowed"
    assert await doctor.refused(m.TakeOpinion, **taking) == "not_allowed"


async def test_she_offers_it_to_a_colleague_and_keeps_it_until_that_one_takes_it(clinic: Clinic) -> None:
    _, chen, zhao, consult_id = await _due(clinic)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="值班结束")
    card = zhao.card(consult_id)
    assert card is not None and card.handed_to is not None and card.handed_to.id == ZHAO.id
    consult = await clinic.consult(consult_id)
    assert (consult.state, consult.specialist_id) == (ConsultState.OPINION_DUE, CHEN.id)
    await zhao.done(m.TakeOpinion, consult_id=consult_id, reason="接班")
    assert (await clinic.consult(consult_id)).specialist_id == ZHAO.id
    assert chen.card(consult_id) is None


async def test_an_offer_declined_leaves_it_with_her(clinic: Clinic) -> None:
    _, chen, zhao, consult_id = await _due(clinic)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="值班结束")
    await zhao.done(m.DeclineConsult, consult_id=consult_id, reason="未参加会诊")
    consult = await clinic.consult(consult_id)
    assert (consult.specialist_id, consult.handed_to) == (CHEN.id, None)
    assert zhao.card(consult_id) is None
    assert await zhao.refused(m.DeclineConsult, consult_id=consult_id, reason="再次") == "taken_by_another"


async def test_a_reason_is_needed_and_is_on_the_trail(clinic: Clinic) -> None:
    _, _, zhao, consult_id = await _due(clinic)
    await clinic.tick(DAY_S)
    assert await zhao.refused(m.TakeOpinion, consult_id=consult_id, reason=" ") == "reason_needed"
    await zhao.done(m.TakeOpinion, consult_id=consult_id, reason="逾期代写")

    def trail(ledger: Ledger) -> list[tuple[str | None, Action, str]]:
        every = [entry.event for entry in ledger.audit.all() if entry.event.object_id == consult_id]
        changes = [one for one in every if one.action is Action.CHANGE]
        return [(one.actor_id, one.action, one.reason) for one in changes[-2:]]

    assert await clinic.records.read(trail) == [
        (None, Action.CHANGE, ""),  # freed, by the server
        (ZHAO.id, Action.CHANGE, "逾期代写"),
    ]


async def test_an_administrator_reassigns_a_due_opinion_with_a_reason_that_is_on_the_trail(
    clinic: Clinic,
) -> None:
    await clinic.records.write(lambda ledger: ledger.accounts.add(ELSEWHERE))
    doctor, chen, zhao, consult_id = await _due(clinic)
    admin, elsewhere = await clinic.sign_in(HAN), await clinic.sign_in(ELSEWHERE)
    assert await admin.refused(m.ReassignOpinion, consult_id=consult_id, reason=" ") == "reason_needed"
    await admin.done(m.ReassignOpinion, consult_id=consult_id, reason="专家出差")
    for one in (doctor, chen, zhao):
        card = one.card(consult_id)
        assert card is not None and (card.opinion_free, card.reason) == (True, "专家出差")
    assert elsewhere.card(consult_id) is None and admin.card(consult_id) is None
    assert (await clinic.consult(consult_id)).specialist_id == CHEN.id
    again = await admin.refused(m.ReassignOpinion, consult_id=consult_id, reason="再次")
    assert again == "wrong_state"
    await zhao.done(m.TakeOpinion, consult_id=consult_id, reason="接替")

    def trail(ledger: Ledger) -> list[tuple[AccountId | None, str]]:
        every = [entry.event for entry in ledger.audit.all() if entry.event.object_id == consult_id]
        return [(one.actor_id, one.reason) for one in every if one.action is Action.CHANGE][-2:]

    assert await clinic.records.read(trail) == [(HAN.id, "专家出差"), (ZHAO.id, "接替")]


async def test_only_an_administrator_reassigns_and_only_what_is_due(clinic: Clinic) -> None:
    doctor, chen, zhao, consult_id = await _due(clinic)
    for one in (doctor, chen, zhao):
        refused = await one.refused(m.ReassignOpinion, consult_id=consult_id, reason="改派")
        assert refused == "not_allowed"
    admin = await clinic.sign_in(HAN)
    waiting = await ask(doctor, specialty=ULTRASOUND)
    assert await admin.refused(m.ReassignOpinion, consult_id=waiting, reason="改派") == "wrong_state"


async def test_the_dashboard_lists_due_opinions_without_a_resident(clinic: Clinic) -> None:
    _, chen, _, consult_id = await _due(clinic)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="值班结束")
    consult = await clinic.consult(consult_id)
    (due,) = (await clinic.desk.dashboard()).opinions_due
    assert due == m.OpinionDueFigures(
        consult_id=consult.id,
        number=consult.number,
        specialty=consult.specialty,
        specialist_name=CHEN.display_name,
        offered_to=ZHAO.display_name,
        opinion_free=False,
        ended_at=consult.ended_at,
        due_at=consult.opinion_due_at,
    )


async def test_a_call_handed_over_and_ended_by_an_administrator_still_owes_an_opinion(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    admin = await clinic.sign_in(HAN)
    consult_id = await in_call(clinic, doctor, chen)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="换班")
    await admin.done(m.ForceEnd, consult_id=consult_id, reason="停电")
    consult = await clinic.consult(consult_id)
    assert (consult.state, consult.specialist_id) == (ConsultState.OPINION_DUE, CHEN.id)


async def test_a_consult_taken_by_who_is_disabled_waits_again_and_rings_the_others(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await in_call(clinic, doctor, chen)
    asked = await clinic.consult(consult_id)
    await _change(clinic, CHEN, disabled=True)
    await clinic.tick(10)
    consult = await clinic.consult(consult_id)
    assert (consult.state, consult.specialist_id) == (ConsultState.WAITING, None)
    assert consult.waiting_since == asked.waiting_since
    assert consult.ring_deadline_at == clinic.clock() + clinic.settings.ring_timeout
    card = zhao.card(consult_id)
    assert card is not None and card.rings_me
    await zhao.done(m.AcceptConsult, consult_id=consult_id)
    assert (await clinic.consult(consult_id)).specialist_id == ZHAO.id


async def test_nobody_is_taken_from_who_can_go_on(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    before = await clinic.consult(consult_id)
    for _ in range(3):
        await clinic.tick(DAY_S)
    assert await clinic.consult(consult_id) == before
