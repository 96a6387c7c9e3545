"""From a scanner's screen to both sides: a real station, server and RTSP source, and a name on the screen."""

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from signaling import messages as m
from station.picture_profiles import keep_profile
from tests.fakes.clinic import Client
from tests.fakes.rtsp_server import rtsp_server
from tests.signaling.stills import frozen_for
from tests.station.still_room import at_work
from tests.ultrasound.privacy.profiles import box, written
from tests.ultrasound.ruler.drawn import Drawn
from ultrasound.cine import Picture
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.proposal import propose
from ultrasound.simulator.language import read_scenario
from ultrasound.simulator.simulated_ultrasound import SimulatedUltrasound
from ultrasound.trouble import PictureTrouble as T

NAME = (20, 470)


def draw_logo(picture: Picture) -> None:
    cv2.rectangle(picture, (580, 4), (635, 31), (200, 120, 40), -1)
    cv2.circle(picture, (600, 17), 8, (255, 255, 255), -1)


def screens(folder: Path) -> list[np.ndarray]:
    """A moving sector of 640x480 beside a logo and the name of a patient; RGB."""
    scanner = SimulatedUltrasound(read_scenario("size=640x480"))
    made = []
    for number in range(30):
        picture = np.repeat(scanner.picture(number, 0)[:, :, None], 3, axis=2).copy()
        picture[:34, :] = 0  # the simulator's own counters, which no scanner has
        draw_logo(picture)
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


DEPTH, LOGO = box(5, 40, 80, 30), box(580, 4, 56, 28)
SHALLOW = Drawn(spacing_px=30.0, first_px=51, ticks=12, texture=20, depth="11 cm")
DEEP = Drawn(spacing_px=22.0, first_px=51, ticks=16, texture=20, depth="15 cm")
CLICKS = ((598.0, 51.0), (598.0, 351.0))  # ten ticks of the first, a centimetre each


def at_depth(of: Drawn, seed: int) -> Picture:
    picture = dataclasses.replace(of, seed=seed).picture()
    draw_logo(picture)
    return picture


@pytest.mark.rtsp
@pytest.mark.timeout(90)
async def test_two_clicks_in_the_room_set_the_scale_of_one_depth_and_of_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(120):
        picture = at_depth(SHALLOW if number < 60 else DEEP, number)
        cv2.imwrite(str(folder / f"{number:04d}.png"), picture[:, :, ::-1])
    with rtsp_server(folder, "mjpeg") as port:
        profile = DeviceProfile(
            source=f"rtsp://127.0.0.1:{port}/us",
            layout="B mode",
            width_px=640,
            height_px=480,
            keep=(box(128, 50, 352, 400),),
            allowed=(DEPTH, box(570, 40, 40, 430)),
            anchors=(anchor_at(at_depth(SHALLOW, 0), LOGO),),
            depth_written=(DEPTH,),
        )
        keep_profile(tmp_path / "station" / "profiles", profile.signed("Li Wen", "2026-11-28T05:00:00Z"))
        async with at_work(tmp_path, f"rtsp://127.0.0.1:{port}/us") as room:

            def still_of(client: Client) -> m.StillCard | None:
                frozen = frozen_for(client)
                return frozen.still if frozen is not None else None

            def newest(of: Drawn) -> int:
                """When the newest frame of that depth was captured."""
                span = room.ring.span
                assert span is not None
                written_px = at_depth(of, 0)[40:70, 5:85, 0].astype(int)
                for kept in reversed(room.ring.clip(span.first_us, span.last_us)):
                    if np.abs(kept.exact().pixels.rgb()[40:70, 5:85, 0] - written_px).max() < 40:
                        return kept.capture_us
                raise AssertionError("no frame of that depth")

            async def frozen_at(of: Drawn) -> m.StillCard:
                capture_us = newest(of)
                await room.chen.done(m.FreezePicture, consult_id=room.consult_id, capture_us=capture_us)
                await room.until(lambda: (one := still_of(room.doctor)) and one.capture_us == capture_us)
                return await room.exact()

            still = await frozen_at(SHALLOW)
            assert still.calibration is None
            await room.doctor.done(
                m.SetPictureScale,
                consult_id=room.consult_id,
                still_id=still.still_id,
                points=CLICKS,
                apart_mm=100.0,
            )
            await room.until(lambda: (one := still_of(room.chen)) and one.still_id != still.still_id)
            again = await room.exact()
            assert again.capture_us == still.capture_us and again.pixels_sha256 == still.pixels_sha256
            assert again.calibration is not None and again.calibration.source is CalibrationSource.USER
            assert again.calibration.regions[0].delta_y == pytest.approx(10 / 300, rel=1e-6)
            assert (await frozen_at(DEEP)).calibration is None
            await room.until(lambda: T.SCALE_VOID in troubles(room.chen))
            await room.until(lambda: T.SCALE_VOID not in troubles(room.doctor))  # the depth is back
