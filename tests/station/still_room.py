"""Two people, a real server, and a real station at work: from its ring to both sides."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import cv2
import numpy as np

from records.ids import ConsultId
from signaling import messages as m
from station.agent import Station
from station.settings import StationSettings
from station.shared_ring import SharedRing
from tests.fakes.clinic import Client, bind, in_call
from tests.fakes.records import CHEN, ZHOU
from tests.fakes.served import TOKEN, Browser, Served, open_doors
from tests.fakes.station_server import FakeMediaRoom
from tests.signaling.stills import frozen_for
from tests.station.running import running_station

Line = Callable[[int], AbstractAsyncContextManager[int]]
"""Leads to a port of this machine by another one, which it gives."""


@contextlib.asynccontextmanager
async def straight(port: int) -> AsyncIterator[int]:
    """No line but the loopback."""
    yield port


class Room:
    """Two people, a station at work, and the ring of its pictures."""

    def __init__(
        self, served: Served, station: Station, doctor: Client, chen: Client, consult_id: str
    ) -> None:
        self.served, self.station = served, station
        self.doctor, self.chen, self.consult_id = doctor, chen, ConsultId(consult_id)

    @property
    def ring(self) -> SharedRing:
        assert self.station._running is not None
        return self.station._running._ultrasound.ring

    async def until(self, holds: Callable[[], object]) -> None:
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def freeze(self) -> m.StillCard:
        """Freeze a frame of half a second ago, and wait until both sides hold the same exact still."""
        span = self.ring.span
        assert span is not None
        await self.chen.done(m.FreezePicture, consult_id=self.consult_id, capture_us=span.last_us - 500_000)
        return await self.exact()

    async def exact(self, capture_us: int | None = None) -> m.StillCard:
        def same() -> bool:
            told = [frozen_for(one) for one in (self.doctor, self.chen)]
            there = told[0] is not None and told[0].still is not None and told[0] == told[1]
            return there and (capture_us is None or told[0].capture_us != capture_us)

        await self.until(same)
        frozen = frozen_for(self.doctor)
        assert frozen is not None and frozen.still is not None
        return frozen.still

    async def fetched(self, still: m.StillCard, browser: Browser | None = None) -> np.ndarray:
        """What a browser gets and shows: grey, or RGB."""
        browser = browser or await self.served.signed_in(ZHOU)
        answer = await browser.get(f"/api/consults/{self.consult_id}/stills/{still.still_id}")
        assert answer.status == 200 and len(answer.body) == still.png_bytes
        pixels = cv2.imdecode(np.frombuffer(answer.body, np.uint8), cv2.IMREAD_UNCHANGED)
        return pixels if pixels.ndim == 2 else pixels[:, :, ::-1]


@contextlib.asynccontextmanager
async def at_work(
    tmp_path: Path, ultrasound: str = "synthetic", line: Line = straight
) -> AsyncIterator[Room]:
    """A consult with a station that makes its pictures and its ECG up."""
    async with open_doors(tmp_path, demo=True) as served, line(served.listening.port) as port:
        settings = StationSettings(
            server_url=f"http://127.0.0.1:{port}",
            token=TOKEN,
            ultrasound=ultrasound,
            ecg="simulator",
            data_directory=tmp_path / "station",
        )
        async with running_station(settings, FakeMediaRoom()) as station:
            doctor, chen = await served.clinic.sign_in(ZHOU), await served.clinic.sign_in(CHEN)
            consult_id = await in_call(served.clinic, doctor, chen)
            stations = served.clinic.desk._parts.stations
            while not any(one.line for one in stations):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            await bind(doctor, consult_id)
            room = Room(served, station, doctor, chen, consult_id)
            await room.until(lambda: station._running is not None and _seconds(room.ring) > 4)
            yield room


def _seconds(ring: SharedRing) -> float:
    return ring.span.seconds if ring.span is not None else 0.0
