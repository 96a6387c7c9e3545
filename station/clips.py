"""Clips for the record: frames taken out of the ring at once, put to the server in parts behind what is live.

A clip goes on when its binding has ended and while the line is cut, until it is there or not wanted any more.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import cv2

from records.clip_file import ClipCodec, ClipFrame, ClipHead, write_clip
from records.ids import BindingId, ClipId
from records.stills import Calibration, LossyCodec
from signaling.clips import MOST_BYTES, PART_BYTES
from signaling.messages import ClipFailure, Message
from signaling.station_messages import GiveClip, StationClip, StationClipFailed
from station.around_still import RingOfFrames
from station.picture_scales import by_the_source
from station.stills import as_png
from station.uploads import UploadBroken, UploadRefused
from ultrasound.errors import UltrasoundError
from ultrasound.ring import ExactFrame, KeptFrame

log = logging.getLogger(__name__)

REST = 3.0
"""Times as long as a frame took to pack: three quarters of a processor are everybody else's."""

WAITS_S = (0.5, 1.0, 2.0, 5.0, 10.0)

Put = Callable[[str, StationClip, bytes, float | None], Awaitable[None]]
"""Puts a file to a path, at so many bits a second; raises `UploadRefused`, `UploadBroken`."""

CalibrationOf = Callable[[ExactFrame], Calibration | None]
"""What a pixel of a frame is worth. Called in a thread."""


class Taken(NamedTuple):
    """Frames that were taken out of the ring, and what is said of them all."""

    frames: tuple[KeptFrame, ...]
    from_us: int
    calibration_of: CalibrationOf
    masked: bool
    simulated: bool


