"""Handed over in a call and not yet accepted, a consult is still its specialist's."""

import msgspec

from records.consults import ConsultState
from records.ids import AccountId
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, ask, in_call
from tests.fakes.records import CHEN, ZHAO, ZHOU

THIRD = msgspec.structs.replace(CHEN, id=AccountId("qian"), sign_in_name="qian")


async def handed_over(clinic: Clinic) -> tuple[Client, Client, str]:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="换班")
    return doctor, chen, consult_id


async def test_no_other_specialist_returns_it_and_closes_its_room(clinic: Clinic) -> None:
    await clinic.records.write(lambda ledger: ledger.accounts.add(THIRD))
    _, _, consult_id = await handed_over(clinic)
    for other in (await clinic.sign_in(ZHAO), await clinic.sign_in(THIRD)):
        assert await other.refused(m.ReturnConsult, consult_id=consult_id, reason="资料不全") == "not_allowed"
    assert await clinic.state(consult_id) is ConsultState.WAITING
    assert len(clinic.media.open_in(consult_id)) == 2


async def test_either_side_ends_it_and_the_opinion_is_due_by_who_had_it(clinic: Clinic) -> None:
    for side in (0, 1):
        *people, consult_id = await handed_over(clinic)
        await people[side].done(m.EndConsult, consult_id=consult_id)
        consult = await clinic.consult(consult_id)
        assert (consult.state, consult.specialist_id) == (ConsultState.OPINION_DUE, CHEN.id)
        assert consult.handed_to is None and clinic.media.open_in(consult_id) == []


async def test_a_request_nobody_took_cannot_be_ended(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    assert await doctor.refused(m.EndConsult, consult_id=consult_id) == "wrong_state"


async def test_who_was_only_brought_in_ends_it_for_nobody(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    zhao = await clinic.sign_in(ZHAO)
    consult_id = await in_call(clinic, doctor, chen)
    await chen.done(m.AddSpecialist, consult_id=consult_id, specialist_id=ZHAO.id)
    assert await zhao.refused(m.EndConsult, consult_id=consult_id) == "not_allowed"
    assert await clinic.state(consult_id) is ConsultState.IN_CALL
