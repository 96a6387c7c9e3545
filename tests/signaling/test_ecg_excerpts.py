"""Ten seconds out of a consult's live ECG: exactly those, of exactly that binding, gaps kept as gaps."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from ecg import wire
from ecg.description import StreamDescription
from ecg.leads import (
    INDEPENDENT_LEADS,
    MISSING,
    STANDARD_LEADS,
    Electrode,
    Lead,
    derive_limb_leads,
    lead_bits,
)
from ecg.packets import Mark, MarkKind
from ecg.ranges import SampleRange
from records.accounts import Account
from records.ecg_drafts import DeviceSpan
from records.ids import BindingId, ConsultId
from signaling import messages as m
from signaling import station_messages as s
from signaling.ecg_excerpts import Excerpt, WantedExcerpt
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.rooms import participant_of
from signaling.station_lines import StationLine
from tests.fakes.clinic import Client, Clinic, ask, bind, in_call, open_clinic, prepare
from tests.fakes.outbox import FakeOutbox
from tests.fakes.records import CHEN, LI_JIANGUO, NOW, SUN, ZHAO, ZHOU
from tests.signaling.test_late_samples import NOW_US, OFFSET_US, RATE_HZ, Stream, ramp, tell_clock

TEN_S = 10 * RATE_HZ
PIECE = 1000


class Bound:
    """A doctor whose station acquires under one consult."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic

    async def begin(self, resident_id: str | None = None, line: Any = None) -> "Bound":
        self.doctor: Client = await self.clinic.sign_in(ZHOU)
        asked = {} if resident_id is None else {"resident_id": resident_id}
        self.consult_id: ConsultId = await ask(self.doctor, **asked)
        await prepare(self.doctor, self.consult_id)
        self.line: StationLine
        self.outbox: FakeOutbox
        self.line, self.outbox = line or await self.clinic.station()
        self.binding_id: BindingId = await bind(self.doctor, self.consult_id)
        self.stream = Stream(self.outbox.last(s.Bind).ecg_stream_id)
        await self.send(self.stream.meta())
        return self

    async def send(self, packet: bytes) -> None:
        await self.clinic.desk.station_packet(self.line, packet)

    async def samples(self, first: int, end: int) -> None:
        for at in range(first, end, PIECE):
            await self.send(self.stream.wave(at, min(PIECE, end - at)))

    def wanted(self, **fields: Any) -> WantedExcerpt:
        return WantedExcerpt(consult_id=self.consult_id, binding_id=self.binding_id, **fields)

    async def take(self, account: Account = ZHOU, **fields: Any) -> Excerpt:
        return await self.clinic.desk.take_ecg(account, self.wanted(**fields))

    async def taking(self, **fields: Any) -> "asyncio.Task[Excerpt]":
        """Begin to take an excerpt; it waits for samples when this returns."""
        task = asyncio.create_task(self.take(**fields))
        # Nothing tells that somebody waits.
        while self.binding_id not in self.clinic.desk._parts.flow.growth._watching:  # noqa: ASYNC110
            await asyncio.sleep(0)
        return task

    async def refused(self, account: Account = ZHOU, **fields: Any) -> Refusal:
        with pytest.raises(Refused) as refused:
            await self.take(account, **fields)
        return refused.value.refusal


@pytest_asyncio.fixture
async def bound(tmp_path: Path) -> AsyncIterator[Bound]:
    """Samples that have not come when they are asked for are not waited for."""
    async with open_clinic(tmp_path, ecg_delivery_s=0.0) as clinic:
        yield await Bound(clinic).begin()


def rows(excerpt: Excerpt) -> NDArray[np.int16]:
    return np.stack([channel.samples.astype(np.int16) for channel in excerpt.tracing.channels])


async def test_the_last_ten_seconds_are_those_that_were_stored(bound: Bound) -> None:
    await bound.samples(0, 7000)
    excerpt = await bound.take()
    assert np.array_equal(rows(excerpt), ramp(2000, TEN_S))
    assert [channel.lead for channel in excerpt.tracing.channels] == list(STANDARD_LEADS)
    assert (excerpt.first, excerpt.stored, excerpt.tracing.gaps()) == (2000, True, ())
    assert (excerpt.tracing.rate_hz, excerpt.tracing.channels[0].nv_per_step) == (500, 2500)
    assert excerpt.binding.id == bound.binding_id


async def test_the_seconds_on_the_screen_are_named_by_their_sample(bound: Bound) -> None:
    await bound.samples(0, 9000)
    assert np.array_equal(rows(await bound.take(first=1234)), ramp(1234, TEN_S))


