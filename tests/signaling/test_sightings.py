"""Who was shown a resident's consult is on the trail, once a day, before anything of it is sent."""

from records.audit import Action, AuditEvent
from records.ledger import Ledger
from signaling import messages as m
from signaling.sightings import CARD
from tests.fakes.clinic import Clinic, ask
from tests.fakes.records import CHEN, HAN, LI_JIANGUO, WANG_XIUYING, WU, ZHAO, ZHOU

DAY_S = 24 * 3600


async def _sightings(clinic: Clinic) -> list[AuditEvent]:
    def read(ledger: Ledger) -> list[AuditEvent]:
        return [one.event for one in ledger.audit.all() if one.event.object_kind == CARD]

    return await clinic.records.read(read)


async def _seen_by(clinic: Clinic) -> list[str]:
    return sorted(str(one.actor_id) for one in await _sightings(clinic))


async def test_everyone_whose_worklist_shows_it_is_named_with_the_resident(clinic: Clinic) -> None:
    doctor, nurse, chen, admin = [await clinic.sign_in(one) for one in (ZHOU, WU, CHEN, HAN)]
    consult_id = await ask(doctor)
    assert nurse.card(consult_id) is not None and chen.card(consult_id) is not None
    assert admin.card(consult_id) is None
    assert await _seen_by(clinic) == sorted([ZHOU.id, WU.id, CHEN.id])
    for event in await _sightings(clinic):
        assert (event.action, event.resident_id) == (Action.READ, WANG_XIUYING.id)
        assert event.object_id == consult_id


async def test_who_signs_in_later_is_named_by_the_snapshot(clinic: Clinic) -> None:
    consult_id = await ask(await clinic.sign_in(ZHOU))
    assert await _seen_by(clinic) == [ZHOU.id]
    zhao = await clinic.sign_in(ZHAO)
    assert zhao.card(consult_id) is not None
    assert await _seen_by(clinic) == sorted([ZHOU.id, ZHAO.id])


async def test_once_a_day_for_an_account_and_a_resident_whatever_changes_also_after_a_restart(
    clinic: Clinic,
) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    await clinic.sign_in(CHEN)
    await clinic.restart()
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    assert await _seen_by(clinic) == sorted([ZHOU.id, CHEN.id])
    await ask(doctor, resident_id=LI_JIANGUO.id)
    assert len(await _sightings(clinic)) == 4
    clinic.clock.pass_s(DAY_S)
    await clinic.sign_in(CHEN)
    assert len(await _sightings(clinic)) == 6
