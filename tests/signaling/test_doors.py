"""Devices by WHIP, screens by WHEP: seated while there is a reason, named to all, within their rights."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from records.accounts import VouchedEncoder
from records.audit import Action
from records.ids import ConsultId
from records.ledger import Ledger
from records.rooms import DOOR_GRANTS, GRANTS, NO_GRANTS, Door, MediaKind
from signaling import messages as m
from signaling import station_messages as s
from signaling.errors import Refused
from signaling.ports import MediaRefused, PeerDown, PeerUp, WorkerRestarted
from signaling.relays import Relays
from signaling.screens import LINK_LASTS, MOST_LINKS, hash_of
from tests.fakes.clinic import Client, Clinic, bind, in_call, join, open_clinic
from tests.fakes.media import FakePeer
from tests.fakes.records import CHEN, STATION, ZHAO, ZHOU

OFFER = "v=0 an encoder's offer"


async def begun(clinic: Clinic) -> tuple[Client, Client, ConsultId]:
    """A doctor and a specialist in call, with the station's own program bound."""
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)
    return doctor, chen, consult_id


async def publish(clinic: Clinic, door: Door = Door.ULTRASOUND) -> str:
    """Offer as the station's device; the session's id."""
    return (await clinic.desk.doors.publish(STATION, "hash", door, OFFER)).session_id


def newest(clinic: Clinic) -> FakePeer:
    """The peer that was opened last."""
    return list(clinic.media.peers.values())[-1]


def own_peer(clinic: Clinic) -> FakePeer:
    """The peer of the station's own program."""
    return next(one for one in clinic.media.peers.values() if one.is_station and not one.kinds)


async def up(clinic: Clinic, peer: FakePeer) -> None:
    await clinic.desk.media_event(PeerUp(peer_id=peer.peer_id))


async def down(clinic: Clinic, peer: FakePeer) -> None:
    await clinic.desk.media_event(PeerDown(peer_id=peer.peer_id, reason="silent"))


def shown(client: Client) -> list[tuple[Door | None, str, bool]]:
    """The room as somebody sees it: by which door, who, whether connected."""
    room = client.outbox.last(m.RoomChanged).room
    return [(one.door, one.person.id, one.connected) for one in room.participants]


async def trail(clinic: Clinic) -> list[tuple[Action, str, str]]:
    def read(ledger: Ledger) -> list[tuple[Action, str, str]]:
        events = [entry.event for entry in ledger.audit.all()]
        return [(one.action, one.reason, one.actor_id or "") for one in events if one.object_kind == "door"]

    return await clinic.records.read(read)


async def test_a_device_publishes_only_while_its_station_is_bound(clinic: Clinic) -> None:
    await clinic.station()
    with pytest.raises(Refused, match="not_bound"):
        await publish(clinic)
    doctor, _, consult_id = await begun(clinic)
    await publish(clinic)
    assert newest(clinic).kinds == (MediaKind.ULTRASOUND,) and newest(clinic).room_id == consult_id
    assert (Door.ULTRASOUND, STATION.id, False) in shown(doctor)
    card = doctor.card(consult_id)
    assert card and card.binding
    await doctor.done(m.ReleaseStation, binding_id=card.binding.id)
    assert newest(clinic).closed and newest(clinic).grants == NO_GRANTS
    assert [door for door, _, _ in shown(doctor)] == [None, None]
    with pytest.raises(Refused, match="not_bound"):
        await publish(clinic)


async def vouch(clinic: Clinic, vouched: VouchedEncoder | None) -> None:
    await clinic.records.write(
        lambda ledger: ledger.accounts.save(msgspec.structs.replace(STATION, encoder=vouched))
    )


