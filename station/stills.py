"""Gives exact stills of a binding's pictures: finds the frame in the ring, packs it without loss, puts it."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

import cv2
import numpy as np

from records.ids import BindingId, StillId
from records.stills import Calibration, LossyCodec
from signaling.messages import Message, ScaleRefusal, StepUnit, StillAbsence
from signaling.station_messages import (
    GiveStill,
    SetScale,
    StationScaleSet,
    StationStill,
    StationStillAbsent,
    StationStillFound,
)
from station.around_still import AroundStill, RingOfFrames
from station.picture_scales import PictureScales, ScaleRefused
from station.r_waves import RWaves
from station.still_finding import Missing, find
from station.uploads import UploadBroken, UploadRefused
from ultrasound.errors import UltrasoundError
from ultrasound.ring import ExactFrame, KeptFrame

log = logging.getLogger(__name__)

MOST_BYTES = 16 << 20
TRIED_FOR_S = 60.0
WAITS_S = (0.2, 0.5, 1.0, 2.0)

Put = Callable[[str, StationStill, bytes], Awaitable[None]]
"""Puts a file to a path of the server; raises `UploadRefused`, `UploadBroken`."""


class Stills:
    """Of one binding; one still at a time: the next one's frame found, the one before it is left."""

    def __init__(
        self,
        binding_id: BindingId,
        ring: RingOfFrames,
        r_waves: RWaves,
        put: Put,
        tell: Callable[[Message], None],
        scales: PictureScales,
        is_masked: Callable[[], bool],
        is_simulated: Callable[[], bool],
    ) -> None:
        self._binding_id = binding_id
        self._around = AroundStill(ring, r_waves)
        self._put = put
        self._tell = tell
        self._scales = scales
        self._is_masked = is_masked
        self._is_simulated = is_simulated
        self._turn = asyncio.Lock()
        self._finding: set[asyncio.Task[None]] = set()
        self._putting: tuple[StillId, asyncio.Task[None]] | None = None
        self._masked_anew = 0  # times that another mask began to hold

    def frames_until(self, capture_us: int | None) -> RingOfFrames:
        """What a clip is taken out of: what is around a frozen frame is held as the ring moves on."""
        return self._around.until(capture_us)

    def calibration_of(self, frame: ExactFrame) -> Calibration | None:
        """What a pixel of a frame is worth."""
        return self._scales.calibration_of(frame)

    def give(self, asked: GiveStill) -> None:
        """Give a still; what comes of it is told."""
        task = asyncio.create_task(self._find(asked))
        self._finding.add(task)
        task.add_done_callback(self._finding.discard)

    def leave(self, still_id: StillId) -> None:
        """A still is not wanted any more."""
        if self._putting is not None and self._putting[0] == still_id:
            self._putting[1].cancel()

    def forget(self) -> None:
        """Another mask holds from now on: nothing that one before it let through is given any more."""
        self._masked_anew += 1
        self._around.let_go()
        if self._putting is not None and not self._putting[1].done():
            still_id, putting = self._putting
            putting.cancel()
            self._say_absent(still_id, Missing(absent=StillAbsence.GONE_FROM_RING))

    def set_scale(self, asked: SetScale) -> None:
        """Set what a pixel is worth; what comes of it is told."""
        task = asyncio.create_task(self._set_scale(asked))
        self._finding.add(task)
        task.add_done_callback(self._finding.discard)

    async def _set_scale(self, asked: SetScale) -> None:
        refused: ScaleRefusal | None = None
        frames = self._around.frames(asked.capture_us)
        kept = next((one for one in frames if one.capture_us == asked.capture_us), None)
        if kept is None:
            refused = ScaleRefusal.GONE_FROM_RING
        else:
            try:
                await asyncio.to_thread(
                    lambda: self._scales.renew(kept.exact(), asked.points, asked.apart_mm)
                )
            except ScaleRefused as error:
                refused = error.why
            except (UltrasoundError, OSError) as error:
                log.error("a scale cannot be set: %s", error)
                refused = ScaleRefusal.FAILED
        log.info("a scale was %s", "set" if refused is None else f"not set: {refused}")
        self._tell(StationScaleSet(binding_id=self._binding_id, still_id=asked.still_id, refused=refused))

    async def stop(self) -> None:
        """Give nothing more."""
        tasks = [*self._finding, *([self._putting[1]] if self._putting else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._around.let_go()

    async def _find(self, asked: GiveStill) -> None:
        async with self._turn:  # answered in the order they were asked in
            try:
                found = await self._found(asked)
            except Exception:  # whatever is wrong with one still, pictures and ECG go on
                log.exception("a still could not be looked for")
                found = Missing(absent=StillAbsence.FAILED)
            if isinstance(found, Missing):
                self._say_absent(asked.still_id, found)
                return
            self._tell(
                StationStillFound(
                    binding_id=self._binding_id,
                    still_id=asked.still_id,
                    capture_us=found.capture_us,
                    frame_number=found.number,
                )
            )
            await self._leave_before()
            self._putting = (asked.still_id, asyncio.create_task(self._deliver(asked, found)))

    async def _found(self, asked: GiveStill) -> KeptFrame | Missing:
        before, frames = self._masked_anew, self._around.frames(asked.capture_us)
        r_waves_us: tuple[int, ...] = ()
        if any(step.unit is StepUnit.BEAT for step in asked.steps):
            kept = self._around.ecg(asked.capture_us)
            r_waves_us = await asyncio.to_thread(kept.r_waves_us) if kept is not None else ()
        if self._masked_anew != before:  # while the beats were looked for
            return Missing(absent=StillAbsence.GONE_FROM_RING)
        found = find([one.capture_us for one in frames], asked.capture_us, asked.steps, r_waves_us)
        if isinstance(found, Missing):
            return found
        self._around.hold(frames[found.index])
        return frames[found.index]

    async def _leave_before(self) -> None:
        if self._putting is not None:
            self._putting[1].cancel()
            await asyncio.gather(self._putting[1], return_exceptions=True)

    async def _deliver(self, asked: GiveStill, kept: KeptFrame) -> None:
        try:
            about, png = await asyncio.to_thread(self._packed, kept)
        except (UltrasoundError, cv2.error) as error:
            log.error("frame %d cannot be given: %s", kept.number, error)
            self._say_absent(asked.still_id, Missing(absent=StillAbsence.FAILED))
            return
        if len(png) > MOST_BYTES:
            self._say_absent(asked.still_id, Missing(absent=StillAbsence.TOO_LARGE))
            return
        await self._try_to_put(asked.still_id, about, png)

    async def _try_to_put(self, still_id: StillId, about: StationStill, png: bytes) -> None:
        waits = iter(WAITS_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TRIED_FOR_S):
                while True:
                    try:
                        return await self._put(f"/api/station/stills/{still_id}", about, png)
                    except UploadRefused as refused:
                        log.info("still %s was not taken: %s", still_id, refused)
                        return
                    except UploadBroken as broken:
                        log.warning("still %s did not get through: %s", still_id, broken)
                    await asyncio.sleep(next(waits, WAITS_S[-1]))

    def _packed(self, kept: KeptFrame) -> tuple[StationStill, bytes]:
        """The frame as a PNG without loss, and what is said about it. In a thread."""
        exact = kept.exact()
        shown = exact.shown
        grey = shown.ndim == 2
        about = StationStill(
            binding_id=self._binding_id,
            capture_us=exact.capture_us,
            frame_number=exact.number,
            width=int(shown.shape[1]),
            height=int(shown.shape[0]),
            grey=grey,
            pixels_sha256=exact.sha256,
            masked=self._is_masked(),
            calibration=self._scales.calibration_of(exact),
            simulated=self._is_simulated(),
            mask_signed=exact.layout is not None,
            came_in=LossyCodec(exact.came_in.value) if exact.came_in is not None else None,
        )
        return about, as_png(shown)

    def _say_absent(self, still_id: StillId, missing: Missing) -> None:
        self._tell(
            StationStillAbsent(
                binding_id=self._binding_id,
                still_id=still_id,
                absent=missing.absent,
                not_stepped=missing.not_stepped,
            )
        )


def as_png(shown: np.ndarray) -> bytes:
    """A PNG of uint8 (height, width) grey, or (height, width, 3) RGB, without loss."""
    # Runs only: smaller than any deflate level on speckle, in a fraction of its time (docs/figures.md).
    quick = [cv2.IMWRITE_PNG_COMPRESSION, 3, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
    done, png = cv2.imencode(".png", shown if shown.ndim == 2 else shown[:, :, ::-1], quick)
    if not done:
        raise cv2.error("no PNG was written")
    return bytes(png)
