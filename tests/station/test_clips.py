"""A clip is what the ring holds: packets as they came, else pictures without loss; put part by part."""

import asyncio
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from records.clip_file import ClipCodec, read_clip
from records.ids import BindingId, ClipId
from records.picture_regions import as_region
from records.stills import Calibration, LossyCodec, PictureRegion
from signaling import station_messages as s
from signaling.messages import ClipFailure, Message
from station import clips as station_clips
from station.around_still import AroundStill, HeldFrames, RingOfFrames
from station.clips import CalibrationOf, Clips
from station.picture_scales import by_the_source
from station.r_waves import RWaves
from station.uploads import UploadBroken, UploadRefused
from ultrasound.captured import CapturedFrame, Packet, PacketCodec
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.packet_group import PacketGroup
from ultrasound.pixels import of_array
from ultrasound.ring import ExactFrame, KeptFrame, Ring, Span

STEP_US = 100_000
PICTURE = np.random.default_rng(3).integers(0, 256, (48, 64, 3), np.uint8)


def pixels_ring() -> Ring:
    """Twenty frames in two seconds, that came in no packet."""
    ring = Ring()
    for number in range(20):
        ring.add(CapturedFrame.of(number, 1_000_000 + number * STEP_US, of_array(np.roll(PICTURE, number))))
    return ring


def jpeg(number: int) -> bytes:
    return bytes(cv2.imencode(".jpg", np.roll(PICTURE, number, axis=0))[1])


def packets_ring(codec: PacketCodec, key_every: int) -> Ring:
    """The same in packets; what H.264 holds is not looked at here."""
    ring = Ring()
    for number in range(20):
        is_key = number % key_every == 0
        packet = Packet(codec, jpeg(number), is_key, b"header" if is_key else b"")
        frame = CapturedFrame.of(number, 1_000_000 + number * STEP_US, of_array(PICTURE), packet)
        ring.add(frame)
    return ring


def by_its_regions(frame: ExactFrame) -> Calibration | None:
    return by_the_source(frame.regions)


class Taking:
    """A server that takes parts, and what it was told."""

    def __init__(self) -> None:
        self.told: list[Message] = []
        self.parts: list[tuple[str, s.StationClip, bytes]] = []
        self.faults: list[Exception] = []
        self.rates: list[float | None] = []
        self.clips = Clips(self._put, self.told.append, lambda: None)

    async def _put(self, path: str, about: s.StationClip, part: bytes, rate: float | None) -> None:
        self.rates.append(rate)
        if self.faults:
            raise self.faults.pop(0)
        self.parts.append((path, about, part))

    async def take(
        self, ring: RingOfFrames | None, calibration_of: CalibrationOf = by_its_regions, **fields: Any
    ) -> None:
        """Take the last second, and wait until that has ended somehow."""
        told = {"binding_id": BindingId("binding"), "clip_id": ClipId("clip"), "seconds": 1.0} | fields
        asked = s.GiveClip(**told)
        if ring is None:
            self.clips.gone(asked)
        else:
            self.clips.give(asked, ring, calibration_of, masked=False, simulated=True)
        await asyncio.gather(*self.clips._tasks.values(), return_exceptions=True)

    @property
    def whole(self) -> bytes:
        return b"".join(part for _, _, part in self.parts)


class Emptied:
    """A ring that moves on."""

    def __init__(self, before: Ring, after: Ring) -> None:
        self.before, self.after, self.empty = before, after, False

    @property
    def span(self) -> Span | None:
        return (self.after if self.empty else self.before).span

    def clip(self, from_us: int, until_us: int) -> tuple[KeptFrame, ...]:
        return (self.after if self.empty else self.before).clip(from_us, until_us)


async def test_frames_without_a_packet_come_without_loss() -> None:
    taking = Taking()
    ring = pixels_ring()
    await taking.take(ring, until_us=2_500_000)
    head, data = read_clip(taking.whole)
    assert [one.number for one in head.frames] == list(range(5, 16))
    for frame, content in zip(head.frames, data, strict=True):
        assert (frame.codec, frame.before) == (ClipCodec.PNG, False)
        shown = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)[:, :, ::-1]
        assert np.array_equal(shown, ring.frame(frame.number).exact().shown)
    about = taking.parts[0][1]
    assert (about.frames, about.from_us, about.until_us) == (11, 1_500_000, 2_500_000)
    assert about.simulated and not about.masked and head.simulated


