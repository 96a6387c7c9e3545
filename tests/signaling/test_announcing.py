"""What everyone is told when a queue moves: all that changed for them, and nothing else."""

import msgspec

from records.residents import AllergyStatus
from signaling import messages as m
from signaling.announcing import WAIT_STEP_S
from tests.fakes.clinic import Client, Clinic, ask
from tests.fakes.records import CHEN, LI_JIANGUO, WANG_XIUYING, ZHAO, ZHOU


def told_of(client: Client, consult_id: str) -> list[m.ConsultCard]:
    return [one.consult for one in client.outbox.of(m.ConsultChanged) if one.consult.id == consult_id]


async def test_those_behind_move_up_and_nobody_else_is_told_again(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    first, second, third = [await ask(doctor, resident_id=LI_JIANGUO.id) for _ in range(3)]
    before = len(told_of(chen, first))
    await doctor.done(m.CancelConsult, consult_id=second, reason="不需要了")
    assert [chen.card(one).place for one in (first, third)] == [1, 2]  # type: ignore[union-attr]
    assert len(told_of(chen, first)) == before


async def test_a_card_that_is_not_read_anew_still_shows_the_resident_as_she_is(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    waiting = await ask(doctor)
    changed = msgspec.structs.replace(
        WANG_XIUYING, allergy_status=AllergyStatus.LISTED, allergies=("青霉素", "碘造影剂")
    )
    await clinic.records.write(lambda ledger: ledger.residents.save(changed))
    await ask(doctor, resident_id=LI_JIANGUO.id)
    card = chen.card(waiting)
    assert card is not None and card.resident.allergies == ("青霉素", "碘造影剂")
    assert card == await clinic.records.read(
        lambda ledger: clinic.desk.card(ledger, ledger.consults.get(waiting), CHEN)
    )


async def test_an_expected_wait_is_told_again_in_steps(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    for _ in range(3):  # three accepted ones teach what is usual
        taken = await ask(doctor)
        clinic.clock.pass_s(600)
        await chen.done(m.AcceptConsult, consult_id=taken)
    waiting = await ask(doctor)
    told = len(told_of(zhao, waiting))
    clinic.clock.pass_s(WAIT_STEP_S - 1)
    await ask(doctor, resident_id=LI_JIANGUO.id)
    assert len(told_of(zhao, waiting)) == told
    clinic.clock.pass_s(1)
    await ask(doctor, resident_id=LI_JIANGUO.id)
    assert told_of(zhao, waiting)[-1].expected_wait_s == 600 - WAIT_STEP_S
    assert len(told_of(zhao, waiting)) == told + 1
