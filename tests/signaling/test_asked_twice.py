"""A second open request of one resident to one specialty is not taken without a word."""

from records.consults import Urgency
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, ask, in_call
from tests.fakes.records import CARDIOLOGY, CHEN, LI_JIANGUO, RESPIRATORY, WANG_XIUYING, WU, ZHOU


async def _asked_again(client: Client, **fields: object) -> m.Done | m.Refused:
    asked = {
        "resident_id": WANG_XIUYING.id,
        "specialty": CARDIOLOGY,
        "urgency": Urgency.ROUTINE,
        "question": "再问一次",
    }
    return await client.send(m.RequestConsult, **(asked | fields))


async def test_the_second_is_refused_and_the_first_is_named(clinic: Clinic) -> None:
    doctor, nurse = await clinic.sign_in(ZHOU), await clinic.sign_in(WU)
    first = await clinic.consult(await ask(doctor))
    refused = await _asked_again(nurse)
    assert isinstance(refused, m.Refused)
    assert (refused.code, refused.about) == ("already_asked", first.number)
    open_now = await clinic.records.read(lambda ledger: ledger.consults.open())
    assert [one.id for one in open_now] == [first.id]


async def test_who_confirms_it_asks_beside_it(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    await ask(doctor)
    assert isinstance(await _asked_again(doctor, beside_open=True), m.Done)


async def test_another_specialty_or_resident_is_no_second(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    await ask(doctor)
    assert isinstance(await _asked_again(doctor, specialty=RESPIRATORY), m.Done)
    assert isinstance(await _asked_again(doctor, resident_id=LI_JIANGUO.id), m.Done)


async def test_it_counts_until_the_opinion_is_signed_or_it_is_cancelled(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    assert isinstance(await _asked_again(doctor), m.Refused)
    await doctor.done(m.EndConsult, consult_id=consult_id)
    assert isinstance(await _asked_again(doctor), m.Refused)


async def test_a_cancelled_one_is_not_in_the_way(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    await doctor.done(m.CancelConsult, consult_id=await ask(doctor), reason="误点")
    assert isinstance(await _asked_again(doctor), m.Done)


async def test_a_repeat_of_the_refused_command_names_it_again(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    first = await clinic.consult(await ask(doctor))
    again = m.RequestConsult(
        id="command-asked-twice",
        resident_id=WANG_XIUYING.id,
        specialty=CARDIOLOGY,
        urgency=Urgency.ROUTINE,
        question="再问一次",
    )
    answers = [await doctor.repeat(again) for _ in range(2)]
    assert [one.about for one in answers if isinstance(one, m.Refused)] == [first.number] * 2
