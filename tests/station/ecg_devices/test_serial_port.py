"""A serial device over a real terminal: garbage, lost frames, unplugging, and coming back."""

import asyncio
import contextlib
import importlib.metadata
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest

from ecg.leads import INDEPENDENT_LEADS, MISSING, Lead
from ecg.packets import Flag
from signaling import station_messages as s
from signaling.messages import DeviceState
from station.ecg_devices.device import DeviceDescription
from station.ecg_devices.framed import FramedProtocol
from station.ecg_devices.serial_port import SerialDevice
from station.ecg_devices.serial_protocol import protocol_named
from station.errors import DeviceFailed
from station.source_words import SerialWord
from tests.fakes.serial_ecg import SerialEcg, info, samples
from tests.fakes.station_server import FakeStationServer, KeptStream
from tests.station.running import running_station, settings_for

pytest.importorskip("serial", reason="pyserial is not installed")

HELLO = info(INDEPENDENT_LEADS)
EIGHT = len(INDEPENDENT_LEADS)


def now_us() -> Iterator[int]:
    return itertools.count(1_790_000_000_000_000, 20_000)


def values(number: int, count: int = 10) -> np.ndarray:
    """Each sample is its own count, so that none can be in a wrong place unnoticed."""
    return np.tile(np.arange(number, number + count).astype(np.int16), (EIGHT, 1))


async def greeted(cable: SerialEcg, device: SerialDevice, hello: bytes = HELLO) -> DeviceDescription:
    """Open a device that says hello again and again: opening a port forgets what came before."""
    opening = asyncio.create_task(device.open())
    while not (await asyncio.wait({opening}, timeout=0.02))[0]:
        cable.send(hello)
    return await opening


@contextlib.asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SerialDevice]:
    device = SerialDevice(SerialWord(str(path), "framed"), now_us().__next__)
    try:
        yield device
    finally:
        await device.close()


async def test_a_port_gives_what_the_device_sends(tmp_path: Path) -> None:
    with SerialEcg(tmp_path / "tty") as cable:
        async with opened(cable.path) as device:
            about = await greeted(cable, device, b"half a frame" + HELLO)
            assert (about.leads, about.device) == (INDEPENDENT_LEADS, "Example H8 SN42")
            blocks = device.blocks()
            cable.send(samples(5, values(5)) + samples(15, values(15)))
            got = [await anext(blocks), await anext(blocks)]
            assert [block.number for block in got] == [5, 15]
            np.testing.assert_array_equal(got[1].samples, values(15))


async def test_what_is_unplugged_is_gone_and_opens_again_when_it_is_back(tmp_path: Path) -> None:
    path = tmp_path / "tty"
    async with opened(path) as device:
        with SerialEcg(path) as cable:
            await greeted(cable, device)
            blocks = device.blocks()
            cable.unplug()
            with pytest.raises(DeviceFailed, match=r"^ecg: .*tty is gone: "):
                await anext(blocks)
        await device.close()
        with pytest.raises(DeviceFailed, match=r"tty cannot be opened: No such file"):
            await device.open()
        await device.close()
        with SerialEcg(path) as cable:
            await greeted(cable, device)
            cable.send(samples(0, values(0)))
            assert (await anext(device.blocks())).number == 0


async def test_a_port_that_another_has_open_is_refused(tmp_path: Path) -> None:
    with SerialEcg(tmp_path / "tty") as cable:
        async with opened(cable.path) as first, opened(cable.path) as second:
            await greeted(cable, first)
            with pytest.raises(DeviceFailed, match="cannot be opened"):
                await second.open()


async def test_a_device_that_changes_what_it_gives_is_refused(tmp_path: Path) -> None:
    with SerialEcg(tmp_path / "tty") as cable:
        async with opened(cable.path) as device:
            await greeted(cable, device)
            cable.send(info([Lead.I, Lead.II]))
            with pytest.raises(DeviceFailed, match="changed what it gives"):
                await anext(device.blocks())


async def test_a_device_with_a_lead_nobody_knows_is_refused(tmp_path: Path) -> None:
    with SerialEcg(tmp_path / "tty") as cable:
        async with opened(cable.path) as device:
            with pytest.raises(DeviceFailed, match="is not understood: a lead is named twice"):
                await greeted(cable, device, info([Lead.I, Lead.I]))


