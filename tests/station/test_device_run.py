"""A device is read while it is there and looked for when it is not; its stream goes on over a told gap."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest

from ecg.leads import MISSING
from ecg.packets import Flag
from station.device_run import DeviceRun
from station.ecg_devices.device import DeviceDescription, EcgDevice
from station.ecg_devices.device_stream import Piece
from station.ecg_stream import Anchor, Place
from station.errors import StreamDiffers
from tests.fakes.ecg_device import FakeEcgDevice
from tests.station.ecg_devices.blocks import START_US, TWO_LEADS, block


class Station:
    """What a run tells and puts."""

    def __init__(self, device: EcgDevice, silent_s: float = 30.0) -> None:
        self.begun: list[tuple[DeviceDescription, int]] = []
        self.pieces: list[Piece] = []
        self.told: list[str | None] = []
        self.refuses = False
        self._changed = asyncio.Event()
        self.run = DeviceRun(device, 7, self.begin, self.put, self.tell, retry_s=0.001, silent_s=silent_s)

    async def begin(self, about: DeviceDescription, captured_us: int) -> Place:
        if self.refuses:
            raise StreamDiffers("ecg: not the source this binding began with; bind again")
        self.begun.append((about, captured_us))
        return Place(Anchor(0, captured_us), 0, captured_us)

    def put(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self._changed.set()

    def tell(self, problem: str | None) -> None:
        self.told.append(problem)
        self._changed.set()

    async def until(self, condition: "object") -> None:
        while not condition():  # type: ignore[operator]
            await self._changed.wait()
            self._changed.clear()

    @property
    def end(self) -> int:
        return self.pieces[-1].wave.end_index if self.pieces else 0


@contextlib.asynccontextmanager
async def running(device: FakeEcgDevice, **more: float) -> AsyncIterator[Station]:
    station = Station(device, **more)
    task = asyncio.create_task(station.run.run())
    try:
        yield station
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert device.closed == device.opened


async def test_what_a_device_gives_is_put_and_its_running_told_once() -> None:
    device = FakeEcgDevice(TWO_LEADS)
    async with running(device) as station:
        device.give(block(1000, 20), block(1020, 20))
        await station.until(lambda: station.end == 40)
    assert station.begun == [(TWO_LEADS, START_US + 2_000_000)]
    assert station.told == [None]


async def test_a_device_that_is_not_there_is_told_once_and_found_when_it_comes() -> None:
    device = FakeEcgDevice(None)
    async with running(device) as station:
        await station.until(lambda: station.told)
        await device.until_opened(5)
        assert station.told == ["ecg: not there"]
        device.about = TWO_LEADS
        device.give(block(0))
        await station.until(lambda: station.end == 10)
    assert station.told == ["ecg: not there", None]


async def test_after_unplugging_the_stream_goes_on_over_a_gap_of_the_time_that_passed() -> None:
    device = FakeEcgDevice(TWO_LEADS)
    async with running(device) as station:
        device.give(block(0, 25))
        device.unplug()
        await station.until(lambda: "ecg: unplugged" in station.told)
        assert station.end == 25  # the piece that was begun is not lost
        again = replace(block(0, 25), arrived_us=START_US + 10_000_000 + 24 * 2000)  # counts from 0 anew
        device.give(again)
        await station.until(lambda: station.told == [None, "ecg: unplugged", None])
        device.unplug()
        await station.until(lambda: station.end == 5025)
    samples = np.concatenate([piece.wave.samples for piece in station.pieces], axis=1)
    assert (samples[:, 25:5000] == MISSING).all() and (samples[:, :25] != MISSING).all()
    np.testing.assert_array_equal(samples[0, 5000:], np.arange(25))
    first = next(piece.wave for piece in station.pieces if piece.wave.first_index == 5000)
    assert first.flags & Flag.GAP and first.captured_us == START_US + 10_000_000
    assert len(station.begun) == 1


async def test_however_quickly_it_comes_back_there_is_a_gap() -> None:
    device = FakeEcgDevice(TWO_LEADS)
    async with running(device) as station:
        device.give(block(0, 20))
        device.unplug()
        device.give(block(20, 20))
        await station.until(lambda: station.end == 40)
    assert [piece.wave.sample_count for piece in station.pieces if not piece.live] == [1]


@pytest.mark.parametrize("change", [{"device": "Heart 12 SN8"}, {"rate_hz": 250}, {"nv_per_lsb": 500}])
async def test_another_device_is_not_taken_for_the_one_that_was_bound(change: dict[str, object]) -> None:
    device = FakeEcgDevice(TWO_LEADS)
    async with running(device) as station:
        device.give(block(0, 20))
        device.unplug()
        await station.until(lambda: "ecg: unplugged" in station.told)
        device.about = replace(TWO_LEADS, **change)  # type: ignore[arg-type]
        device.give(block(0, 20))
        await station.until(lambda: station.told[-1] == "ecg: another device came back; bind again")
        assert station.end == 20


async def test_a_source_the_binding_did_not_begin_with_is_told() -> None:
    device = FakeEcgDevice(TWO_LEADS)
    async with running(device) as station:
        station.refuses = True
        device.give(block(0))
        await station.until(lambda: station.told)
        assert station.told == ["ecg: not the source this binding began with; bind again"]
        assert station.pieces == []


async def test_a_device_that_falls_silent_is_told_and_opened_again() -> None:
    device = FakeEcgDevice(TWO_LEADS)
    async with running(device, silent_s=0.05) as station:
        device.give(block(0, 20))
        await station.until(lambda: "ecg: gave nothing for 0.05 s" in station.told)
        assert device.closed >= 1


async def test_an_adapter_that_breaks_is_named_and_tried_again() -> None:
    class Breaking(FakeEcgDevice):
        async def open(self) -> DeviceDescription:
            await super().open()
            if self.opened == 1:
                raise ZeroDivisionError
            return TWO_LEADS

    device = Breaking(TWO_LEADS)
    async with running(device) as station:
        device.give(block(0))
        await station.until(lambda: station.told[-1:] == [None])
    assert station.told == ["ecg: broke off (ZeroDivisionError)", None]
