"""Clients nobody here wrote, through the running server and a real media worker, on the loopback.

FFmpeg's own WHIP muxer publishes; werift, a WebRTC written in TypeScript, watches by WHEP.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from cloudclinic.media_processes import RunningWorker
from media.api import WorkerProcess
from records.rooms import MediaKind
from signaling import messages as m
from signaling.ports import MediaEvent
from tests.fakes.clinic import Client, bind, in_call
from tests.fakes.media_viewer import Viewer
from tests.fakes.records import CHEN, STATION, ZHOU
from tests.fakes.served import TOKEN, Served, open_doors
from web.media_plane import MediaWorkers

ROOT = Path(__file__).resolve().parents[2]
ULTRASOUND, FACE_OF_THE_SECOND = "8", "5"


class Program:
    """A client in a process of its own, which ends when its input closes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def says(self) -> Any:
        assert self._process.stdout
        line = await self._process.stdout.readline()
        assert line, "it ended"
        return json.loads(line)

    async def rest(self) -> list[Any]:
        """Everything it still says until it has ended."""
        assert self._process.stdout
        return [json.loads(line) async for line in self._process.stdout]

    async def end(self) -> int:
        assert self._process.stdin
        self._process.stdin.close()
        return await self._process.wait()


Start = Callable[..., Awaitable[Program]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts programs, and leaves none behind."""
    started: list[asyncio.subprocess.Process] = []

    async def run(*command: str) -> Program:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
        started.append(process)
        return Program(process)

    yield run
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """The open clinic, with a real worker behind it."""

    async def start_worker(index: int) -> RunningWorker:
        return RunningWorker(await WorkerProcess.start(tmp_path))

    async with open_doors(tmp_path) as served:

        async def heard(event: MediaEvent) -> None:
            await served.clinic.desk.media_event(event)

        plane = MediaWorkers(start_worker, 1, heard)
        await plane.start()
        await served.clinic.carried_by(plane)
        served.parts.desk = served.clinic.desk
        yield served
        await plane.close()


async def bound(served: Served) -> tuple[Client, str, str]:
    """Both sides in call and the station bound; the consult and its binding."""
    doctor, chen = await served.clinic.sign_in(ZHOU), await served.clinic.sign_in(CHEN)
    consult_id = await in_call(served.clinic, doctor, chen)
    return doctor, consult_id, await bind(doctor, consult_id)


async def seen_by(doctor: Client) -> Viewer:
    """The doctor's browser, as far as media goes."""
    offer = doctor.outbox.last(m.MediaOffer)
    viewer = await Viewer.answer(offer.sdp)
    await doctor.done(m.AnswerMedia, peer_id=offer.peer_id, sdp=viewer.path.answer_sdp)
    assert await viewer.path.connected()
    return viewer


async def encoder(start: Start, served: Served, what: str) -> Program:
    url = f"http://127.0.0.1:{served.listening.port}/whip/{what}"
    return await start(sys.executable, "-m", "tests.fakes.whip_client", url, TOKEN)


def devices(client: Client) -> list[tuple[str, bool]]:
    """What came by a door, as somebody in the room sees it, and whether it is connected."""
    room = client.outbox.last(m.RoomChanged).room
    return [(one.door.value, one.connected) for one in room.participants if one.door is not None]


async def test_ffmpeg_is_a_stations_ultrasound_until_the_binding_ends(served: Served, start: Start) -> None:
    doctor, _, binding_id = await bound(served)
    viewer = await seen_by(doctor)
    client = await encoder(start, served, "ultrasound")
    arrived = await viewer.until(ULTRASOUND, 30)
    assert [packet.sequence for packet in arrived] == list(range(1, len(arrived) + 1))
    assert devices(doctor) == [("ultrasound", True)]
    slot = doctor.outbox.last(m.SlotBound)
    assert (slot.mid, slot.kind) == (ULTRASOUND, MediaKind.ULTRASOUND)
    room = doctor.outbox.last(m.RoomChanged).room
    named = {one.id: one.person.id for one in room.participants}
    assert slot.participant_id is not None and named[slot.participant_id] == STATION.id
    await doctor.done(m.ReleaseStation, binding_id=binding_id)
    assert devices(doctor) == []
    before = len(viewer.of(ULTRASOUND))
    await client.end()  # it has been sending into nothing meanwhile
    assert len(viewer.of(ULTRASOUND)) == before
    await viewer.path.close()


async def test_ffmpeg_is_the_rooms_camera_and_ends_its_session_itself(served: Served, start: Start) -> None:
    doctor, _, _ = await bound(served)
    viewer = await seen_by(doctor)
    client = await encoder(start, served, "camera")
    await viewer.until(FACE_OF_THE_SECOND, 30)  # the first is the specialist's
    camera = next(one for one in doctor.outbox.last(m.RoomChanged).room.participants if one.door)
    slots = {slot.mid: slot.participant_id for slot in doctor.outbox.of(m.SlotBound)}
    assert slots[FACE_OF_THE_SECOND] == camera.id and camera.person.id == STATION.id
    assert await client.end() == 0
    assert devices(doctor) == []
    await viewer.path.close()


async def test_werift_watches_what_ffmpeg_publishes(served: Served, start: Start) -> None:
    doctor, consult_id, _ = await bound(served)
    client = await encoder(start, served, "ultrasound")
    browser = await served.signed_in(ZHOU)
    link = (await browser.post(f"/api/consults/{consult_id}/screens", {"resident_agreed": True})).json
    url = f"http://127.0.0.1:{served.listening.port}{link['path']}"
    screen = await start("node", "tests/fakes/whep_client.mjs", url, link["token"])
    while (await screen.says()).get("ultrasound", 0) < 30:
        pass
    assert ("screen", True) in devices(doctor) and ("ultrasound", True) in devices(doctor)
    assert await screen.end() == 0
    assert ("screen", True) not in devices(doctor)
    assert await client.end() == 0


async def test_a_screen_that_is_put_out_gets_nothing_more(served: Served, start: Start) -> None:
    doctor, consult_id, _ = await bound(served)
    browser = await served.signed_in(ZHOU)
    link = (await browser.post(f"/api/consults/{consult_id}/screens", {"resident_agreed": True})).json
    url = f"http://127.0.0.1:{served.listening.port}{link['path']}"
    screen = await start("node", "tests/fakes/whep_client.mjs", url, link["token"])
    while (await screen.says()).get("state") != "connected":
        pass
    await browser.delete(f"/api/consults/{consult_id}/screens/{link['id']}")
    client = await encoder(start, served, "ultrasound")
    viewer = await seen_by(doctor)
    await viewer.until(ULTRASOUND, 30)
    assert devices(doctor) == [("ultrasound", True)]
    await client.end()
    await screen.end()
    assert [said for said in await screen.rest() if "ultrasound" in said] == []
    await viewer.path.close()