async def test_the_moment_is_told_on_the_servers_clock(bound: Bound) -> None:
    """The station's runs an hour ahead."""
    await bound.samples(0, 7000)
    assert (await bound.take()).taken_at == NOW + dt.timedelta(seconds=4)
    await tell_clock(bound.clinic, bound.line, OFFSET_US + 2_000_000)
    assert (await bound.take()).taken_at == NOW + dt.timedelta(seconds=2)


async def test_the_next_ten_seconds_are_waited_for(bound: Bound) -> None:
    await bound.samples(0, 3000)
    bound.clinic.clock.pass_s(6)
    taking = await bound.taking(next_ten=True)
    await bound.samples(3000, 9000)
    excerpt = await taking
    assert (excerpt.first, excerpt.stored) == (3000, True)
    assert np.array_equal(rows(excerpt), ramp(3000, TEN_S))


async def test_both_sides_are_told_that_the_next_ten_seconds_are_being_taken(tmp_path: Path) -> None:
    """Whoever is with the patient must know that they are to lie still; of seconds that are over, nobody."""
    async with open_clinic(tmp_path, ecg_delivery_s=0.0) as clinic:
        doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
        line, station = await clinic.station()
        consult_id = await in_call(clinic, doctor, chen)
        binding_id = await bind(doctor, consult_id)
        stream = Stream(station.last(s.Bind).ecg_stream_id)
        for packet in (stream.meta(), *(stream.wave(at, PIECE) for at in range(0, TEN_S, PIECE))):
            await clinic.desk.station_packet(line, packet)
        wanted = WantedExcerpt(consult_id=consult_id, binding_id=binding_id)
        await clinic.desk.take_ecg(CHEN, wanted)
        assert doctor.outbox.of(m.EcgBeingTaken) == []
        clinic.clock.pass_s(20)
        with pytest.raises(Refused):
            await clinic.desk.take_ecg(CHEN, msgspec.structs.replace(wanted, next_ten=True))
        for side in (doctor, chen):
            told = side.outbox.last(m.EcgBeingTaken)
            assert (told.binding_id, told.seconds) == (binding_id, 10)
            assert told.participant_id == participant_of(consult_id, CHEN.id)


async def test_the_next_ten_seconds_begin_now_and_not_with_what_is_still_on_its_way(bound: Bound) -> None:
    """Four seconds of the station's line are behind."""
    await bound.samples(0, 3000)
    bound.clinic.clock.pass_s(10)
    taking = await bound.taking(next_ten=True)
    await bound.samples(3000, 11_000)
    excerpt = await taking
    assert excerpt.first == 5000


async def test_what_has_not_come_is_a_gap_that_is_told(bound: Bound) -> None:
    await bound.samples(0, 2000)
    await bound.samples(3000, 6000)
    bound.clinic.clock.pass_s(12)
    excerpt = await bound.take(first=0)
    assert not excerpt.stored
    assert excerpt.tracing.gaps() == (SampleRange(2000, 1000),)
    there = np.r_[0:2000, 3000:5000]
    assert np.array_equal(rows(excerpt)[:, there], ramp(0, TEN_S)[:, there])


async def test_what_comes_late_and_out_of_order_is_waited_for(tmp_path: Path) -> None:
    async with open_clinic(tmp_path, ecg_delivery_s=5.0) as clinic:
        bound = await Bound(clinic).begin()
        await bound.samples(0, 2000)
        await bound.samples(3000, 6000)
        clinic.clock.pass_s(12)
        taking = await bound.taking(first=0)
        await bound.samples(2000, 3000)
        excerpt = await taking
        assert excerpt.stored and np.array_equal(rows(excerpt), ramp(0, TEN_S))


async def test_fewer_than_ten_seconds_are_none(bound: Bound) -> None:
    assert await bound.refused() is Refusal.TOO_FEW_SAMPLES
    await bound.samples(0, TEN_S - 1)
    assert await bound.refused() is Refusal.TOO_FEW_SAMPLES


async def test_ten_seconds_of_nothing_are_none(bound: Bound) -> None:
    bound.clinic.clock.pass_s(30)
    assert await bound.refused(first=1000) is Refusal.TOO_FEW_SAMPLES
    nothing = wire.Wave(
        stream_id=bound.stream.id,
        first_index=0,
        captured_us=NOW_US + OFFSET_US,
        samples=np.full((12, PIECE), MISSING, np.int16),
    )
    await bound.send(wire.encode(nothing))
    assert await bound.refused(first=0) is Refusal.TOO_FEW_SAMPLES


@pytest.mark.parametrize("first", [-1, 10_000_000])
async def test_a_sample_that_cannot_be_there_is_refused(bound: Bound, first: int) -> None:
    await bound.samples(0, 6000)
    assert await bound.refused(first=first) is Refusal.OUT_OF_RANGE


# --- whose it is --------------------------------------------------------------------------------------------


