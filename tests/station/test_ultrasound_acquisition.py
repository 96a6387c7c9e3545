"""Pictures under a binding: kept without loss until it ends, watched, masked before they are kept or sent."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station import ultrasound_acquisition
from station.clock import StationClock
from station.live_path import LivePath
from station.picture_mask import PictureMask
from station.picture_profiles import keep_profile
from station.picture_scales import PictureScales
from station.ultrasound_acquisition import Mask, UltrasoundAcquisition
from tests.fakes.ultrasound_device import FakeUltrasound
from tests.ultrasound.privacy.profiles import screen, screen_profile
from ultrasound import vigilance
from ultrasound.captured import CapturedFrame, Packet, PacketCodec
from ultrasound.pixels import Layout, Pixels, of_array
from ultrasound.privacy.visible import kept_by_profile, visible_by_profile
from ultrasound.simulator.simulated_ultrasound import read_counter
from ultrasound.trouble import PictureTrouble


class Watched:
    """An acquisition, and all that it told."""

    def __init__(self, mask: Mask | None = None, live: LivePath | None = None) -> None:
        self.faults: list[str] = []
        self.running: list[str] = []
        self.troubles: list[frozenset[PictureTrouble]] = []
        self.pictures = UltrasoundAcquisition(
            live or LivePath(),
            lambda device, problem: self.faults.append(problem),
            self.running.append,
            lambda frame, encoding: None,
            self.troubles.append,
            StationClock().now_us,
            4_000_000,
            mask or PictureMask("simulator", None),
            PictureScales(Path("nowhere"), lambda *_: None),
        )

    async def until(self, true: Callable[[], object]) -> None:
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ultrasound_acquisition, "LOOK_EVERY_S", 0.02)


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


async def test_a_picture_that_stands_still_is_told_and_taken_back_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vigilance, "FROZEN_AFTER_US", 200_000)
    watched = Watched()
    await watched.pictures.start("simulator:size=640x480,change=frozen")
    await watched.until(lambda: watched.troubles)
    assert watched.troubles == [{PictureTrouble.FROZEN}]
    await watched.pictures.stop()
    assert watched.troubles[-1] == frozenset()


class Encoding:
    """In the place of the thread that encodes: remembers what it is given."""

    given: ClassVar[list[CapturedFrame]] = []

    def __init__(self, *_: object, **__: object) -> None:
        self.put = self.given.append

    def set_target(self, bits_per_s: int) -> None: ...

    def close(self) -> None: ...


class OpenPath(LivePath):
    open = True


class Screens(FakeUltrasound):
    """A device whose screen changes with every frame: known and unknown layouts, sizes, samples."""

    def __init__(self, pictures: list[Pixels]) -> None:
        super().__init__([len(pictures)])
        self._pictures = pictures

    def frames(self) -> Iterator[CapturedFrame]:
        for number, pixels in enumerate(self._pictures):
            packet = Packet(PacketCodec.MJPEG, b"all of the picture")
            yield CapturedFrame.of(0, 1_790_000_000_000_000 + number * 33_000, pixels, packet)
        self.hang.wait(10)


KNOWN = screen()
UNKNOWN = KNOWN.copy()
UNKNOWN[4:32, 4:44] = KNOWN[4:32, 4:44][:, ::-1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["known", "unknown", "small", "noise", "planes"]), min_size=1, max_size=12),
    st.booleans(),
)
async def test_nothing_of_a_screen_that_is_not_signed_reaches_the_encoder_or_the_ring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: list[str], is_signed: bool
) -> None:
    profile = screen_profile(KNOWN)
    profile = msgspec.structs.replace(profile, source="v4l2:/dev/video0", signed_off=None)
    keep_profile(tmp_path, profile.signed("Li", "2026-11-28T05:00:00Z") if is_signed else profile)
    noise = np.random.default_rng(7).integers(1, 256, (480, 640, 3), np.uint8)
    screens = {
        "known": of_array(KNOWN),
        "unknown": of_array(UNKNOWN),
        "small": of_array(noise[:240, :320].copy()),
        "noise": of_array(noise),
        "planes": Pixels(Layout.YUV420, np.random.default_rng(8).integers(0, 256, (720, 640), np.uint8)),
    }
    device = Screens([screens[one] for one in what])
    monkeypatch.setattr(ultrasound_acquisition, "open_device", lambda word, clock_us: device)
    monkeypatch.setattr(ultrasound_acquisition, "EncoderThread", Encoding)
    monkeypatch.setattr(Encoding, "given", [])
    watched = Watched(PictureMask("v4l2:/dev/video0", tmp_path), OpenPath())
    await watched.pictures.start("v4l2:/dev/video0")
    await watched.until(lambda: watched.pictures.ring.holding.frames == len(what))
    kept = [watched.pictures.ring.frame(number).exact().pixels for number in range(len(what))]
    visible = visible_by_profile(profile)
    closed = kept_by_profile(profile)
    for one, pixels in zip(what, kept, strict=True):
        picture = pixels.rgb()
        allowed = visible if one == "known" else closed
        if not is_signed or one == "small":
            assert not picture.any()
        else:
            assert not picture[~allowed].any()
            assert picture[allowed].any()
    # The encoder begins with the frame after it is opened, in the loop's own time.
    for frame in Encoding.given:
        assert frame.packet is None and np.array_equal(frame.picture, kept[frame.number].rgb())
    device.hang.set()
    await watched.pictures.stop()


async def test_what_is_encoded_is_what_was_masked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ultrasound_acquisition, "EncoderThread", Encoding)
    monkeypatch.setattr(Encoding, "given", [])
    watched = Watched(PictureMask("video:loop.mp4", tmp_path), OpenPath())  # nothing is signed for it
    await watched.pictures.start("simulator:size=640x480")
    await watched.until(lambda: len(Encoding.given) >= 3)
    assert not any(frame.picture.any() for frame in Encoding.given)
    assert not watched.pictures.ring.frame(1).exact().shown.any()
    await watched.until(lambda: watched.troubles)
    assert watched.troubles == [{PictureTrouble.NO_PROFILE}]  # not blank: it lives
    await watched.pictures.stop()


async def test_what_an_earlier_profile_let_through_is_forgotten_when_another_is_signed(
    tmp_path: Path,
) -> None:
    watched = Watched(PictureMask("simulator", tmp_path))
    ring = watched.pictures.ring
    await watched.pictures.start("simulator:size=640x480")
    await watched.until(lambda: ring.holding.frames >= 3)
    whole = msgspec.structs.replace(screen_profile(KNOWN), source="simulator", anchors=(), allowed=())
    profile = msgspec.structs.replace(whole, signed_off=None).signed("Li", "2026-11-28T05:00:00Z")
    keep_profile(tmp_path, profile)
    await watched.until(lambda: ring.span is not None and ring.span.first_number >= 3)
    assert not ring.frame(ring.span.first_number).exact().shown[:100].any()  # type: ignore[union-attr]
    await watched.pictures.stop()


class SlowToMask:
    """A mask that is changed while a picture is in it."""

    hides = True

    def __init__(self) -> None:
        self.inside, self.go_on = threading.Event(), threading.Event()
        self.is_new = self.asked = False

    def __call__(self, frame: CapturedFrame) -> CapturedFrame:
        is_new = self.is_new
        if not is_new and not self.go_on.is_set():
            self.inside.set()
            self.go_on.wait(10)
        grey = np.full((frame.height, frame.width), 0 if is_new else 200, np.uint8)
        return frame.with_pixels(of_array(grey))

    def look_again(self) -> bool:
        if not self.inside.is_set() or self.is_new:
            return False
        self.is_new = True
        return True

    def troubles(self, now_us: int) -> frozenset[PictureTrouble]:
        return frozenset()


async def test_a_picture_that_is_just_being_masked_does_not_outlive_its_mask() -> None:
    mask = SlowToMask()
    watched = Watched(mask)
    told: list[int] = []
    watched.pictures._on_masked_anew = lambda: told.append(1)
    await watched.pictures.start("simulator:size=640x480")
    await watched.until(mask.inside.is_set)
    await asyncio.sleep(0.2)  # ten looks long
    mask.go_on.set()
    await watched.until(lambda: mask.is_new and watched.pictures.ring.holding.frames >= 2)
    span = watched.pictures.ring.span
    assert span is not None
    kept = watched.pictures.ring.clip(span.first_us, span.last_us)
    assert not any(one.exact().shown.any() for one in kept)
    await watched.until(lambda: told == [1])
    await watched.pictures.stop()


async def test_a_mask_that_fails_lets_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(frame: CapturedFrame) -> CapturedFrame:
        raise ZeroDivisionError

    mask = PictureMask("simulator", None)
    monkeypatch.setattr(mask, "_put", broken)
    watched = Watched(mask)
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
