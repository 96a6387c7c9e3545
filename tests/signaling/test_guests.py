"""Interpreters and observers: invited with the resident's agreement, named to all, and no more than that."""

import pytest

from records.accounts import Account
from records.audit import Action
from records.rooms import MediaKind
from signaling import messages as m
from tests.fakes.clinic import Clinic, ask, bind, in_call, join, prepare
from tests.fakes.records import CHEN, HE, LIN, SUN, WU, ZHAO, ZHOU


@pytest.mark.parametrize("inviter", [ZHOU, CHEN], ids=["doctor", "specialist"])
async def test_both_sides_doctors_may_invite_and_the_guest_is_rung_and_named_to_all(
    clinic: Clinic, inviter: Account
) -> None:
    doctor, chen, observer = [await clinic.sign_in(one) for one in (ZHOU, CHEN, HE)]
    consult_id = await in_call(clinic, doctor, chen)
    assert observer.card(consult_id) is None
    who = doctor if inviter is ZHOU else chen
    await who.done(m.InviteGuest, consult_id=consult_id, account_id=HE.id, resident_agreed=True)
    card = observer.card(consult_id)
    assert card is not None and card.rings_me
    for one in (doctor, chen):
        shown = one.card(consult_id)
        assert shown is not None and [guest.id for guest in shown.guests] == [HE.id]
    await join(observer, consult_id)
    room = chen.outbox.last(m.RoomChanged).room
    assert HE.display_name in [one.person.display_name for one in room.participants]
    entries = await clinic.records.read(lambda ledger: ledger.audit.search(actor_id=inviter.id))
    assert Action.INVITE in [one.event.action for one in entries]


async def test_nobody_is_invited_before_the_resident_agreed(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    asked = {"consult_id": consult_id, "account_id": HE.id, "resident_agreed": False}
    assert await doctor.refused(m.InviteGuest, **asked) == "agreement_missing"
    assert (await clinic.consult(consult_id)).guests == ()


async def test_who_is_no_guest_or_has_no_part_in_the_consult_is_refused(clinic: Clinic) -> None:
    doctor, chen, nurse, stranger, observer = [await clinic.sign_in(one) for one in (ZHOU, CHEN, WU, SUN, HE)]
    consult_id = await in_call(clinic, doctor, chen)
    of_he = {"consult_id": consult_id, "account_id": HE.id, "resident_agreed": True}
    assert await doctor.refused(m.InviteGuest, **(of_he | {"account_id": ZHAO.id})) == "no_such_guest"
    assert await nurse.refused(m.InviteGuest, **of_he) == "not_allowed"
    assert await stranger.refused(m.InviteGuest, **of_he) == "not_found"
    entering = {"consult_id": consult_id, "microphone_on": True, "camera_on": True}
    assert await observer.refused(m.JoinRoom, **entering) == "not_found"
    await doctor.done(m.InviteGuest, **of_he)
    assert await chen.refused(m.InviteGuest, **of_he) == "already_in_consult"


async def test_an_observer_may_publish_nothing_and_an_interpreter_gets_no_devices(clinic: Clinic) -> None:
    doctor, chen, observer, interpreter = [await clinic.sign_in(one) for one in (ZHOU, CHEN, HE, LIN)]
    consult_id = await in_call(clinic, doctor, chen)
    for guest, client in ((HE, observer), (LIN, interpreter)):
        await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=guest.id, resident_agreed=True)
        await join(client, consult_id)
    of_observer, of_interpreter = clinic.media.open_in(consult_id)[-2:]
    assert of_observer.grants.publish == frozenset()
    assert of_observer.grants.receive == frozenset(MediaKind)
    face_to_face = frozenset({MediaKind.VOICE, MediaKind.FACE})
    assert (of_interpreter.grants.publish, of_interpreter.grants.receive) == (face_to_face, face_to_face)


async def test_an_interpreter_reads_neither_the_case_nor_a_reading(clinic: Clinic) -> None:
    doctor, chen, interpreter = [await clinic.sign_in(one) for one in (ZHOU, CHEN, LIN)]
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    binding_id = await bind(doctor, consult_id)
    await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=LIN.id, resident_agreed=True)
    card = interpreter.card(consult_id)
    assert card is not None
    assert (card.question, card.readings, card.binding, card.resident.record_number) == ("", (), None, "")
    await interpreter.notice(m.NeedSamples(binding_id=binding_id, first=0, count=1))
    assert interpreter.outbox.last(m.Refused).code == "not_allowed"
    await interpreter.notice(m.PointAt(consult_id=consult_id, x=0.5, y=0.5))
    assert interpreter.outbox.last(m.Refused).code == "not_allowed"


async def test_with_the_end_of_the_consult_all_is_closed_to_a_guest(clinic: Clinic) -> None:
    doctor, chen, observer = [await clinic.sign_in(one) for one in (ZHOU, CHEN, HE)]
    consult_id = await in_call(clinic, doctor, chen)
    await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=HE.id, resident_agreed=True)
    await join(observer, consult_id)
    await chen.done(m.EndConsult, consult_id=consult_id)
    assert observer.card(consult_id) is None
    assert observer.outbox.last(m.RoomClosed).consult_id == consult_id
    late = await clinic.sign_in(HE)
    assert late.card(consult_id) is None


async def test_a_guest_who_is_dismissed_leaves_the_room_at_once(clinic: Clinic) -> None:
    doctor, chen, observer = [await clinic.sign_in(one) for one in (ZHOU, CHEN, HE)]
    consult_id = await in_call(clinic, doctor, chen)
    guest = {"consult_id": consult_id, "account_id": HE.id}
    await doctor.done(m.InviteGuest, resident_agreed=True, **guest)
    await join(observer, consult_id)
    await chen.done(m.DismissGuest, **guest)
    assert observer.outbox.last(m.RoomClosed).reason == "moved_out"
    assert observer.card(consult_id) is None
    assert len(clinic.media.open_in(consult_id)) == 2
    assert await chen.refused(m.DismissGuest, **guest) == "no_such_guest"


async def test_a_fifth_speaker_is_refused_and_an_observer_is_not(clinic: Clinic) -> None:
    doctor, chen, zhao, nurse, interpreter, observer = [
        await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO, WU, LIN, HE)
    ]
    consult_id = await in_call(clinic, doctor, chen)
    await chen.done(m.AddSpecialist, consult_id=consult_id, specialist_id=ZHAO.id)
    for guest in (LIN, HE):
        await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=guest.id, resident_agreed=True)
    for one in (zhao, interpreter):
        await join(one, consult_id)
    entering = {"consult_id": consult_id, "microphone_on": True, "camera_on": True}
    assert await nurse.refused(m.JoinRoom, **entering) == "room_full"
    await join(observer, consult_id)
    await join(zhao, consult_id)  # who is in already comes back
    await interpreter.done(m.LeaveRoom, consult_id=consult_id)
    await join(nurse, consult_id)


async def test_a_returned_request_has_no_guests(clinic: Clinic) -> None:
    doctor, chen, observer = [await clinic.sign_in(one) for one in (ZHOU, CHEN, HE)]
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=HE.id, resident_agreed=True)
    await chen.done(m.ReturnConsult, consult_id=consult_id, reason="请补充化验结果")
    assert (await clinic.consult(consult_id)).guests == ()
    assert observer.card(consult_id) is None
