"""A file of many frames, in a stream: header, frames, and then what only they tell (PS3.5 A.4)."""

import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pydicom
from pydicom.dataset import Dataset

from ultrasound.errors import WritingRefused
from ultrasound.quiet_pydicom import quiet_pydicom
from ultrasound.writing.frame_stream import FrameStream

_TAG = b"\xe0\x7f\x10\x00"
_PIXEL_DATA = _TAG + b"OB\0\0"
_ITEM = b"\xfe\xff\x00\xe0"
_END = b"\xfe\xff\xdd\xe0\0\0\0\0"
_UNDEFINED = 0xFFFFFFFF
_LARGEST = 0xFFFFFFFE
"""An offset table, and a length, have 32 bits."""


PutPixels = Callable[[BinaryIO], int]
"""Writes Pixel Data behind a header; gives the bytes of what is coded, without padding."""


def write_pixel_file(
    path: Path, header: Dataset, put_pixels: PutPixels, assumed_bytes: int, put_loss: Callable[[int], None]
) -> None:
    """Write header and pixels under a name of its own, then give the file its own.

    `put_loss` is told the number of coded bytes and writes the header's losses; first of what is assumed,
    then of the true number: the header may not change its length by that.
    """
    with _whole_or_nothing(path) as file:
        put_loss(assumed_bytes)
        begin = _write_header(file, header)
        put_loss(put_pixels(file))
        file.seek(0)
        if _write_header(file, header) != begin:
            raise AssertionError("the header changed its length")


def put_frames(file: BinaryIO, frames: FrameStream, count: int) -> int:
    """Pixel Data of exactly so many frames."""
    if frames.syntax.is_encapsulated:
        return _in_fragments(file, frames.frames, count)
    file.write(_TAG if frames.syntax.is_implicit_VR else _PIXEL_DATA)
    return _in_a_row(file, frames.frames, count, frames.decoded_bytes)


def put_video(file: BinaryIO, video: Path) -> int:
    """Pixel Data of a whole video file in one fragment (PS3.5 8.2.7), copied piece by piece."""
    length = video.stat().st_size
    if length > _LARGEST - 1:
        raise WritingRefused(f"a video of {length} bytes; up to 4 GiB are written")
    file.write(_PIXEL_DATA + struct.pack("<I", _UNDEFINED) + _ITEM + struct.pack("<I", 0))
    file.write(_ITEM + struct.pack("<I", length + length % 2))
    with open(video, "rb") as source:
        shutil.copyfileobj(source, file)
    file.write(b"\0" * (length % 2) + _END)
    return length


@contextmanager
def _whole_or_nothing(path: Path) -> Iterator[BinaryIO]:
    """A file beside the one that is meant, which takes its place when all went well."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w+b") as file:
            yield file
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _write_header(file: BinaryIO, header: Dataset) -> int:
    """Write it; gives where it ended."""
    with quiet_pydicom():
        pydicom.dcmwrite(file, header, enforce_file_format=True)
    return file.tell()


def _in_fragments(file: BinaryIO, frames: Iterator[bytes], count: int) -> int:
    """One fragment a frame, and the offset table once all are there; gives the bytes of all frames."""
    file.write(_PIXEL_DATA + struct.pack("<I", _UNDEFINED) + _ITEM + struct.pack("<I", 4 * count))
    table_at = file.tell()
    file.write(bytes(4 * count))
    first_at, coded_bytes = file.tell(), 0
    offsets = []
    for frame in _counted(frames, count):
        offsets.append(file.tell() - first_at)
        padded = len(frame) + len(frame) % 2
        if offsets[-1] > _LARGEST or padded > _LARGEST:
            raise WritingRefused("more than 4 GiB of frames; write them in parts")
        file.write(_ITEM + struct.pack("<I", padded))
        file.write(frame)
        file.write(b"\0" * (padded - len(frame)))
        coded_bytes += len(frame)
    file.write(_END)
    file.seek(table_at)
    file.write(struct.pack(f"<{count}I", *offsets))
    return coded_bytes


def _in_a_row(file: BinaryIO, frames: Iterator[bytes], count: int, frame_bytes: int) -> int:
    length = frame_bytes * count
    if length > _LARGEST:
        raise WritingRefused(f"{length} bytes uncompressed; up to 4 GiB are written")
    file.write(struct.pack("<I", length + length % 2))
    for frame in _counted(frames, count):
        if len(frame) != frame_bytes:
            raise WritingRefused(f"a frame of {len(frame)} bytes where {frame_bytes} are needed")
        file.write(frame)
    file.write(b"\0" * (length % 2))
    return length


def _counted(frames: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Exactly `count` frames, or a refusal."""
    given = 0
    for frame in frames:
        given += 1
        if given > count:
            break
        yield frame
    if given != count:
        told = f"more than {count}" if given > count else given
        raise WritingRefused(f"{told} frames where {count} times are told")