@pytest.mark.parametrize("unsure", [None, 15])
async def test_a_clip_is_masked_by_a_signed_profile_only_where_every_frame_is(unsure: int | None) -> None:
    ring = Ring()
    for number in range(20):
        frame = CapturedFrame.of(number, 1_000_000 + number * STEP_US, of_array(PICTURE))
        frame.layout = "B mode" if number != unsure else None
        ring.add(frame)
    taking = Taking()
    await taking.take(ring)
    assert taking.parts[0][1].mask_signed is (unsure is None)


async def test_packets_come_as_they_came() -> None:
    taking = Taking()
    await taking.take(packets_ring(PacketCodec.MJPEG, 1))
    head, data = read_clip(taking.whole)
    assert [one.codec for one in head.frames] == [ClipCodec.MJPEG] * 11
    assert data == tuple(jpeg(one.number) for one in head.frames)


async def test_a_clip_that_begins_between_key_frames_holds_what_it_is_decoded_after() -> None:
    taking = Taking()
    await taking.take(packets_ring(PacketCodec.H264, 6))
    head, data = read_clip(taking.whole)
    assert [(one.number, one.before) for one in head.frames[:4]] == [
        (6, True),
        (7, True),
        (8, True),
        (9, False),
    ]
    assert (head.frames[0].is_key, head.frames[0].header) == (True, b"header")
    assert taking.parts[0][1].frames == 11
    assert data == tuple(jpeg(one.number) for one in head.frames)


def scaled(delta: float) -> Calibration:
    region = PictureRegion(
        left_px=0,
        top_px=0,
        right_px=63,
        bottom_px=47,
        spatial_format=1,
        data_type=1,
        unit_x=3,
        unit_y=3,
        delta_x=delta,
        delta_y=delta,
    )
    return Calibration(source=CalibrationSource.RULER, regions=(region,), profile="B mode")


async def test_a_clip_has_the_scale_that_every_one_of_its_frames_has() -> None:
    taking = Taking()
    await taking.take(pixels_ring(), lambda _: scaled(0.05))
    assert read_clip(taking.whole)[0].calibration == scaled(0.05)


@pytest.mark.parametrize("other", [scaled(0.07), None], ids=["another_depth", "no_scale"])
@pytest.mark.parametrize("at", [9, 14, 19])
async def test_a_clip_has_no_scale_where_one_of_its_frames_has_another(
    at: int, other: Calibration | None
) -> None:
    taking = Taking()
    await taking.take(pixels_ring(), lambda frame: other if frame.number == at else scaled(0.05))
    head, _ = read_clip(taking.whole)
    assert len(head.frames) == 11 and head.calibration is None


async def test_a_frame_that_is_only_decoded_from_has_no_say_in_the_scale() -> None:
    region = as_region(scaled(0.05).regions[0])
    ring = Ring()
    for number in range(20):
        packet = Packet(PacketCodec.H264, jpeg(number), number % 6 == 0, b"header")
        regions = (region,) if number > 8 else ()
        frame = CapturedFrame.of(number, 1_000_000 + number * STEP_US, of_array(PICTURE), packet, regions)
        ring.add(frame)
    taking = Taking()
    await taking.take(ring)
    head, _ = read_clip(taking.whole)
    assert sum(one.before for one in head.frames) == 3
    assert head.calibration == by_the_source((region,))


async def test_a_masked_frame_tells_with_what_loss_its_source_gave_it() -> None:
    ring = Ring()
    for number in range(20):
        packet = Packet(PacketCodec.MJPEG, jpeg(number)) if number % 2 else None
        frame = CapturedFrame.of(number, 1_000_000 + number * STEP_US, of_array(PICTURE), packet)
        ring.add(frame.with_pixels(of_array(PICTURE), "B mode"))
    taking = Taking()
    await taking.take(ring)
    head, _ = read_clip(taking.whole)
    assert {one.codec for one in head.frames} == {ClipCodec.PNG}
    assert [one.came_in for one in head.frames] == [
        LossyCodec.MJPEG if one.number % 2 else None for one in head.frames
    ]


