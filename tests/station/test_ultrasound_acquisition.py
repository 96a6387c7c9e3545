"""Pictures under a binding: kept without loss until it ends, watched, masked before they are kept or sent."""

import asyncio
from collections.abc import Callable

import numpy as np
import pytest

from station import ultrasound_acquisition
from station.clock import StationClock
from station.live_path import LivePath
from station.ultrasound_acquisition import Mask, UltrasoundAcquisition, unmasked
from tests.fakes.ultrasound_device import FakeUltrasound
from ultrasound import vigilance
from ultrasound.captured import CapturedFrame
from ultrasound.pixels import of_array
from ultrasound.simulator.simulated_ultrasound import read_counter
from ultrasound.trouble import PictureTrouble


class Watched:
    """An acquisition, and all that it told."""

    def __init__(self, mask: Mask = unmasked) -> None:
        self.faults: list[str] = []
        self.running: list[str] = []
        self.troubles: list[frozenset[PictureTrouble]] = []
        self.pictures = UltrasoundAcquisition(
            LivePath(),
            lambda device, problem: self.faults.append(problem),
            self.running.append,
            lambda frame, encoding: None,
            self.troubles.append,
            StationClock().now_us,
            4_000_000,
            mask=mask,
        )

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not true():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ultrasound_acquisition, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(vigilance, "FROZEN_AFTER_US", 200_000)


async def test_frames_are_kept_as_they_were_captured_until_the_binding_ends() -> None:
    watched = Watched()
    ring = watched.pictures.ring
    assert await watched.pictures.start("simulator:size=640x480")
    await watched.until(lambda: ring.holding.frames >= 5)
    span = ring.span
    assert span is not None and span.first_number == 0
    exact = ring.frame(3).exact()
    assert exact.shown.shape == (480, 640) and read_counter(exact.shown) is not None
    assert exact.regions and ring.at(exact.capture_us).exact().sha256 == exact.sha256
    await watched.until(lambda: ring.holding.unpacked < ring.holding.frames)
    await watched.pictures.stop()
    assert ring.span is None and ring.holding.bytes == 0
    assert watched.faults == [] and watched.troubles == []


async def test_a_picture_that_stands_still_is_told_and_taken_back_at_the_end() -> None:
    watched = Watched()
    await watched.pictures.start("simulator:size=640x480,change=frozen")
    await watched.until(lambda: watched.troubles)
    assert watched.troubles == [{PictureTrouble.FROZEN}]
    await watched.pictures.stop()
    assert watched.troubles[-1] == frozenset()


async def test_what_a_mask_takes_away_is_nowhere() -> None:
    def black(frame: CapturedFrame) -> CapturedFrame:
        return frame.with_pixels(of_array(np.zeros_like(frame.pixels.samples)))

    watched = Watched(black)
    await watched.pictures.start("simulator:size=640x480")
    await watched.until(lambda: watched.pictures.ring.holding.frames >= 3)
    assert not watched.pictures.ring.frame(1).exact().shown.any()
    await watched.pictures.stop()
    assert watched.troubles == []  # the captured picture lives


async def test_a_mask_that_fails_lets_nothing_through() -> None:
    def broken(frame: CapturedFrame) -> CapturedFrame:
        raise ZeroDivisionError

    watched = Watched(broken)
    await watched.pictures.start("simulator:size=640x480")
    await watched.until(lambda: watched.faults)
    assert watched.faults == ["ultrasound: broke off (ZeroDivisionError)"]
    assert watched.pictures.ring.span is None
    await watched.pictures.stop()


async def test_a_device_is_told_when_it_runs_and_when_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeUltrasound([4, 3])
    monkeypatch.setattr(ultrasound_acquisition, "open_device", lambda word, clock_us: device)
    watched = Watched()
    assert not await watched.pictures.start("v4l2:/dev/video0")
    await watched.until(lambda: len(watched.running) == 2 and len(watched.faults) == 2)
    assert watched.running == ["ultrasound"] * 2
    assert watched.faults == ["ultrasound: the cable is out"] * 2
    held = watched.pictures.ring.span
    assert held is not None and (held.first_number, held.last_number) == (0, 6)
    assert watched.pictures.encodings
    await watched.pictures.stop()


async def test_a_device_that_gives_nothing_is_a_lost_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeUltrasound([0])
    monkeypatch.setattr(ultrasound_acquisition, "open_device", lambda word, clock_us: device)
    monkeypatch.setattr(vigilance, "LOST_AFTER_US", 100_000)
    watched = Watched()
    await watched.pictures.start("v4l2:/dev/video0")
    await watched.until(lambda: watched.troubles)
    assert watched.troubles == [{PictureTrouble.LOST}]
    device.hang.set()
    await watched.pictures.stop()
