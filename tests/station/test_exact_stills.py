"""From the ring to both sides: a real station, a real server, and the pixels at the end those of the ring."""

import hashlib
from pathlib import Path

import cv2
import numpy as np

from records.clip_file import read_clip
from signaling import messages as m
from tests.fakes.records import ZHOU
from tests.signaling.stills import frozen_for
from tests.station.still_room import at_work


async def test_both_sides_get_the_rings_pixels(tmp_path: Path) -> None:
    async with at_work(tmp_path) as room:
        still = await room.freeze()
        exact = room.ring.frame(still.frame_number).exact()
        assert exact.capture_us == still.capture_us
        pixels = await room.fetched(still)
        assert np.array_equal(pixels, exact.shown)
        assert hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest() == still.pixels_sha256
        assert still.simulated


async def test_steps_by_frame_and_by_beat_end_at_other_exact_frames(tmp_path: Path) -> None:
    async with at_work(tmp_path) as room:
        still = await room.freeze()
        step = {"consult_id": room.consult_id, "by": -1}
        await room.doctor.done(m.StepPicture, unit=m.StepUnit.FRAME, **step)
        before = await room.exact(still.capture_us)
        assert before.frame_number == still.frame_number - 1
        await room.chen.done(m.StepPicture, unit=m.StepUnit.BEAT, **step)
        beat = await room.exact(before.capture_us)
        ms = (before.capture_us - beat.capture_us) / 1000
        assert 300 < ms < 2000  # one beat of the made up heart, to the nearest frame
        assert np.array_equal(await room.fetched(beat), room.ring.frame(beat.frame_number).exact().shown)


async def test_a_frame_that_is_older_than_the_ring_stays_live_and_says_so(tmp_path: Path) -> None:
    async with at_work(tmp_path) as room:
        span = room.ring.span
        assert span is not None
        asked = {"consult_id": room.consult_id, "capture_us": span.first_us - 1_000_000}
        await room.chen.done(m.FreezePicture, **asked)

        def told() -> bool:
            frozen = frozen_for(room.doctor)
            return frozen is not None and frozen.absent is m.StillAbsence.GONE_FROM_RING

        await room.until(told)


async def test_a_clip_is_kept_with_the_rings_frames(tmp_path: Path) -> None:
    async with at_work(tmp_path) as room:
        ring = room.ring
        assert room.station._running is not None
        room.station._running.set_target(100_000_000)  # of which a clip takes its part
        await room.chen.done(m.TakeClip, consult_id=room.consult_id, seconds=1.0)
        await room.until(lambda: room.doctor.outbox.last(m.ClipChanged).clip.state is m.ClipState.KEPT)
        clip = room.doctor.outbox.last(m.ClipChanged).clip
        browser = await room.served.signed_in(ZHOU)
        page = (await browser.get(f"/api/kept-clips/{clip.kept_id}")).json["clip"]
        paths = [f"/api/kept-clips/{clip.kept_id}/parts/{at}" for at in range(len(page["parts"]))]
        head, data = read_clip(b"".join([(await browser.get(path)).body for path in paths]))
        span = head.frames[0].capture_us, head.frames[-1].capture_us
        assert [one.number for one in head.frames] == [one.number for one in ring.clip(*span)]
        assert len(head.frames) == page["frames"] and span[1] - span[0] > 800_000
        for frame, content in zip(head.frames, data, strict=True):
            pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
            shown = pixels if pixels.ndim == 2 else pixels[:, :, ::-1]
            assert np.array_equal(shown, ring.frame(frame.number).exact().shown)
