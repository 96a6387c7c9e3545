"""The administrator's figures: the viewer's own, absent when there are none, never 0."""

from records.accounts import Presence
from records.consults import Urgency
from records.ids import AccountId, ConsultId
from signaling import messages as m
from signaling import station_messages as s
from signaling.figures import CURVE_POINTS, ServerFacts
from signaling.ports import PeerMeasured
from signaling.rooms import participant_of
from tests.fakes.clinic import Client, Clinic, ask, bind, in_call
from tests.fakes.records import (
    CARDIOLOGY,
    CHEN,
    HAN,
    LI_JIANGUO,
    STATION,
    ULTRASOUND,
    WANG_XIUYING,
    ZHAO,
    ZHOU,
)


async def test_a_session_without_reports_shows_no_figures(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    (live,) = (await clinic.desk.dashboard()).live
    assert live.consult_id == consult_id
    assert (live.asker_name, live.specialist_name) == (ZHOU.display_name, CHEN.display_name)
    figures = [
        getattr(live, name) for name in live.__struct_fields__ if getattr(live, name) in (0, 0.0, None)
    ]
    assert figures == [None] * 10


async def test_of_every_figure_the_worst_is_shown_and_goes_stale(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, _ = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    binding_id = await bind(doctor, consult_id)
    report = m.ReportQuality(
        consult_id=consult_id,
        round_trip_ms=12.5,
        loss_percent=0.0,
        down_mbps=4.0,
        ultrasound_fps=29.9,
        ultrasound_delay_ms=38.0,
        freezes=0,
    )
    await chen.notice(report)
    await doctor.notice(m.ReportQuality(consult_id=consult_id, round_trip_ms=99.0, up_mbps=1.5))
    await clinic.desk.station_receive(line, s.StationFigures(binding_id=binding_id, sent_mbps=4.0))
    (live,) = (await clinic.desk.dashboard()).live
    assert (live.round_trip_ms, live.loss_percent, live.freezes) == (99.0, 0.0, 0)
    assert (live.ultrasound_fps, live.ultrasound_delay_ms) == (29.9, 38.0)
    assert (live.up_mbps, live.down_mbps) == (5.5, 4.0)
    assert live.ecg_missing_samples is None and live.station_name == STATION.display_name
    clinic.clock.pass_s(11)
    (live,) = (await clinic.desk.dashboard()).live
    assert (live.round_trip_ms, live.up_mbps, live.down_mbps) == (None, None, None)


async def test_half_a_sum_is_not_shown_as_the_sum(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)
    await doctor.notice(m.ReportQuality(consult_id=consult_id, up_mbps=1.5))
    (live,) = (await clinic.desk.dashboard()).live
    assert live.up_mbps is None


def counted(clinic: Clinic, consult_id: str, account_id: AccountId, **figures: float) -> None:
    """The media worker counts this of somebody's connection."""
    participant = participant_of(ConsultId(consult_id), account_id)
    clinic.media.counted[participant] = PeerMeasured(
        room_id=consult_id, participant_id=participant, **figures
    )


async def test_without_reports_the_media_workers_own_counters_are_shown(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)
    counted(clinic, consult_id, CHEN.id, round_trip_ms=12.0, loss_percent=0.5, up_mbps=1.0, down_mbps=6.0)
    counted(clinic, consult_id, ZHOU.id, round_trip_ms=30.0, up_mbps=1.5)
    (live,) = (await clinic.desk.dashboard()).live
    assert (live.round_trip_ms, live.loss_percent, live.down_mbps) == (30.0, 0.5, 6.0)
    assert live.up_mbps is None  # of the station nothing is known
    counted(clinic, consult_id, STATION.id, up_mbps=4.0)
    (live,) = (await clinic.desk.dashboard()).live
    assert live.up_mbps == 5.5
    assert (live.ultrasound_fps, live.ultrasound_delay_ms, live.freezes) == (None, None, None)


async def test_a_viewers_own_report_counts_before_the_workers_counters(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    counted(clinic, consult_id, CHEN.id, round_trip_ms=12.0, loss_percent=0.5, down_mbps=6.0)
    await chen.notice(m.ReportQuality(consult_id=consult_id, round_trip_ms=14.0, freezes=2))
    (live,) = (await clinic.desk.dashboard()).live
    assert (live.round_trip_ms, live.loss_percent, live.down_mbps, live.freezes) == (14.0, 0.5, 6.0, 2)


def well(consult_id: str, **figures: float) -> m.ReportQuality:
    """The report of somebody with whom all is well, but for what is said otherwise."""
    good = dict(round_trip_ms=12.0, loss_percent=0.0, down_mbps=6.0, up_mbps=1.5, ultrasound_fps=30.0)
    shown = dict(ultrasound_delay_ms=60.0, ultrasound_delay_uncertainty_ms=2.0, ecg_missing_samples=0)
    return m.ReportQuality(consult_id=consult_id, **(good | shown | figures))  # type: ignore[arg-type]


async def bound_and_well(clinic: Clinic, consult_id: str, doctor: Client, chen: Client) -> None:
    """The station is bound, everyone's media flow, and both people have good figures."""
    await bind(doctor, consult_id)
    for account in (ZHOU, CHEN, STATION):
        counted(clinic, consult_id, account.id, round_trip_ms=12.0)
    for one in (doctor, chen):
        await one.notice(well(consult_id))


async def concerns(clinic: Clinic) -> set[m.SessionConcern]:
    (live,) = (await clinic.desk.dashboard()).live
    return set(live.concerns)


async def test_a_session_is_of_no_concern_only_while_all_is_known_of_everyone(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, _ = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bound_and_well(clinic, consult_id, doctor, chen)
    assert await concerns(clinic) == set()
    clinic.clock.pass_s(11)
    await chen.notice(well(consult_id))  # of the doctor nothing was heard for 11 s
    assert await concerns(clinic) == {m.SessionConcern.UNMEASURED}
    await doctor.notice(well(consult_id))
    assert await concerns(clinic) == set()
    del clinic.media.counted[participant_of(ConsultId(consult_id), ZHOU.id)]
    assert await concerns(clinic) == {m.SessionConcern.PARTICIPANT_AWAY}
    counted(clinic, consult_id, ZHOU.id, round_trip_ms=12.0)
    await clinic.desk.station_receive(
        line, s.StationDevices(ultrasound=m.DeviceState.FAILED, ecg=m.DeviceState.RUNNING)
    )
    assert await concerns(clinic) == {m.SessionConcern.DEVICE_FAILED}


async def test_a_station_that_is_away_is_a_concern_whatever_the_viewers_report(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, _ = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bound_and_well(clinic, consult_id, doctor, chen)
    await clinic.desk.station_disconnect(line)
    assert await concerns(clinic) == {m.SessionConcern.STATION_AWAY}


async def test_a_side_that_is_not_in_the_room_is_a_concern(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bound_and_well(clinic, consult_id, doctor, chen)
    await doctor.desk.disconnect(doctor.line)
    assert m.SessionConcern.PARTICIPANT_AWAY in await concerns(clinic)


async def test_the_worst_viewer_counts(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bound_and_well(clinic, consult_id, doctor, chen)
    await doctor.notice(
        well(
            consult_id,
            loss_percent=50.0,
            ultrasound_fps=4.0,
            ultrasound_delay_ms=900.0,
            ultrasound_delay_uncertainty_ms=7.0,
            ecg_missing_samples=40,
        )
    )
    (live,) = (await clinic.desk.dashboard()).live
    assert (live.loss_percent, live.ultrasound_fps, live.ecg_missing_samples) == (50.0, 4.0, 40)
    assert (live.ultrasound_delay_ms, live.ultrasound_delay_uncertainty_ms) == (900.0, 7.0)


async def test_a_plane_that_does_not_answer_leaves_a_dashboard_without_its_figures(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    counted(clinic, consult_id, CHEN.id, round_trip_ms=12.0)
    clinic.media.available = False
    (live,) = (await clinic.desk.dashboard()).live
    assert live.round_trip_ms is None


async def test_nobody_reports_on_a_room_she_is_not_in(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    consult_id = await in_call(clinic, doctor, chen)
    await zhao.notice(m.ReportQuality(consult_id=consult_id, round_trip_ms=1.0))
    assert zhao.outbox.last(m.Refused).code == "not_in_room"


async def test_queues_and_the_day_are_counted(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    await zhao.done(m.SetPresence, presence=Presence.AWAY)
    first = await ask(doctor, urgency=Urgency.EMERGENCY)
    clinic.clock.pass_s(90)
    await ask(doctor, resident_id=LI_JIANGUO.id)
    await chen.done(m.AcceptConsult, consult_id=first)
    clinic.clock.pass_s(10)
    dashboard = await clinic.desk.dashboard()
    heart = next(one for one in dashboard.queues if one.specialty == CARDIOLOGY)
    assert (heart.emergency, heart.expedited, heart.routine, heart.longest_wait_s) == (0, 1, 0, 10)
    assert (heart.available, heart.connected, heart.target_wait_s) == (1, 2, 15 * 60)
    images = next(one for one in dashboard.queues if one.specialty == ULTRASOUND)
    assert images.longest_wait_s is images.target_wait_s is None and images.connected == 1
    assert (dashboard.today.asked, dashboard.today.accepted) == (2, 1)
    assert dashboard.today.median_wait_s == dashboard.today.longest_wait_s == 90


async def test_who_watches_gets_the_figures_every_two_seconds(clinic: Clinic) -> None:
    administrator = await clinic.sign_in(HAN)
    await administrator.done(m.WatchDashboard, on=True)
    for _ in range(6):
        await clinic.tick(1)
    assert len(administrator.outbox.of(m.DashboardFigures)) == 3
    await administrator.done(m.WatchDashboard, on=False)
    await clinic.tick(10)
    assert len(administrator.outbox.of(m.DashboardFigures)) == 3


async def test_the_dashboard_names_no_resident(clinic: Clinic) -> None:
    doctor, chen, administrator = [await clinic.sign_in(one) for one in (ZHOU, CHEN, HAN)]
    await administrator.done(m.WatchDashboard, on=True)
    await in_call(clinic, doctor, chen)
    await clinic.tick(2)
    sent = m.encode(administrator.outbox.last(m.DashboardFigures)).decode()
    assert CHEN.display_name in sent
    assert WANG_XIUYING.name not in sent and WANG_XIUYING.record_number not in sent


async def test_curves_hold_ten_minutes_and_end_with_the_session(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    for n in range(CURVE_POINTS + 5):
        await chen.notice(m.ReportQuality(consult_id=consult_id, round_trip_ms=float(n)))
        await clinic.tick(2)
    points = clinic.desk.curves(consult_id)
    assert len(points) == CURVE_POINTS
    assert [figures.round_trip_ms for _, figures in points][-2:] == [CURVE_POINTS + 3, CURVE_POINTS + 4]
    assert (points[-1][0] - points[-2][0]).total_seconds() == 2
    await doctor.done(m.EndConsult, consult_id=consult_id)
    await in_call(clinic, doctor, chen)
    await clinic.tick(2)
    assert clinic.desk.curves(consult_id) == ()


async def test_what_only_the_server_knows_is_shown_as_told(clinic: Clinic) -> None:
    nothing = await clinic.desk.dashboard()
    assert (nothing.audit_chain_ok, nothing.certificate_days_left) == (None, None)
    clinic.desk.set_server_facts(
        ServerFacts(audit_chain_ok=True, media_workers_ready=1, media_workers_total=2)
    )
    told = await clinic.desk.dashboard()
    assert (told.audit_chain_ok, told.media_workers_ready, told.media_workers_total) == (True, 1, 2)
