"""`python -m records.exchange.picture_reading_process`: what a file of pictures says, and some of its frames.

MessagePack on standard input and output: `records.exchange.picture_answers`. It runs under the limits of
`records.exchange.apart`, and reads the file from a descriptor it was given.
"""

import itertools
import os
import sys
from collections.abc import Iterator

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from records.clip_file import ClipHead, read_clip
from records.clip_pictures import clip_pictures
from records.errors import SealBroken
from records.exchange.patient_in_file import stated_in_dicom
from records.exchange.picture_answers import (
    FileDescription,
    FileOfPictures,
    ObjectPlace,
    PicturesAnswer,
    PicturesRead,
    PicturesRefused,
    ReadPictures,
)
from records.picture_regions import as_value
from ultrasound.dicom import DicomCine, read_dicom
from ultrasound.errors import SourceUnreadable, UltrasoundError
from ultrasound.files.description import describe
from ultrasound.files.display import as_displayed
from ultrasound.measuring.measured import CalibrationSource

_NAME = "the file"
_QUICK = [cv2.IMWRITE_PNG_COMPRESSION, 3, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
_US_PER_MS = 1000


def answer_to(request: ReadPictures) -> PicturesAnswer:
    """Read what is asked for, or say why not."""
    read = _of_dicom if request.kind is FileOfPictures.DICOM else _of_clip
    try:
        return read(request)
    except (UltrasoundError, SealBroken) as refusal:
        return PicturesRefused(sentence=str(refusal))
    except MemoryError:
        return PicturesRefused(sentence=f"{_NAME}: it takes more memory than a picture may")


def _of_dicom(request: ReadPictures) -> PicturesAnswer:
    cine = read_dicom(os.fdopen(request.descriptor, "rb"), _NAME, paced=False)
    said = describe(cine)
    about = FileDescription(
        width=said.width,
        height=said.height,
        frames=said.frame_count,
        frame_times_ms=said.frame_times_ms,
        regions=tuple(as_value(one) for one in said.regions),
        calibration=CalibrationSource.FILE if said.regions else None,
        stated=stated_in_dicom(cine.header),
        place=_place(cine.header),
    )
    return PicturesRead(description=about, pngs=_pngs(request, about, _frames(cine, request.first)))


def _place(header: Dataset) -> ObjectPlace:
    return ObjectPlace(
        study_uid=_text(header, "StudyInstanceUID"),
        series_uid=_text(header, "SeriesInstanceUID"),
        sop_instance_uid=_text(header, "SOPInstanceUID"),
        series_number=_number(header, "SeriesNumber"),
        instance_number=_number(header, "InstanceNumber"),
        series_description=_text(header, "SeriesDescription"),
    )


def _text(header: Dataset, keyword: str) -> str:
    try:
        value = str(header.get(keyword) or "")
    except Exception:  # a damaged value makes a reader raise anything
        return ""
    return "".join(one if one.isprintable() else " " for one in value).strip()[:64]


def _number(header: Dataset, keyword: str) -> int:
    text = _text(header, keyword)
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _frames(cine: DicomCine, first: int) -> Iterator[NDArray[np.uint8]]:
    for index in range(first - 1, cine.frame_count):
        yield cine.grey_frame(index) if cine.grey else as_displayed(cine.frame(index))


def _of_clip(request: ReadPictures) -> PicturesAnswer:
    with os.fdopen(request.descriptor, "rb") as file:
        head, frames = read_clip(file.read())
    first = next(clip_pictures(head, frames), None)
    if first is None:
        raise SourceUnreadable(f"{_NAME}: no frame is in it")
    about = _described(head, first)
    return PicturesRead(
        description=about, pngs=_pngs(request, about, clip_pictures(head, frames, request.first))
    )


def _described(head: ClipHead, first: NDArray[np.uint8]) -> FileDescription:
    at_us = [one.capture_us for one in head.frames if not one.before]
    scale = head.calibration
    return FileDescription(
        width=first.shape[1],
        height=first.shape[0],
        frames=len(at_us),
        frame_times_ms=tuple((one - at_us[0]) / _US_PER_MS for one in at_us),
        regions=scale.regions if scale is not None else (),
        calibration=scale.source if scale is not None else None,
        scale_uncertainty=scale.scale_uncertainty if scale is not None else 0.0,
    )


def _pngs(
    request: ReadPictures, about: FileDescription, frames: Iterator[NDArray[np.uint8]]
) -> tuple[bytes, ...]:
    if not request.most:
        return ()
    if not 1 <= request.first <= about.frames:
        raise SourceUnreadable(f"{_NAME}: no frame {request.first}; 1 to {about.frames} exist")
    pngs: list[bytes] = []
    for picture in itertools.islice(frames, request.most):
        pngs.append(_png(picture, about))
        if sum(map(len, pngs)) > request.most_bytes:
            break
    return tuple(pngs)


def _png(picture: NDArray[np.uint8], about: FileDescription) -> bytes:
    if picture.shape[:2] != (about.height, about.width):
        raise SourceUnreadable(f"{_NAME}: its frames are not all of one size")
    done, png = cv2.imencode(".png", picture if picture.ndim == 2 else picture[:, :, ::-1], _QUICK)
    if not done:
        raise SourceUnreadable(f"{_NAME}: a frame of it cannot be written as PNG")
    return bytes(png)


def main() -> None:
    """Read one request, write one answer."""
    cv2.setNumThreads(1)  # more may not be started
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=ReadPictures)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer_to(request)))


if __name__ == "__main__":
    main()
