"""Whether a device answers is found out without keeping hold of it."""

import asyncio

import pytest

from station.ecg_devices.device import DeviceDescription
from station.ecg_devices.probe import close_wholly, probe
from station.errors import DeviceFailed
from tests.fakes.ecg_device import FakeEcgDevice
from tests.station.ecg_devices.blocks import TWO_LEADS


async def test_a_device_that_answers_is_closed_again() -> None:
    device = FakeEcgDevice(TWO_LEADS)
    await probe(device)
    assert (device.opened, device.closed) == (1, 1)


async def test_one_that_does_not_is_closed_too_and_says_why() -> None:
    device = FakeEcgDevice(None)
    with pytest.raises(DeviceFailed, match="^ecg: not there$"):
        await probe(device)
    assert device.closed == 1


async def test_whatever_an_adapter_raises_is_told_as_a_failed_device() -> None:
    class Broken(FakeEcgDevice):
        async def open(self) -> DeviceDescription:
            raise ZeroDivisionError

    with pytest.raises(DeviceFailed, match=r"could not be opened \(ZeroDivisionError\)"):
        await probe(Broken(TWO_LEADS))


async def test_closing_is_done_to_the_end_when_it_is_cancelled() -> None:
    class Slow(FakeEcgDevice):
        def __init__(self) -> None:
            super().__init__(TWO_LEADS)
            self.closing = asyncio.Event()
            self.may_close = asyncio.Event()

        async def close(self) -> None:
            self.closing.set()
            await self.may_close.wait()
            self.closed += 1

    device = Slow()
    task = asyncio.create_task(close_wholly(device))
    await device.closing.wait()
    task.cancel()
    await asyncio.sleep(0)
    device.may_close.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert device.closed == 1
