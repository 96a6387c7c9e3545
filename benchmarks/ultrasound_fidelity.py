"""How near the displayed ultrasound is to the captured one, inside the sector, and what its encoder takes.

The demo's real cardiac echo, brought to 1024x768, goes 30 times a second from a station at 4 Mbit/s through
the server to a specialist's page in Chromium. Canvases are grabbed of what the page's video shows and
compared, as grey of the displayed RGB, with the captured RGB of the same frame. The encoder's share of a
processor is counted apart from all else, with the very encoder of the station, frame for frame.

The sector is the scanner's own region of tissue in the file: a box, whose corners beside the fan are dark and
raise the mean by 0.015. The fan alone is told beside it.
"""

import asyncio
import base64
import datetime as dt
import time
from fractions import Fraction
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Page

from benchmarks.report import Row, figure
from benchmarks.seats import bench_directory, ready_consult, seat_page
from benchmarks.sitting import Sitting
from benchmarks.spread import Spread
from cloudclinic.demo_station import CINE
from records.values import Value
from station.encoder import TARGET_BITS_PER_S
from station.lean_encoder import LeanEncoder
from station.picture_profiles import source_name
from ultrasound.cine import Picture
from ultrasound.dicom import open_dicom
from ultrasound.fidelity import psnr_db, sector_ssim
from ultrasound.privacy.profile import DeviceProfile, write_profile
from ultrasound.privacy.proposal import propose
from ultrasound.privacy.shapes import Box, Lit, lit
from ultrasound.video import open_video

WIDTH, HEIGHT, RATE_HZ = 1024, 768, 30
SETTLE_S = 12.0
"""The line's estimate begins low and is at 4 Mbit/s by then."""
GRABS, APART_S = 24, 0.37
MUST_SSIM, AIM_SSIM = 0.98, 0.985
MUST_CORES, AIM_CORES = 0.5, 0.4
ENCODED_S = 20

GRAB = """() => new Promise((resolve) => {
  const video = [...document.querySelectorAll(".scan video")].find((one) => one.srcObject !== null);
  video.requestVideoFrameCallback(() => {
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let text = "";
    for (let at = 0; at < data.length; at += 8192 * 4) {
      const part = data.subarray(at, at + 8192 * 4);
      text += String.fromCharCode(...part.filter((_, k) => k % 4 !== 3));
    }
    resolve([canvas.width, canvas.height, btoa(text)]);
  });
})"""
RECEIVED = """async () => {
  const all = await __room.stats();
  const one = all.find(({ type, frameWidth }) => type === "inbound-rtp" && frameWidth >= 1000);
  if (one === undefined) throw new Error("no picture of the captured size came; the line gave less");
  return [one.bytesReceived, one.framesDecoded, Date.now()];
}"""


class Shown(Value):
    """What was seen at the receiver."""

    ssim: tuple[float, ...]  # of each grabbed canvas, mean over the sector
    fan: tuple[float, ...]  # the same over the fan alone
    psnr_db: tuple[float, ...]
    other_sizes: int  # canvases that were not of the captured size: reduced on the way, and not compared
    mbps: float
    fps: float


async def measure(sitting: Sitting) -> None:
    """Take both figures."""
    frames = pictures()
    shown, why = await sitting.taken("fidelity of the displayed sector", receive(frames, sitting))
    cores, no_cores = await sitting.taken("encoder", asyncio.to_thread(encode, frames))
    sitting.rows += rows(shown, why, cores, no_cores)


def rows(shown: Shown | None, why: str, cores: float | None, no_cores: str) -> list[Row]:
    """The figures, with their bounds."""
    what = f"real echo, {WIDTH}x{HEIGHT} at {RATE_HZ} fps, {TARGET_BITS_PER_S / 1e6:.0f} Mbit/s"
    spread, fan = Spread(shown.ssim if shown else ()), Spread(shown.fan if shown else ())
    told = why
    if shown is not None:
        decibel = float(np.median(shown.psnr_db)) if shown.psnr_db else float("nan")
        told = (
            f"{len(shown.ssim)} canvases, least {min(shown.ssim, default=float('nan')):.4f}, "
            f"PSNR {decibel:.1f} dB, received {shown.mbps:.2f} Mbit/s, {shown.fps:.1f} fps, "
            f"{shown.other_sizes} of another size"
        )
    return [
        figure(
            f"sector SSIM as displayed, {what}, median",
            spread.median,
            "",
            MUST_SSIM,
            AIM_SSIM,
            told,
            at_least=True,
        ),
        figure(f"the same, {what}, the fan alone, median", fan.median, "", None, None, why),
        figure(
            f"encoder of {what}", cores, "cores", MUST_CORES, AIM_CORES, no_cores or f"{ENCODED_S} s encoded"
        ),
    ]


