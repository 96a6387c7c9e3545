"""A client that lost its line gets every event exactly once, or a snapshot."""

import asyncio

from records.accounts import Presence
from records.consults import ConsultState
from signaling import messages as m
from signaling.tabs import EVENTS_KEPT
from tests.fakes.clinic import Client, Clinic, ask, in_call, join
from tests.fakes.records import CHEN, LI_JIANGUO, ZHAO, ZHOU

TAB = "tab-of-chen"


def _seqs(client: Client) -> list[int]:
    return [event.seq for event in client.outbox.events]


async def test_what_happened_while_the_line_was_lost_comes_once_and_in_order(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN, TAB)
    first = await ask(doctor)
    last_seen = chen.outbox.events[-1].seq
    await clinic.desk.disconnect(chen.line)
    second = await ask(doctor, resident_id=LI_JIANGUO.id)
    await doctor.done(m.CancelConsult, consult_id=first, reason="居民离开")
    clinic.clock.pass_s(5)

    back = await clinic.sign_in(CHEN, TAB, resume_after=last_seen)
    welcome = back.outbox.last(m.Welcome)
    assert welcome.resumed and welcome.snapshot is None and welcome.seq == last_seen
    assert back.outbox.sent[0] is welcome
    assert _seqs(back) == list(range(last_seen + 1, last_seen + 1 + len(_seqs(back))))
    assert back.card(second) is not None
    assert [gone.consult_id for gone in back.outbox.of(m.ConsultGone)] == [first]


async def test_events_number_on_without_a_hole_over_a_lost_line(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN, TAB)
    await ask(doctor)
    seen = _seqs(chen)
    await clinic.desk.disconnect(chen.line)
    await ask(doctor, resident_id=LI_JIANGUO.id)
    back = await clinic.sign_in(CHEN, TAB, resume_after=seen[-1])
    await ask(doctor)
    assert seen + _seqs(back) == list(range(1, len(seen + _seqs(back)) + 1))