async def test_a_clip_goes_in_parts_and_a_broken_one_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station_clips, "PART_BYTES", 10_000)
    monkeypatch.setattr(station_clips, "WAITS_S", (0.0,))
    taking = Taking()
    taking.faults += [UploadBroken("reset"), UploadBroken("reset")]
    await taking.take(packets_ring(PacketCodec.MJPEG, 1))
    about = taking.parts[0][1]
    assert len(taking.parts) == about.parts == -(-about.size_bytes // 10_000) > 1
    assert [path for path, _, _ in taking.parts] == [
        f"/api/station/clips/clip/parts/{number}" for number in range(about.parts)
    ]
    assert len(taking.whole) == about.size_bytes and len(taking.rates) == about.parts + 2


async def test_what_is_refused_is_left() -> None:
    taking = Taking()
    taking.faults.append(UploadRefused("not_found"))
    await taking.take(pixels_ring())
    assert taking.parts == [] and taking.told == [] and taking.clips._tasks == {}


SOURCES = {"pixels": pixels_ring, "mjpeg": lambda: packets_ring(PacketCodec.MJPEG, 1)}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
async def test_the_seconds_before_a_frozen_frame_are_there_when_the_ring_has_moved_on(
    source: Callable[[], Ring],
) -> None:
    whole, moved_on = source(), Ring()
    moved_on.add(CapturedFrame.of(900, 90_000_000, of_array(PICTURE)))
    emptied = Emptied(whole, moved_on)
    around = AroundStill(emptied, RWaves())
    frozen_us = 1_000_000 + 15 * STEP_US
    around.hold(next(one for one in around.frames(frozen_us) if one.capture_us == frozen_us))
    emptied.empty = True
    taking = Taking()
    await taking.take(around.until(frozen_us), until_us=frozen_us)
    head, _ = read_clip(taking.whole)
    assert [frame.number for frame in head.frames] == list(range(5, 16))
    now = Taking()
    await now.take(around.until(None))
    assert [frame.number for frame in read_clip(now.whole)[0].frames] == [900]


async def test_packets_whose_key_frame_is_not_held_come_as_pictures() -> None:
    ring = packets_ring(PacketCodec.MJPEG, 6)
    frames = ring.clip(1_000_000, 9_000_000)
    group = PacketGroup(1_000_000, Packet(PacketCodec.H264, b"", True, b"header"))
    for one in frames[:6]:
        one.group = group
    taking = Taking()
    await taking.take(HeldFrames(frames[3:]), seconds=30.0)
    head, data = read_clip(taking.whole)
    assert [frame.codec for frame in head.frames] == [ClipCodec.PNG] * 3 + [ClipCodec.MJPEG] * 14
    assert all(one.startswith(b"\x89PNG") for one in data[:3])


@pytest.mark.parametrize("ring", [None, Ring()], ids=["no_binding", "no_frames"])
async def test_frames_that_are_not_there_are_said_to_be(ring: Ring | None) -> None:
    taking = Taking()
    await taking.take(ring)
    (failed,) = taking.told
    assert isinstance(failed, s.StationClipFailed) and failed.why is ClipFailure.GONE_FROM_RING


async def test_one_that_is_too_large_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station_clips, "MOST_BYTES", 10_000)
    taking = Taking()
    await taking.take(pixels_ring())
    (failed,) = taking.told
    assert isinstance(failed, s.StationClipFailed) and failed.why is ClipFailure.TOO_LARGE


async def test_a_clip_that_is_asked_for_again_goes_on_as_it_is() -> None:
    taking = Taking()
    ring = pixels_ring()
    asked = s.GiveClip(binding_id=BindingId("binding"), clip_id=ClipId("clip"), seconds=1.0)
    for _ in range(2):
        taking.clips.give(asked, ring, by_its_regions, masked=False, simulated=True)
    assert len(taking.clips._tasks) == 1
    taking.clips.leave(ClipId("clip"))
    await asyncio.gather(*taking.clips._tasks.values(), return_exceptions=True)
    assert taking.parts == []


async def test_nothing_that_an_earlier_mask_let_through_is_given() -> None:
    taking = Taking()
    hold = asyncio.Event()

    async def held(path: str, about: s.StationClip, part: bytes, rate: float | None) -> None:
        await hold.wait()
        taking.parts.append((path, about, part))

    taking.clips._put = held
    for binding, clip in (("binding", "clip"), ("before", "another")):
        asked = s.GiveClip(binding_id=BindingId(binding), clip_id=ClipId(clip), seconds=1.0)
        ring = packets_ring(PacketCodec.MJPEG, 1)
        taking.clips.give(asked, ring, by_its_regions, masked=True, simulated=False)
    taking.clips.forget(BindingId("binding"))
    hold.set()
    await asyncio.gather(*taking.clips._tasks.values(), return_exceptions=True)
    (failed,) = taking.told
    assert isinstance(failed, s.StationClipFailed)
    assert (failed.clip_id, failed.why) == (ClipId("clip"), ClipFailure.GONE_FROM_RING)
    assert {path for path, _, _ in taking.parts} == {"/api/station/clips/another/parts/0"}