def pictures() -> list[Picture]:
    """The demo's cine, each frame brought to 1024x768: uint8 RGB."""
    with as_file(files("cloudclinic.demo_data") / CINE) as path:
        cine = open_dicom(path)
        size = (WIDTH, HEIGHT)
        return [
            np.asarray(cv2.resize(cine.frame(at), size, interpolation=cv2.INTER_LINEAR), np.uint8)
            for at in range(cine.frame_count)
        ]


def sector() -> Lit:
    """The region of tissue as the scanner wrote it into the file: bool (768, 1024)."""
    with as_file(files("cloudclinic.demo_data") / CINE) as path:
        cine = open_dicom(path)
        region, across, down = cine.regions[0], WIDTH / cine.width, HEIGHT / cine.height
        box = np.zeros((HEIGHT, WIDTH), np.bool_)
        rows = slice(round(region.top_px * down), round((region.bottom_px + 1) * down))
        box[rows, round(region.left_px * across) : round((region.right_px + 1) * across)] = True
        return box


def fan_of(frames: list[Picture]) -> Lit:
    """Where the picture is alive: bool (768, 1024)."""
    shape = propose(frames[::5]).keep
    assert shape is not None, "nothing moves"
    return lit(shape, WIDTH, HEIGHT)


def encode(frames: list[Picture]) -> float:
    """The share of one processor that the station's encoder takes at this rate, all its threads counted."""
    encoder = LeanEncoder(WIDTH, HEIGHT, RATE_HZ, TARGET_BITS_PER_S)
    count = ENCODED_S * RATE_HZ
    began_s = time.process_time()
    for number in range(count):
        encoder.encode(frames[number % len(frames)], number * 1_000_000 // RATE_HZ)
    return (time.process_time() - began_s) / ENCODED_S


async def receive(frames: list[Picture], sitting: Sitting) -> Shown:
    """Through station, server and Chromium; what its video shows, against what was captured."""
    with bench_directory() as data:
        source = data / "echo.mkv"
        captured = _write_video(source, frames)
        _sign(data / "clinic" / "station" / "profiles", f"video:{source}")
        async with ready_consult(sitting, data / "clinic", "--ultrasound", f"video:{source}") as ready:
            browser, clinic, consult_id = ready
            page = await seat_page(browser, clinic, "specialist")
            await page.evaluate("(at) => __bench.join(at)", f"/consults/{consult_id}/room")
            await asyncio.sleep(SETTLE_S)
            return await _compare(page, captured)


async def _compare(page: Page, frames: list[Picture]) -> Shown:
    before = await page.evaluate(RECEIVED)
    grabbed = []
    for _ in range(GRABS):
        grabbed.append(await page.evaluate(GRAB))
        await asyncio.sleep(APART_S)
    after = await page.evaluate(RECEIVED)
    took_s = (after[2] - before[2]) / 1000
    return await asyncio.to_thread(
        _judge, grabbed, frames, (after[0] - before[0]) * 8e-6 / took_s, (after[1] - before[1]) / took_s
    )


def _judge(grabbed: list[Any], frames: list[Picture], mbps: float, fps: float) -> Shown:
    box, fan = sector(), fan_of(frames)
    captured = [grey(one) for one in frames]
    ssim, in_fan, decibel, others = [], [], [], 0
    for width, height, encoded in grabbed:
        if (width, height) != (WIDTH, HEIGHT):
            others += 1
            continue
        rgb = np.frombuffer(base64.b64decode(encoded), np.uint8).reshape(height, width, 3)
        seen = grey(rgb)
        meant = captured[_nearest(seen, captured)]
        ssim.append(sector_ssim(seen, meant, box))
        in_fan.append(sector_ssim(seen, meant, fan))
        decibel.append(psnr_db(seen[box], meant[box]))
    return Shown(
        ssim=tuple(ssim), fan=tuple(in_fan), psnr_db=tuple(decibel), other_sizes=others, mbps=mbps, fps=fps
    )


def grey(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As it is seen: ITU-R BT.601 of the displayed colours."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def _nearest(seen: NDArray[np.uint8], captured: list[NDArray[np.uint8]]) -> int:
    """Which captured frame it is: the one that differs least."""
    return int(np.argmin([float(np.mean(cv2.absdiff(seen, one))) for one in captured]))


def _write_video(path: Path, frames: list[Picture]) -> list[Picture]:
    """As H.264 without loss, which a station reads in time; the pictures as it will capture them."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options={"preset": "ultrafast", "qp": "0"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE_HZ)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    cine = open_video(path)
    captured = [cine.frame(at) for at in range(cine.frame_count)]
    cine.close()
    return captured


def _sign(folder: Path, word: str) -> None:
    """Let the station show all of it: the echo is of nobody's screen."""
    folder.mkdir(parents=True)
    whole = Box(left_px=0, top_px=0, width_px=WIDTH, height_px=HEIGHT)
    profile = DeviceProfile(
        source=source_name(word), layout="echo", width_px=WIDTH, height_px=HEIGHT, keep=(whole,)
    )
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    (folder / "echo.json").write_bytes(write_profile(profile.signed("the benchmark", at)))