def test_an_unknown_protocol_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(DeviceFailed, match=r"^ecg: no serial protocol 'acme'; known are framed$"):
        SerialDevice(SerialWord("/dev/null", "acme"), now_us().__next__)
    assert protocol_named("framed") is FramedProtocol


def test_a_vendors_package_brings_its_own_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    def points(*, group: str) -> list[importlib.metadata.EntryPoint]:
        return [
            importlib.metadata.EntryPoint("acme", "station.ecg_devices.framed:FramedProtocol", group),
            importlib.metadata.EntryPoint("broken", "station.ecg_devices.not_there:Protocol", group),
        ]

    monkeypatch.setattr(importlib.metadata, "entry_points", points)
    assert protocol_named("acme") is FramedProtocol
    with pytest.raises(DeviceFailed, match=r"'broken' cannot be loaded \(ModuleNotFoundError\)"):
        protocol_named("broken")
    with pytest.raises(DeviceFailed, match="known are acme, broken, framed"):
        protocol_named("other")


# --- the whole station ------------------------------------------------------------------------------------


class Playing:
    """Sends a frame of ten samples every 20 ms, and INFO with every tenth, until it is told to stop."""

    def __init__(
        self, cable: SerialEcg, number: int = 0, lost: range = range(0), hello: bytes = HELLO
    ) -> None:
        self._cable = cable
        self._hello = hello
        self._number = number
        self._lost = lost
        self._task = asyncio.create_task(self._play())

    async def _play(self) -> None:
        for frame in itertools.count():
            if frame % 10 == 0:
                self._cable.send(self._hello)
            if frame == 7:
                self._cable.send(b"\xa5\x5a\x02garbage")
            if frame not in self._lost:
                self._cable.send(samples(self._number + 10 * frame, values(self._number + 10 * frame)))
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


def of_devices(server: FakeStationServer) -> list[s.StationHello | s.StationDevices]:
    return [one for one in server.messages if isinstance(one, s.StationHello | s.StationDevices)]


def ecg_states(server: FakeStationServer) -> list[DeviceState]:
    return [state for state, _ in itertools.groupby(one.ecg for one in of_devices(server))]


def present(stream: KeptStream) -> np.ndarray:
    """The samples that are there, each the device's count."""
    lead = stream.samples()[0]
    return lead[lead != MISSING]


