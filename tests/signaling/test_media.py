"""Media follows the room: lost, restarted, refused, replaced, and never left open."""

import asyncio

from records.rooms import GRANTS, NO_GRANTS, MediaKind
from signaling import messages as m
from signaling import station_messages as s
from signaling.media_paths import EMPTY_KEPT
from signaling.ports import PeerDown, PeerUp, SlotFilled, WorkerRestarted
from tests.fakes.clinic import Clinic, ask, bind, in_call, join, prepare
from tests.fakes.records import CHEN, HAN, STATION, ZHOU


async def test_a_room_nobody_comes_back_to_is_given_up_at_its_worker(clinic: Clinic) -> None:
    """Otherwise it kept its place for ever, and was opened there again however full the worker was."""
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await doctor.done(m.LeaveRoom, consult_id=consult_id)
    await clinic.tick(EMPTY_KEPT.total_seconds())
    await chen.done(m.LeaveRoom, consult_id=consult_id)
    await clinic.tick(2)
    await join(chen, consult_id)  # she had only loaded the page again
    await clinic.tick(EMPTY_KEPT.total_seconds())
    assert clinic.media.closed_rooms == []
    await chen.done(m.LeaveRoom, consult_id=consult_id)
    await clinic.tick(2)
    await chen.done(m.EndConsult, consult_id=consult_id)  # ended while empty: it is let go as well
    for _ in range(2):
        await clinic.tick(EMPTY_KEPT.total_seconds())
    assert clinic.media.closed_rooms == [consult_id]


