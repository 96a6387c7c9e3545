"""What the last minute of ultrasound costs a station: processor, memory, and the time to take a frame out.

60 s of 1024x768 grey at 30 a second go through the ring as fast as they can be added and packed: the demo's
cardiac cine, brought to that size, and the simulated scanner, whose speckle moves in every picture. What the
threads take is counted by the kernel, and every twentieth frame that comes out is compared with what went in.
"""

import os
import time
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Row, figure
from benchmarks.spread import Spread
from cloudclinic.demo_station import CINE
from records.values import Value
from station.shared_ring import SharedRing
from ultrasound.captured import CapturedFrame
from ultrasound.dicom import open_dicom
from ultrasound.pixels import of_array
from ultrasound.simulator.scenario import Scenario
from ultrasound.simulator.simulated_ultrasound import SimulatedUltrasound

WIDTH, HEIGHT, RATE_HZ, SECONDS = 1024, 768, 30, 60
LOOKED_AT_EVERY = 20
MUST_CORES, MUST_MB, AIM_MB = 0.25, 400.0, 200.0

Grey = NDArray[np.uint8]


class Kept(Value):
    """A minute in the ring."""

    cores: float  # to add and pack, of one processor
    held_mb: float
    grown_mb: float  # the whole process, with the ring full
    seconds: float
    out_ms: tuple[float, ...]
    different: int  # frames that came out other than they went in


def rows(seconds: int = SECONDS) -> list[Row]:
    """The figures, for both kinds of picture."""
    found = []
    for name, pictures in (("cardiac cine", _cine()), ("simulated scanner", _scanner())):
        kept = keep(pictures, seconds)
        what = f"ring, {seconds} s of {WIDTH}x{HEIGHT} grey at {RATE_HZ} fps, {name}"
        told = f"{kept.seconds:.1f} s held, process grew by {kept.grown_mb:.0f} MB"
        out = Spread(kept.out_ms)
        found += [
            figure(f"{what}: processor", kept.cores, "cores", MUST_CORES, None, told),
            figure(f"{what}: memory", kept.held_mb, "MB", MUST_MB, AIM_MB, told),
            figure(
                f"{what}: a frame taken out, p95", out.p95, "ms", None, None, f"{len(kept.out_ms)} frames"
            ),
            figure(f"{what}: frames that came out different", kept.different, "", 0, 0, told),
        ]
    return found


def keep(picture: Callable[[int], Grey], seconds: int) -> Kept:
    """Put so many seconds into a ring, pack them, and take some out again."""
    ring, count = SharedRing(), seconds * RATE_HZ
    before_mb = _resident_mb()
    took_s = 0.0
    for number in range(count):
        frame = CapturedFrame.of(number, number * 1_000_000 // RATE_HZ, of_array(picture(number)))
        began_s = time.thread_time()
        ring.add(frame)
        ring.pack_one()
        took_s += time.thread_time() - began_s
    held = ring.holding
    grown_mb = _resident_mb() - before_mb
    out_ms, different = [], 0
    for number in range(count - held.frames, count, LOOKED_AT_EVERY):
        began_s = time.perf_counter()
        exact = ring.at(number * 1_000_000 // RATE_HZ).exact()
        out_ms.append((time.perf_counter() - began_s) * 1000)
        different += not np.array_equal(exact.shown, picture(number))
    return Kept(
        cores=took_s / seconds,
        held_mb=held.bytes / 1e6,
        grown_mb=grown_mb,
        seconds=held.seconds,
        out_ms=tuple(out_ms),
        different=different,
    )


def _resident_mb() -> float:
    """What the process has in memory (proc_pid_statm(5))."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cine() -> Callable[[int], Grey]:
    with as_file(files("cloudclinic.demo_data") / CINE) as path:
        cine = open_dicom(path)
        frames = [
            cv2.resize(cine.frame(number)[:, :, 1], (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
            for number in range(cine.frame_count)
        ]
    return lambda number: np.asarray(frames[number % len(frames)], dtype=np.uint8)


def _scanner() -> Callable[[int], Grey]:
    scanner = SimulatedUltrasound(Scenario(width=WIDTH, height=HEIGHT, rate_hz=RATE_HZ))
    return lambda number: scanner.picture(number, number * 1_000_000 // RATE_HZ)
