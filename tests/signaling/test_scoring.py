"""Each ended session keeps a score, and each lost path its cause and side."""

import pytest

from records.accounts import Role
from records.ids import ConsultId
from records.rooms import Door
from records.session_scores import DropCause, DropSide, SessionScore
from signaling import messages as m
from signaling.ports import PeerDown, PeerUp, WorkerRestarted
from signaling.scoring import side_of
from tests.fakes.clinic import Client, Clinic, bind, in_call, join
from tests.fakes.records import CHEN, STATION, ZHOU


async def met(clinic: Clinic) -> tuple[Client, Client, ConsultId]:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    return doctor, chen, await in_call(clinic, doctor, chen)


async def report(client: Client, consult_id: str, **figures: float) -> None:
    await client.notice(m.ReportQuality(consult_id=consult_id, **figures))  # type: ignore[arg-type]


async def kept(clinic: Clinic, consult_id: ConsultId) -> SessionScore | None:
    return await clinic.records.read(lambda ledger: ledger.session_scores.of_consult(consult_id))


async def ended(clinic: Clinic, by: Client, consult_id: ConsultId) -> SessionScore:
    await by.done(m.EndConsult, consult_id=consult_id)
    score = await kept(clinic, consult_id)
    assert score is not None
    return score


async def test_the_score_is_the_share_of_good_moments(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    for loss in (0.0, 1.0, 2.0, 9.0):
        await report(chen, consult_id, loss_percent=loss, round_trip_ms=40, ultrasound_fps=30, freezes=0)
    clinic.clock.pass_s(300)
    score = await ended(clinic, chen, consult_id)
    assert (score.score, score.reports, score.loss_percent, score.freezes) == (75, 4, 1.5, 0)
    assert score.ultrasound_delay_ms is None and score.drops == ()
    assert (score.ended_at - score.began_at).total_seconds() == 300


@pytest.mark.parametrize(
    "bad",
    [
        {"round_trip_ms": 251},
        {"loss_percent": 3.1},
        {"ultrasound_fps": 19.9},
        {"ultrasound_delay_ms": 501},
        {"freezes": 1},
        {"freezes": 0, "ecg_missing_samples": 5},
    ],
)
async def test_one_figure_beyond_its_limit_spoils_a_moment(clinic: Clinic, bad: dict[str, float]) -> None:
    _, chen, consult_id = await met(clinic)
    await report(chen, consult_id, round_trip_ms=1)
    await report(chen, consult_id, **bad)
    assert (await ended(clinic, chen, consult_id)).score == 50


@pytest.mark.parametrize("killed", [True, False])
async def test_what_was_counted_before_a_restart_of_the_server_counts(clinic: Clinic, killed: bool) -> None:
    doctor, chen, consult_id = await met(clinic)
    for loss in (0.0, 1.0, 9.0):
        await report(chen, consult_id, loss_percent=loss, freezes=1)
    await clinic.desk.media_event(
        PeerDown(peer_id=doctor.outbox.last(m.MediaOffer).peer_id, reason="silent for 8 s")
    )
    if killed:
        await clinic.tick(10)
        clinic.desk = clinic._new_desk()
        await clinic.desk.start()
    else:
        await clinic.restart()
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    for client in (doctor, chen):
        await join(client, consult_id)
    await clinic.desk.media_event(PeerUp(peer_id=doctor.outbox.last(m.MediaOffer).peer_id))
    await report(chen, consult_id, loss_percent=2.0, freezes=2)  # one more than before
    score = await ended(clinic, chen, consult_id)
    assert (score.score, score.reports, score.loss_percent, score.freezes) == (50, 4, 1.5, 2)
    assert score.most_loss_percent == 9.0
    assert [(one.cause, one.back_after_s is not None) for one in score.drops] == [
        (DropCause.PATH_SILENT, True)
    ]
    assert await clinic.records.read(lambda ledger: ledger.session_scores.tallies()) == ()


async def test_of_a_session_only_what_changed_is_kept_again(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    await report(chen, consult_id, loss_percent=1.0)
    await clinic.tick(10)
    scoring = clinic.desk._parts.rooms.scoring
    assert scoring.changed() == ()
    await report(chen, consult_id, loss_percent=1.0)
    assert [one.counted for one in scoring.changed()] == [2]


async def test_what_nobody_reported_is_no_figure(clinic: Clinic) -> None:
    _, chen, consult_id = await met(clinic)
    await report(chen, consult_id)
    score = await ended(clinic, chen, consult_id)
    assert score.score is None and score.reports == 0 and score.freezes is None


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("silent for 8 s", DropCause.PATH_SILENT),
        ("not up after 15 s", DropCause.PATH_NEVER_UP),
        ("closed by the peer", DropCause.CLOSED_BY_PEER),
        ("the DTLS handshake failed", DropCause.REFUSED_KEYS),
        ("something new", DropCause.OTHER),
    ],
)
async def test_a_lost_path_keeps_its_cause_its_side_and_when_it_was_back(
    clinic: Clinic, reason: str, cause: DropCause
) -> None:
    doctor, chen, consult_id = await met(clinic)
    before = doctor.outbox.last(m.MediaOffer).peer_id
    await clinic.desk.media_event(PeerDown(peer_id=before, reason=reason))
    clinic.clock.pass_s(3)
    await doctor.done(m.RestartMedia, consult_id=consult_id)
    await clinic.desk.media_event(PeerUp(peer_id=doctor.outbox.last(m.MediaOffer).peer_id))
    (drop,) = (await ended(clinic, chen, consult_id)).drops
    assert (drop.cause, drop.side, drop.account_id, drop.back_after_s) == (
        cause,
        DropSide.ASKING,
        ZHOU.id,
        3.0,
    )


