"""A consult from the request to the acknowledged opinion."""

from records.audit import Action, verify_chain
from records.consults import ConsentForm, ConsultState, IdentifierKind
from records.ids import ConsultId
from records.ledger import Ledger
from records.rooms import GRANTS, NO_GRANTS
from signaling import changes
from signaling import messages as m
from signaling import station_messages as s
from tests.fakes.clinic import Clinic, ask, bind, in_call, join, prepare
from tests.fakes.records import CHEN, STATION, WANG_XIUYING, ZHAO, ZHOU


async def test_from_request_to_acknowledged_opinion(clinic: Clinic) -> None:
    doctor, specialist = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)

    consult_id = await ask(doctor)
    ringing = specialist.outbox.last(m.ConsultChanged).consult
    assert ringing.rings_me and ringing.place == 1
    assert ringing.resident.name == WANG_XIUYING.name and ringing.question == "胸闷两小时"
    assert not doctor.outbox.last(m.ConsultChanged).consult.rings_me

    await specialist.done(m.AcceptConsult, consult_id=consult_id)
    accepted = doctor.outbox.last(m.ConsultChanged).consult
    assert accepted.state is ConsultState.ACCEPTED and accepted.specialist is not None
    assert accepted.specialist.display_name == CHEN.display_name

    await prepare(doctor, consult_id)
    _, station = await clinic.station()
    await bind(doctor, consult_id)
    assert station.last(s.Bind).consult_id == consult_id
    assert station.last(s.StationMediaOffer).peer_id

    await join(doctor, consult_id)
    assert await clinic.state(consult_id) is ConsultState.ACCEPTED
    await join(specialist, consult_id)
    assert await clinic.state(consult_id) is ConsultState.IN_CALL
    offer = specialist.outbox.last(m.MediaOffer)
    assert offer.consult_id == consult_id
    await specialist.done(m.AnswerMedia, peer_id=offer.peer_id, sdp="v=0 answer")
    assert clinic.media.peers[offer.peer_id].answer == "v=0 answer"
    names = {one.person.display_name for one in doctor.outbox.last(m.RoomChanged).room.participants}
    assert names == {ZHOU.display_name, CHEN.display_name, STATION.display_name}

    await specialist.done(m.EndConsult, consult_id=consult_id)
    assert doctor.outbox.last(m.RoomClosed).reason == ""
    assert station.last(s.Release).binding_id == station.last(s.Bind).binding_id
    assert clinic.media.open_in(consult_id) == []

    await clinic.records.write(lambda ledger: _sign(ledger, clinic, consult_id))
    await clinic.desk.announce_opinion(consult_id)
    assert doctor.outbox.last(m.OpinionSigned).consult_id == consult_id
    await doctor.done(m.AcknowledgeOpinion, consult_id=consult_id)
    assert await clinic.state(consult_id) is ConsultState.CLOSED


def _sign(ledger: Ledger, clinic: Clinic, consult_id: ConsultId) -> None:
    consult = ledger.consults.get(consult_id)
    ledger.consults.save(changes.signed(consult, clinic.clock()))


async def test_everything_that_was_done_is_in_the_audit_trail(clinic: Clinic) -> None:
    doctor, specialist = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, specialist)
    await bind(doctor, consult_id)
    await doctor.done(m.EndConsult, consult_id=consult_id)
    entries = await clinic.records.read(lambda ledger: tuple(ledger.audit.all()))
    assert verify_chain(entries) is None
    done = [(one.event.actor_id, one.event.action) for one in entries]
    assert done.count((ZHOU.id, Action.JOIN)) == done.count((CHEN.id, Action.JOIN)) == 1
    assert (ZHOU.id, Action.BIND) in done and (ZHOU.id, Action.RELEASE) in done
    assert all(one.event.resident_id == WANG_XIUYING.id for one in entries if one.event.actor_id == ZHOU.id)


async def test_a_room_needs_identity_and_consent_first(clinic: Clinic) -> None:
    doctor, specialist = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    await specialist.done(m.AcceptConsult, consult_id=consult_id)
    entering = {"consult_id": consult_id, "microphone_on": True, "camera_on": True}
    assert await doctor.refused(m.JoinRoom, **entering) == "identity_not_confirmed"
    assert (
        await doctor.refused(m.BindStation, consult_id=consult_id, station_id=STATION.id)
        == "identity_not_confirmed"
    )
    identifiers = (IdentifierKind.NAME, IdentifierKind.NAME)
    assert (
        await doctor.refused(m.ConfirmIdentity, consult_id=consult_id, identifiers=identifiers)
        == "two_identifiers_needed"
    )
    identifiers = (IdentifierKind.NAME, IdentifierKind.PHONE)
    await doctor.done(m.ConfirmIdentity, consult_id=consult_id, identifiers=identifiers)
    assert await specialist.refused(m.JoinRoom, **entering) == "consent_missing"
    deferred = {"consult_id": consult_id, "form": ConsentForm.DEFERRED}
    assert await doctor.refused(m.RecordConsent, **deferred) == "reason_needed"
    await doctor.done(m.RecordConsent, **deferred, reason="意识不清")
    await doctor.done(m.JoinRoom, **entering)
    assert clinic.media.peers and doctor.outbox.of(m.MediaOffer)


async def test_only_those_of_the_consult_enter_its_room(clinic: Clinic) -> None:
    doctor, specialist, other = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await in_call(clinic, doctor, specialist)
    entering = {"consult_id": consult_id, "microphone_on": False, "camera_on": False}
    assert await other.refused(m.JoinRoom, **entering) == "not_found"
    assert other.outbox.of(m.MediaOffer) == []


async def test_grants_follow_the_role_and_end_with_the_consult(clinic: Clinic) -> None:
    doctor, specialist = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, specialist)
    assert [peer.grants for peer in clinic.media.open_in(consult_id)] == [
        GRANTS[ZHOU.role],
        GRANTS[CHEN.role],
    ]
    await doctor.done(m.EndConsult, consult_id=consult_id)
    assert {peer.grants for peer in clinic.media.peers.values()} == {NO_GRANTS}
