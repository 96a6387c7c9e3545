"""A cine as a US Multi-frame Image object (PS3.3 A.7), written frame by frame into a file."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.uid import UltrasoundMultiFrameImageStorage

from ultrasound.files.pixel_form import Colour
from ultrasound.writing.acquisition import Acquisition, put_acquisition
from ultrasound.writing.cine_times import HeartBeat, check_times, put_heart_beat, put_times
from ultrasound.writing.file_meta import put_file_meta
from ultrasound.writing.frame_stream import FrameStream, put_pixel_form
from ultrasound.writing.identity import Identity, Place, put_identity
from ultrasound.writing.loss import Loss, put_losses
from ultrasound.writing.pixel_file import put_frames, write_pixel_file
from ultrasound.writing.synchronization import Synchronization, put_synchronization


@dataclass(frozen=True, slots=True)
class WrittenCine:
    """What was written. `completed`: numbers, from 1, of frames that are not the grabber's byte by byte."""

    frame_count: int
    file_bytes: int
    completed: tuple[int, ...]


def write_cine(
    path: str | os.PathLike[str],
    frames: FrameStream,
    capture_us: Sequence[int],
    identity: Identity,
    place: Place,
    acquisition: Acquisition,
    beat: HeartBeat | None = None,
    synchronization: Synchronization | None = None,
) -> WrittenCine:
    """Write a cine; the file appears when it is whole, and takes the place of one of that name.

    `capture_us`: when each frame was taken, in microseconds of one clock. No more than one frame is held.
    Raises WritingRefused and PictureError, and then leaves nothing behind.
    """
    header = cine_header(capture_us, identity, place, acquisition, frames.width, frames.height)
    put_pixel_form(header, frames.colour, frames.width, frames.height)
    header.UltrasoundColorDataPresent = int(frames.colour is not Colour.MONOCHROME2)
    if beat is not None:
        put_heart_beat(header, beat, capture_us)
    if synchronization is not None:
        put_synchronization(header, synchronization)
    put_file_meta(header, frames.syntax)
    count, decoded_bytes = len(capture_us), frames.decoded_bytes * len(capture_us)

    def put_loss(coded_bytes: int) -> None:
        own = (Loss(frames.method, decoded_bytes / max(1, coded_bytes)),) if frames.method else ()
        known = acquisition.losses is not None or bool(own)
        put_losses(header, (*(acquisition.losses or ()), *own) if known else None)

    write_pixel_file(
        Path(path), header, lambda file: put_frames(file, frames, count), decoded_bytes, put_loss
    )
    return WrittenCine(count, os.path.getsize(path), tuple(frames.completed))


def cine_header(
    capture_us: Sequence[int],
    identity: Identity,
    place: Place,
    acquisition: Acquisition,
    width: int,
    height: int,
) -> Dataset:
    """What every cine says, however its pixels are coded."""
    check_times(capture_us)
    header = Dataset()
    header.SOPClassUID = UltrasoundMultiFrameImageStorage
    header.Modality = "US"
    put_identity(header, identity, place)
    put_acquisition(header, acquisition, width, height)
    put_times(header, capture_us)
    return header
