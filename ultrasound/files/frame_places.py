"""Where each frame lies in a file: found once, without reading a pixel (PS3.5 A.4 and 8.1).

A frame is read when it is asked for, from its place: a cine of any length takes no memory but its places.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

from pydicom.dataset import Dataset

from ultrasound.errors import SourceUnreadable
from ultrasound.files.pixel_form import Coding, Colour, PixelForm

_PIXEL_DATA = (0x7FE0, 0x0010)
_UNDEFINED = 0xFFFFFFFF
_ITEM, _END = 0xFFFEE000, 0xFFFEE0DD
_START_OF_IMAGE = (b"\xff\xd8", b"\xff\x4f")
"""How a frame of a JPEG or of JPEG 2000 begins; RLE has one fragment a frame (PS3.5 G.2)."""

_MOST_FRAGMENTS = 100_000
_MOST_OVERHEAD = 1 << 20
"""A compressed frame may be as large as twice its pixels and this much more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of the file that follow each other."""

    offset: int
    length: int


class FramePlaces:
    """Frames by number, read from an open file; no frame is kept. Refusals do not name the file."""

    def __init__(self, file: BinaryIO, frames: Sequence[Sequence[Piece]], most_bytes: int) -> None:
        self._file = file
        self._frames = frames
        self._most_bytes = most_bytes

    def read(self, index: int) -> bytes:
        """The bytes of frame `index` as they are stored; raises SourceUnreadable."""
        pieces = self._frames[index]
        if sum(piece.length for piece in pieces) > self._most_bytes:
            raise SourceUnreadable(f"takes more than {self._most_bytes} bytes compressed")
        read = [_at(self._file, piece.offset, piece.length) for piece in pieces]
        if any(len(data) != piece.length for data, piece in zip(read, pieces, strict=True)):
            raise SourceUnreadable("the file ends within a frame")
        return b"".join(read)


def find_frames(name: str, file: BinaryIO, header: Dataset, form: PixelForm) -> FramePlaces:
    """Find every frame; `file` stands where the header ended. Raises SourceUnreadable."""
    start, length, swapped = _element(name, file, header, form)
    if form.coding is Coding.NONE:
        return _uncompressed(name, file, form, start, length, swapped)
    if length != _UNDEFINED:
        raise SourceUnreadable(f"{name}: its pixels are not in fragments, as {form.coding} has to be")
    offsets, fragments = _fragments(name, file, start)
    frames = _grouped(name, file, form, offsets, fragments)
    return FramePlaces(file, frames, 2 * form.decoded_bytes + _MOST_OVERHEAD)


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    """Read without moving the file's own position: frames may be asked for from several threads."""
    return os.pread(file.fileno(), length, offset)


def _element(name: str, file: BinaryIO, header: Dataset, form: PixelForm) -> tuple[int, int, bool]:
    """Where the value of Pixel Data begins, its length, and whether it is in words of two bytes."""
    order: Literal["big", "little"] = "big" if form.big_endian else "little"
    at = file.tell()
    head = _at(file, at, 12)
    tag = (int.from_bytes(head[:2], order), int.from_bytes(head[2:4], order))
    if tag != _PIXEL_DATA:
        raise SourceUnreadable(f"{name}: has no PixelData, so no picture")
    if header.original_encoding[0]:  # implicit VR
        return at + 8, int.from_bytes(head[4:8], "little"), False
    if head[4:6] not in (b"OB", b"OW"):
        raise SourceUnreadable(f"{name}: PixelData is neither OB nor OW")
    return at + 12, int.from_bytes(head[8:12], order), head[4:6] == b"OW"