async def test_no_encoder_shows_a_picture_that_nobody_answers_for(clinic: Clinic) -> None:
    doctor, _, _ = await begun(clinic)
    await vouch(clinic, None)
    with pytest.raises(Refused, match="nobody_vouches"):
        await publish(clinic)
    assert not any(one.kinds for one in clinic.media.peers.values())
    await publish(clinic, Door.CAMERA)  # a room's camera is no scanner's screen
    await vouch(clinic, STATION.encoder)
    await publish(clinic)
    picture = newest(clinic)
    await up(clinic, picture)
    assert own_peer(clinic).grants.publish == {MediaKind.ECG}
    await vouch(clinic, None)
    await clinic.desk.doors.end_unvouched(STATION.id)
    assert picture.closed and own_peer(clinic).grants == GRANTS[STATION.role]
    assert [door for door, _, _ in shown(doctor) if door is not None] == [Door.CAMERA]


async def test_only_one_picture_is_the_ultrasound(clinic: Clinic) -> None:
    await begun(clinic)
    own = own_peer(clinic)
    await publish(clinic)
    device = newest(clinic)
    assert device.grants == NO_GRANTS and MediaKind.ULTRASOUND in own.grants.publish  # not there yet
    await up(clinic, device)
    assert own.grants.publish == {MediaKind.ECG} and device.grants == DOOR_GRANTS[Door.ULTRASOUND]
    await down(clinic, device)
    assert own.grants == GRANTS[STATION.role]
    assert [one.publish for one in own.granted] == [{MediaKind.ECG}, GRANTS[STATION.role].publish]


async def test_nothing_is_aligned_by_a_devices_clock(clinic: Clinic) -> None:
    doctor, chen, _ = await begun(clinic)
    assert chen.outbox.last(m.StationChanged).station.one_clock
    await publish(clinic)
    await up(clinic, newest(clinic))
    for screen in (doctor, chen):
        assert not screen.outbox.last(m.StationChanged).station.one_clock
        told = [type(one) for one in screen.outbox.sent]
        last_clock = len(told) - 1 - told[::-1].index(m.StationChanged)
        last_room = len(told) - 1 - told[::-1].index(m.RoomChanged)
        assert last_clock < last_room  # known before the picture is shown as connected
    await down(clinic, newest(clinic))
    assert chen.outbox.last(m.StationChanged).station.one_clock


async def test_a_device_that_never_connects_takes_no_picture_away(clinic: Clinic) -> None:
    doctor, _, _ = await begun(clinic)
    await publish(clinic)
    await down(clinic, newest(clinic))
    assert own_peer(clinic).granted == []
    assert [door for door, _, _ in shown(doctor)] == [None, None, None]


async def test_a_room_camera_is_seen_and_heard_and_nothing_else(clinic: Clinic) -> None:
    doctor, _, _ = await begun(clinic)
    await publish(clinic, Door.CAMERA)
    camera = newest(clinic)
    assert camera.kinds == (MediaKind.FACE, MediaKind.VOICE)
    assert camera.grants.publish == {MediaKind.FACE, MediaKind.VOICE} and camera.grants.receive == set()
    await up(clinic, camera)
    assert (Door.CAMERA, STATION.id, True) in shown(doctor)
    assert MediaKind.ULTRASOUND in own_peer(clinic).grants.publish
    assert doctor.outbox.last(m.StationChanged).station.one_clock


async def test_an_encoder_that_comes_again_takes_its_own_place(clinic: Clinic) -> None:
    doctor, _, _ = await begun(clinic)
    await publish(clinic)
    first = newest(clinic)
    await up(clinic, first)
    await publish(clinic)
    second = newest(clinic)
    assert first.closed and second.participant_id == first.participant_id
    assert MediaKind.ULTRASOUND in own_peer(clinic).grants.publish  # until the second is connected
    await up(clinic, second)
    await down(clinic, first)  # told late: it takes nobody out
    assert second.grants == DOOR_GRANTS[Door.ULTRASOUND]
    assert [door for door, _, _ in shown(doctor)].count(Door.ULTRASOUND) == 1


async def test_the_stations_program_that_comes_back_waits_as_well(clinic: Clinic) -> None:
    await begun(clinic)
    await publish(clinic)
    await up(clinic, newest(clinic))
    await clinic.station()  # started anew
    assert newest(clinic).is_station and newest(clinic).grants.publish == {MediaKind.ECG}


