"""What a stream says of itself holds from its first packet to its last, and reaches the record exactly."""

import dataclasses
from typing import Any

import pytest

from ecg import wire
from ecg.leads import STANDARD_LEADS
from records.audit import Action
from records.ids import BindingId
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from signaling.station_lines import StationLine
from tests.fakes.clinic import Client, Clinic, bind
from tests.fakes.outbox import FakeOutbox
from tests.fakes.records import NOW
from tests.signaling.test_stations import meta, ready, recording, samples, wave


class Bound:
    """A station bound to a consult, about to send."""

    def __init__(self, clinic: Clinic, doctor: Client, line: StationLine, outbox: FakeOutbox) -> None:
        self.clinic = clinic
        self.doctor = doctor
        self.line = line
        self.outbox = outbox
        self.binding_id = BindingId(outbox.last(s.Bind).binding_id)
        self.stream_id: int = outbox.last(s.Bind).ecg_stream_id

    def meta(self, **changed: Any) -> bytes:
        first = wire.decode(meta(self.stream_id))
        assert isinstance(first, wire.Meta)
        about = dataclasses.replace(first.description, **changed)
        return wire.encode(wire.Meta(stream_id=self.stream_id, description=about))

    async def sends(self, *packets: bytes) -> list[str]:
        """Send packets; return the codes of what was refused."""
        before = len(self.outbox.of(s.StationRefused))
        for packet in packets:
            await self.clinic.desk.station_packet(self.line, packet)
        return [one.code for one in self.outbox.of(s.StationRefused)[before:]]

    async def stored(self) -> list[wire.Packet]:
        """What a browser gets of it."""
        self.doctor.outbox.packets.clear()
        await self.doctor.notice(m.NeedSamples(binding_id=self.binding_id, first=0, count=1000))
        return [wire.decode(packet) for packet in self.doctor.outbox.packets]


@pytest.fixture
async def bound(clinic: Clinic) -> Bound:
    doctor, consult_id = await ready(clinic)
    line, outbox = await clinic.station()
    await bind(doctor, consult_id)
    return Bound(clinic, doctor, line, outbox)


@pytest.mark.parametrize(
    "changed",
    [{"nv_per_lsb": 0.4}, {"rate_hz": 250.4}, {"leads": STANDARD_LEADS[:8]}],
    ids=lambda c: next(iter(c)),
)
async def test_a_second_meta_with_another_rate_scale_or_leads_is_refused(
    bound: Bound, changed: dict[str, Any]
) -> None:
    assert await bound.sends(bound.meta(), wave(bound.stream_id, 0, samples(50, seed=1))) == []
    assert await bound.sends(bound.meta(**changed), bound.meta(**changed)) == ["not_samples"] * 2
    first = (await bound.stored())[0]
    assert isinstance(first, wire.Meta)
    assert (first.description.rate_hz, first.description.nv_per_lsb) == (500, 2500)
    assert first.description.leads == STANDARD_LEADS
    trail = await bound.clinic.records.read(lambda ledger: ledger.audit.search())
    denied = [one.event.object_id for one in trail if one.event.action is Action.DENIED]
    assert denied == [bound.binding_id]


async def test_a_chest_straps_row_is_kept_under_its_own_name(bound: Bound) -> None:
    about = bound.meta(leads=(), other=("strap",), rate_hz=130)
    assert await bound.sends(about, wave(bound.stream_id, 0, samples(50, seed=1)[:1])) == []
    assert await bound.sends(wave(bound.stream_id, 50, samples(50, seed=2))) == ["not_samples"]
    assert await bound.sends(bound.meta(leads=(), other=("belt",), rate_hz=130)) == ["not_samples"]
    kept = await recording(bound.clinic, bound.binding_id)
    assert kept is not None and kept.leads == ("strap",)


async def test_the_same_meta_again_is_taken(bound: Bound) -> None:
    assert await bound.sends(bound.meta(), wave(bound.stream_id, 0, samples(50, seed=1)), bound.meta()) == []


async def test_a_wave_with_another_number_of_leads_is_refused_and_not_kept(bound: Bound) -> None:
    few = wave(bound.stream_id, 50, samples(50, seed=2)[:3])
    assert await bound.sends(bound.meta(), wave(bound.stream_id, 0, samples(50, seed=1)), few) == [
        "not_samples"
    ]
    shapes = [one.samples.shape for one in await bound.stored() if isinstance(one, wire.Wave)]
    assert shapes == [(12, 50)]


async def test_rate_scale_and_begin_are_filed_as_the_device_said_and_not_rounded(bound: Bound) -> None:
    began_us = moments.to_us(NOW) + 900_001
    assert await bound.sends(bound.meta(rate_hz=250.4, nv_per_lsb=0.4, started_us=began_us)) == []
    kept = await recording(bound.clinic, bound.binding_id)
    assert kept is not None
    assert (kept.rate_hz, kept.nv_per_lsb, moments.to_us(kept.started_at)) == (250.4, 0.4, began_us)


async def test_a_stream_that_began_beyond_the_calendar_is_refused(bound: Bound) -> None:
    assert await bound.sends(bound.meta(started_us=2**63)) == ["not_samples"]
    assert await recording(bound.clinic, bound.binding_id) is None


async def test_one_simulated_wave_marks_the_recording_and_the_binding(bound: Bound) -> None:
    real = wave(bound.stream_id, 0, samples(50, seed=1))
    made_up = wire.encode(
        wire.Wave(
            stream_id=bound.stream_id,
            first_index=50,
            captured_us=1,
            samples=samples(50, seed=2),
            flags=wire.Flag.SIMULATED,
        )
    )
    assert await bound.sends(bound.meta(), real) == []
    kept = await recording(bound.clinic, bound.binding_id)
    assert kept is not None and not kept.simulated
    assert await bound.sends(made_up, wave(bound.stream_id, 100, samples(50, seed=3))) == []
    kept = await recording(bound.clinic, bound.binding_id)
    binding = await bound.clinic.records.read(lambda ledger: ledger.bindings.get(bound.binding_id))
    assert kept is not None and kept.simulated and binding.simulated
    await bound.doctor.done(m.ReleaseStation, binding_id=bound.binding_id)
    ended = await bound.clinic.records.read(lambda ledger: ledger.bindings.get(bound.binding_id))
    assert ended.simulated and ended.ended_at is not None
