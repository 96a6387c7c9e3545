"""A station's stills, against a ring and a server that are seen into."""

import asyncio
import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from records.ids import BindingId, StillId
from records.stills import LossyCodec
from signaling import station_messages as s
from signaling.messages import Message, NotStepped, StepUnit, StillAbsence
from station.picture_scales import PictureScales
from station.r_waves import RWaves
from station.stills import Stills, as_png
from station.uploads import UploadBroken, UploadRefused
from ultrasound.captured import CapturedFrame, Packet, PacketCodec
from ultrasound.pixels import of_array
from ultrasound.ring import Ring

GREY = np.random.default_rng(1).integers(0, 256, (48, 64), np.uint8)
COLOUR = np.random.default_rng(2).integers(0, 256, (48, 64, 3), np.uint8)
STEP_US = 33_333


class Given:
    """A ring of ten frames, and what its stills told and put."""

    def __init__(self) -> None:
        self.ring = Ring()
        for number in range(10):
            pixels = of_array(np.roll(GREY if number % 2 else COLOUR, number, axis=0))
            self.ring.add(CapturedFrame.of(number, 1_000_000 + number * STEP_US, pixels))
        self.told: list[Message] = []
        self.put: list[tuple[str, s.StationStill, bytes]] = []
        self.faults: list[Exception] = []
        self.hold = asyncio.Event()
        self.hold.set()
        self.stills = Stills(
            BindingId("binding"),
            self.ring,
            RWaves(),
            self._put,
            self.told.append,
            PictureScales(Path("nowhere"), lambda *_: None),
            is_masked=lambda: False,
            is_simulated=lambda: True,
        )

    async def _put(self, path: str, about: s.StationStill, png: bytes) -> None:
        await self.hold.wait()
        if self.faults:
            raise self.faults.pop(0)
        self.put.append((path, about, png))

    def ask(self, still_id: str, number: int, *steps: s.PictureStep) -> None:
        self.stills.give(
            s.GiveStill(
                binding_id=BindingId("binding"),
                still_id=StillId(still_id),
                capture_us=1_000_000 + number * STEP_US,
                steps=steps,
            )
        )

    async def until_put(self, count: int) -> None:
        while len(self.put) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    async def until_told(self, count: int) -> None:
        while len(self.told) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("number", [4, 5], ids=["colour", "grey"])
async def test_what_is_put_is_the_rings_frame_bit_for_bit(number: int) -> None:
    given = Given()
    given.ask("still", number)
    await given.until_put(1)
    ((path, about, png),) = given.put
    assert path == "/api/station/stills/still"
    exact = given.ring.frame(number).exact()
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    shown = decoded if decoded.ndim == 2 else decoded[:, :, ::-1]
    assert np.array_equal(shown, exact.shown)
    assert about.pixels_sha256 == hashlib.sha256(np.ascontiguousarray(shown).tobytes()).hexdigest()
    assert (about.width, about.height, about.grey) == (64, 48, number == 5)
    assert (about.capture_us, about.frame_number, about.simulated) == (exact.capture_us, number, True)
    (found,) = given.told
    assert isinstance(found, s.StationStillFound) and found.capture_us == exact.capture_us


async def test_with_what_loss_the_source_gave_it_is_told_of_a_masked_one_too() -> None:
    given = Given()
    packet = Packet(PacketCodec.MJPEG, b"all of it")
    whole = CapturedFrame.of(10, 1_000_000 + 10 * STEP_US, of_array(GREY), packet)
    given.ring.add(whole.with_pixels(of_array(GREY), "B mode"))
    for count, number in enumerate((9, 10), start=1):
        given.ask(f"still {number}", number)
        await given.until_put(count)
    assert [about.came_in for _, about, _ in given.put] == [None, LossyCodec.MJPEG]


async def test_steps_lead_on_and_a_step_that_leads_nowhere_leaves_the_still_before() -> None:
    given = Given()
    given.hold.clear()
    given.ask("first", 9)
    await given.until_told(1)
    given.ask("on", 9, s.PictureStep(by=1, unit=StepUnit.FRAME))
    given.ask("beat", 9, s.PictureStep(by=-1, unit=StepUnit.BEAT))
    await given.until_told(3)
    ends = [one for one in given.told if isinstance(one, s.StationStillAbsent)]
    assert [one.not_stepped for one in ends] == [NotStepped.NEWEST, NotStepped.NO_BEATS]
    given.hold.set()
    await given.until_put(1)
    assert given.put[0][1].frame_number == 9


async def test_the_next_frame_that_is_found_leaves_the_one_before() -> None:
    given = Given()
    given.hold.clear()
    given.ask("first", 3)
    await given.until_told(1)
    given.ask("second", 3, s.PictureStep(by=-1, unit=StepUnit.FRAME))
    await given.until_told(2)
    given.hold.set()
    await given.until_put(1)
    assert [path for path, _, _ in given.put] == ["/api/station/stills/second"]


async def test_a_frame_that_is_gone_is_said_to_be() -> None:
    given = Given()
    given.ask("still", 200)
    await given.until_told(1)
    (absent,) = given.told
    assert isinstance(absent, s.StationStillAbsent) and absent.absent is StillAbsence.GONE_FROM_RING
    assert given.put == []


async def test_a_broken_line_is_tried_again_and_a_refusal_is_not() -> None:
    given = Given()
    given.faults.append(UploadBroken("reset"))
    given.ask("still", 3)
    await given.until_put(1)
    given.faults.append(UploadRefused("not_found"))
    given.ask("other", 4)
    while given.faults:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    await given.stills.stop()
    assert len(given.put) == 1


async def test_what_is_left_is_not_put() -> None:
    given = Given()
    given.hold.clear()
    given.ask("still", 3)
    await given.until_told(1)
    await asyncio.sleep(0)
    given.stills.leave(StillId("still"))
    given.hold.set()
    await given.stills.stop()
    assert given.put == []


async def test_a_still_says_whether_a_person_signed_its_mask() -> None:
    given = Given()
    frame = CapturedFrame.of(10, 1_000_000 + 10 * STEP_US, of_array(GREY))
    frame.layout = "B mode"
    given.ring.add(frame)
    for at, number in enumerate((10, 9), 1):
        given.ask(str(number), number)
        await given.until_put(at)
    assert [about.mask_signed for _, about, _ in given.put] == [True, False]


async def test_nothing_that_an_earlier_mask_let_through_is_given() -> None:
    given = Given()
    given.ask("frozen", 5)
    await given.until_put(1)
    given.hold.clear()
    given.ask("stepped", 5, s.PictureStep(by=-1, unit=StepUnit.FRAME))
    await given.until_told(2)
    given.ring.clear()
    given.stills.forget()
    given.ask("again", 5)
    given.ask("before", 5, s.PictureStep(by=-1, unit=StepUnit.FRAME))
    await given.until_told(5)
    assert given.stills.frames_until(1_000_000 + 5 * STEP_US).span is None
    given.hold.set()
    await given.stills.stop()
    absent = [one for one in given.told if isinstance(one, s.StationStillAbsent)]
    assert [one.still_id for one in absent] == ["stepped", "again", "before"]
    assert {one.absent for one in absent[:2]} == {StillAbsence.GONE_FROM_RING}
    assert len(given.put) == 1


def test_a_png_is_without_loss_for_grey_and_colour() -> None:
    for shown in (GREY, COLOUR):
        back = cv2.imdecode(np.frombuffer(as_png(shown), np.uint8), cv2.IMREAD_UNCHANGED)
        assert np.array_equal(back if back.ndim == 2 else back[:, :, ::-1], shown)