async def test_a_device_may_be_all_a_station_has(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)  # no program of the station is running
    await publish(clinic)
    await up(clinic, newest(clinic))
    assert chen.outbox.last(m.StationChanged).station.ultrasound is m.DeviceState.RUNNING
    assert (Door.ULTRASOUND, STATION.id, True) in shown(chen)
    await clinic.station()  # started after all: it sends the ECG, and no second picture
    assert newest(clinic).is_station and newest(clinic).grants.publish == {MediaKind.ECG}


async def test_a_session_is_ended_by_its_own_station_only(clinic: Clinic) -> None:
    await begun(clinic)
    session_id = await publish(clinic)
    await up(clinic, newest(clinic))
    with pytest.raises(Refused, match="not_found"):
        await clinic.desk.doors.end_device(ZHOU.id, session_id)
    await clinic.desk.doors.end_device(STATION.id, session_id)
    assert newest(clinic).closed and own_peer(clinic).grants == GRANTS[STATION.role]
    with pytest.raises(Refused, match="not_found"):
        await clinic.desk.doors.end_device(STATION.id, session_id)
    assert await trail(clinic) == [
        (Action.JOIN, "ultrasound", STATION.id),
        (Action.LEAVE, "ultrasound", STATION.id),
    ]


async def test_a_bad_offer_or_a_full_worker_changes_nothing(clinic: Clinic) -> None:
    doctor, _, _ = await begun(clinic)
    before = shown(doctor)
    with pytest.raises(MediaRefused):
        await clinic.desk.doors.publish(STATION, "hash", Door.ULTRASOUND, "garbage")
    clinic.media.full = True
    with pytest.raises(Refused, match="95%"):
        await publish(clinic)
    clinic.media.full, clinic.media.available = False, False
    with pytest.raises(Refused, match="no worker"):
        await publish(clinic)
    assert shown(doctor) == before and await trail(clinic) == []


async def test_a_device_is_handed_a_relay_of_its_own(tmp_path: Path) -> None:
    relays = Relays(("turn:relay.example:3478",), "secret", 600)
    async with open_clinic(tmp_path, relays=relays) as clinic:
        await begun(clinic)
        opened = await clinic.desk.doors.publish(STATION, "hash", Door.CAMERA, OFFER)
        (relay,) = opened.ice_servers
        assert relay.username.endswith(f":{newest(clinic).peer_id}")
        assert relay.credential not in repr(opened)


async def test_a_revoked_token_and_an_ended_consult_put_a_device_out(clinic: Clinic) -> None:
    doctor, _, consult_id = await begun(clinic)
    await publish(clinic)
    assert clinic.desk.doors.tokens() == {(STATION.id, "hash")}
    await clinic.desk.end_account(STATION.id, "revoked")
    assert newest(clinic).closed and clinic.desk.doors.tokens() == set()
    await publish(clinic, Door.CAMERA)
    await doctor.done(m.EndConsult, consult_id=consult_id)
    assert newest(clinic).closed and clinic.media.open_in(consult_id) == []


async def test_a_restarted_worker_waits_for_the_device_to_offer_again(clinic: Clinic) -> None:
    doctor, _, consult_id = await begun(clinic)
    await publish(clinic)
    await up(clinic, newest(clinic))
    await clinic.desk.media_event(WorkerRestarted(room_ids=(consult_id,)))
    assert [door for door, _, _ in shown(doctor)] == [None, None, None]
    assert doctor.outbox.last(m.StationChanged).station.one_clock
    own = next(one for one in clinic.media.open_in(consult_id) if one.is_station)
    assert own.grants == GRANTS[STATION.role]


