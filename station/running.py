"""The station as a process: its signals, its log, and the media room plugged in."""

import asyncio
import importlib.metadata
import logging
import signal
import ssl
from collections.abc import Mapping, Sequence

from media.publisher import Publisher
from media.relay_bridge import RelayLogin
from media.turn_messages import Credentials
from media.turn_url import read_turn_url
from records.log_lines import open_log
from records.rooms import MediaKind
from signaling.messages import IceServer
from station.agent import Station
from station.clock import StationClock
from station.settings import StationSettings

log = logging.getLogger(__name__)


def run_station(settings: StationSettings) -> None:
    """Run a station until SIGINT or SIGTERM; its journal is written before this returns.

    Raises
    ------
    SettingsWrong : every fault of the settings at once
    KeyMissing, StoreLocked, OSError : the data directory or its key cannot be used
    """
    settings.check()
    open_log(logging.INFO)
    asyncio.run(_run(settings))


async def _run(settings: StationSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    clock = StationClock()

    tls = ssl.create_default_context()
    if settings.ca_file is not None:
        tls.load_verify_locations(settings.ca_file)

    async def answer(
        offer_sdp: str, publish: Mapping[str, MediaKind], ice_servers: Sequence[IceServer]
    ) -> Publisher:
        relays = relay_logins(ice_servers, tls)
        return await Publisher.answer(offer_sdp, publish, clock_us=clock.now_us, relays=relays)

    await Station(settings, answer, clock=clock, version=_version()).run(stop)


def relay_logins(ice_servers: Sequence[IceServer], tls: ssl.SSLContext) -> tuple[RelayLogin, ...]:
    """The relays of an offer that this version knows how to take."""
    found = []
    for server in ice_servers:
        for text in server.urls:
            try:
                url = read_turn_url(text)
            except ValueError:
                log.warning("a relay is offered in a way that is not known here; left aside")
                continue
            found.append(RelayLogin(url, Credentials(server.username, server.credential), tls))
    return tuple(found)


def _version() -> str:
    try:
        return importlib.metadata.version("cloudclinic")
    except importlib.metadata.PackageNotFoundError:
        return ""
