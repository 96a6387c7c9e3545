"""A grabber's MJPEG packets as JPEG Baseline frames: passed on byte by byte, nothing decoded."""

from collections.abc import Iterable, Iterator
from itertools import chain

from pydicom.uid import JPEGBaseline8Bit

from ultrasound.errors import WritingRefused
from ultrasound.files.pixel_form import Colour
from ultrasound.jpeg_stream import JpegStream, Process, read_jpeg_stream
from ultrasound.writing.frame_stream import FrameStream
from ultrasound.writing.huffman_tables import STANDARD_HUFFMAN_TABLES
from ultrasound.writing.loss import LossMethod

_HUFFMAN, _SCAN = 0xC4, 0xDA


def grabbed_frames(packets: Iterable[bytes]) -> FrameStream:
    """Packets as they came. The JPEG itself says how large they are and of which colours.

    A packet without Huffman tables, as some grabbers send them, gets the standard ones (ITU-T T.81, K.3):
    DICOM has no abbreviated format. Its number then stands in `completed`, as it is no longer equal byte by
    byte. Raises WritingRefused for a packet that is damaged or unlike the first.
    """
    rest = iter(packets)
    first = next(rest, None)
    if first is None:
        raise WritingRefused("no packet; a cine has one frame at least")
    form = _form(1, first)
    completed: list[int] = []
    frames = _passed(chain([first], rest), form, completed)
    return FrameStream(
        JPEGBaseline8Bit, _colour(form), form.width, form.height, frames, LossMethod.JPEG, completed
    )


def _passed(packets: Iterator[bytes], form: JpegStream, completed: list[int]) -> Iterator[bytes]:
    for number, packet in enumerate(packets, 1):
        found = _form(number, packet)
        if found != form:
            raise WritingRefused(
                f"packet {number}: {found.width}x{found.height}, {_colour(found)}; the first is"
                f" {form.width}x{form.height}, {_colour(form)}, and all have to be alike"
            )
        scan, has_tables = _scan(number, packet)
        if has_tables:
            yield packet
        else:
            completed.append(number)
            yield packet[:scan] + STANDARD_HUFFMAN_TABLES + packet[scan:]


def _form(number: int, packet: bytes) -> JpegStream:
    try:
        form = read_jpeg_stream(packet)
    except ValueError as fault:
        raise WritingRefused(f"packet {number}: the JPEG {fault}") from None
    if form.process != Process.BASELINE or form.bits != 8 or form.components not in (1, 3):
        raise WritingRefused(
            f"packet {number}: marker {form.process:#x}, {form.bits} bits, {form.components} components;"
            " JPEG Baseline of 8 bits with 1 or 3 is passed on"
        )
    if not packet.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise WritingRefused(f"packet {number}: the JPEG is cut off")
    return form


def _colour(form: JpegStream) -> Colour:
    """PS3.5 table 8.2.1-1: YBR_FULL_422 however fine the chroma is (PS3.3 C.7.6.3.1.2)."""
    if form.components == 1:
        return Colour.MONOCHROME2
    return Colour.YBR_FULL_422 if form.ybr else Colour.RGB


def _scan(number: int, packet: bytes) -> tuple[int, bool]:
    """Where the scan begins, and whether there are Huffman tables before it."""
    at, tables = 2, False
    while at + 4 <= len(packet):
        marker = packet[at + 1]
        if packet[at] != 0xFF:
            break
        if marker == _SCAN:
            return at, tables
        tables = tables or marker == _HUFFMAN
        at += 1 if marker == 0xFF else 2 + int.from_bytes(packet[at + 2 : at + 4], "big")
    raise WritingRefused(f"packet {number}: the JPEG has no scan")
