"""Clips with real pictures in them, in every codec a station keeps."""

import cv2
import numpy as np
from numpy.typing import NDArray

from records.clip_file import ClipCodec, ClipFrame, ClipHead, write_clip
from records.stills import Calibration, LossyCodec

STEP_US = 40_000
_NOISE = np.random.default_rng(7).integers(0, 256, (12, 16), np.uint8)


def picture(number: int, coloured: bool = False) -> NDArray[np.uint8]:
    """96x64: grey blocks that move, or coloured ones (RGB)."""
    grey = cv2.resize(np.roll(_NOISE, number, axis=1), (96, 64), interpolation=cv2.INTER_NEAREST)
    plane = np.asarray(grey, dtype=np.uint8)
    return np.dstack([plane, plane // 2, 255 - plane]) if coloured else plane


def clip_of(
    *frames: tuple[ClipCodec, bytes],
    first_us: int = 1_000_000,
    before: int = 0,
    calibration: Calibration | None = None,
    keys: frozenset[int] | None = None,
    came_in: LossyCodec | None = None,
) -> bytes:
    """A clip file; `before`: so many frames lead up to it. `keys`: places of key frames, None: all are.
    `came_in`: with what loss the source gave what is a PNG now."""
    told = tuple(
        ClipFrame(
            number=at,
            capture_us=first_us + (at - before) * STEP_US,
            codec=codec,
            size_bytes=len(data),
            is_key=keys is None or at in keys,
            before=at < before,
            came_in=came_in if codec is ClipCodec.PNG else None,
        )
        for at, (codec, data) in enumerate(frames)
    )
    head = ClipHead(masked=False, simulated=False, calibration=calibration, frames=told)
    return write_clip(head, [data for _, data in frames])


def png(shown: NDArray[np.uint8]) -> bytes:
    """Without loss."""
    done, data = cv2.imencode(".png", shown if shown.ndim == 2 else shown[:, :, ::-1])
    assert done
    return bytes(data)


def jpeg(shown: NDArray[np.uint8]) -> bytes:
    """As a grabber's packet."""
    done, data = cv2.imencode(".jpg", shown if shown.ndim == 2 else shown[:, :, ::-1])
    assert done
    return bytes(data)


def png_clip(count: int = 5, coloured: bool = False, **fields: object) -> bytes:
    """Of so many frames without loss."""
    frames = [(ClipCodec.PNG, png(picture(number, coloured))) for number in range(count)]
    return clip_of(*frames, **fields)  # type: ignore[arg-type]


def jpeg_clip(count: int = 5, coloured: bool = False, **fields: object) -> bytes:
    """Of a grabber's packets."""
    frames = [(ClipCodec.MJPEG, jpeg(picture(number, coloured))) for number in range(count)]
    return clip_of(*frames, **fields)  # type: ignore[arg-type]
