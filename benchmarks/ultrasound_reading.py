"""How soon and in how much memory a DICOM cine is read: the bundled one, and a made one of a gigabyte.

python -m benchmarks.ultrasound_reading
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Row, figure
from tests.ultrasound.cines import DEMO_CINE
from tests.ultrasound.files.coding import sparse_cine
from ultrasound.dicom import open_dicom

_ROUNDS = 5
_MEMORY = """
import sys
from ultrasound.dicom import open_dicom
def peak_kb():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
cine = open_dicom(sys.argv[1])
cine.frame(0)
before = peak_kb()
for index in range(0, cine.frame_count, 7):
    cine.frame(index)
print(peak_kb() - before)
"""


def rows() -> list[Row]:
    """For `cloudclinic bench`: first frame, all frames, memory."""
    return [
        figure("first frame of 120 of 640x480 in JPEG", _first_frame_ms(), "ms", 50, 10),
        figure("all 120 of them", _all_frames_s(), "s of CPU", 0.3, 0.2),
        figure("memory beyond one frame for a cine of 1.1 GB", _grown_mb(), "MB", 24, 8),
    ]


def _first_frame_ms() -> float:
    """The median from opening to the picture; the file lies in the system's cache."""
    taken = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        cine = open_dicom(DEMO_CINE)
        cine.frame(0)
        taken.append((time.perf_counter() - begun) * 1000)
        cine.close()
    return sorted(taken)[_ROUNDS // 2]


def _all_frames_s() -> float:
    """The least of some rounds: the others share the processor."""
    taken = []
    for _ in range(_ROUNDS):
        cine = open_dicom(DEMO_CINE)
        begun = time.process_time()
        for index in range(cine.frame_count):
            cine.frame(index)
        taken.append(time.process_time() - begun)
        cine.close()
    return min(taken)


def _grown_mb() -> float:
    with tempfile.TemporaryDirectory() as place:
        cine = sparse_cine(Path(place) / "large.dcm", 500, 1024, 768, {})
        done = subprocess.run(
            [sys.executable, "-c", _MEMORY, cine], capture_output=True, text=True, check=True
        )
    return int(done.stdout) / 1024


if __name__ == "__main__":
    for row in rows():
        print(f"{row.what}: {row.value:.3g} {row.unit}")
