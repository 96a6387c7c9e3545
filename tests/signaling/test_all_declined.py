"""When nobody is left to answer the asker is told who said no and why, and can have everyone rung anew."""

import msgspec

from records.accounts import Presence
from records.consults import ConsultState, DeclineKind
from records.ledger import Ledger
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, ask
from tests.fakes.records import CHEN, RESPIRATORY, WU, ZHAO, ZHOU


async def _both_decline(clinic: Clinic) -> tuple[Client, Client, Client, str]:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await ask(doctor)
    await chen.done(m.DeclineConsult, consult_id=consult_id, reason="抢救中", kind=DeclineKind.BUSY)
    await zhao.done(m.DeclineConsult, consult_id=consult_id, reason="交班", kind=DeclineKind.OFF_DUTY)
    return doctor, chen, zhao, consult_id


def _card(client: Client, consult_id: str) -> m.ConsultCard:
    card = client.card(consult_id)
    assert card is not None
    return card


async def test_the_asker_is_told_who_and_why_each_time(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.sign_in(ZHAO)
    consult_id = await ask(doctor)
    assert not _card(doctor, consult_id).declined
    await chen.done(m.DeclineConsult, consult_id=consult_id, reason="抢救中", kind=DeclineKind.BUSY)
    card = _card(doctor, consult_id)
    assert [(one.person.display_name, one.kind) for one in card.declined] == [
        (CHEN.display_name, DeclineKind.BUSY)
    ]
    assert not card.nobody_left
    assert (
        "抢救中" not in msgspec.json.encode(card).decode()
    )  # the words are between colleagues and the trail


async def test_when_all_declined_nobody_is_left(clinic: Clinic) -> None:
    doctor, _, _, consult_id = await _both_decline(clinic)
    card = _card(doctor, consult_id)
    assert card.nobody_left and card.state is ConsultState.WAITING
    assert [one.kind for one in card.declined] == [DeclineKind.BUSY, DeclineKind.OFF_DUTY]
    assert _card(await clinic.sign_in(WU), consult_id).nobody_left  # also who looks later


async def test_somebody_who_is_only_not_here_is_still_left(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    await chen.done(m.DeclineConsult, consult_id=consult_id, reason="忙")
    assert not _card(doctor, consult_id).nobody_left
    assert await doctor.refused(m.RingAgain, consult_id=consult_id) == "wrong_state"


async def test_a_specialty_without_anybody_has_nobody_from_the_start(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    card = _card(doctor, await ask(doctor, specialty=RESPIRATORY))
    assert card.nobody_left and card.declined == ()


async def test_the_last_one_disabled_leaves_nobody(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    await chen.done(m.DeclineConsult, consult_id=consult_id, reason="忙")

    def disable(ledger: Ledger) -> None:
        ledger.accounts.save(msgspec.structs.replace(ledger.accounts.get(ZHAO.id), disabled=True))

    await clinic.records.write(disable)
    await clinic.desk.announce_account(ZHAO.id)
    assert _card(doctor, consult_id).nobody_left


async def test_the_asker_has_everyone_rung_anew(clinic: Clinic) -> None:
    doctor, chen, zhao, consult_id = await _both_decline(clinic)
    await doctor.done(m.RingAgain, consult_id=consult_id)
    assert _card(chen, consult_id).rings_me and _card(zhao, consult_id).rings_me
    card = _card(doctor, consult_id)
    assert card.declined == () and not card.nobody_left
    assert await doctor.refused(m.RingAgain, consult_id=consult_id) == "wrong_state"  # no nuisance
    await zhao.done(m.AcceptConsult, consult_id=consult_id)


async def test_it_can_be_rung_anew_once_the_widest_circle_stays_silent(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await chen.done(m.SetPresence, presence=Presence.AWAY)
    consult_id = await ask(doctor)
    for _ in range(3):
        await clinic.tick(61)
    assert (await clinic.consult(consult_id)).ring_deadline_at is None
    await doctor.done(m.RingAgain, consult_id=consult_id)
    consult = await clinic.consult(consult_id)
    assert (consult.ring_circle, consult.ring_deadline_at) == (
        0,
        clinic.clock() + clinic.settings.ring_timeout,
    )


async def test_nobody_but_the_asking_side_has_it_rung_anew(clinic: Clinic) -> None:
    _, chen, _, consult_id = await _both_decline(clinic)
    assert await chen.refused(m.RingAgain, consult_id=consult_id) == "not_allowed"
    await (await clinic.sign_in(WU)).done(m.RingAgain, consult_id=consult_id)
