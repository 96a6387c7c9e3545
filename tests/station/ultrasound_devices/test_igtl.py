"""OpenIGTLink: pictures of both header versions from a real socket; what is none is refused with a reason."""

import contextlib
import itertools
import socket
import struct
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from station.errors import DeviceFailed
from station.ultrasound_devices.igtl import IgtlDevice, read_header, read_image
from ultrasound.pixels import Layout

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4)
COLOUR = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)


def image(picture: NDArray[np.uint8], scalar: int = 3, slices: int = 1) -> bytes:
    height, width = picture.shape[:2]
    size = (width, height, slices)
    components = picture.shape[2] if picture.ndim == 3 else 1
    head = struct.pack(">HBBBB3H12f", 1, components, scalar, 1, 1, *size, *[0.0] * 12)
    return head + struct.pack(">3H3H", 0, 0, 0, *size) + picture.tobytes()


def message(kind: bytes, body: bytes, version: int = 1, at_us: int = 0) -> bytes:
    if version == 2:
        meta = b"\0\x01k"
        body = struct.pack(">HHII", 12, 2, len(meta) - 2, 7) + body + meta
    stamp = (at_us // 1_000_000 << 32) + (at_us % 1_000_000 << 32) // 1_000_000
    return struct.pack(">H12s20sQQQ", version, kind, b"scanner", stamp, len(body), 0) + body


@contextlib.contextmanager
def served(*messages: bytes) -> Iterator[int]:
    """A server that sends these to whoever comes first, then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as connected:
                for one in messages:
                    connected.sendall(one)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("version", [1, 2])
def test_images_come_as_they_were_sent_and_all_else_is_passed_over(version: int) -> None:
    sent = [
        message(b"TRANSFORM", b"\0" * 48, version),
        message(b"IMAGE", image(GREY), version, 1_000_000),
        message(b"STATUS", b"", 1),
        message(b"IMAGE", image(COLOUR), version, 1_040_000),
    ]
    with served(*sent) as port:
        device = IgtlDevice("127.0.0.1", port, lambda: 1_790_000_000_000_000)
        device.open()
        frames = list(itertools.islice(device.frames(), 2))
        with pytest.raises(DeviceFailed, match=rf"^ultrasound: igtl: 127\.0\.0\.1:{port}: hung up$"):
            next(device.frames())
        device.close()
    assert np.array_equal(frames[0].pixels.samples, GREY) and frames[0].pixels.layout is Layout.GREY
    assert np.array_equal(frames[1].pixels.samples, COLOUR)
    assert frames[1].capture_us > frames[0].capture_us
    assert frames[0].regions == ()  # its spacing may be of anything: no scale is made of it


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (image(GREY)[:50], "cut off"),
        (image(GREY)[:-1], "with 11 samples for 4x3x1"),
        (image(GREY, scalar=5), "of type 5 with 1 components; 8 bits"),
        (image(GREY, slices=3), "4x3x3; one slice"),
    ],
)
def test_an_image_that_is_no_picture_is_refused(body: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_image(1, body)


def test_what_is_no_openigtlink_is_refused() -> None:
    with pytest.raises(ValueError, match="is no OpenIGTLink"):
        read_header(b"HTTP/1.1 200 OK".ljust(58, b" "))
    with pytest.raises(ValueError, match="at most 67108864"):
        read_header(struct.pack(">H12s20sQQQ", 1, b"IMAGE", b"", 0, 1 << 40, 0))


def test_nobody_there_is_told() -> None:
    device = IgtlDevice("127.0.0.1", 9, lambda: 0)
    with pytest.raises(DeviceFailed, match=r"^ultrasound: igtl: 127\.0\.0\.1:9: cannot be reached"):
        device.open()
    device.close()