def _uncompressed(
    name: str, file: BinaryIO, form: PixelForm, start: int, length: int, words: bool
) -> FramePlaces:
    frame_bytes = form.decoded_bytes
    if form.colour is Colour.YBR_FULL_422:
        frame_bytes = form.width * form.height * 2
    announced = frame_bytes * form.frame_count
    if length not in (announced, announced + announced % 2):
        said = "an undefined number of" if length == _UNDEFINED else length
        raise SourceUnreadable(f"{name}: {said} bytes of pixels where {announced} are announced")
    if start + announced > _size(file):
        raise SourceUnreadable(f"{name}: the file ends within its pixels")
    frames = [(Piece(start + k * frame_bytes, frame_bytes),) for k in range(form.frame_count)]
    if form.big_endian and words and form.bits == 8:
        return _SwappedPlaces(file, frames, frame_bytes)
    return FramePlaces(file, frames, frame_bytes)


class _SwappedPlaces(FramePlaces):
    """Bytes that were written as words of big endian: in each pair of them the second comes first."""

    def read(self, index: int) -> bytes:
        (piece,) = self._frames[index]
        first_start = self._frames[0][0].offset
        begin = (piece.offset - first_start) % 2  # a frame of odd length begins within a word
        length = begin + piece.length + (begin + piece.length) % 2
        words = bytearray(_at(self._file, piece.offset - begin, length))
        if len(words) != length:
            raise SourceUnreadable("the file ends within a frame")
        words[0::2], words[1::2] = words[1::2], words[0::2]
        return bytes(words[begin : begin + piece.length])


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _fragments(name: str, file: BinaryIO, start: int) -> tuple[list[int], list[Piece]]:
    """The offsets of the Basic Offset Table, which may be none, and all fragments after it."""
    table, at = _item(name, file, start)
    if table is None or table.length % 4:
        raise SourceUnreadable(f"{name}: its fragments begin without an offset table")
    offsets = _at(file, table.offset, min(table.length, 4 * _MOST_FRAGMENTS))
    fragments: list[Piece] = []
    while True:
        piece, at = _item(name, file, at)
        if piece is None:
            break
        if len(fragments) == _MOST_FRAGMENTS:
            raise SourceUnreadable(f"{name}: more than {_MOST_FRAGMENTS} fragments; no more are read")
        fragments.append(piece)
    return [int.from_bytes(offsets[k : k + 4], "little") for k in range(0, len(offsets), 4)], fragments


def _item(name: str, file: BinaryIO, at: int) -> tuple[Piece | None, int]:
    """The item that begins there, None at the end of them; and where the next one begins."""
    head = _at(file, at, 8)
    tag = int.from_bytes(head[:2], "little") << 16 | int.from_bytes(head[2:4], "little")
    length = int.from_bytes(head[4:8], "little")
    if len(head) == 8 and tag == _END:
        return None, at + 8
    if len(head) < 8 or tag != _ITEM or at + 8 + length > _size(file):
        raise SourceUnreadable(f"{name}: its fragments are damaged or cut off")
    return Piece(at + 8, length), at + 8 + length


def _grouped(
    name: str, file: BinaryIO, form: PixelForm, offsets: Sequence[int], fragments: Sequence[Piece]
) -> list[list[Piece]]:
    """Fragments by frame: one each, else as the offsets say, else wherever an image begins.

    An Extended Offset Table is for frames of one fragment each (PS3.3 C.7.6.3.1.8): it is not needed.
    """
    count = form.frame_count
    if len(fragments) == count:
        return [[piece] for piece in fragments]
    if count == 1 and fragments:
        starts = {fragments[0].offset}
    elif len(offsets) == count and fragments:
        starts = {fragments[0].offset + offset for offset in offsets}
    else:
        starts = {piece.offset for piece in fragments if _at(file, piece.offset, 2) in _START_OF_IMAGE}
    frames: list[list[Piece]] = []
    for piece in fragments:
        if piece.offset in starts:
            frames.append([])
        if frames:
            frames[-1].append(piece)
    found = len(frames) if frames else len(fragments)
    if found != count:
        raise SourceUnreadable(f"{name}: {found} frames where {count} are announced")
    return frames
