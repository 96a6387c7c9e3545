"""Stations: bound by a person, to one resident at a time; nothing crosses to the next."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from ecg import wire
from ecg.description import StreamDescription
from ecg.digest import StreamDigest
from ecg.leads import STANDARD_LEADS
from records.accounts import Account, Role
from records.audit import Action
from records.consults import EcgRecording
from records.device_checks import CheckOutcome
from records.ids import AccountId, BindingId
from records.residents import ReadingKind, ReadingSource
from records.rooms import GRANTS
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from signaling.station_lines import StationLine
from tests.fakes.clinic import Clinic, ask, bind, in_call, open_clinic, prepare
from tests.fakes.outbox import FakeOutbox
from tests.fakes.records import (
    CHEN,
    HAN,
    LI_JIANGUO,
    LIUXI,
    NOW,
    SHEN_YULAN,
    STATION,
    SUN,
    WANG_XIUYING,
    WU,
    ZHAO,
    ZHOU,
)

SECOND = msgspec.structs.replace(STATION, id=AccountId("station2"), sign_in_name="station2")
FOREIGN = msgspec.structs.replace(
    STATION, id=AccountId("station3"), sign_in_name="station3", institution_id=LIUXI.id
)


def samples(n: int, seed: int) -> np.ndarray[Any, np.dtype[np.int16]]:
    return np.random.default_rng(seed).integers(-1000, 1000, (12, n)).astype(np.int16)


def meta(stream_id: int, simulated: bool = False) -> bytes:
    about = StreamDescription(
        rate_hz=500,
        nv_per_lsb=2500,
        leads=STANDARD_LEADS,
        started_us=moments.to_us(NOW),
        simulated=simulated,
    )
    return wire.encode(wire.Meta(stream_id=stream_id, description=about))


def wave(stream_id: int, first: int, values: np.ndarray[Any, np.dtype[np.int16]]) -> bytes:
    return wire.encode(wire.Wave(stream_id=stream_id, first_index=first, captured_us=1, samples=values))


async def tell_clock(clinic: Clinic, line: StationLine, offset_us: int = 0, uncertainty_us: int = 0) -> None:
    probe = s.StationProbeClock(sent_us=1, offset_us=offset_us, uncertainty_us=uncertainty_us)
    await clinic.desk.station_receive(line, probe)


def have(outbox: FakeOutbox) -> tuple[int, int]:
    packet = wire.decode(outbox.packets[-1])
    assert isinstance(packet, wire.Have)
    return packet.stream_id, packet.end


async def recording(clinic: Clinic, binding_id: BindingId) -> EcgRecording | None:
    return await clinic.records.read(lambda ledger: ledger.recordings.by_binding(binding_id))


async def ready(clinic: Clinic, **asked: Any) -> tuple[Any, Any]:
    """A doctor, and a consult whose station may be bound."""
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor, **asked)
    await prepare(doctor, consult_id)
    return doctor, consult_id


async def test_a_binding_says_who_bound_what_to_whom(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    _, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    binding = await clinic.records.read(lambda ledger: ledger.bindings.get(binding_id))
    assert (binding.station_id, binding.consult_id) == (STATION.id, consult_id)
    assert (binding.resident_id, binding.bound_by, binding.bound_at) == (WANG_XIUYING.id, ZHOU.id, NOW)
    assert 0 < binding.ecg_stream_id < 2**32 and binding.ecg_stream_id != binding.ultrasound_stream_id
    told = station.last(s.Bind)
    assert (told.ecg_stream_id, told.ultrasound_stream_id) == (
        binding.ecg_stream_id,
        binding.ultrasound_stream_id,
    )
    (peer,) = clinic.media.open_in(consult_id)
    assert peer.is_station and peer.grants == GRANTS[Role.STATION]
    card = doctor.card(consult_id)
    assert card.binding == binding and card.station.bound_consult_id == consult_id


async def test_samples_are_kept_acknowledged_and_indexed(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    stream = station.last(s.Bind).ecg_stream_id
    values = samples(100, seed=1)
    await clinic.desk.station_packet(line, meta(stream))
    await clinic.desk.station_packet(line, wave(stream, 0, values[:, :50]))
    assert have(station) == (stream, 50)
    await clinic.desk.station_packet(line, wave(stream, 60, values[:, 60:]))
    assert have(station) == (stream, 50)  # a gap is not acknowledged
    await clinic.desk.station_packet(line, wave(stream, 50, values[:, 50:60]))
    assert have(station) == (stream, 100)
    digest = StreamDigest()
    digest.add(values)
    await clinic.desk.station_packet(
        line, wire.encode(wire.End(stream_id=stream, total=100, sha256=digest.sha256()))
    )
    kept = await recording(clinic, binding_id)
    assert kept is not None and kept.complete
    assert (kept.resident_id, kept.sample_count, kept.missing_samples) == (WANG_XIUYING.id, 100, 0)
    assert (kept.rate_hz, kept.nv_per_lsb, kept.leads[:2]) == (500, 2500, ("I", "II"))


@pytest.mark.parametrize(
    ("total", "other", "missing"), [(120, False, 20), (100, True, 0)], ids=["cut short", "altered"]
)
async def test_a_recording_is_complete_only_when_its_end_fits(
    clinic: Clinic, total: int, other: bool, missing: int
) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    stream = station.last(s.Bind).ecg_stream_id
    values = samples(100, seed=1)
    await clinic.desk.station_packet(line, meta(stream))
    await clinic.desk.station_packet(line, wave(stream, 0, values))
    digest = StreamDigest()
    digest.add(samples(100, seed=2) if other else values)
    await clinic.desk.station_packet(
        line, wire.encode(wire.End(stream_id=stream, total=total, sha256=digest.sha256()))
    )
    kept = await recording(clinic, binding_id)
    assert kept is not None and not kept.complete
    assert (kept.sample_count, kept.missing_samples) == (total, missing)


async def test_line_cut_next_resident_line_back_and_nothing_crosses(clinic: Clinic) -> None:
    doctor, first = await ready(clinic)
    line, station = await clinic.station()
    binding_1 = await bind(doctor, first)
    stream_1 = station.last(s.Bind).ecg_stream_id
    await clinic.desk.station_packet(line, meta(stream_1))
    await clinic.desk.station_packet(line, wave(stream_1, 0, samples(10, seed=1)))
    await clinic.desk.station_disconnect(line)

    second = await ask(doctor, resident_id=LI_JIANGUO.id)
    await prepare(doctor, second)
    binding_2 = await bind(doctor, second)

    line, station = await clinic.station(unfinished=(binding_1,))
    await tell_clock(clinic, line)
    welcome = station.sent[0]
    assert isinstance(welcome, s.StationWelcome) and welcome.bind is not None
    assert welcome.bind.binding_id == binding_2 and welcome.bind.ecg_stream_id != stream_1
    stream_2 = welcome.bind.ecg_stream_id
    owed = wave(stream_1, 10, samples(10, seed=2))
    new = wave(stream_2, 0, samples(10, seed=3))
    await clinic.desk.station_packet(line, meta(stream_2))
    await clinic.desk.station_packet(line, new)
    await clinic.desk.station_packet(line, owed)
    assert have(station) == (stream_1, 20)
    assert owed in clinic.samples.packets[binding_1] and new in clinic.samples.packets[binding_2]
    for binding_id, stream in ((binding_1, stream_1), (binding_2, stream_2)):
        packets = clinic.samples.packets[binding_id]
        assert {wire.header(packet).stream_id for packet in packets} == {stream}
    kept_1, kept_2 = await recording(clinic, binding_1), await recording(clinic, binding_2)
    assert kept_1 is not None and kept_1.resident_id == WANG_XIUYING.id
    assert kept_2 is not None and kept_2.resident_id == LI_JIANGUO.id


async def test_the_next_resident_at_a_connected_station_ends_the_binding_before(clinic: Clinic) -> None:
    doctor, first = await ready(clinic)
    line, station = await clinic.station()
    binding_1 = await bind(doctor, first)
    second = await ask(doctor, resident_id=LI_JIANGUO.id)
    await prepare(doctor, second)
    binding_2 = await bind(doctor, second)
    order = [type(one).__name__ for one in station.sent if isinstance(one, s.Bind | s.Release)]
    assert order == ["Bind", "Release", "Bind"]
    ended = await clinic.records.read(lambda ledger: ledger.bindings.get(binding_1))
    assert ended.ended_at == NOW
    assert clinic.media.open_in(first) == [] and len(clinic.media.open_in(second)) == 1
    reading = s.StationReading(
        binding_id=binding_1,
        kind=ReadingKind.PULSE_RATE,
        value=72,
        measured_us=moments.to_us(NOW),
        simulated=False,
    )
    await tell_clock(clinic, line)
    await clinic.desk.station_receive(line, reading)
    assert station.last(s.StationRefused).code == "not_bound"
    await clinic.desk.station_receive(line, msgspec.structs.replace(reading, binding_id=binding_2))
    readings = await clinic.records.read(
        lambda ledger: (ledger.readings.latest(WANG_XIUYING.id), ledger.readings.latest(LI_JIANGUO.id))
    )
    assert [len(one) for one in readings] == [0, 1]
    assert readings[1][0].source is ReadingSource.DEVICE
    assert doctor.outbox.last(m.ReadingTaken).consult_id == second


async def test_a_station_delivers_only_its_own_bindings(clinic: Clinic) -> None:
    await clinic.records.write(lambda ledger: ledger.accounts.add(SECOND))
    doctor, consult_id = await ready(clinic)
    _, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    stream = station.last(s.Bind).ecg_stream_id
    line_2, other = await clinic.station(SECOND, unfinished=(binding_id,))
    await clinic.desk.station_packet(line_2, wave(stream, 0, samples(5, seed=1)))
    assert other.last(s.StationRefused).code == "not_bound"
    assert clinic.samples.packets == {} and other.packets == []


@pytest.mark.parametrize(
    "packet",
    [b"", b"E1", b"x" * 5000, wire.encode(wire.Have(stream_id=1, end=5)), meta(7)[:-1]],
    ids=["empty", "short", "garbage", "not a station's", "cut"],
)
async def test_bytes_that_are_no_packet_of_a_station_are_refused(clinic: Clinic, packet: bytes) -> None:
    line, station = await clinic.station()
    await clinic.desk.station_packet(line, packet)
    assert station.last(s.StationRefused).code == "not_samples"
    assert clinic.samples.packets == {}


async def test_a_station_is_bound_only_by_its_own_institution(clinic: Clinic) -> None:
    await clinic.records.write(lambda ledger: ledger.accounts.add(FOREIGN))
    doctor, consult_id = await ready(clinic)
    for station_id in (FOREIGN.id, CHEN.id, AccountId("none")):
        code = await doctor.refused(m.BindStation, consult_id=consult_id, station_id=station_id)
        assert code == "no_such_station"
    assert await (await clinic.sign_in(SUN)).refused(
        m.BindStation, consult_id=consult_id, station_id=FOREIGN.id
    ) == ("not_found")


async def test_releasing_stops_the_station_and_cannot_be_done_twice(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    await doctor.done(m.ReleaseStation, binding_id=binding_id)
    assert station.last(s.Release).binding_id == binding_id
    assert clinic.media.open_in(consult_id) == []
    assert await doctor.refused(m.ReleaseStation, binding_id=binding_id) == "wrong_state"
    await clinic.desk.station_receive(line, s.StationReleased(binding_id=binding_id, delivered=True))
    assert station.of(s.StationRefused) == []
    card = doctor.card(consult_id)
    assert card.binding is None and card.station.bound_consult_id is None


async def test_a_second_line_of_a_station_replaces_the_first(clinic: Clinic) -> None:
    first, outbox = await clinic.station()
    _, second = await clinic.station()
    assert outbox.closed == "replaced"
    await clinic.desk.station_disconnect(first)
    doctor, consult_id = await ready(clinic)
    await bind(doctor, consult_id)
    assert second.of(s.Bind) and outbox.of(s.Bind) == []


async def test_a_station_that_comes_and_goes_is_shown(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    line, _ = await clinic.station(bearer="5G", ecg=m.DeviceState.FAILED, device_error="ecg: dicom")
    shown = doctor.outbox.last(m.StationChanged).station
    assert shown.connected and shown.bearer == "5G"
    assert (shown.ecg, shown.device_error) == (m.DeviceState.FAILED, "ecg: dicom")
    assert shown.one_clock
    devices = s.StationDevices(ultrasound=m.DeviceState.RUNNING, ecg=m.DeviceState.RUNNING)
    await clinic.desk.station_receive(line, devices)
    assert doctor.outbox.last(m.StationChanged).station.ecg is m.DeviceState.RUNNING
    await clinic.desk.station_disconnect(line)
    gone = doctor.outbox.last(m.StationChanged).station
    assert not gone.connected and gone.last_seen_at == NOW
    assert (await clinic.sign_in(SUN)).outbox.of(m.StationChanged) == []


async def test_devices_that_do_not_share_a_clock_are_shown_so(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    line, _ = await clinic.station(one_clock=False)
    assert not doctor.outbox.last(m.StationChanged).station.one_clock
    devices = s.StationDevices(ultrasound=m.DeviceState.RUNNING, ecg=m.DeviceState.RUNNING)
    await clinic.desk.station_receive(line, devices)
    assert not doctor.outbox.last(m.StationChanged).station.one_clock


async def test_clocks_are_stamped_at_once_and_the_room_learns_the_offset(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, station = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    binding_id = await bind(doctor, consult_id)
    probe = s.StationProbeClock(sent_us=17, offset_us=2500, uncertainty_us=300)
    await clinic.desk.station_receive(line, probe)
    stamped = station.last(s.StationClockProbed)
    assert stamped.sent_us == 17
    assert stamped.received_us == stamped.answered_us == moments.to_us(NOW)
    told = chen.outbox.last(m.StationClock)
    assert (told.binding_id, told.offset_us, told.uncertainty_us) == (binding_id, 2500, 300)
    assert told.ecg_drift_ppm is None


async def test_the_room_learns_how_far_the_quartz_of_the_ecg_is_off_as_long_as_that_is_known(
    clinic: Clinic,
) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, _ = await clinic.station()
    binding_id = await bind(doctor, await in_call(clinic, doctor, chen))
    await clinic.desk.station_receive(line, s.StationFigures(binding_id=binding_id, ecg_drift_ppm=-34.5))
    probe = s.StationProbeClock(sent_us=17, offset_us=2500, uncertainty_us=300)
    await clinic.desk.station_receive(line, probe)
    assert chen.outbox.last(m.StationClock).ecg_drift_ppm == -34.5
    clinic.clock.pass_s(60)
    await clinic.desk.station_receive(line, probe)
    assert chen.outbox.last(m.StationClock).ecg_drift_ppm is None


async def test_a_reading_is_dated_by_the_servers_clock(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    line, _ = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    await clinic.desk.station_receive(
        line, s.StationProbeClock(sent_us=1, offset_us=2_000_000, uncertainty_us=1)
    )
    taken = s.StationReading(
        binding_id=binding_id,
        kind=ReadingKind.OXYGEN_SATURATION,
        value=97,
        measured_us=moments.to_us(NOW) + 2_000_000,
        simulated=False,
    )
    await clinic.desk.station_receive(line, taken)
    assert doctor.outbox.last(m.ReadingTaken).reading.measured_at == NOW


@pytest.mark.parametrize(("value", "measured_us"), [(float("nan"), 0), (97.0, 2**62)])
async def test_a_reading_that_cannot_be_is_refused(clinic: Clinic, value: float, measured_us: int) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    kind = ReadingKind.OXYGEN_SATURATION
    await clinic.desk.station_receive(
        line,
        s.StationReading(
            binding_id=binding_id, kind=kind, value=value, measured_us=measured_us, simulated=False
        ),
    )
    assert station.last(s.StationRefused).code == "out_of_range"
    assert await clinic.records.read(lambda ledger: ledger.readings.latest(WANG_XIUYING.id)) == ()


@pytest.mark.parametrize(("demo", "filed"), [(True, 1), (False, 0)])
async def test_what_is_simulated_is_filed_in_the_demo_only(tmp_path: Path, demo: bool, filed: int) -> None:
    async with open_clinic(tmp_path, demo=demo) as clinic:
        doctor, consult_id = await ready(clinic)
        line, station = await clinic.station(simulated=True)
        binding_id = await bind(doctor, consult_id)
        assert (await clinic.records.read(lambda ledger: ledger.bindings.get(binding_id))).simulated
        await clinic.desk.station_packet(line, meta(station.last(s.Bind).ecg_stream_id, simulated=True))
        kind = ReadingKind.PULSE_RATE
        taken = s.StationReading(
            binding_id=binding_id, kind=kind, value=70, measured_us=moments.to_us(NOW), simulated=True
        )
        await clinic.desk.station_receive(line, taken)
        readings = await clinic.records.read(lambda ledger: ledger.readings.latest(WANG_XIUYING.id))
        recordings = await clinic.records.read(lambda ledger: ledger.recordings.of_resident(WANG_XIUYING.id))
        assert (len(readings), len(recordings)) == (filed, filed)
        assert all(one.simulated for one in recordings)
        assert doctor.outbox.last(m.ReadingTaken).reading.source is ReadingSource.SIMULATED


async def test_a_browser_fills_its_gaps_and_gets_live_samples(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    stream = station.last(s.Bind).ecg_stream_id
    await doctor.notice(m.WantLiveSamples(binding_id=binding_id, on=True))
    packets = [wave(stream, first, samples(10, seed=first)) for first in (0, 10, 20)]
    for packet in packets:
        await clinic.desk.station_packet(line, packet)
    assert doctor.outbox.packets == packets
    await doctor.notice(m.WantLiveSamples(binding_id=binding_id, on=False))
    doctor.outbox.packets.clear()
    await doctor.notice(m.NeedSamples(binding_id=binding_id, first=12, count=5))
    (filled,) = [wire.decode(packet) for packet in doctor.outbox.packets]
    assert isinstance(filled, wire.Wave) and filled.flags & wire.Flag.BACKFILL
    assert np.array_equal(filled.samples, samples(10, seed=10))
    sent = doctor.outbox.last(m.SamplesSent)
    assert (sent.first, sent.stored_end) == (12, 30)


async def test_a_browser_learns_rate_and_scale_with_the_samples(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    stream = station.last(s.Bind).ecg_stream_id
    await doctor.notice(m.NeedSamples(binding_id=binding_id, first=0, count=10))
    assert doctor.outbox.packets == []  # nothing is known yet, and nothing is made up
    await clinic.desk.station_packet(line, meta(stream))
    await clinic.desk.station_packet(line, wave(stream, 0, samples(10, seed=1)))
    await doctor.notice(m.NeedSamples(binding_id=binding_id, first=0, count=10))
    assert doctor.outbox.packets[0] == meta(stream)
    assert [wire.header(one).type.name for one in doctor.outbox.packets] == ["META", "WAVE"]
    await clinic.restart()
    nurse = await clinic.sign_in(WU)
    await nurse.notice(m.WantLiveSamples(binding_id=binding_id, on=True))
    assert nurse.outbox.packets == [meta(stream)]


async def test_readings_that_come_late_are_filed_under_their_binding_and_not_shown_as_live(
    clinic: Clinic,
) -> None:
    doctor, first = await ready(clinic)
    line, station = await clinic.station()
    binding_1 = await bind(doctor, first)
    await clinic.desk.station_packet(line, meta(station.last(s.Bind).ecg_stream_id))
    await clinic.desk.station_disconnect(line)
    clinic.clock.pass_s(60)
    second = await ask(doctor, resident_id=LI_JIANGUO.id)
    await prepare(doctor, second)
    await bind(doctor, second)

    def taken(after_s: int) -> s.StationReading:
        return s.StationReading(
            binding_id=binding_1,
            kind=ReadingKind.OXYGEN_SATURATION if after_s == 40 else ReadingKind.PULSE_RATE,
            value=70 + after_s / 10,
            measured_us=moments.to_us(NOW) + after_s * 1_000_000,
            simulated=False,
        )

    line, station = await clinic.station(unfinished=(binding_1,))
    await clinic.desk.station_receive(line, taken(20))
    assert station.last(s.StationRefused).code == "clock_unknown"
    await tell_clock(clinic, line, uncertainty_us=1_000)
    for after_s in (20, 40, 60, 80):
        await clinic.desk.station_receive(line, taken(after_s))
    assert [one.code for one in station.of(s.StationRefused)[1:]] == ["not_bound", "not_bound"]
    filed = await clinic.records.read(lambda ledger: ledger.readings.of_resident(WANG_XIUYING.id))
    assert sorted(one.value for one in filed) == [72, 74]
    assert await clinic.records.read(lambda ledger: ledger.readings.of_resident(LI_JIANGUO.id)) == ()
    assert doctor.outbox.of(m.ReadingTaken) == []


async def test_samples_go_to_nobody_outside_the_consult(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    others = [await clinic.sign_in(one) for one in (SUN, CHEN, HAN)]
    for other in others:
        await other.notice(m.WantLiveSamples(binding_id=binding_id, on=True))
        await other.notice(m.NeedSamples(binding_id=binding_id, first=0, count=10))
    await clinic.desk.station_packet(line, wave(station.last(s.Bind).ecg_stream_id, 0, samples(10, seed=1)))
    assert [other.outbox.packets for other in others] == [[], [], []]
    codes = [[one.code for one in other.outbox.of(m.Refused)] for other in others]
    assert codes == [["not_found"] * 2, ["not_found"] * 2, ["not_allowed"] * 2]
    entries = await clinic.records.read(lambda ledger: ledger.audit.search(actor_id=SUN.id))
    denied = {one.event.object_id for one in entries if one.event.action is Action.DENIED}
    assert denied == {"WantLiveSamples", "NeedSamples"}


@pytest.mark.parametrize(("first", "count"), [(-1, 10), (0, 0), (0, 30_001)])
async def test_a_range_of_samples_has_bounds(clinic: Clinic, first: int, count: int) -> None:
    doctor, consult_id = await ready(clinic)
    await clinic.station()
    binding_id = await bind(doctor, consult_id)
    await doctor.notice(m.NeedSamples(binding_id=binding_id, first=first, count=count))
    assert doctor.outbox.last(m.Refused).code == "out_of_range"


async def test_a_recording_of_the_wrong_resident_is_moved_with_reason_and_audit(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    stream = station.last(s.Bind).ecg_stream_id
    await clinic.desk.station_packet(line, meta(stream))
    kept = await recording(clinic, binding_id)
    assert kept is not None
    moving = {"recording_id": kept.id, "to_resident_id": LI_JIANGUO.id}
    assert await doctor.refused(m.MoveRecording, **moving, reason="选错居民") == "station_still_bound"
    await doctor.done(m.ReleaseStation, binding_id=binding_id)
    assert await doctor.refused(m.MoveRecording, **moving, reason=" ") == "reason_needed"
    foreign = {"recording_id": kept.id, "to_resident_id": SHEN_YULAN.id}
    assert await doctor.refused(m.MoveRecording, **foreign, reason="选错居民") == "not_found"
    await doctor.done(m.MoveRecording, **moving, reason="选错居民")
    await tell_clock(clinic, line)
    await clinic.desk.station_packet(line, wave(stream, 0, samples(5, seed=1)))  # still owed
    moved = await recording(clinic, binding_id)
    binding = await clinic.records.read(lambda ledger: ledger.bindings.get(binding_id))
    assert moved is not None and moved.resident_id == binding.resident_id == LI_JIANGUO.id
    assert (binding.moved_from_resident_id, binding.moved_by) == (WANG_XIUYING.id, ZHOU.id)
    assert len(clinic.samples.packets[binding_id]) == 2
    for resident in (WANG_XIUYING, LI_JIANGUO):
        entries = await clinic.records.read(
            lambda ledger, of=resident.id: ledger.audit.search(resident_id=of)  # type: ignore[misc]
        )
        assert [one.event.reason for one in entries if one.event.action is Action.MOVE] == ["选错居民"]


async def test_a_disabled_station_is_not_let_in(clinic: Clinic) -> None:
    disabled: Account = msgspec.structs.replace(STATION, disabled=True)
    await clinic.records.write(lambda ledger: ledger.accounts.save(disabled))
    line, outbox = await clinic.station()
    assert outbox.closed == "revoked" and isinstance(line, StationLine) and line.closed


async def test_faults_are_not_for_real_use(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    await clinic.station()
    fault = m.DemoFault.CABLE_OUT_10_S
    assert await doctor.refused(m.ForceFault, station_id=STATION.id, fault=fault) == "demo_only"


async def test_faults_in_the_demo_go_to_the_station_of_ones_own_institution(tmp_path: Path) -> None:
    pulling = {"station_id": STATION.id, "fault": m.DemoFault.CABLE_OUT_10_S}
    async with open_clinic(tmp_path, demo=True) as clinic:
        doctor, sun = await clinic.sign_in(ZHOU), await clinic.sign_in(SUN)
        assert await doctor.refused(m.ForceFault, **pulling) == "station_offline"
        _, station = await clinic.station()
        assert await sun.refused(m.ForceFault, **pulling) == "no_such_station"
        await doctor.done(m.ForceFault, **pulling)
        assert station.last(s.StationFault).fault is m.DemoFault.CABLE_OUT_10_S


async def test_a_stream_that_says_it_is_simulated_marks_its_binding(tmp_path: Path) -> None:
    async with open_clinic(tmp_path, demo=True) as clinic:
        doctor, consult_id = await ready(clinic)
        line, station = await clinic.station(simulated=False)
        binding_id = await bind(doctor, consult_id)
        await clinic.desk.station_packet(line, meta(station.last(s.Bind).ecg_stream_id, simulated=True))
        assert (await clinic.records.read(lambda ledger: ledger.bindings.get(binding_id))).simulated


async def test_of_two_residents_bound_at_once_the_station_acquires_for_the_stored_one(
    clinic: Clinic,
) -> None:
    doctor, first = await ready(clinic)
    nurse = await clinic.sign_in(WU)
    second = await ask(doctor, resident_id=LI_JIANGUO.id)
    await prepare(doctor, second)
    _, station = await clinic.station()
    for _ in range(5):
        await asyncio.gather(bind(doctor, first), bind(nurse, second))
        running = await clinic.records.read(lambda ledger: ledger.bindings.running_of_station(STATION.id))
        assert running is not None
        held = clinic.desk._parts.stations[STATION.id].binding
        assert held == running and station.last(s.Bind).binding_id == running.id
        other = second if running.consult_id == first else first
        assert clinic.media.open_in(other) == [] and len(clinic.media.open_in(running.consult_id)) == 1


async def test_live_samples_stop_when_the_consult_is_somebody_elses(clinic: Clinic) -> None:
    doctor, chen, zhao = [await clinic.sign_in(one) for one in (ZHOU, CHEN, ZHAO)]
    line, station = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    binding_id = await bind(doctor, consult_id)
    stream = station.last(s.Bind).ecg_stream_id
    await chen.notice(m.WantLiveSamples(binding_id=binding_id, on=True))
    await clinic.desk.station_packet(line, wave(stream, 0, samples(5, seed=1)))
    assert len(chen.outbox.packets) == 1
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="换班")
    await zhao.done(m.AcceptConsult, consult_id=consult_id)
    await clinic.desk.station_packet(line, wave(stream, 5, samples(5, seed=1)))
    assert len(chen.outbox.packets) == 1


async def test_a_station_has_an_allowance_for_messages(clinic: Clinic) -> None:
    line, station = await clinic.station()
    for _ in range(101):
        await clinic.desk.station_receive(line, s.StationProbeClock(sent_us=1))
    assert len(station.of(s.StationClockProbed)) == 100
    assert station.last(s.StationRefused).code == "rate_limited"


@pytest.mark.parametrize(
    ("text", "code"),
    [("{", "unreadable"), ('{"type":"bind"}', "unknown_message"), ("x" * 70_000, "too_large")],
)
async def test_what_a_station_cannot_mean_is_refused(clinic: Clinic, text: str, code: str) -> None:
    line, station = await clinic.station()
    await clinic.desk.station_receive_text(line, text)
    assert station.last(s.StationRefused).code == code
    await clinic.desk.station_receive(line, s.Release(binding_id=BindingId("x")))
    assert station.last(s.StationRefused).code == "unknown_message"


async def test_a_running_recording_grows_in_the_records_and_is_not_its_own_prior(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    stream = station.last(s.Bind).ecg_stream_id
    await clinic.desk.station_packet(line, meta(stream))
    await clinic.tick(10)
    await clinic.desk.station_packet(line, wave(stream, 0, samples(500, seed=1)))
    await clinic.tick(1)
    kept = await recording(clinic, binding_id)
    assert kept is not None and kept.sample_count == 0
    await clinic.tick(10)
    kept = await recording(clinic, binding_id)
    assert kept is not None and (kept.sample_count, kept.complete) == (500, False)
    await doctor.done(m.SayChat, consult_id=consult_id, text="看一下")
    await clinic.desk.announce_consult(consult_id)
    assert doctor.card(consult_id).prior_recording_id is None


async def test_samples_that_come_twice_are_counted_once_at_the_end(clinic: Clinic) -> None:
    doctor, consult_id = await ready(clinic)
    line, station = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    stream = station.last(s.Bind).ecg_stream_id
    values = samples(100, seed=4)
    await clinic.desk.station_packet(line, meta(stream))
    for first, end in ((0, 40), (20, 60), (60, 100)):
        await clinic.desk.station_packet(line, wave(stream, first, values[:, first:end]))
    digest = StreamDigest()
    digest.add(values)
    end_packet = wire.End(stream_id=stream, total=100, sha256=digest.sha256())
    await clinic.desk.station_packet(line, wire.encode(end_packet))
    kept = await recording(clinic, binding_id)
    assert kept is not None and kept.complete


P, F, S = CheckOutcome.PASSED, CheckOutcome.FAILED, CheckOutcome.SKIPPED
PARTS = ("camera", "microphone", "speaker", "network", "ultrasound", "ecg")


@pytest.mark.parametrize(
    ("outcomes", "passed"),
    [((P, P, P, P, P, P), True), ((S, S, S, P, P, S), True), ((P, P, P, P, P, F), False), ((S,) * 6, None)],
    ids=["all", "what there is", "one failed", "nothing tried"],
)
async def test_a_device_check_is_the_stations_last_test_also_after_a_restart(
    clinic: Clinic, outcomes: tuple[CheckOutcome, ...], passed: bool | None
) -> None:
    doctor, consult_id = await ready(clinic)
    await clinic.station()
    await bind(doctor, consult_id)
    shown = doctor.outbox.last(m.StationChanged).station
    assert (shown.last_test_at, shown.last_test_passed) == (None, None)  # to bind is not to test
    check = dict(zip(PARTS, outcomes, strict=True))
    await doctor.done(m.ReportDeviceCheck, station_id=STATION.id, **check)
    shown = doctor.outbox.last(m.StationChanged).station
    assert (shown.last_test_at, shown.last_test_passed) == (NOW, passed)
    clinic.clock.pass_s(60)
    await clinic.restart()
    (shown,) = (await clinic.desk.dashboard()).stations
    assert (shown.last_test_at, shown.last_test_passed) == (NOW, passed)
    entries = await clinic.records.read(lambda ledger: ledger.audit.search(actor_id=ZHOU.id))
    kinds = [one.event.object_id for one in entries if one.event.object_kind == "device_check"]
    assert kinds == [STATION.id]


async def test_a_device_check_is_reported_by_those_at_the_station_only(clinic: Clinic) -> None:
    check = {"station_id": STATION.id} | dict.fromkeys(PARTS, P)
    codes = [
        await (await clinic.sign_in(one)).refused(m.ReportDeviceCheck, **check) for one in (CHEN, HAN, SUN)
    ]
    assert codes == ["not_allowed", "not_allowed", "no_such_station"]
    station = await clinic.records.read(lambda ledger: ledger.accounts.get(STATION.id))
    assert station.device_check is None


async def test_a_consult_has_one_station_at_a_time(clinic: Clinic) -> None:
    await clinic.records.write(lambda ledger: ledger.accounts.add(SECOND))
    doctor, consult_id = await ready(clinic)
    (_, first), (_, second) = await clinic.station(), await clinic.station(SECOND)
    binding_id = await bind(doctor, consult_id)
    await bind(doctor, consult_id, SECOND.id)
    assert first.last(s.Release).binding_id == binding_id and second.of(s.Release) == []
    bindings = await clinic.records.read(lambda ledger: ledger.bindings.of_consult(consult_id))
    assert sorted(one.ended_at is None for one in bindings) == [False, True]
    (peer,) = clinic.media.open_in(consult_id)
    assert second.last(s.StationMediaOffer).peer_id == peer.peer_id