def of_turn(server: FakeStationServer, turn: int) -> int:
    """How many samples are there of a device that counted from 10,000 times `turn` on."""
    stream = server.streams.get(11)
    return int((present(stream) // 10_000 == turn).sum()) if stream and stream.waves else 0


async def test_a_bound_station_delivers_a_serial_device_with_its_losses_as_gaps(tmp_path: Path) -> None:
    word = f"serial:{tmp_path / 'tty'}?protocol=framed"
    with SerialEcg(tmp_path / "tty") as cable:
        async with (
            FakeStationServer() as server,
            running_station(settings_for(server, tmp_path / "data", ecg=word)),
        ):
            await server.until(lambda: server.of_type(s.StationHello))
            assert not server.of_type(s.StationHello)[0].simulated
            await server.bind_to("first", 11)
            playing = Playing(cable, number=1000, lost=range(20, 25))
            await server.until(lambda: server.samples_of(11) > 500)
            await server.release()
            await server.until(lambda: any(m.delivered for m in server.of_type(s.StationReleased)))
            await playing.stop()
        stream = server.streams[11]
        assert stream.meta is not None and stream.end is not None
        about = stream.meta.description
        assert (about.leads, about.device, about.simulated) == (INDEPENDENT_LEADS, "Example H8 SN42", False)
        assert about.derived == (Lead.III, Lead.AVR, Lead.AVL, Lead.AVF)
        assert stream.arrived() == stream.have.end == stream.end.total
        lead = stream.samples()[0].astype(int)
        first = lead[0]
        there = lead != MISSING
        np.testing.assert_array_equal(lead[there], (np.arange(len(lead)) + first)[there])
        lost = np.flatnonzero(~there) + first
        np.testing.assert_array_equal(lost, np.arange(1200, 1250))
        assert not any(wave.flags & Flag.SIMULATED for wave in stream.waves)
        assert DeviceState.RUNNING in ecg_states(server)
        assert server.of_type(s.StationReading) == []  # no made up pulse beside a real ECG


async def test_a_device_unplugged_while_bound_is_told_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    path = tmp_path / "tty"
    word = f"serial:{path}?protocol=framed"
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path / "data", ecg=word)),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.until(lambda: ecg_states(server)[-1] is DeviceState.FAILED)
        (told,) = {one.device_error for one in of_devices(server)} - {""}
        assert told.startswith("ecg: ") and told.endswith("cannot be opened: No such file or directory")
        for turn in (1, 2):
            with SerialEcg(path) as cable:
                playing = Playing(cable, number=10_000 * turn)
                await server.until(lambda: of_turn(server, turn) > 300)  # noqa: B023
                assert ecg_states(server)[-1] is DeviceState.RUNNING
                await playing.stop()
            await server.until(lambda: ecg_states(server)[-1] is DeviceState.FAILED)
        stream = server.streams[11]
        counts = present(stream)
        assert set(counts // 10_000) == {1, 2}
        for turn in (1, 2):
            np.testing.assert_array_equal(np.diff(counts[counts // 10_000 == turn]), 1)
        lead = stream.samples()[0]
        gap = int((lead == MISSING).sum())
        assert gap >= 500  # it was away for longer than a second; nothing is joined over that
        begin = int(np.flatnonzero(lead // 10_000 == 2)[0])
        resumed = [w.first_index for w in stream.waves if w.flags & Flag.GAP and (w.samples != MISSING).any()]
        assert begin in resumed
        assert server.of_type(s.StationDevices)[-1].device_error.startswith("ecg: ")


async def test_a_device_that_comes_only_after_the_line_was_cut_is_delivered(tmp_path: Path) -> None:
    word = f"serial:{tmp_path / 'tty'}?protocol=framed"
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path / "data", ecg=word)),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.until(lambda: server.of_type(s.StationFigures))  # it is bound
        await server.pull_out()
        await server.plug_in()
        await server.until(lambda: len(server.of_type(s.StationHello)) == 2)
        with SerialEcg(tmp_path / "tty") as cable:
            playing = Playing(cable)
            await server.until(lambda: server.samples_of(11) > 100)
            await playing.stop()


async def test_the_state_of_a_device_is_known_before_anybody_binds(tmp_path: Path) -> None:
    word = f"serial:{tmp_path / 'tty'}?protocol=framed"
    with SerialEcg(tmp_path / "tty") as cable:
        playing = Playing(cable)
        async with (
            FakeStationServer() as server,
            running_station(settings_for(server, tmp_path / "data", ecg=word)),
        ):
            await server.until(lambda: ecg_states(server)[-1:] == [DeviceState.READY])
        await playing.stop()


async def test_a_station_started_again_goes_on_with_its_device_and_refuses_another(tmp_path: Path) -> None:
    word = f"serial:{tmp_path / 'tty'}?protocol=framed"
    async with FakeStationServer() as server:
        settings = settings_for(server, tmp_path / "data", ecg=word)
        for turn in (1, 2):
            with SerialEcg(tmp_path / "tty") as cable:
                playing = Playing(cable, number=10_000 * turn)
                async with running_station(settings):
                    if turn == 1:
                        await server.until(lambda: server.of_type(s.StationHello))
                        await server.bind_to("first", 11)
                    await server.until(lambda: of_turn(server, turn) > 200)  # noqa: B023
                await playing.stop()
        lead = server.streams[11].samples()[0]
        counts = lead[lead != MISSING]
        assert set(np.diff(counts)) == {1, int(counts[counts >= 20_000][0] - counts[counts < 20_000][-1])}
        assert (lead == MISSING).any() and server.streams[11].arrived() == server.streams[11].have.end
        with SerialEcg(tmp_path / "tty") as cable:
            other = Playing(cable, hello=info(INDEPENDENT_LEADS, name="Example H8 SN43"))
            async with running_station(settings):
                told = "ecg: not the device this binding began with; bind again"
                await server.until(lambda: of_devices(server)[-1].device_error == told)
            await other.stop()
        assert of_turn(server, 0) == 0  # nothing of the other, which counts from 0
