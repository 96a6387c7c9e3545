"""A scanner or a research program that sends images by OpenIGTLink (`igtl:HOST:PORT`), as PLUS does.

Read without a library: a header of 58 bytes and an IMAGE body are all that is of use. Protocol versions 1 to
3 (openigtlink.org/developers/spec); only 8-bit images of one slice are pictures.
"""

import contextlib
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from station.ultrasound_devices.arrival_clock import ArrivalClock
from station.ultrasound_devices.device import OPENS_IN_S, SILENT_S, failed
from ultrasound.captured import CapturedFrame
from ultrasound.cine import MAX_SIDE_PX
from ultrasound.pixels import Pixels, of_array

MOST_BODY_BYTES = 64 << 20

_HEADER = struct.Struct(">H12s20sQQQ")
_IMAGE = struct.Struct(">HBBBB3H12f3H3H")
_EXTENDED = struct.Struct(">H")
_UINT8, _INT8 = 3, 2


@dataclass(frozen=True, slots=True)
class Header:
    """Of a message: which kind, when, and how many bytes follow."""

    version: int
    kind: str
    stamp_us: int | None
    body_bytes: int


def read_header(data: bytes) -> Header:
    """Read 58 bytes; ValueError for what is no OpenIGTLink."""
    version, kind, _, stamp, size, _ = _HEADER.unpack(data)
    name = kind.rstrip(b"\0")
    if version not in (1, 2, 3) or not name.isalnum() and b"_" not in name:
        raise ValueError("is no OpenIGTLink")
    if size > MOST_BODY_BYTES:
        raise ValueError(f"a message of {size} bytes; at most {MOST_BODY_BYTES} are read")
    seconds, fraction = stamp >> 32, stamp & 0xFFFFFFFF
    stamp_us = seconds * 1_000_000 + (fraction * 1_000_000 >> 32) if stamp else None
    return Header(version, name.decode("ascii", "replace"), stamp_us, size)


def read_image(version: int, body: bytes) -> Pixels:
    """The picture of an IMAGE body; ValueError says what is wrong."""
    content = body
    if version >= 2 and len(body) >= 12:
        extended = _EXTENDED.unpack_from(body)[0]
        meta_header, meta = struct.unpack_from(">HI", body, 2)
        content = body[extended : len(body) - meta_header - meta] if extended >= 12 else body
    if len(content) < _IMAGE.size:
        raise ValueError("an IMAGE that is cut off")
    _, components, scalar, _, _, *rest = _IMAGE.unpack_from(content)
    width, height, slices = rest[:3]
    if scalar not in (_UINT8, _INT8) or components not in (1, 3):
        raise ValueError(f"an IMAGE of type {scalar} with {components} components; 8 bits, 1 or 3, are read")
    if slices != 1 or not (1 <= width <= MAX_SIDE_PX and 1 <= height <= MAX_SIDE_PX):
        raise ValueError(
            f"an IMAGE of {width}x{height}x{slices}; one slice up to {MAX_SIDE_PX} a side is read"
        )
    samples = np.frombuffer(content, np.uint8, offset=_IMAGE.size)
    if samples.size != width * height * components:
        raise ValueError(f"an IMAGE with {samples.size} samples for {width}x{height}x{components}")
    shape = (height, width) if components == 1 else (height, width, components)
    return of_array(samples.reshape(shape).copy())


class IgtlDevice:
    """A client of an OpenIGTLink server; what is no IMAGE is passed over."""

    rate_hz = 30.0

    def __init__(self, host: str, port: int, clock_us: Callable[[], int]) -> None:
        self._place = (host, port)
        self._name = f"igtl: {host}:{port}"
        self._clock_us = clock_us
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Connect; raises `DeviceFailed`."""
        try:
            self._socket = socket.create_connection(self._place, OPENS_IN_S)
            self._socket.settimeout(SILENT_S)
        except OSError as fault:
            raise failed(f"{self._name}: cannot be reached ({fault.strerror or 'no answer'})") from None

    def frames(self) -> Iterator[CapturedFrame]:
        """Frames as they come; see `UltrasoundDevice`."""
        clock = ArrivalClock()
        number = 0
        while True:
            try:
                header = read_header(self._read(_HEADER.size))
                body = self._read(header.body_bytes)
                if header.kind != "IMAGE":
                    continue
                pixels = read_image(header.version, body)
            except ValueError as fault:
                raise failed(f"{self._name}: {fault}") from None
            yield CapturedFrame.of(number, clock.captured_us(header.stamp_us, self._clock_us()), pixels)
            number += 1

    def close(self) -> None:
        """Disconnect."""
        connected, self._socket = self._socket, None
        if connected is not None:
            with contextlib.suppress(OSError):
                connected.close()

    def _read(self, count: int) -> bytes:
        assert self._socket is not None
        data = bytearray()
        while len(data) < count:
            try:
                part = self._socket.recv(min(count - len(data), 1 << 20))
            except TimeoutError:
                raise failed(f"{self._name}: gave nothing for {SILENT_S:g} s") from None
            except OSError as fault:
                raise failed(f"{self._name}: broke off ({fault.strerror})") from None
            if not part:
                raise failed(f"{self._name}: hung up")
            data += part
        return bytes(data)
