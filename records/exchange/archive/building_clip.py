"""A kept clip as a cine, with the heart's beats where an ECG of its seconds was stored; and that ECG."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ecg.annotations import Annotation, AnnotationCode
from ecg.errors import EcgError
from ecg.leads import MISSING
from ecg.signal.qrs import find_beats
from ecg.tracing import Channel, Tracing
from records.archive_uids import clock_uid
from records.clip_file import ClipCodec, ClipFrame, ClipHead, read_clip
from records.clip_pictures import Shown, clip_pictures
from records.ecg_samples import unpack_tracing
from records.exchange.archive.acquiring import METHODS, acquisition_of
from records.exchange.archive.kept_objects import ClipEcg, KeptObject
from records.exchange.cine_ecg import write_cine_ecg
from records.stills import LossyCodec
from records.ultrasound_clips import UltrasoundClip
from ultrasound.errors import WritingRefused
from ultrasound.writing.cine import write_cine
from ultrasound.writing.cine_times import HeartBeat
from ultrasound.writing.frame_coding import lossless_frames
from ultrasound.writing.frame_stream import FrameStream
from ultrasound.writing.identity import Place
from ultrasound.writing.loss import Loss
from ultrasound.writing.mjpeg import grabbed_frames
from ultrasound.writing.synchronization import Synchronization

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_US_PER_S = 1_000_000
_STEP_NV = 2_500.0


def build_clip(kept: KeptObject, place: Place, path: Path) -> None:
    """A grabber's packets byte by byte, everything else as its pixels without a further loss."""
    clip = _clip(kept)
    head, data = read_clip(kept.content)
    times_us = unix_times_us(clip, head)
    frames, losses = _frames(head, data)
    acquisition = acquisition_of(kept, _moment(times_us[0]), head.calibration, losses)
    beat = _beat(kept.ecg) if kept.ecg is not None else None
    clock = _clock(clip) if kept.ecg is not None else None
    write_cine(path, frames, times_us, kept.identity, place, acquisition, beat, clock)


def build_ecg(kept: KeptObject, place: Place, path: Path) -> None:
    """The ECG as it was stored, on the clip's clock, its R peaks marked."""
    if kept.ecg is None:
        raise WritingRefused("no ECG of the clip's seconds is stored")
    clip = _clip(kept)
    head, _ = read_clip(kept.content)
    tracing = _with_beats(unpack_tracing(kept.ecg.samples))
    path.write_bytes(
        write_cine_ecg(
            tracing,
            kept.ecg.first_us,
            unix_times_us(clip, head),
            kept.zone,
            kept.identity,
            place,
            _clock(clip),
        )
    )


def unix_times_us(clip: UltrasoundClip, head: ClipHead) -> list[int]:
    """When each frame of the clip itself was taken, in microseconds since 1970 on the server's clock."""
    shift_us = (clip.taken_at - _EPOCH) // dt.timedelta(microseconds=1) - clip.from_us
    return [one.capture_us + shift_us for one in head.frames if not one.before]


def _clip(kept: KeptObject) -> UltrasoundClip:
    assert kept.clip is not None
    return kept.clip


def _moment(unix_us: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=unix_us)


def _clock(clip: UltrasoundClip) -> Synchronization:
    return Synchronization(frame_of_reference_uid=clock_uid(clip.binding_id), externally_set=False)


def _frames(head: ClipHead, data: tuple[bytes, ...]) -> tuple[FrameStream, tuple[Loss, ...] | None]:
    """With what was lost before this writing; None: nobody told."""
    own = [(about, one) for about, one in zip(head.frames, data, strict=True) if not about.before]
    codecs = {about.codec for about, _ in own}
    if codecs == {ClipCodec.MJPEG}:
        return grabbed_frames(one for _, one in own), ()
    coloured = any(picture.ndim == 3 for picture in clip_pictures(head, data))
    pictures = (_in(coloured, one) for one in clip_pictures(head, data))
    frames = lossless_frames(pictures)
    lossy = sorted({one for about, _ in own if (one := _lossy(about)) is not None})
    ratio = None
    if ClipCodec.PNG not in codecs:  # else nobody knows how long the packets were
        packed = sum(about.size_bytes for about in head.frames)
        ratio = frames.decoded_bytes * len(own) / max(1, packed)
    return frames, tuple(Loss(METHODS[one], ratio) for one in lossy) or None


def _lossy(frame: ClipFrame) -> LossyCodec | None:
    """With what loss the source gave a frame, where that is known."""
    return frame.came_in if frame.codec is ClipCodec.PNG else LossyCodec(frame.codec.value)


def _in(coloured: bool, picture: Shown) -> Shown:
    """All of a cine's frames have colours where one has."""
    if coloured and picture.ndim == 2:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    return picture


def _with_beats(tracing: Tracing) -> Tracing:
    """The same with its R peaks marked, where they can be found."""
    beats = tuple(Annotation(at, AnnotationCode.NORMAL, "") for at in _r_samples(tracing))
    return dataclasses.replace(tracing, annotations=beats)


def _beat(ecg: ClipEcg) -> HeartBeat | None:
    """Heart rate by the median distance of R peaks, and the peaks; None: they cannot be found."""
    tracing = unpack_tracing(ecg.samples)
    at = list(_r_samples(tracing))
    if not at:
        return None
    r_us = tuple(ecg.first_us + round(one * _US_PER_S / tracing.rate_hz) for one in at)
    steps = np.diff(at)
    rate = 60 * tracing.rate_hz / float(np.median(steps)) if len(steps) >= 2 else None
    return HeartBeat(rate, r_us)


def _r_samples(tracing: Tracing) -> Iterator[int]:
    """Where the R peaks are; none where the ECG cannot be read."""
    leads = [one for one in tracing.channels if one.lead is not None]
    if not leads:
        return
    try:
        for beat in find_beats(np.stack([_in_steps(one) for one in leads]), tracing.rate_hz, _STEP_NV):
            yield beat.sample
    except EcgError:
        return


def _in_steps(channel: Channel) -> NDArray[np.int16]:
    """A lead in steps of `_STEP_NV`, for the detector, which wants one step for all."""
    steps = channel.nanovolts() / _STEP_NV
    missing = np.isnan(steps)
    rounded = np.clip(np.round(np.where(missing, 0, steps)), -32_767, 32_767).astype(np.int16)
    rounded[missing] = MISSING
    return rounded
