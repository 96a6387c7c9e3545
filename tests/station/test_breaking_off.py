"""What breaks while a binding runs is named to whoever is in the room, and the rest goes on."""

import errno
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ecg.synthetic import SyntheticEcg
from signaling import station_messages as s
from signaling.messages import DeviceState
from station.errors import DeviceFailed
from station.picture_sources import SyntheticPictures
from tests.fakes.station_server import FakeStationServer
from tests.station.running import running_station, settings_for
from ultrasound.cine import Picture

BOTH = {"ultrasound": "synthetic", "ecg": "synthetic"}


async def failed(server: FakeStationServer, device: str) -> s.StationDevices:
    """The first message that says a device has failed."""

    def told() -> list[s.StationDevices]:
        said = [one for one in server.of_type(s.StationDevices) if isinstance(one, s.StationDevices)]
        return [one for one in said if getattr(one, device) is DeviceState.FAILED]

    await server.until(told)
    return told()[0]


async def test_an_ecg_that_breaks_off_is_named_and_the_pictures_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = SyntheticEcg.samples

    def breaking(self: SyntheticEcg, first: int, count: int) -> NDArray[np.int16]:
        if first >= 200:
            raise OSError("the cable is out")
        return honest(self, first, count)

    monkeypatch.setattr(SyntheticEcg, "samples", breaking)
    async with FakeStationServer() as server, running_station(settings_for(server, tmp_path, **BOTH)):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        told = await failed(server, "ecg")
        assert told.device_error.startswith("ecg: broke off") and told.ultrasound is DeviceState.RUNNING
        await server.until(lambda: server.samples_of(11) == 200)  # what was taken is delivered
        await server.until(lambda: any(one.captured_fps for one in server.of_type(s.StationFigures)))


async def test_pictures_that_break_off_are_named_and_the_ecg_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(self: SyntheticPictures, number: int, capture_us: int) -> Picture:
        if number < 5:
            return np.zeros((self.height, self.width, 3), np.uint8)
        raise DeviceFailed("ultrasound", "the file ends here")

    monkeypatch.setattr(SyntheticPictures, "picture", breaking)
    async with FakeStationServer() as server, running_station(settings_for(server, tmp_path, **BOTH)):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        told = await failed(server, "ultrasound")
        assert told.device_error == "ultrasound: the file ends here" and told.ecg is DeviceState.RUNNING
        before = server.samples_of(11)
        await server.until(lambda: server.samples_of(11) > before + 200)


async def test_a_journal_that_cannot_be_written_is_told_as_a_failed_ecg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ecg="synthetic")),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.until(lambda: server.samples_of(11) > 100)
        monkeypatch.setattr("records.store.segment_files.RealFiles.sync", full_disk)
        told = await failed(server, "ecg")
        assert told.device_error.startswith("ecg journal:") and "No space left" in told.device_error
        monkeypatch.undo()


def full_disk(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