async def test_either_side_of_the_consult_takes_it_and_nobody_else(bound: Bound) -> None:
    await bound.samples(0, 6000)
    assert await bound.refused(CHEN) is Refusal.NOT_FOUND  # he has not accepted it
    chen = await bound.clinic.sign_in(CHEN)
    await chen.done(m.AcceptConsult, consult_id=bound.consult_id)
    assert (await bound.take(CHEN)).first == 1000
    for stranger in (SUN, ZHAO):
        assert await bound.refused(stranger) is Refusal.NOT_FOUND


async def test_samples_of_the_next_binding_never_get_into_it(bound: Bound) -> None:
    """The next resident's stream has the same indices."""
    await bound.samples(0, 6000)
    other = await Bound(bound.clinic).begin(LI_JIANGUO.id, (bound.line, bound.outbox))
    assert other.binding_id != bound.binding_id
    lower = wire.Wave(
        stream_id=other.stream.id,
        first_index=0,
        captured_us=NOW_US + OFFSET_US,
        samples=(ramp(0, PIECE) - 500).astype(np.int16),
    )
    await other.send(wire.encode(lower))
    excerpt = await bound.take()
    assert np.array_equal(rows(excerpt), ramp(1000, TEN_S))
    assert await other.refused() is Refusal.TOO_FEW_SAMPLES
    mixed = WantedExcerpt(consult_id=bound.consult_id, binding_id=other.binding_id)
    with pytest.raises(Refused) as refused:
        await bound.clinic.desk.take_ecg(ZHOU, mixed)
    assert refused.value.refusal is Refusal.NOT_FOUND


async def test_nothing_captured_after_the_bindings_end_is_taken(bound: Bound) -> None:
    await tell_clock(bound.clinic, bound.line)
    await bound.samples(0, 6000)
    bound.clinic.clock.pass_s(12)
    await bound.doctor.done(m.ReleaseStation, binding_id=bound.binding_id)
    await bound.samples(6000, 9000)  # the line was cut: what was captured after 12 s is not kept
    kept = (await bound.take()).first + TEN_S
    assert 5980 <= kept <= 6000
    assert await bound.refused(first=kept - TEN_S + 100) is Refusal.TOO_FEW_SAMPLES
    assert await bound.refused(next_ten=True) is Refusal.NOT_BOUND


async def test_a_binding_that_was_moved_to_another_resident_gives_nothing(bound: Bound) -> None:
    await bound.samples(0, 6000)
    await bound.doctor.done(m.ReleaseStation, binding_id=bound.binding_id)
    recording = await bound.clinic.records.read(lambda ledger: ledger.recordings.by_binding(bound.binding_id))
    assert recording is not None
    await bound.doctor.done(
        m.MoveRecording, recording_id=recording.id, to_resident_id=LI_JIANGUO.id, reason="选错居民"
    )
    assert await bound.refused() is Refusal.NOT_FOUND


async def test_a_consult_that_is_over_gives_nothing(bound: Bound) -> None:
    await bound.samples(0, 6000)
    await bound.doctor.done(m.CancelConsult, consult_id=bound.consult_id, reason="不需要了")
    assert await bound.refused() is Refusal.WRONG_STATE


# --- what the device said -----------------------------------------------------------------------------------


async def test_what_the_device_said_goes_along(bound: Bound) -> None:
    await bound.samples(0, 1000)
    v2_off = {"electrodes_off": Electrode.V2}
    await bound.send(bound.stream.wave(1000, 500, **v2_off))
    await bound.send(bound.stream.wave(1500, 500, marks=(Mark(100, MarkKind.RESUME), Mark(7, MarkKind.PACE))))
    await bound.send(bound.stream.wave(2000, 500, flags=wire.Flag.CALIBRATION))
    await bound.send(bound.stream.wave(2500, 500, unusable=1 << STANDARD_LEADS.index(Lead.III)))
    await bound.samples(3000, 5000)
    excerpt = await bound.take()
    assert excerpt.acquisition.states == (
        DeviceSpan(first=1000, count=500, electrodes_off=("V2",), unusable=("V2",)),
        DeviceSpan(first=2000, count=500, calibration=True),
        DeviceSpan(first=2500, count=500, unusable=("III",)),
    )
    assert (excerpt.acquisition.breaks, excerpt.acquisition.paces) == ((1600,), (1507,))
    assert excerpt.unusable == (Lead.III, Lead.V2)
    assert excerpt.tracing.notes == (
        "at sample 1600 the signal does not continue what was before",
        "the device's calibration pulses are in it",
    )
    assert np.array_equal(rows(excerpt), ramp(0, TEN_S))  # what was captured is kept as it was