async def test_a_binding_that_ends_while_the_worker_answers_ends_the_device_too(clinic: Clinic) -> None:
    doctor, _, consult_id = await begun(clinic)
    clinic.media.slow = asyncio.Event()
    publishing = asyncio.create_task(publish(clinic))
    await clinic.media.opening.wait()
    ending = asyncio.create_task(doctor.done(m.EndConsult, consult_id=consult_id))
    clinic.media.slow.set()
    await asyncio.gather(publishing, ending)
    assert newest(clinic).closed and clinic.media.open_in(consult_id) == []


# --- screens --------------------------------------------------------------------------------------------


async def screen(clinic: Clinic, consult_id: ConsultId) -> tuple[str, str]:
    """A link the specialist made: its id and the hash of its token."""
    link, token = await clinic.desk.doors.let_screen_in(CHEN, consult_id)
    return link.id, hash_of(token)


async def watch(clinic: Clinic, consult_id: ConsultId, token_hash: str) -> str:
    link = clinic.desk.doors.screen_link(consult_id, token_hash)
    assert link
    return (await clinic.desk.doors.watch(link, OFFER)).session_id


async def test_a_screen_sees_and_hears_is_named_to_all_and_publishes_nothing(clinic: Clinic) -> None:
    doctor, chen, consult_id = await begun(clinic)
    link_id, token = await screen(clinic, consult_id)
    await watch(clinic, consult_id, token)
    peer = newest(clinic)
    assert peer.participant_id == link_id and not peer.is_station
    assert peer.grants.publish == set()
    assert peer.grants.receive == {MediaKind.ULTRASOUND, MediaKind.FACE, MediaKind.VOICE}
    await up(clinic, peer)
    for client in (doctor, chen):
        assert (Door.SCREEN, CHEN.id, True) in shown(client)
    assert await trail(clinic) == [(Action.JOIN, "screen", CHEN.id)]


async def test_who_is_in_the_room_sees_the_links_given_until_they_are_good_for_nothing(
    clinic: Clinic,
) -> None:
    _, _, consult_id = await begun(clinic)
    doors = clinic.desk.doors
    waiting, _ = await doors.let_screen_in(ZHOU, consult_id)
    clinic.clock.pass_s(60)
    link_id, token = await screen(clinic, consult_id)
    await watch(clinic, consult_id, token)
    given = doors.links_given(CHEN, consult_id)
    assert [(one.link.id, one.link.opened_by.id, one.watching) for one in given] == [
        (waiting.id, ZHOU.id, False),
        (link_id, CHEN.id, True),
    ]
    with pytest.raises(Refused, match="not_in_room"):
        doors.links_given(ZHAO, consult_id)
    clinic.clock.pass_s(LINK_LASTS.total_seconds() - 30)
    assert [one.link.id for one in doors.links_given(ZHOU, consult_id)] == [link_id]
    clinic.clock.pass_s(LINK_LASTS.total_seconds())
    assert [one.link.id for one in doors.links_given(ZHOU, consult_id)] == [link_id]  # it still watches
    await doors.take_link_back(ZHOU, consult_id, link_id)
    assert doors.links_given(ZHOU, consult_id) == ()


async def test_a_link_is_for_one_consult_one_screen_and_one_hour(clinic: Clinic) -> None:
    _, _, consult_id = await begun(clinic)
    _, token = await screen(clinic, consult_id)
    doors = clinic.desk.doors
    assert doors.screen_link(ConsultId("another"), token) is None
    assert doors.screen_link(consult_id, "guessed") is None
    await watch(clinic, consult_id, token)
    first = newest(clinic)
    await watch(clinic, consult_id, token)
    assert first.closed and not newest(clinic).closed
    clinic.clock.pass_s(LINK_LASTS.total_seconds())
    assert doors.screen_link(consult_id, token) is None
    assert doors.knows_screen(consult_id, token)  # it watches, and may end that itself
    assert not newest(clinic).closed


