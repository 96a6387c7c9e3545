"""The station as a process: its signals, its log, and the media room plugged in."""

import asyncio
import importlib.metadata
import logging
import signal
from collections.abc import Mapping

from media.publisher import Publisher
from records.rooms import MediaKind
from station.agent import Station
from station.clock import StationClock
from station.settings import StationSettings


def run_station(settings: StationSettings) -> None:
    """Run a station until SIGINT or SIGTERM; its journal is written before this returns.

    Raises
    ------
    SettingsWrong : every fault of the settings at once
    KeyMissing, StoreLocked, OSError : the data directory or its key cannot be used
    """
    settings.check()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(_run(settings))


async def _run(settings: StationSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    clock = StationClock()

    async def answer(offer_sdp: str, publish: Mapping[str, MediaKind]) -> Publisher:
        return await Publisher.answer(offer_sdp, publish, clock_us=clock.now_us)

    await Station(settings, answer, clock=clock, version=_version()).run(stop)


def _version() -> str:
    try:
        return importlib.metadata.version("cloudclinic")
    except importlib.metadata.PackageNotFoundError:
        return ""
