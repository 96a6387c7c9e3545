"""Runs a station against a fake server within a test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from station.agent import Station
from station.settings import StationSettings
from tests.fakes.station_server import TOKEN, FakeMediaRoom, FakeStationServer


def settings_for(server: FakeStationServer, directory: Path, **others: object) -> StationSettings:
    """Settings of a station for this server; no sources unless they are given."""
    fields: dict[str, object] = {"server_url": server.url, "token": TOKEN, "data_directory": directory}
    return StationSettings(**fields | others)  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def running_station(
    settings: StationSettings, media: FakeMediaRoom | None = None, cable_out_s: float = 0.5
) -> AsyncIterator[Station]:
    """A station that runs meanwhile, and is stopped in order."""
    stop = asyncio.Event()
    station = Station(settings, (media or FakeMediaRoom()).answer, cable_out_s=cable_out_s)
    task = asyncio.create_task(station.run(stop))
    try:
        yield station
    finally:
        stop.set()
        await task
