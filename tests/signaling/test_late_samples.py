"""A line is cut, the binding ends, the next resident is bound, the line is back: nothing crosses."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ecg import wire
from ecg.description import StreamDescription
from ecg.digest import StreamDigest
from ecg.leads import MISSING, STANDARD_LEADS
from records.audit import Action, Outcome
from records.consults import EcgRecording
from records.ids import BindingId
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from signaling.binding_end import ClockReading, end_on_station_clock_us
from signaling.station_lines import StationLine
from tests.fakes.clinic import Client, Clinic, ask, bind, prepare
from tests.fakes.outbox import FakeOutbox
from tests.fakes.records import LI_JIANGUO, NOW, STATION, ZHOU

RATE_HZ = 500
NOW_US = moments.to_us(NOW)
OFFSET_US = 3_600_000_000  # the station's clock is an hour ahead
UNCERTAINTY_US = 20_000


def ramp(first: int, count: int) -> NDArray[np.int16]:
    """Samples that tell their index and lead."""
    return ((np.arange(first, first + count) % 1000)[None, :] + 1000 * np.arange(12)[:, None]).astype(
        np.int16
    )


class Stream:
    """A station that acquires under one binding from NOW on, whatever becomes of its line."""

    def __init__(self, stream_id: int) -> None:
        self.id = stream_id

    def meta(self, offset_us: int | None = OFFSET_US) -> bytes:
        about = StreamDescription(
            rate_hz=RATE_HZ,
            nv_per_lsb=2500,
            leads=STANDARD_LEADS,
            started_us=NOW_US + OFFSET_US,
            clock_offset_us=offset_us,
        )
        return wire.encode(wire.Meta(stream_id=self.id, description=about))

    def wave(self, first: int, count: int, **fields: Any) -> bytes:
        captured_us = NOW_US + OFFSET_US + first * 1_000_000 // RATE_HZ
        packet = wire.Wave(
            stream_id=self.id,
            first_index=first,
            captured_us=captured_us,
            samples=ramp(first, count),
            **fields,
        )
        return wire.encode(packet)

    def event(self, index: int) -> bytes:
        captured_us = NOW_US + OFFSET_US + index * 1_000_000 // RATE_HZ
        return wire.encode(
            wire.EventPacket(
                stream_id=self.id, index=index, captured_us=captured_us, kind=next(iter(wire.EventKind))
            )
        )

    def end(self, total: int) -> bytes:
        digest = StreamDigest()
        digest.add(ramp(0, total))
        return wire.encode(wire.End(stream_id=self.id, total=total, sha256=digest.sha256()))


async def tell_clock(clinic: Clinic, line: StationLine, offset_us: int = OFFSET_US) -> None:
    probe = s.StationProbeClock(sent_us=1, offset_us=offset_us, uncertainty_us=UNCERTAINTY_US)
    await clinic.desk.station_receive(line, probe)


def haves(outbox: FakeOutbox, stream: Stream) -> list[int]:
    packets = [wire.decode(one) for one in outbox.packets]
    return [one.end for one in packets if isinstance(one, wire.Have) and one.stream_id == stream.id]


async def stored(clinic: Clinic, binding_id: BindingId, count: int) -> NDArray[np.int16]:
    """What is on the disk of a binding, from sample 0 on."""
    found = np.full((12, count), 777, np.int16)
    for packet in await clinic.samples.read(binding_id, 0, count):
        read = wire.decode(packet)
        assert isinstance(read, wire.Wave)
        found[:, read.first_index : read.end_index] = read.samples
    return found


async def recording(clinic: Clinic, binding_id: BindingId) -> EcgRecording:
    found = await clinic.records.read(lambda ledger: ledger.recordings.by_binding(binding_id))
    assert found is not None
    return found


async def cut_line_and_bind_next(clinic: Clinic) -> tuple[Client, BindingId, Stream, BindingId]:
    """0.2 s are delivered, the line is cut; after 1 s the next resident is bound."""
    doctor = await clinic.sign_in(ZHOU)
    first = await ask(doctor)
    await prepare(doctor, first)
    line, station = await clinic.station()
    binding_1 = await bind(doctor, first)
    stream = Stream(station.last(s.Bind).ecg_stream_id)
    await clinic.desk.station_packet(line, stream.meta())
    await clinic.desk.station_packet(line, stream.wave(0, 100))
    await clinic.desk.station_disconnect(line)
    clinic.clock.pass_s(1)
    second = await ask(doctor, resident_id=LI_JIANGUO.id)
    await prepare(doctor, second)
    return doctor, binding_1, stream, await bind(doctor, second)


LAST_KEPT = RATE_HZ - RATE_HZ * UNCERTAINTY_US // 1_000_000  # 1 s, less what the clocks leave open


async def test_nothing_captured_after_the_end_is_stored_and_the_delivery_completes(clinic: Clinic) -> None:
    doctor, binding_1, stream, binding_2 = await cut_line_and_bind_next(clinic)
    await doctor.notice(m.WantLiveSamples(binding_id=binding_1, on=True))
    line, station = await clinic.station(unfinished=(binding_1,))
    await tell_clock(clinic, line)
    await clinic.desk.station_packet(line, stream.meta())
    for first in range(100, 3000, 400):
        await clinic.desk.station_packet(line, stream.wave(first, min(400, 3000 - first)))
    await clinic.desk.station_packet(line, stream.end(3000))
    assert haves(station, stream)[-1] == 3000 and station.of(s.StationRefused) == []

    on_disk = await stored(clinic, binding_1, 3000)
    assert np.array_equal(on_disk[:, :LAST_KEPT], ramp(0, LAST_KEPT))
    assert (on_disk[:, LAST_KEPT:] == MISSING).all()
    assert binding_2 not in clinic.samples.packets
    for packet in doctor.outbox.packets:  # nor does a browser see any of it
        read = wire.decode(packet)
        assert not isinstance(read, wire.Wave) or read.end_index <= LAST_KEPT

    kept = await recording(clinic, binding_1)
    assert (kept.sample_count, kept.withheld_samples) == (LAST_KEPT, 3000 - LAST_KEPT)
    assert kept.complete and kept.missing_samples == 0


async def test_that_samples_were_withheld_is_written_down_once(clinic: Clinic) -> None:
    _, binding_1, stream, _ = await cut_line_and_bind_next(clinic)
    line, _ = await clinic.station(unfinished=(binding_1,))
    await tell_clock(clinic, line)
    for first in (100, 600, 600, 1100):  # one of them comes twice
        await clinic.desk.station_packet(line, stream.wave(first, 500))
    entries = await clinic.records.read(lambda ledger: ledger.audit.search(actor_id=STATION.id))
    denied = [one.event for one in entries if one.event.action is Action.DENIED]
    assert [(one.object_kind, one.object_id, one.outcome) for one in denied] == [
        ("binding", binding_1, Outcome.REFUSED)
    ]
    assert (await recording(clinic, binding_1)).withheld_samples == 1600 - LAST_KEPT


async def test_what_is_withheld_stays_so_after_a_restart_and_whatever_the_clock_says(clinic: Clinic) -> None:
    _, binding_1, stream, _ = await cut_line_and_bind_next(clinic)
    line, _ = await clinic.station(unfinished=(binding_1,))
    await tell_clock(clinic, line)
    await clinic.desk.station_packet(line, stream.wave(100, 900))
    await clinic.restart()
    line, station = await clinic.station(unfinished=(binding_1,))
    await tell_clock(clinic, line, offset_us=OFFSET_US + 60_000_000)
    await clinic.desk.station_packet(line, stream.wave(1000, 500))
    assert haves(station, stream)[-1] == 1500
    assert ((await stored(clinic, binding_1, 1500))[:, LAST_KEPT:] == MISSING).all()
    await clinic.desk.station_packet(line, stream.end(1500))
    kept = await recording(clinic, binding_1)
    assert (kept.sample_count, kept.withheld_samples) == (LAST_KEPT, 1500 - LAST_KEPT)
    assert not kept.complete  # not all was seen by this server, so it does not say so


async def test_before_its_clock_is_known_a_station_delivers_nothing_of_an_ended_binding(
    clinic: Clinic,
) -> None:
    _, binding_1, stream, _ = await cut_line_and_bind_next(clinic)
    line, station = await clinic.station(unfinished=(binding_1,))
    await clinic.desk.station_packet(line, stream.meta())
    assert haves(station, stream) == []  # it waits for this one
    await clinic.desk.station_packet(line, stream.wave(100, 100))
    assert station.last(s.StationRefused).code == "clock_unknown"
    await tell_clock(clinic, line)
    assert haves(station, stream) == [100]
    await clinic.desk.station_packet(line, stream.wave(100, 100))
    assert haves(station, stream) == [100, 200]


async def test_a_packet_that_is_cut_says_nothing_of_the_electrodes_after_the_end(clinic: Clinic) -> None:
    _, binding_1, stream, _ = await cut_line_and_bind_next(clinic)
    line, _ = await clinic.station(unfinished=(binding_1,))
    await tell_clock(clinic, line)
    marks = tuple(wire.Mark(offset, wire.MarkKind.R_PEAK) for offset in (10, 350, 450))
    await clinic.desk.station_packet(
        line, stream.wave(100, 500, electrodes_off=wire.Electrode.V2, unusable=1 << 7, marks=marks)
    )
    kept, rest = [wire.decode(one) for one in await clinic.samples.read(binding_1, 100, 500)]
    assert isinstance(kept, wire.Wave) and isinstance(rest, wire.Wave)
    assert [mark.offset for mark in kept.marks] == [10, 350] and rest.marks == ()
    assert not (kept.electrodes_off or kept.unusable or rest.electrodes_off or rest.unusable)
    assert rest.flags & wire.Flag.GAP


async def test_an_event_after_the_end_is_acknowledged_and_not_kept(clinic: Clinic) -> None:
    _, binding_1, stream, _ = await cut_line_and_bind_next(clinic)
    line, station = await clinic.station(unfinished=(binding_1,))
    await tell_clock(clinic, line)
    before, after = stream.event(50), stream.event(2000)
    for packet in (before, after):
        await clinic.desk.station_packet(line, packet)
    assert haves(station, stream) == [100, 100]
    assert before in clinic.samples.packets[binding_1] and after not in clinic.samples.packets[binding_1]


@pytest.mark.parametrize(
    ("began_with", "now", "expected_us"),
    [
        (None, 5_000, 1_005_000 - 100 - 1),
        (5_000, 5_000, 1_005_000 - 100 - 100),  # the clocks may have drifted since the stream began
        (5_000, 9_000_000, 1_005_000 - 100 - 100),  # started anew with another clock
        (9_000_000, 5_000, 1_005_000 - 100 - 1),
    ],
)
def test_of_two_clocks_the_earlier_end_counts(began_with: int | None, now: int, expected_us: int) -> None:
    clock = ClockReading(offset_us=now, uncertainty_us=100, at_us=1_010_000)
    assert end_on_station_clock_us(0, 1_000_000, clock, began_with) == expected_us


async def test_a_station_whose_line_is_cut_leaves_no_media_to_the_next_room(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    first = await ask(doctor)
    await prepare(doctor, first)
    line, station = await clinic.station()
    binding_1 = await bind(doctor, first)
    old_peer = station.last(s.StationMediaOffer).peer_id
    await clinic.desk.station_disconnect(line)
    assert len(clinic.media.open_in(first)) == 1  # a lost socket alone does not take the picture away
    second = await ask(doctor, resident_id=LI_JIANGUO.id)
    await prepare(doctor, second)
    await bind(doctor, second)
    assert clinic.media.open_in(first) == [] and clinic.media.peers[old_peer].grants.publish == frozenset()
    assert clinic.media.open_in(second) == []  # the station has not said that it knows

    line, station = await clinic.station(unfinished=(binding_1,))
    late = s.StationAnswerMedia(peer_id=old_peer, sdp="v=0 late")
    await clinic.desk.station_receive(line, late)
    assert station.last(s.StationRefused).code == "no_such_peer"
    (peer,) = clinic.media.open_in(second)
    assert peer.peer_id == station.last(s.StationMediaOffer).peer_id != old_peer
    await clinic.tick(1)
    assert clinic.media.open_in(first) == [] and clinic.media.open_in(second) == [peer]
