"""A station killed while the server acknowledges nothing delivers every journaled sample when it is back."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import numpy as np

from ecg.leads import MISSING
from ecg.synthetic import SyntheticEcg
from signaling import station_messages as s
from tests.fakes.station_server import TOKEN, FakeStationServer
from tests.station.running import running_station, settings_for

STATION = """
import sys
from pathlib import Path
from station.running import run_station
from station.settings import StationSettings

url, token, directory = sys.argv[1:]
run_station(StationSettings(server_url=url, token=token, ecg="synthetic", data_directory=Path(directory)))
"""


async def start_process(server: FakeStationServer, directory: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STATION, server.url, TOKEN, str(directory)), cwd=os.getcwd()
    )


async def test_killed_and_started_again_it_delivers_what_it_had_journaled(tmp_path: Path) -> None:
    async with FakeStationServer() as server:
        server.acknowledges = False
        process = await start_process(server, tmp_path)
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.until(lambda: server.of_type(s.StationFigures))
        promised = server.of_type(s.StationFigures)[0].undelivered_samples
        process.send_signal(signal.SIGKILL)
        await process.wait()
        server.acknowledges = True
        await server.bind_to("second", 21, tell=False)
        async with running_station(settings_for(server, tmp_path, ecg="synthetic")):
            await server.until(lambda: server.streams[11].end is not None and server.samples_of(21) > 100)
        stream = server.streams[11]
        assert stream.meta is not None and promised > 500
        assert stream.have.contiguous_end == stream.have.end >= promised
        source = SyntheticEcg(started_us=stream.meta.description.started_us)
        np.testing.assert_array_equal(stream.samples(), source.samples(0, stream.have.end))
        assert (stream.samples() != MISSING).all()


async def test_told_to_end_it_ends_in_order(tmp_path: Path) -> None:
    async with FakeStationServer() as server:
        process = await start_process(server, tmp_path)
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.until(lambda: server.samples_of(11) > 50)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