async def test_a_path_the_viewer_found_dead_first_is_counted_once_until_it_is_back(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    await clinic.desk.media_event(PeerUp(peer_id=doctor.outbox.last(m.MediaOffer).peer_id))
    for _ in range(3):  # cut: every new offer stays without an answer
        await doctor.done(m.RestartMedia, consult_id=consult_id)
        clinic.clock.pass_s(4)
    await report(doctor, consult_id)  # nothing can be measured: that is no good moment
    await clinic.desk.media_event(PeerUp(peer_id=doctor.outbox.last(m.MediaOffer).peer_id))
    await report(doctor, consult_id, loss_percent=50.0, round_trip_ms=400.0)
    for _ in range(2):
        await report(chen, consult_id, loss_percent=0.0, round_trip_ms=20.0)
    score = await ended(clinic, chen, consult_id)
    (drop,) = score.drops
    assert (drop.cause, drop.side, drop.back_after_s) == (DropCause.PATH_SILENT, DropSide.ASKING, 12.0)
    assert (score.reports, score.score) == (4, 50)
    assert (score.loss_percent, score.most_loss_percent, score.most_round_trip_ms) == (0.0, 50.0, 400.0)


async def test_a_path_that_never_came_up_is_told_apart_from_one_that_went_silent(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    await doctor.done(m.RestartMedia, consult_id=consult_id)
    (drop,) = (await ended(clinic, chen, consult_id)).drops
    assert (drop.cause, drop.back_after_s) == (DropCause.PATH_NEVER_UP, None)


async def test_going_from_page_to_page_is_no_lost_line(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    before = doctor.outbox.last(m.MediaOffer).peer_id
    await clinic.desk.media_event(PeerDown(peer_id=before, reason="closed by the peer"))
    await doctor.done(m.JoinRoom, consult_id=consult_id, microphone_on=True, camera_on=True)
    await clinic.desk.media_event(PeerUp(peer_id=doctor.outbox.last(m.MediaOffer).peer_id))
    before = doctor.outbox.last(m.MediaOffer).peer_id
    await clinic.desk.media_event(PeerDown(peer_id=before, reason="silent for 8 s"))
    await doctor.done(
        m.JoinRoom, consult_id=consult_id, microphone_on=True, camera_on=True
    )  # this one was lost before
    drops = (await ended(clinic, chen, consult_id)).drops
    assert [one.cause for one in drops] == [DropCause.PATH_SILENT]


async def test_a_stations_and_a_workers_loss_are_told_apart(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    await clinic.station()
    await bind(doctor, consult_id)
    (peer,) = [one for one in clinic.media.open_in(consult_id) if one.is_station]
    await clinic.desk.media_event(PeerDown(peer_id=peer.peer_id, reason="silent for 8 s"))
    await clinic.desk.media_event(WorkerRestarted(room_ids=(consult_id,)))
    drops = (await ended(clinic, chen, consult_id)).drops
    assert [(one.side, one.cause, one.account_id) for one in drops] == [
        (DropSide.STATION, DropCause.PATH_SILENT, STATION.id),
        (DropSide.SERVER, DropCause.WORKER_DIED, None),
    ]
    assert drops[0].back_after_s is None


async def test_a_workers_loss_is_over_for_each_when_he_is_back_and_lasts_until_the_last_one(
    clinic: Clinic,
) -> None:
    doctor, chen, consult_id = await met(clinic)
    await clinic.desk.media_event(WorkerRestarted(room_ids=(consult_id,)))
    clinic.clock.pass_s(2)
    await clinic.desk.media_event(PeerUp(peer_id=chen.outbox.last(m.MediaOffer).peer_id))
    for client in (chen, doctor):  # good for her; he has no picture yet
        await report(client, consult_id, round_trip_ms=20)
    clinic.clock.pass_s(5)
    await clinic.desk.media_event(PeerUp(peer_id=doctor.outbox.last(m.MediaOffer).peer_id))
    score = await ended(clinic, chen, consult_id)
    assert [(one.cause, one.back_after_s) for one in score.drops] == [(DropCause.WORKER_DIED, 7.0)]
    assert (score.reports, score.score) == (2, 50)


async def test_a_device_by_whip_that_is_lost_is_a_drop_on_the_stations_side_and_a_screen_is_none(
    clinic: Clinic,
) -> None:
    doctor, chen, consult_id = await met(clinic)
    await clinic.station()
    await bind(doctor, consult_id)

    async def comes() -> str:
        await clinic.desk.doors.publish(STATION, "hash", Door.ULTRASOUND, "v=0 an encoder's offer")
        peer_id = list(clinic.media.peers.values())[-1].peer_id
        await clinic.desk.media_event(PeerUp(peer_id=peer_id))
        return peer_id

    link, _ = await clinic.desk.doors.let_screen_in(ZHOU, consult_id)
    await clinic.desk.doors.watch(link, "v=0 a screen's offer")
    screen = list(clinic.media.peers.values())[-1].peer_id
    await clinic.desk.media_event(PeerUp(peer_id=screen))
    await clinic.desk.media_event(PeerDown(peer_id=screen, reason="silent for 8 s"))
    await clinic.desk.media_event(PeerDown(peer_id=await comes(), reason="silent for 8 s"))
    (own,) = [one for one in clinic.media.open_in(consult_id) if one.is_station]
    await clinic.desk.media_event(PeerUp(peer_id=own.peer_id))  # the station's program was not lost
    clinic.clock.pass_s(4)
    await comes()
    score = await ended(clinic, chen, consult_id)
    assert [(one.side, one.cause, one.account_id, one.back_after_s) for one in score.drops] == [
        (DropSide.STATION, DropCause.PATH_SILENT, STATION.id, 4.0)
    ]


def test_every_role_in_a_room_has_a_side() -> None:
    sides = {role: side_of(role) for role in Role}
    assert sides[Role.STATION] is DropSide.STATION and sides[Role.NURSE] is DropSide.ASKING
    assert sides[Role.COMMUNITY_DOCTOR] is DropSide.ASKING
    assert sides[Role.SPECIALIST] is DropSide.ANSWERING


async def test_a_consult_nobody_met_in_keeps_no_score(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    await ended(clinic, chen, consult_id)
    await chen.refused(m.EndConsult, consult_id=consult_id)
    scores = await clinic.records.read(lambda ledger: ledger.session_scores.newest())
    assert [one.consult_id for one in scores] == [consult_id]
