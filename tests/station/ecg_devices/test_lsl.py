"""A Lab Streaming Layer stream: read strictly, received from a real outlet where pylsl is installed."""

import asyncio
import contextlib
import itertools
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecg.leads import INDEPENDENT_LEADS, MISSING, Lead
from signaling import station_messages as s
from station.clock import StationClock
from station.ecg_devices.lsl import LslDevice, read_channels
from station.errors import DeviceFailed
from tests.fakes.station_server import FakeStationServer
from tests.station.running import running_station, settings_for

os.environ["LSLAPICFG"] = str(Path(__file__).with_name("lsl.cfg"))  # read when liblsl is first used

LABELS = [str(lead) for lead in INDEPENDENT_LEADS]
MICROVOLTS = ["microvolts"] * 8


# --- what a stream says of itself -------------------------------------------------------------------------


def test_channels_labelled_as_leads_are_shown_in_their_order_and_others_left_aside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    channels = read_channels("Amp", "SN1", 500, ["Resp", "ECG II", "v1", None], ["", "mV", "uV", None])
    assert channels.about.leads == (Lead.II, Lead.V1) and channels.columns == (1, 2)
    assert channels.about.device == "LSL Amp SN1"
    assert "'Resp' of Amp left aside" in caplog.text
    samples, clipped = channels.samples(np.array([[9, 1.5, 250, 9], [9, np.nan, 40_000, 9]], np.float64))
    assert samples.tolist() == [[1500, MISSING], [250, 32767]] and clipped == 0b10


@pytest.mark.parametrize(
    ("rate_hz", "labels", "units", "told"),
    [
        (0, ["I"], ["uV"], "has no regular rate"),
        (
            500,
            ["Cz", "MLII"],
            ["uV", "uV"],
            "no channel labelled as one of the twelve leads; labels are 'Cz', 'MLII'",
        ),
        (500, ["I"], [None], "channel I of Amp has no unit, so its size is unknown"),
        (500, ["I"], ["counts"], "channel I of Amp has the unit 'counts'; microvolts are right"),
        (500, ["I", "lead i"], ["uV", "uV"], "a lead is named twice"),
        (20, ["I"], ["uV"], "20 Hz is too slow"),
    ],
)
def test_a_stream_that_cannot_be_shown_truly_is_refused(
    rate_hz: float, labels: list[str], units: list[str | None], told: str
) -> None:
    with pytest.raises(DeviceFailed) as refused:
        read_channels("Amp", "", rate_hz, labels, units)
    assert str(refused.value).startswith("ecg: lsl: ") and told in str(refused.value)


# --- a real outlet ----------------------------------------------------------------------------------------


class Outlet:
    """A program that streams; `push` sends samples taken from `at_s` on, by its clock."""

    _numbers = itertools.count()

    def __init__(self, pylsl: Any, name: str | None = None, units: list[str] = MICROVOLTS) -> None:
        self.pylsl = pylsl
        self.name = name or f"ecg-{os.getpid()}-{next(self._numbers)}"
        info = pylsl.StreamInfo(self.name, "ECG", 8, 500, "float32", "SN1")
        info.set_channel_labels(LABELS)
        info.set_channel_units(units)
        self.stream = pylsl.StreamOutlet(info)

    def push(self, first: int, count: int, last_at_s: float) -> None:
        self.stream.push_chunk([[float(first + k)] * 8 for k in range(count)], last_at_s)


@pytest.fixture
def pylsl() -> Any:
    return pytest.importorskip("pylsl", reason="pylsl, or the liblsl it needs, is not installed")


@contextlib.asynccontextmanager
async def opened(name: str) -> AsyncIterator[LslDevice]:
    device = LslDevice(name, StationClock().now_us)
    try:
        yield device
    finally:
        await device.close()


async def test_an_outlet_is_found_by_name_and_its_samples_are_on_the_stations_clock(pylsl: Any) -> None:
    outlet, clock = Outlet(pylsl), StationClock()
    async with opened(outlet.name) as device:
        about = await device.open()
        assert (about.leads, about.rate_hz, about.nv_per_lsb) == (INDEPENDENT_LEADS, 500, 1000)
        begin_s, begin_us = pylsl.local_clock(), clock.now_us()
        outlet.push(0, 50, begin_s + 0.098)
        outlet.push(50, 50, begin_s + 0.198)
        outlet.push(100, 50, begin_s + 2.298)  # two seconds later: a thousand samples are lost
        got: list[int] = []
        numbers: list[int] = []
        blocks = device.blocks()
        while len(got) < 150:
            block = await anext(blocks)
            got += block.samples[0].tolist()
            numbers += range(block.number, block.end)
            assert block.taken_us is not None
            due_us = begin_us + (block.end - 1) * 2000
            assert abs(block.taken_us - due_us) < 100_000
        assert got == list(range(150))
        assert numbers == [*range(100), *range(1100, 1150)]


async def test_an_outlet_that_ends_is_gone_and_one_of_its_name_is_found_again(pylsl: Any) -> None:
    outlet = Outlet(pylsl)
    name = outlet.name
    async with opened(name) as device:
        await device.open()
        blocks = device.blocks()
        outlet.push(0, 10, pylsl.local_clock())
        assert (await anext(blocks)).count > 0
        waiting = asyncio.create_task(_until_gone(blocks))
        del outlet
        with pytest.raises(DeviceFailed, match=r"^ecg: lsl: .* is gone"):
            await waiting
        await device.close()
        again = Outlet(pylsl, name)
        assert (await device.open()).device == f"LSL {name} SN1"
        assert again.name == name


async def test_a_bound_station_delivers_an_outlet(pylsl: Any, tmp_path: Path) -> None:
    outlet = Outlet(pylsl)
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ecg=f"lsl:{outlet.name}")),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        playing = asyncio.create_task(_play(outlet))
        await server.until(lambda: server.samples_of(11) > 300)
        playing.cancel()
        stream = server.streams[11]
        assert stream.meta is not None and not stream.meta.description.simulated
        assert stream.meta.description.leads == INDEPENDENT_LEADS
        lead = stream.samples()[0]
        np.testing.assert_array_equal(lead, lead[0] + np.arange(len(lead)))


async def _play(outlet: Outlet) -> None:
    began_s = outlet.pylsl.local_clock()
    for first in itertools.count(0, 25):
        outlet.push(first, 25, began_s + (first + 25) / 500)
        await asyncio.sleep(0.05)


async def _until_gone(blocks: AsyncIterator[Any]) -> None:
    async for _ in blocks:
        pass


async def test_a_name_nobody_has_or_two_have_is_refused(pylsl: Any) -> None:
    async with opened(f"nobody-{os.getpid()}") as device:
        with pytest.raises(DeviceFailed, match="there is no stream called"):
            await device.open()
    both = [Outlet(pylsl, f"twice-{os.getpid()}") for _ in range(2)]
    async with opened(both[0].name) as device:
        with pytest.raises(DeviceFailed, match="2 streams are called"):
            await device.open()


async def test_a_stream_without_units_is_refused_when_it_is_opened(pylsl: Any) -> None:
    outlet = Outlet(pylsl, units=["counts"] * 8)
    async with opened(outlet.name) as device:
        with pytest.raises(DeviceFailed, match="has the unit 'counts'"):
            await device.open()