class Clips:
    """Every clip on its way, of whatever binding."""

    def __init__(
        self, put: Put, tell: Callable[[Message], None], spare_bits_per_s: Callable[[], float | None]
    ) -> None:
        self._put = put
        self._tell = tell
        self._spare_bits_per_s = spare_bits_per_s
        self._tasks: dict[ClipId, asyncio.Task[None]] = {}
        self._of: dict[ClipId, BindingId] = {}

    def give(
        self,
        asked: GiveClip,
        ring: RingOfFrames,
        calibration_of: CalibrationOf,
        *,
        masked: bool,
        simulated: bool,
    ) -> None:
        """Give a clip, unless it is on its way."""
        if asked.clip_id in self._tasks:
            return
        span = _span(asked, ring)
        if span is None:
            return self._say_failed(asked.binding_id, asked.clip_id, ClipFailure.GONE_FROM_RING)
        taken = Taken(*span, calibration_of, masked, simulated)
        task = asyncio.create_task(self._deliver(asked.binding_id, asked.clip_id, taken))
        self._tasks[asked.clip_id], self._of[asked.clip_id] = task, asked.binding_id
        task.add_done_callback(lambda _: self._ended(asked.clip_id))

    def gone(self, asked: GiveClip) -> None:
        """A clip of a binding that does not run any more: it is on its way, or there will be none."""
        if asked.clip_id not in self._tasks:
            self._say_failed(asked.binding_id, asked.clip_id, ClipFailure.GONE_FROM_RING)

    def leave(self, clip_id: ClipId) -> None:
        """A clip is not wanted any more."""
        if (task := self._tasks.get(clip_id)) is not None:
            task.cancel()

    def forget(self, binding_id: BindingId) -> None:
        """Another mask holds in this binding: what one before it let through is given no further."""
        for clip_id in [one for one, of in self._of.items() if of == binding_id]:
            self._tasks[clip_id].cancel()
            self._say_failed(binding_id, clip_id, ClipFailure.GONE_FROM_RING)

    def _ended(self, clip_id: ClipId) -> None:
        del self._tasks[clip_id], self._of[clip_id]

    async def stop(self) -> None:
        """Give nothing more."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver(self, binding_id: BindingId, clip_id: ClipId, taken: Taken) -> None:
        try:
            made = await self._made(taken)
        except (UltrasoundError, cv2.error) as error:
            log.error("clip %s cannot be made: %s", clip_id, error)
            return self._say_failed(binding_id, clip_id, ClipFailure.FAILED)
        if made is None:
            return self._say_failed(binding_id, clip_id, ClipFailure.TOO_LARGE)
        about = StationClip(
            binding_id=binding_id,
            from_us=taken.from_us,
            until_us=taken.frames[-1].capture_us,
            frames=sum(one.capture_us >= taken.from_us for one in taken.frames),
            size_bytes=len(made),
            sha256=await asyncio.to_thread(lambda: hashlib.sha256(made).hexdigest()),
            parts=-(-len(made) // PART_BYTES),
            masked=taken.masked,
            simulated=taken.simulated,
            mask_signed=all(one.layout is not None for one in taken.frames),
        )
        try:
            for number in range(about.parts):
                part = made[number * PART_BYTES : (number + 1) * PART_BYTES]
                await self._put_part(f"/api/station/clips/{clip_id}/parts/{number}", about, part)
        except UploadRefused as refused:
            log.info("clip %s was not taken: %s", clip_id, refused)

    async def _put_part(self, path: str, about: StationClip, part: bytes) -> None:
        """Until it is there: the server takes no part twice, and gives up a clip of which nothing comes."""
        waits = iter(WAITS_S)
        while True:
            try:
                return await self._put(path, about, part, self._spare_bits_per_s())
            except UploadBroken as broken:
                log.info("a part of a clip did not get through: %s", broken)
            await asyncio.sleep(next(waits, WAITS_S[-1]))

    async def _made(self, taken: Taken) -> bytes | None:
        """The clip as a file; None: too large. Frame by frame in a thread, resting in between."""
        loop = asyncio.get_running_loop()
        told: list[ClipFrame] = []
        data: list[bytes] = []
        scales: list[Calibration | None] = []
        size = 0
        for kept in taken.frames:
            began_s = loop.time()
            frame, content, scale = await asyncio.to_thread(_frame, kept, taken)
            if not frame.before:
                scales.append(scale)
            told.append(frame)
            data.append(content)
            size += len(content)
            if size > MOST_BYTES * 15 // 16:  # the head needs room as well
                return None
            if frame.codec is ClipCodec.PNG:
                await asyncio.sleep(REST * (loop.time() - began_s))
        head = ClipHead(
            masked=taken.masked,
            simulated=taken.simulated,
            calibration=_same_of_all(scales),
            frames=tuple(told),
        )
        return await asyncio.to_thread(write_clip, head, data)

    def _say_failed(self, binding_id: BindingId, clip_id: ClipId, why: ClipFailure) -> None:
        self._tell(StationClipFailed(binding_id=binding_id, clip_id=clip_id, why=why))


def _span(asked: GiveClip, ring: RingOfFrames) -> tuple[tuple[KeptFrame, ...], int] | None:
    """The frames asked for with those before them that the first is decoded after, and when the first of them
    was captured; None: there are none."""
    span = ring.span
    if span is None:
        return None
    until_us = min(span.last_us, asked.until_us if asked.until_us is not None else span.last_us)
    from_us = max(span.first_us, until_us - round(asked.seconds * 1_000_000))
    wanted = ring.clip(from_us, until_us)
    if not wanted:
        return None
    group = wanted[0].group
    since_us = group.since_us if group is not None else from_us
    frames = ring.clip(since_us, until_us) if since_us < from_us else wanted
    return frames, wanted[0].capture_us


def _same_of_all(scales: Sequence[Calibration | None]) -> Calibration | None:
    """None where the depth was changed meanwhile: who measures on a frame must not find another's scale."""
    return scales[0] if all(one == scales[0] for one in scales) else None


def _frame(kept: KeptFrame, taken: Taken) -> tuple[ClipFrame, bytes, Calibration | None]:
    """A frame as it came, or as a picture without loss, and what its pixels are worth. In a thread."""
    begins = kept.group is None or kept.group.since_us >= taken.frames[0].capture_us
    packet = kept.packet if begins else None  # its key frame is not held any more: nobody could decode it
    if packet is not None:
        content, scale = packet.data, by_the_source(kept.regions)
    else:
        exact = kept.exact()
        content, scale = as_png(exact.shown), taken.calibration_of(exact)
    loss = kept.came_in if packet is None else None
    return (
        ClipFrame(
            number=kept.number,
            capture_us=kept.capture_us,
            codec=ClipCodec(packet.codec.value) if packet is not None else ClipCodec.PNG,
            size_bytes=len(content),
            is_key=packet.is_key if packet is not None else True,
            before=kept.capture_us < taken.from_us,
            came_in=LossyCodec(loss.value) if loss is not None else None,
            header=packet.header if packet is not None and packet.is_key else b"",
        ),
        content,
        scale,
    )
