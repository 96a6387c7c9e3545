"""What writing ultrasound as DICOM takes: a grabber's cine passed on, a still without loss, memory.

python -m benchmarks.ultrasound_writing
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Row, figure
from station.stills import as_png
from tests.ultrasound.cines import DEMO_CINE, encapsulated
from ultrasound.dicom import open_dicom
from ultrasound.writing.acquisition import Acquisition
from ultrasound.writing.cine import write_cine
from ultrasound.writing.identity import Identity, Place
from ultrasound.writing.mjpeg import grabbed_frames
from ultrasound.writing.still import write_still

IDENTITY = Identity(study_instance_uid="1.2.3")
PLACE = Place(series_instance_uid="1.2.4", sop_instance_uid="1.2.5")
ACQUISITION = Acquisition(taken=datetime(2026, 11, 28, 9, tzinfo=UTC), burned_in=True)
_ROUNDS = 9
_FRAME = 60
_STILLS = range(0, 120, 10)
_SIZE = (1024, 768)
Pixels = NDArray[np.uint8]
_MEMORY = """
import sys, numpy
from benchmarks.ultrasound_writing import ACQUISITION, IDENTITY, PLACE
from ultrasound.writing.cine import write_cine
from ultrasound.writing.frame_coding import Lossless, lossless_frames
def peak_kb():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
def pictures(count):
    return (numpy.full((768, 1024, 3), k % 256, numpy.uint8) for k in range(count))
def write(count):
    frames = lossless_frames(pictures(count), Lossless.UNCOMPRESSED)
    write_cine(sys.argv[1], frames, range(0, count * 40000, 40000), IDENTITY, PLACE, ACQUISITION)
write(2)
before = peak_kb()
write(int(sys.argv[2]))
print(peak_kb() - before)
"""


def rows(frames: int = 400) -> list[Row]:
    """For `cloudclinic bench`: passing on, stills, memory; the last by a cine of so many frames."""
    passed_ms, equal = _passed_on()
    return [
        figure("120 packets of a grabber written as a cine", passed_ms, "ms", 100, 50),
        figure("of them equal byte by byte", equal, "frames", 120, 120, at_least=True),
        figure("the same packets by pydicom's encapsulate and save_as", _by_pydicom_ms(), "ms"),
        *_stills(),
        figure(f"memory beyond one frame for {frames} of 1024x768", _grown_mb(frames), "MB", 24, 8),
    ]


def _passed_on() -> tuple[float, int]:
    """The median of some rounds; and how many frames are the packets, but for an even byte."""
    source = open_dicom(DEMO_CINE)
    packets = [source.stored(k).rstrip(b"\0") for k in range(source.frame_count)]
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.dcm"
        for _ in range(_ROUNDS):
            begun = time.perf_counter()
            write_cine(
                path, grabbed_frames(packets), range(0, 4_800_000, 40_000), IDENTITY, PLACE, ACQUISITION
            )
            taken.append((time.perf_counter() - begun) * 1000)
        written = open_dicom(path)
        equal = sum(written.stored(k) in (packet, packet + b"\0") for k, packet in enumerate(packets))
    return sorted(taken)[_ROUNDS // 2], equal


def _by_pydicom_ms() -> float:
    """The median of writing them without any of our code, and so without looking at them."""
    source = open_dicom(DEMO_CINE)
    packets = [source.stored(k) for k in range(source.frame_count)]
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(_ROUNDS):
            begun = time.perf_counter()
            dataset = encapsulated(packets, source.width, source.height)
            dataset.save_as(Path(folder) / "c.dcm", enforce_file_format=True)
            taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)[_ROUNDS // 2]


def _stills() -> list[Row]:
    """Frames of the demo's cardiac cine, scaled up as a scanner's screen is: the largest of some."""
    cine = open_dicom(DEMO_CINE)
    pictures = [_scaled(cine.frame(k), cv2.INTER_LINEAR) for k in _STILLS]
    sharp = [_scaled(cine.frame(k), cv2.INTER_CUBIC) for k in _STILLS]
    counted = f"the largest of {len(pictures)}"
    return [
        figure(
            "a grey still of 1024x768 as it is sent, in PNG",
            _largest_kb(as_png, pictures),
            "kB",
            150,
            110,
            counted,
        ),
        figure("the same, scaled up bicubically", _largest_kb(as_png, sharp), "kB", 150, 110, counted),
        figure(
            "the same in JPEG-LS, as it is archived", _largest_kb(_archived, sharp), "kB", 150, 110, counted
        ),
        *(
            figure(f"the same by OpenCV's {name}", _largest_kb(coded, sharp), "kB", why=counted)
            for name, coded in _OTHERS.items()
        ),
        figure("a still of it in colours, in JPEG-LS", _coloured_kb(cine.frame(_FRAME)), "kB"),
    ]


def _scaled(picture: Pixels, interpolation: int) -> Pixels:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, _SIZE, interpolation=interpolation), np.uint8)


def _largest_kb(coded: Callable[[Pixels], bytes], pictures: Sequence[Pixels]) -> float:
    return max(len(coded(picture)) for picture in pictures) / 1000


def _archived(picture: Pixels) -> bytes:
    return write_still(picture, IDENTITY, PLACE, ACQUISITION)


def _coloured_kb(picture: Pixels) -> float:
    scaled = cv2.resize(picture, _SIZE, interpolation=cv2.INTER_LINEAR)
    return len(_archived(np.asarray(scaled, np.uint8))) / 1000


def _by_opencv(extension: str, *how: int) -> Callable[[Pixels], bytes]:
    return lambda picture: bytes(cv2.imencode(extension, picture, how)[1])


_OTHERS = {
    "PNG, level 6": _by_opencv(".png", cv2.IMWRITE_PNG_COMPRESSION, 6),
    "WebP without loss": _by_opencv(".webp", cv2.IMWRITE_WEBP_QUALITY, 101),
    "JPEG 2000 without loss": _by_opencv(".jp2", cv2.IMWRITE_JPEG2000_COMPRESSION_X1000, 1000),
}


def _grown_mb(frames: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", _MEMORY, Path(folder) / "c.dcm", str(frames)],
            capture_output=True,
            text=True,
            check=True,
        )
    return int(done.stdout) / 1024


if __name__ == "__main__":
    for row in rows():
        print(f"{row.what}: {row.value:.3g} {row.unit}")