async def test_what_the_device_says_over_several_packets_is_one_span(bound: Bound) -> None:
    await bound.samples(0, 1000)
    for at in range(1000, 1500, 100):
        await bound.send(bound.stream.wave(at, 100, electrodes_off=Electrode.V2, clipped=1))
    await bound.send(bound.stream.wave(1500, 100, electrodes_off=Electrode.V2 | Electrode.V3))
    await bound.send(bound.stream.wave(1600, 400))
    await bound.send(bound.stream.wave(2000, 100, electrodes_off=Electrode.V2, clipped=1))
    await bound.samples(2100, TEN_S)
    excerpt = await bound.take()
    told = [(one.first, one.count, one.electrodes_off, one.clipped) for one in excerpt.acquisition.states]
    assert told == [
        (1000, 500, ("V2",), ("I",)),
        (1500, 100, ("V2", "V3"), ()),
        (2000, 100, ("V2",), ("I",)),
    ]


async def test_a_device_of_eight_channels_gives_twelve_leads_four_of_them_named_as_derived(
    bound: Bound,
) -> None:
    other = await Bound(bound.clinic).begin(LI_JIANGUO.id, (bound.line, bound.outbox))
    # A stream's leads are fixed by its first META: bind anew for one of eight channels.
    other.binding_id = await bind(other.doctor, other.consult_id)
    stream_id = other.outbox.last(s.Bind).ecg_stream_id
    about = StreamDescription(
        rate_hz=RATE_HZ,
        nv_per_lsb=2500,
        leads=INDEPENDENT_LEADS,
        derived=(Lead.III, Lead.AVR, Lead.AVL, Lead.AVF),
        started_us=NOW_US + OFFSET_US,
        clock_offset_us=OFFSET_US,
    )
    await other.send(wire.encode(wire.Meta(stream_id=stream_id, description=about)))
    sent = np.random.default_rng(3).integers(-900, 900, (8, TEN_S)).astype(np.int16)
    for at in range(0, TEN_S, PIECE):
        packet = wire.Wave(
            stream_id=stream_id,
            first_index=at,
            captured_us=NOW_US + OFFSET_US,
            samples=np.ascontiguousarray(sent[:, at : at + PIECE]),
            unusable=lead_bits([Lead.II], INDEPENDENT_LEADS) if at == 2 * PIECE else 0,
        )
        await other.send(wire.encode(packet))
    excerpt = await other.take()
    assert [channel.lead for channel in excerpt.tracing.channels] == list(STANDARD_LEADS)
    assert excerpt.derived == about.derived
    of_ii = ("II", "III", "aVR", "aVL", "aVF")  # what is made of a lead is no better than the lead
    assert excerpt.acquisition.states == (DeviceSpan(first=2 * PIECE, count=PIECE, unusable=of_ii),)
    assert np.array_equal(rows(excerpt)[2:6], derive_limb_leads(sent[0], sent[1]))
    assert np.array_equal(rows(excerpt)[[0, 1, 6, 7, 8, 9, 10, 11]], sent)


async def of_rows(
    bound: Bound, leads: tuple[Lead, ...], other: tuple[str, ...]
) -> tuple[Bound, NDArray[np.int16]]:
    """Another binding, with ten seconds of such rows."""
    another = await Bound(bound.clinic).begin(LI_JIANGUO.id, (bound.line, bound.outbox))
    another.binding_id = await bind(another.doctor, another.consult_id)
    stream_id = another.outbox.last(s.Bind).ecg_stream_id
    about = StreamDescription(
        rate_hz=RATE_HZ, nv_per_lsb=2500, leads=leads, other=other, started_us=NOW_US + OFFSET_US
    )
    await another.send(wire.encode(wire.Meta(stream_id=stream_id, description=about)))
    sent = np.random.default_rng(4).integers(-900, 900, (len(about.rows), TEN_S)).astype(np.int16)
    for at in range(0, TEN_S, PIECE):
        samples = np.ascontiguousarray(sent[:, at : at + PIECE])
        packet = wire.Wave(stream_id=stream_id, first_index=at, captured_us=NOW_US, samples=samples)
        await another.send(wire.encode(packet))
    return another, sent


async def test_a_row_that_is_none_of_the_twelve_leads_is_not_taken(bound: Bound) -> None:
    another, sent = await of_rows(bound, (Lead.II,), ("strap",))
    excerpt = await another.take()
    assert [channel.lead for channel in excerpt.tracing.channels] == [Lead.II]
    assert np.array_equal(rows(excerpt), sent[:1])


async def test_of_a_strap_alone_no_ten_seconds_are_taken(bound: Bound) -> None:
    another, _ = await of_rows(bound, (), ("strap",))
    assert await another.refused() is Refusal.RHYTHM_ONLY


async def test_one_simulated_packet_makes_it_simulated(bound: Bound) -> None:
    await bound.samples(0, 5000)
    assert not (await bound.take()).simulated
    await bound.send(bound.stream.wave(5000, 500, flags=wire.Flag.SIMULATED))
    assert (await bound.take()).simulated
