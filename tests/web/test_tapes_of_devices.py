"""A consult whose devices come by WHIP is taped, played and exported, by programs nobody here wrote.

FFmpeg's own muxer publishes; the worker, the recorder and the store are real, each in its own process.
"""

import datetime as dt
import io
import struct
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
import pytest

from cloudclinic.media_processes import RunningWorker
from cloudclinic.tape_library import TapeLibrary
from cloudclinic.tape_recorders import TapeRecorderProcesses
from media.api import WorkerProcess
from records.ids import TapeId
from records.rooms import Door
from signaling import messages as m
from signaling.ports import MediaEvent
from tests.fakes.clinic import Client
from tests.fakes.records import ZHOU
from tests.fakes.served import Browser, Served, open_doors
from tests.signaling.test_taping import consent
from tests.web.test_real_doors import FACE_OF_THE_SECOND, ULTRASOUND, Start, bound, encoder, seen_by, start
from tests.web.test_tapes import cipher_of, key_of, stored
from web.media_plane import MediaWorkers

__all__ = ["start"]

H264 = 2
FRAME = struct.Struct("<IBBHIQQ")
FRAME_US = 1_000_000 // 30


class Frame(NamedTuple):
    """One frame as the player gets it."""

    is_key: bool
    is_behind_a_gap: bool
    codec: int
    at_us: int
    capture_us: int
    data: bytes


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """The open clinic with a real worker and real recorders behind it, on the machine's own clock."""

    async def start_worker(index: int) -> RunningWorker:
        return RunningWorker(await WorkerProcess.start(tmp_path))

    recorders = TapeRecorderProcesses(tmp_path / "tapes", tmp_path, key_of)
    async with open_doors(tmp_path) as served:

        async def heard(event: MediaEvent) -> None:
            await served.clinic.desk.media_event(event)

        plane = MediaWorkers(start_worker, 1, heard)
        await plane.start()
        await served.clinic.carried_by(plane, recorders)
        served.parts.desk = served.clinic.desk
        served.parts.tapes = TapeLibrary(tmp_path / "tapes", cipher_of, key_of)
        yield served
        await plane.close()
        await recorders.close()


def set_clock(served: Served) -> None:
    """The worker stamps by the machine's clock, and the clinic ends a tape by its own."""
    served.clinic.clock.now = dt.datetime.now(dt.UTC)


async def recorded(served: Served, doctor: Client, consult_id: str) -> TapeId:
    await consent(doctor, consult_id)
    set_clock(served)
    return TapeId(await doctor.done(m.StartTape, consult_id=consult_id))


async def stopped(served: Served, doctor: Client, consult_id: str, tape_id: TapeId) -> tuple[Browser, Any]:
    """The tape as it is filed, and its page in the doctor's browser."""
    set_clock(served)
    await doctor.done(m.StopTape, consult_id=consult_id)
    await served.clinic.sealed()
    assert (await stored(served, tape_id)).playable
    browser = await served.signed_in(ZHOU)
    return browser, (await browser.get(f"/api/tapes/{tape_id}")).json


async def frames(browser: Browser, page: Any, track: Any, begin_us: int, end_us: int) -> list[Frame]:
    path = f"/api/tapes/{page['tape']['id']}/tracks/{track['number']}/frames"
    body = (await browser.get(f"{path}?from_us={begin_us}&to_us={end_us}")).body
    found, at = [], 0
    while at < len(body):
        size, flags, codec, _, _, at_us, capture_us = FRAME.unpack_from(body, at)
        at += FRAME.size
        found.append(Frame(bool(flags & 1), bool(flags & 2), codec, at_us, capture_us, body[at : at + size]))
        at += size
    return found


async def exported(browser: Browser, page: Any, track: Any) -> bytes:
    answer = await browser.get(f"/api/tapes/{page['tape']['id']}/tracks/{track['number']}/export")
    assert answer.status == 200
    return answer.body


def greys(data: bytes, container: str | None = None) -> list[int]:
    """How light each picture is: the client makes each one lighter than the one before."""
    with av.open(io.BytesIO(data), format=container) as file:
        return [round(float(np.median(one.to_ndarray(format="gray")))) for one in file.decode(video=0)]


async def test_ultrasound_that_came_by_whip_is_taped_played_and_exported_as_it_was_forwarded(
    served: Served, start: Start
) -> None:
    doctor, consult_id, _ = await bound(served)
    tape_id = await recorded(served, doctor, consult_id)
    viewer = await seen_by(doctor)
    client = await encoder(start, served, "ultrasound")
    await viewer.until(ULTRASOUND, 60)
    browser, page = await stopped(served, doctor, consult_id, tape_id)
    (track,) = page["contents"]["tracks"]
    device = next(one for one in doctor.outbox.last(m.RoomChanged).room.participants if one.door)
    assert (track["kind"], track["participant_id"]) == ("ultrasound", device.id)
    found = await frames(browser, page, track, track["begin_us"], track["end_us"])
    assert len(found) >= 25 and {one.codec for one in found} == {H264}
    assert [number for number, one in enumerate(found) if one.is_key][:3] == [0, 10, 20]
    assert not any(one.is_behind_a_gap for one in found)
    assert {one.capture_us for one in found} == {0}  # it stamps no capture time: none is made up
    steps = [b.at_us - a.at_us for a, b in pairwise(found)]
    assert np.median(steps) == pytest.approx(FRAME_US, abs=10_000)
    later = await frames(browser, page, track, found[15].at_us, track["end_us"])
    assert later[0].is_key and later[0].at_us <= found[15].at_us
    assert later == found[-len(later) :]  # the same frames, each at the place it had
    seen = greys(b"".join(one.data for one in found), "h264")
    assert len(seen) == len(found) and seen == sorted(seen) and seen[-1] - seen[0] > len(found) // 2
    file = await exported(browser, page, track)
    assert file[4:8] == b"ftyp" and greys(file) == seen
    with av.open(io.BytesIO(file)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
    changed = [
        act["message"] for act in page["contents"]["acts"] if act["message"]["type"] == "station_changed"
    ]
    assert not any(act["station"]["one_clock"] for act in changed[-1:])
    await client.end()
    await viewer.path.close()


async def test_a_room_camera_that_came_by_whip_is_taped_and_a_screen_is_not(
    served: Served, start: Start
) -> None:
    doctor, consult_id, _ = await bound(served)
    tape_id = await recorded(served, doctor, consult_id)
    viewer = await seen_by(doctor)
    camera = await encoder(start, served, "camera")
    link = (
        await (await served.signed_in(ZHOU)).post(
            f"/api/consults/{consult_id}/screens", {"resident_agreed": True}
        )
    ).json
    url = f"http://127.0.0.1:{served.listening.port}{link['path']}"
    screen = await start("node", "tests/fakes/whep_client.mjs", url, link["token"])
    while (await screen.says()).get("state") != "connected":
        pass
    await viewer.until(FACE_OF_THE_SECOND, 30)
    browser, page = await stopped(served, doctor, consult_id, tape_id)
    sitting = doctor.outbox.last(m.RoomChanged).room.participants
    assert {one.door for one in sitting} == {None, Door.CAMERA, Door.SCREEN}
    (track,) = page["contents"]["tracks"]
    assert (track["kind"], track["participant_id"]) == (
        "face",
        next(one.id for one in sitting if one.door is Door.CAMERA),
    )
    found = await frames(browser, page, track, track["begin_us"], track["end_us"])
    assert len(found) >= 25
    assert len(greys(await exported(browser, page, track))) == len(found)
    await screen.end()
    await camera.end()
    await viewer.path.close()