async def test_a_client_that_asks_for_nothing_gets_the_whole_state(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    await doctor.done(m.SayChat, consult_id=consult_id, text="已测血压")
    chen = await clinic.sign_in(CHEN)
    welcome = chen.outbox.last(m.Welcome)
    assert not welcome.resumed and welcome.snapshot is not None
    (card,) = welcome.snapshot.consults
    assert card.id == consult_id and card.rings_me
    assert welcome.snapshot.unread_chat == {consult_id: 1}
    assert welcome.snapshot.presence == "available"


async def test_a_tab_away_for_longer_than_it_is_kept_gets_a_snapshot(clinic: Clinic) -> None:
    chen = await clinic.sign_in(CHEN, TAB)
    await clinic.desk.disconnect(chen.line)
    await clinic.tick(61)
    back = await clinic.sign_in(CHEN, TAB, resume_after=0)
    assert not back.outbox.last(m.Welcome).resumed


async def test_a_client_that_missed_more_than_is_kept_gets_a_snapshot(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN, TAB)
    consult_id = await ask(doctor)
    last_seen = chen.outbox.events[-1].seq
    await clinic.desk.disconnect(chen.line)
    tab = clinic.desk._parts.tabs.find(TAB)
    assert tab is not None
    for _ in range(EVENTS_KEPT + 1):
        tab.put(m.ConsultGone(consult_id=consult_id, why=m.GoneWhy.MOVED))
    back = await clinic.sign_in(CHEN, TAB, resume_after=last_seen)
    welcome = back.outbox.last(m.Welcome)
    assert not welcome.resumed and welcome.snapshot is not None
    assert [card.id for card in welcome.snapshot.consults] == [consult_id]
    assert welcome.seq > last_seen + EVENTS_KEPT


async def test_a_number_never_sent_is_not_resumed_from(clinic: Clinic) -> None:
    chen = await clinic.sign_in(CHEN, TAB)
    await clinic.desk.disconnect(chen.line)
    for wrong in (10_000, -1):
        back = await clinic.sign_in(CHEN, TAB, resume_after=wrong)
        assert not back.outbox.last(m.Welcome).resumed


async def test_another_accounts_tab_is_refused_and_undisturbed(clinic: Clinic) -> None:
    chen = await clinic.sign_in(CHEN, TAB)
    thief = await clinic.sign_in(ZHAO, TAB, resume_after=0)
    assert thief.outbox.last(m.Refused).code == "client_id_taken"
    assert thief.outbox.closed == "protocol" and thief.outbox.of(m.Welcome) == []
    await chen.done(m.SetPresence, presence=Presence.BUSY)
    await thief.notice(m.ProbeClock(sent_us=1))
    assert thief.outbox.of(m.ClockProbed) == []


async def test_a_line_that_is_replaced_is_closed_and_its_end_changes_nothing(clinic: Clinic) -> None:
    first = await clinic.sign_in(CHEN, TAB)
    second = await clinic.sign_in(CHEN, TAB, resume_after=0)
    assert first.outbox.closed == "replaced"
    await clinic.desk.disconnect(first.line)
    consult_id = await ask(await clinic.sign_in(ZHOU))
    assert second.card(consult_id) is not None


async def test_a_lost_line_keeps_the_place_in_the_room_for_a_while(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN, TAB)
    consult_id = await in_call(clinic, doctor, chen)
    last_seen = chen.outbox.events[-1].seq
    await clinic.desk.disconnect(chen.line)
    shown = {one.person.id: one.connected for one in doctor.outbox.last(m.RoomChanged).room.participants}
    assert shown == {ZHOU.id: True, CHEN.id: False}
    assert clinic.desk.in_call(chen.line.session_id)
    await clinic.tick(30)
    await clinic.sign_in(CHEN, TAB, resume_after=last_seen)
    assert all(one.connected for one in doctor.outbox.last(m.RoomChanged).room.participants)
    assert len(clinic.media.open_in(consult_id)) == 2


async def test_who_does_not_come_back_has_left_the_room(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await clinic.desk.disconnect(chen.line)
    await clinic.tick(61)
    assert [one.person.id for one in doctor.outbox.last(m.RoomChanged).room.participants] == [ZHOU.id]
    assert len(clinic.media.open_in(consult_id)) == 1
    assert not clinic.desk.in_call(chen.line.session_id)
    assert await clinic.state(consult_id) is ConsultState.IN_CALL


async def test_a_reload_takes_the_same_participants_place(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    before = {one.person.id: one.id for one in doctor.outbox.last(m.RoomChanged).room.participants}
    reloaded = await clinic.sign_in(CHEN)
    snapshot = reloaded.outbox.last(m.Welcome).snapshot
    assert snapshot is not None and [room.consult_id for room in snapshot.rooms] == [consult_id]
    await join(reloaded, consult_id, microphone_on=False)
    room = doctor.outbox.last(m.RoomChanged).room
    assert {one.person.id: one.id for one in room.participants} == before
    assert [one.microphone_on for one in room.participants if one.person.id == CHEN.id] == [False]
    assert chen.outbox.last(m.RoomClosed).reason == "joined_elsewhere"
    assert len(clinic.media.open_in(consult_id)) == 2
    await chen.done(m.LeaveRoom, consult_id=consult_id)  # the old tab says goodbye late
    assert len(clinic.media.open_in(consult_id)) == 2
    assert await chen.refused(m.RestartMedia, consult_id=consult_id) == "not_in_room"


async def test_of_two_sockets_of_a_tab_at_once_only_one_stays(clinic: Clinic) -> None:
    both = await asyncio.gather(clinic.sign_in(CHEN, TAB), clinic.sign_in(CHEN, TAB))
    # Which of the two was let in last is chance: the store reads them in two threads.
    assert sorted(str(one.outbox.closed) for one in both) == ["None", "replaced"]
    (stayed,) = (one for one in both if one.outbox.closed is None)
    consult_id = await ask(await clinic.sign_in(ZHOU))
    assert stayed.card(consult_id) is not None


async def test_who_is_signed_out_while_coming_in_is_not_let_in(clinic: Clinic) -> None:
    arriving = asyncio.create_task(clinic.sign_in(CHEN, TAB))
    while clinic.desk._parts.tabs.find(TAB) is None:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await clinic.desk.end_account(CHEN.id, "disabled")
    late = await arriving
    assert late.outbox.closed == "signed_out" and late.outbox.of(m.Welcome) == []
    assert clinic.desk._parts.tabs.connected_accounts() == frozenset()
