"""From a scanner's screen to both sides: a real station, server and RTSP source, and a name on the screen."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from signaling import messages as m
from station.picture_profiles import keep_profile
from tests.fakes.clinic import Client
from tests.fakes.rtsp_server import rtsp_server
from tests.station.still_room import at_work
from tests.ultrasound.privacy.profiles import written
from ultrasound.privacy.proposal import propose
from ultrasound.simulator.language import read_scenario
from ultrasound.simulator.simulated_ultrasound import SimulatedUltrasound
from ultrasound.trouble import PictureTrouble as T

NAME = (20, 470)


def screens(folder: Path) -> list[np.ndarray]:
    """A moving sector of 640x480 beside a logo and the name of a patient; RGB."""
    scanner = SimulatedUltrasound(read_scenario("size=640x480"))
    made = []
    for number in range(30):
        picture = np.repeat(scanner.picture(number, 0)[:, :, None], 3, axis=2).copy()
        picture[:34, :] = 0  # the simulator's own counters, which no scanner has
        cv2.rectangle(picture, (580, 4), (635, 31), (200, 120, 40), -1)
        cv2.circle(picture, (600, 17), 8, (255, 255, 255), -1)
        written(picture, "WANG XIUYING 1952", NAME)
        cv2.imwrite(str(folder / f"{number:04d}.png"), picture[:, :, ::-1])
        made.append(picture)
    return made


def troubles(client: Client) -> tuple[T, ...]:
    """What the client was last told of the picture."""
    told = [one.station for one in client.outbox.sent if isinstance(one, m.StationChanged)]
    return told[-1].picture_troubles if told else ()


@pytest.mark.rtsp
@pytest.mark.timeout(90)
async def test_a_scanner_is_black_for_both_sides_until_a_person_signs_its_screen(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    made = screens(folder)
    found = propose(made[:24])
    with rtsp_server(folder, "mjpeg") as port:
        async with at_work(tmp_path, f"rtsp://user:word@127.0.0.1:{port}/us") as room:
            await room.until(lambda: troubles(room.chen) == troubles(room.doctor) == (T.NO_PROFILE,))
            still = await room.freeze()
            assert still.masked and not (await room.fetched(still)).any()

            draft = found.profile(f"rtsp://127.0.0.1:{port}/us", "B mode")
            signed = draft.signed("Li Wen", "2026-11-28T05:00:00Z")
            keep_profile(tmp_path / "station" / "profiles", signed)
            await room.until(lambda: troubles(room.chen) == troubles(room.doctor) == ())
            signed_us = room.ring.nearest(2**60).capture_us
            await room.until(lambda: room.ring.nearest(2**60).capture_us > signed_us + 1_000_000)
            await room.chen.done(m.UnfreezePicture, consult_id=room.consult_id)
            still = await room.freeze()
            pixels = await room.fetched(still)
            assert pixels.any() and not pixels[450:, :190].any() and still.masked