async def test_a_link_is_made_and_taken_back_from_within_the_room(clinic: Clinic) -> None:
    doctor, chen, consult_id = await begun(clinic)
    link_id, token = await screen(clinic, consult_id)
    await watch(clinic, consult_id, token)
    await clinic.desk.doors.take_link_back(ZHOU, consult_id, link_id)  # either side may
    assert newest(clinic).closed and not clinic.desk.doors.knows_screen(consult_id, token)
    assert Door.SCREEN not in [door for door, _, _ in shown(doctor)]
    with pytest.raises(Refused, match="not_found"):
        await clinic.desk.doors.take_link_back(ZHOU, consult_id, link_id)
    await chen.done(m.LeaveRoom, consult_id=consult_id)
    with pytest.raises(Refused, match="not_in_room"):
        await screen(clinic, consult_id)


async def test_nobody_watches_an_empty_room_or_an_ended_consult(clinic: Clinic) -> None:
    doctor, chen, consult_id = await begun(clinic)
    _, token = await screen(clinic, consult_id)
    await watch(clinic, consult_id, token)
    await chen.done(m.LeaveRoom, consult_id=consult_id)
    assert not newest(clinic).closed
    await doctor.done(m.LeaveRoom, consult_id=consult_id)
    assert newest(clinic).closed
    with pytest.raises(Refused, match="nobody is in the room"):
        await watch(clinic, consult_id, token)
    await join(doctor, consult_id)
    await watch(clinic, consult_id, token)
    await doctor.done(m.EndConsult, consult_id=consult_id)
    assert newest(clinic).closed and clinic.desk.doors.screen_link(consult_id, token) is None


async def test_a_link_taken_back_while_the_worker_answers_lets_nobody_in(clinic: Clinic) -> None:
    doctor, _, consult_id = await begun(clinic)
    link_id, token = await screen(clinic, consult_id)
    clinic.media.slow = asyncio.Event()
    watching = asyncio.create_task(watch(clinic, consult_id, token))
    await clinic.media.opening.wait()
    await clinic.desk.doors.take_link_back(CHEN, consult_id, link_id)
    clinic.media.slow.set()
    with pytest.raises(Refused, match="taken back"):
        await watching
    assert newest(clinic).closed and newest(clinic).grants == NO_GRANTS
    assert Door.SCREEN not in [door for door, _, _ in shown(doctor)]


async def test_links_are_few_and_end_with_who_made_them(clinic: Clinic) -> None:
    _, _, consult_id = await begun(clinic)
    made = [await screen(clinic, consult_id) for _ in range(MOST_LINKS)]
    with pytest.raises(Refused, match="too_many_screens"):
        await screen(clinic, consult_id)
    await watch(clinic, consult_id, made[0][1])
    await clinic.desk.end_account(CHEN.id, "disabled")
    assert newest(clinic).closed
    assert [one for _, one in made if clinic.desk.doors.knows_screen(consult_id, one)] == []


async def test_who_hands_over_watches_by_no_screen(clinic: Clinic) -> None:
    doctor, chen, consult_id = await begun(clinic)
    zhao = await clinic.sign_in(ZHAO)
    (_, watching), (_, unused) = await screen(clinic, consult_id), await screen(clinic, consult_id)
    link, _ = await clinic.desk.doors.let_screen_in(ZHOU, consult_id)
    await watch(clinic, consult_id, watching)
    peer = newest(clinic)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="换班")
    await zhao.done(m.AcceptConsult, consult_id=consult_id)
    assert peer.closed and peer.grants == NO_GRANTS
    assert Door.SCREEN not in [door for door, _, _ in shown(doctor)]
    doors = clinic.desk.doors
    assert [doors.knows_screen(consult_id, one) for one in (watching, unused)] == [False, False]
    assert doors.screen_link(consult_id, link.token_hash) == link  # the doctor's own is as good as before