async def test_who_leaves_while_the_worker_opens_leaves_nothing_at_it(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    for client in (doctor, chen):
        await client.done(m.LeaveRoom, consult_id=consult_id)
    clinic.media.slow = asyncio.Event()
    coming = asyncio.create_task(join(doctor, consult_id))
    await clinic.media.opening.wait()
    await clinic.desk._parts.rooms.leave(consult_id, ZHOU.id)
    await clinic.tick(EMPTY_KEPT.total_seconds())
    clinic.media.slow.set()
    await coming
    assert clinic.media.open_in(consult_id) == []
    await clinic.tick(EMPTY_KEPT.total_seconds())
    assert clinic.media.closed_rooms == [consult_id, consult_id]  # before the worker answered, and after


async def test_a_slot_is_told_to_the_viewer_it_belongs_to(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await in_call(clinic, doctor, chen)
    hers = chen.outbox.last(m.MediaOffer).peer_id
    filled = SlotFilled(peer_id=hers, mid="3", participant_id="somebody", kind=MediaKind.FACE)
    await clinic.desk.media_event(filled)
    bound = chen.outbox.last(m.SlotBound)
    assert (bound.peer_id, bound.mid, bound.participant_id) == (hers, "3", "somebody")
    assert doctor.outbox.of(m.SlotBound) == []
    await clinic.desk.media_event(
        SlotFilled(peer_id="unknown", mid="1", participant_id=None, kind=MediaKind.ECG)
    )
    await clinic.desk.media_event(PeerUp(peer_id="unknown"))
    await clinic.desk.media_event(PeerDown(peer_id="unknown", reason=""))


async def test_a_lost_peer_is_told_and_restarted_for_the_same_muted_participant(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await chen.done(m.SetMuted, consult_id=consult_id, microphone_on=False, camera_on=True)
    before = clinic.media.peers[chen.outbox.last(m.MediaOffer).peer_id]
    await clinic.desk.media_event(PeerDown(peer_id=before.peer_id, reason="silent"))
    assert chen.outbox.last(m.MediaLost).peer_id == before.peer_id
    await chen.done(m.RestartMedia, consult_id=consult_id)
    after = clinic.media.peers[chen.outbox.last(m.MediaOffer).peer_id]
    assert after.peer_id != before.peer_id
    assert (after.participant_id, after.grants) == (before.participant_id, GRANTS[CHEN.role])
    shown = doctor.outbox.last(m.RoomChanged).room.participants
    assert [one.microphone_on for one in shown if one.person.id == CHEN.id] == [False]
    code = await chen.refused(m.AnswerMedia, peer_id=before.peer_id, sdp="v=0")
    assert code == "no_such_peer"


async def test_nobody_answers_for_anothers_peer(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await in_call(clinic, doctor, chen)
    hers = chen.outbox.last(m.MediaOffer).peer_id
    assert await doctor.refused(m.AnswerMedia, peer_id=hers, sdp="v=0 mine") == "no_such_peer"
    assert await chen.refused(m.AnswerMedia, peer_id=hers, sdp="garbage") == "media_answer_bad"
    assert clinic.media.peers[hers].answer is None


async def test_a_restarted_worker_gets_everyone_back(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    _, station = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)
    offers = [len(doctor.outbox.of(m.MediaOffer)), len(station.of(s.StationMediaOffer))]
    await clinic.desk.media_event(WorkerRestarted(room_ids=(consult_id, "unknown")))
    assert [len(doctor.outbox.of(m.MediaOffer)), len(station.of(s.StationMediaOffer))] == [
        one + 1 for one in offers
    ]
    participants = {peer.participant_id for peer in clinic.media.open_in(consult_id)}
    assert len(participants) == len(clinic.media.open_in(consult_id)) == 3


async def test_a_station_whose_peer_is_gone_is_offered_another(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    line, station = await clinic.station()
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    await bind(doctor, consult_id)
    first = station.last(s.StationMediaOffer)
    await clinic.desk.station_receive(line, s.StationAnswerMedia(peer_id=first.peer_id, sdp="v=0"))
    assert clinic.media.peers[first.peer_id].answer == "v=0"
    await clinic.desk.media_event(PeerDown(peer_id=first.peer_id, reason="silent"))
    await clinic.tick(1)
    assert station.last(s.StationMediaOffer).peer_id != first.peer_id


async def test_without_a_worker_the_room_opens_and_media_comes_when_one_is_back(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    clinic.media.available = False
    await join(doctor, consult_id)
    assert doctor.outbox.last(m.MediaLost).consult_id == consult_id
    assert await doctor.refused(m.RestartMedia, consult_id=consult_id) == "media_unavailable"
    await clinic.tick(1)
    assert doctor.outbox.of(m.MediaOffer) == []
    clinic.media.available = True
    await clinic.tick(1)
    assert doctor.outbox.last(m.MediaOffer).consult_id == consult_id


async def test_ending_while_no_worker_answers_still_ends(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    clinic.media.available = False
    await doctor.done(m.EndConsult, consult_id=consult_id)
    assert chen.outbox.last(m.RoomClosed).consult_id == consult_id
    assert not clinic.desk.in_call(chen.line.session_id)


async def test_a_disabled_account_is_out_at_once(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN, "tab-of-chen")
    second_tab = await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    hers = clinic.media.peers[chen.outbox.last(m.MediaOffer).peer_id]
    await clinic.desk.end_account(CHEN.id, "disabled")
    assert hers.closed and hers.grants == NO_GRANTS
    for tab in (chen, second_tab):
        assert tab.outbox.closed == "disabled"
        assert tab.outbox.last(m.SignedOut).code == "disabled"
    await chen.notice(m.ProbeClock(sent_us=1))
    assert chen.outbox.of(m.ClockProbed) == []
    assert [one.person.id for one in doctor.outbox.last(m.RoomChanged).room.participants] == [ZHOU.id]
    assert len(clinic.media.open_in(consult_id)) == 1
    assert not doctor.outbox.last(m.SpecialistChanged).specialist.connected
    late = await clinic.sign_in(CHEN, "tab-of-chen", resume_after=0)
    assert not late.outbox.last(m.Welcome).resumed  # nothing of the session is kept


async def test_signing_out_ends_one_browser_and_not_the_other(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await clinic.desk.end_session(chen.line.session_id, "signed_out")
    assert chen.outbox.closed == "signed_out" and doctor.outbox.closed is None
    assert len(clinic.media.open_in(consult_id)) == 1


async def test_an_account_that_was_disabled_in_the_records_can_do_nothing_more(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    disabled = type(CHEN)(
        **{name: getattr(CHEN, name) for name in CHEN.__struct_fields__} | {"disabled": True}
    )
    await clinic.records.write(lambda ledger: ledger.accounts.save(disabled))
    assert await chen.refused(m.AcceptConsult, consult_id=consult_id) == "signed_out"
    await clinic.desk.announce_account(CHEN.id)
    assert chen.outbox.closed == "signed_out"
    back = await clinic.sign_in(CHEN)
    assert back.outbox.closed == "signed_out" and back.outbox.of(m.Welcome) == []


async def test_a_revoked_station_is_out_at_once(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    line, station = await clinic.station()
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    await bind(doctor, consult_id)
    await clinic.desk.end_account(STATION.id, "revoked")
    assert station.closed == "revoked" and clinic.media.open_in(consult_id) == []
    await clinic.desk.station_packet(line, b"anything")
    assert doctor.outbox.last(m.StationChanged).station.connected is False


async def test_the_administrator_has_no_media_at_all(clinic: Clinic) -> None:
    doctor, chen, administrator = [await clinic.sign_in(one) for one in (ZHOU, CHEN, HAN)]
    consult_id = await in_call(clinic, doctor, chen)
    entering = {"consult_id": consult_id, "microphone_on": False, "camera_on": False}
    assert await administrator.refused(m.JoinRoom, **entering) == "not_allowed"
    assert GRANTS[HAN.role] == NO_GRANTS
    assert administrator.outbox.of(m.RoomChanged) == []


async def test_a_slot_filled_before_the_offer_was_taken_in_is_not_lost(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    early = SlotFilled(peer_id="peer-1", mid="2", participant_id="station", kind=MediaKind.ECG)
    await clinic.desk.media_event(early)
    await join(doctor, consult_id)
    sent = [type(one) for one in doctor.outbox.sent]
    assert sent.index(m.SlotBound) == sent.index(m.MediaOffer) + 1
    assert doctor.outbox.last(m.SlotBound).mid == "2"


async def test_media_lost_while_the_line_was_lost_is_offered_anew(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN, "tab-of-chen")
    consult_id = await in_call(clinic, doctor, chen)
    lost = chen.outbox.last(m.MediaOffer).peer_id
    await clinic.desk.disconnect(chen.line)
    await clinic.desk.media_event(PeerDown(peer_id=lost, reason="silent"))
    await clinic.tick(1)
    assert len(clinic.media.peers) == 2  # nothing is opened for somebody who is not there
    back = await clinic.sign_in(CHEN, "tab-of-chen", resume_after=0)
    await clinic.tick(1)
    offer = back.outbox.last(m.MediaOffer)
    assert offer.consult_id == consult_id and offer.peer_id != lost


async def test_one_who_leaves_while_the_worker_is_at_it_leaves_no_peer_behind(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    clinic.media.slow = asyncio.Event()
    joining = asyncio.create_task(join(doctor, consult_id))
    await clinic.media.opening.wait()
    await clinic.desk.end_account(ZHOU.id, "disabled")
    clinic.media.slow.set()
    await joining
    assert [(peer.closed, peer.grants) for peer in clinic.media.peers.values()] == [(True, NO_GRANTS)]
