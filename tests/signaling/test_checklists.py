"""Checklists of views: one before both sides, ticked from either, kept with who and when."""

from typing import Any

import msgspec

from records.audit import Action
from records.checklists import ViewState
from records.ids import ConsultId
from records.residents import Resident
from records.ultrasound_stills import UltrasoundStill
from records.view_protocols import ViewProtocol
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, bind, in_call
from tests.fakes.records import CHEN, HE, LI_JIANGUO, LIN, WANG_XIUYING, ZHOU
from tests.signaling.stills import kept_still

FAST = ViewProtocol.FAST


async def call(clinic: Clinic) -> tuple[Client, Client, str]:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    return doctor, chen, await in_call(clinic, doctor, chen)


async def open_fast(client: Client, consult_id: str) -> None:
    await client.done(m.OpenChecklist, consult_id=consult_id, protocol=FAST)


async def tick(client: Client, consult_id: str, view: str, state: ViewState, **more: Any) -> None:
    await client.done(m.TickView, consult_id=consult_id, protocol=FAST, view=view, state=state, **more)


def shown(client: Client, consult_id: str) -> tuple[m.ChecklistCard, ...]:
    card = client.card(consult_id)
    assert card is not None
    return card.checklists


async def test_either_side_opens_and_ticks_and_both_see_the_same(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    await open_fast(chen, consult_id)
    await tick(doctor, consult_id, "subxiphoid", ViewState.ADEQUATE)
    await tick(chen, consult_id, "ruq", ViewState.LIMITED)
    assert shown(doctor, consult_id) == shown(chen, consult_id)
    (one,) = shown(doctor, consult_id)
    assert [(tick.view, tick.state, tick.by_name) for tick in one.ticks] == [
        ("ruq", ViewState.LIMITED, CHEN.display_name),
        ("subxiphoid", ViewState.ADEQUATE, ZHOU.display_name),
    ]


async def keep_still(clinic: Clinic, consult_id: str, resident: Resident = WANG_XIUYING) -> UltrasoundStill:
    """A still of the consult is with the record."""
    still = await clinic.records.read(lambda ledger: kept_still(ledger, ConsultId(consult_id), resident))
    await clinic.records.write(lambda ledger: ledger.ultrasound_stills.add(still, still.id))
    return still


async def test_a_still_is_bound_to_its_view(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    await bind(doctor, ConsultId(consult_id))
    await open_fast(chen, consult_id)
    still = await keep_still(clinic, consult_id)
    await tick(chen, consult_id, "ruq", ViewState.ADEQUATE, still_id=still.id)
    for client in (doctor, chen):
        ((one,),) = [card.ticks for card in shown(client, consult_id)]
        assert (one.still_id, one.still_number) == (still.id, still.number)


async def test_what_was_not_kept_in_this_consult_of_this_resident_is_bound_to_no_view(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    await bind(doctor, ConsultId(consult_id))
    await open_fast(chen, consult_id)
    strange = await keep_still(clinic, consult_id, LI_JIANGUO)
    wrong = {"consult_id": consult_id, "protocol": FAST, "view": "ruq", "state": ViewState.ADEQUATE}
    for still_id in ("f" * 32, strange.id):
        assert await chen.refused(m.TickView, still_id=still_id, **wrong) == "not_found"
    assert [card.ticks for card in shown(doctor, consult_id)] == [()]


async def test_a_still_that_turns_out_to_be_another_residents_is_on_no_checklist(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    await bind(doctor, ConsultId(consult_id))
    await open_fast(chen, consult_id)
    still = await keep_still(clinic, consult_id)
    await tick(chen, consult_id, "ruq", ViewState.ADEQUATE, still_id=still.id)
    moved = msgspec.structs.replace(still, resident_id=LI_JIANGUO.id)
    await clinic.records.write(lambda ledger: ledger.ultrasound_stills.save(moved))
    await tick(doctor, consult_id, "luq", ViewState.LIMITED)
    ((one, _),) = [card.ticks for card in shown(doctor, consult_id)]
    assert (one.view, one.state, one.still_id, one.still_number) == ("ruq", ViewState.ADEQUATE, None, "")


async def test_a_tick_that_is_taken_back_is_gone_and_stays_on_record(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    await open_fast(chen, consult_id)
    await tick(doctor, consult_id, "ruq", ViewState.ADEQUATE)
    await tick(chen, consult_id, "ruq", ViewState.OPEN)
    assert [card.ticks for card in shown(doctor, consult_id)] == [()]
    kept = (await clinic.consult(consult_id)).checklists
    assert [(one.view, one.state, one.by) for one in kept] == [
        (None, ViewState.OPEN, CHEN.id),
        ("ruq", ViewState.ADEQUATE, ZHOU.id),
        ("ruq", ViewState.OPEN, CHEN.id),
    ]


async def test_it_is_there_after_the_server_was_started_anew(clinic: Clinic) -> None:
    _, chen, consult_id = await call(clinic)
    await open_fast(chen, consult_id)
    await open_fast(chen, consult_id)
    await tick(chen, consult_id, "luq", ViewState.NOT_OBTAINED)
    await clinic.restart()
    again = await clinic.sign_in(ZHOU)
    assert [[one.view for one in card.ticks] for card in shown(again, consult_id)] == [["luq"]]


async def test_only_views_of_an_opened_protocol_are_ticked(clinic: Clinic) -> None:
    _, chen, consult_id = await call(clinic)
    of = {"consult_id": consult_id, "protocol": FAST, "state": ViewState.ADEQUATE}
    assert await chen.refused(m.TickView, view="ruq", **of) == "wrong_state"
    await open_fast(chen, consult_id)
    assert await chen.refused(m.TickView, view="plax", **of) == "out_of_range"


async def test_guests_tick_nothing_and_an_interpreter_sees_none(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    await open_fast(chen, consult_id)
    for guest in (LIN, HE):
        client = await clinic.sign_in(guest)
        await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=guest.id, resident_agreed=True)
        of = {"consult_id": consult_id, "protocol": FAST}
        assert await client.refused(m.OpenChecklist, **of) == "not_allowed"
        assert len(shown(client, consult_id)) == (0 if guest is LIN else 1)


async def test_it_is_on_the_audit_trail(clinic: Clinic) -> None:
    doctor, chen, consult_id = await call(clinic)
    await open_fast(chen, consult_id)
    await tick(doctor, consult_id, "ruq", ViewState.ADEQUATE)
    events = await clinic.records.read(lambda ledger: [one.event for one in ledger.audit.all()])
    noted = [one for one in events if one.object_kind == "checklist"]
    assert [(one.actor_id, one.action) for one in noted] == [
        (CHEN.id, Action.CREATE),
        (ZHOU.id, Action.CHANGE),
    ]