async def test_who_left_the_room_before_she_handed_over_watches_by_no_screen_either(clinic: Clinic) -> None:
    doctor, chen, consult_id = await begun(clinic)
    _, token = await screen(clinic, consult_id)
    await watch(clinic, consult_id, token)
    await chen.done(m.LeaveRoom, consult_id=consult_id)
    assert not newest(clinic).closed  # she still takes part
    zhao = await clinic.sign_in(ZHAO)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="换班")
    assert not newest(clinic).closed  # it is hers until somebody takes it
    await zhao.done(m.AcceptConsult, consult_id=consult_id)
    assert newest(clinic).closed and not clinic.desk.doors.knows_screen(consult_id, token)
    assert Door.SCREEN not in [door for door, _, _ in shown(doctor)]


async def test_a_link_of_an_empty_room_ends_with_the_part_its_maker_takes(clinic: Clinic) -> None:
    doctor, chen, consult_id = await begun(clinic)
    _, token = await screen(clinic, consult_id)
    card = doctor.card(consult_id)
    assert card and card.binding
    await doctor.done(m.ReleaseStation, binding_id=card.binding.id)
    for client in (chen, doctor):
        await client.done(m.LeaveRoom, consult_id=consult_id)
    zhao = await clinic.sign_in(ZHAO)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="换班")
    await zhao.done(m.AcceptConsult, consult_id=consult_id)
    assert clinic.desk.doors.screen_link(consult_id, token) is None


async def test_who_moves_to_another_institution_watches_by_no_screen(clinic: Clinic) -> None:
    doctor, _, consult_id = await begun(clinic)
    link, _ = await clinic.desk.doors.let_screen_in(ZHOU, consult_id)
    await watch(clinic, consult_id, link.token_hash)
    await doctor.done(m.LeaveRoom, consult_id=consult_id)
    moved = msgspec.structs.replace(ZHOU, institution_id=CHEN.institution_id)
    await clinic.records.write(lambda ledger: ledger.accounts.save(moved))
    await clinic.desk.announce_account(ZHOU.id)
    assert newest(clinic).closed and not clinic.desk.doors.knows_screen(consult_id, link.token_hash)


async def test_a_screen_ends_its_own_session_only(clinic: Clinic) -> None:
    _, _, consult_id = await begun(clinic)
    (_, mine), (_, theirs) = await screen(clinic, consult_id), await screen(clinic, consult_id)
    session_id = await watch(clinic, consult_id, mine)
    with pytest.raises(Refused, match="not_found"):
        await clinic.desk.doors.end_screen(theirs, session_id)
    await clinic.desk.doors.end_screen(mine, session_id)
    assert newest(clinic).closed


async def test_a_stations_program_is_offered_media_beside_its_device(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)
    await publish(clinic)
    device = newest(clinic)
    _, station = await clinic.station()
    assert (
        clinic.media.peers[station.last(s.StationMediaOffer).peer_id].participant_id != device.participant_id
    )
    assert not device.closed


async def test_a_device_and_a_capture_card_are_never_both_the_ultrasound(clinic: Clinic) -> None:
    doctor, _, consult_id = await begun(clinic)
    card = {"consult_id": consult_id, "resident_confirmed": True}
    await publish(clinic)
    device = newest(clinic)
    await doctor.done(m.PublishUltrasound, on=True, **card)  # the device is not connected yet
    await up(clinic, device)
    assert device.closed and own_peer(clinic).grants.publish == {MediaKind.ECG}
    with pytest.raises(Refused, match="ultrasound_taken"):
        await publish(clinic)
    await doctor.done(m.PublishUltrasound, on=False, **card)
    assert own_peer(clinic).grants == GRANTS[STATION.role]
    await publish(clinic)
    await up(clinic, newest(clinic))
    assert await doctor.refused(m.PublishUltrasound, on=True, **card) == "ultrasound_taken"
    assert own_peer(clinic).grants.publish == {MediaKind.ECG}


async def test_a_camera_no_browser_has_a_place_for_is_refused(clinic: Clinic) -> None:
    await begun(clinic)
    await publish(clinic, Door.CAMERA)
    room = next(iter(clinic.desk._parts.rooms.rooms.values()))
    assert room.speakers() == {ZHOU.id, CHEN.id, STATION.id}  # the camera takes a place
    await publish(clinic, Door.CAMERA)  # its own again
