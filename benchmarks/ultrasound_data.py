"""The pictures a benchmark of ultrasound work is given: DICOM files, and pictures of phantoms with a ruler.

Those of the tests, of the demo and in pydicom's own wheel, and whatever lies below the directory of `--data`.
A DICOM file is taken once, whatever it is called.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from pydicom import examples

from tests.ultrasound.cines import DEMO_CINE, ROOT
from ultrasound.cine import Picture
from ultrasound.dicom import DicomCine, open_dicom
from ultrasound.errors import SourceUnreadable
from ultrasound.video import open_video

TEST_DATA = ROOT / "tests" / "data" / "ultrasound"
_IN_PYDICOM = ("ybr_color", "palette_color", "rgb_color", "jpeg2k")
_FRAMES_OF_A_VIDEO = 12


@dataclass(frozen=True)
class Phantom:
    """A picture of a phantom that a scanner drew a ruler on, but wrote no scale with."""

    name: str
    picture: Picture


def folders(data: Path | None) -> list[Path]:
    """Where to look."""
    return [TEST_DATA, *([data] if data else [])]


def cines(data: Path | None) -> Iterator[tuple[str, DicomCine]]:
    """Every DICOM file that can be read, with what to call it."""
    found = [path for folder in folders(data) for path in sorted(folder.rglob("*.dcm"))]
    seen: set[tuple[object, ...]] = set()
    for path in [DEMO_CINE, *found, *(Path(str(examples.get_path(name))) for name in _IN_PYDICOM)]:
        try:
            cine = open_dicom(path, paced=False)
        except SourceUnreadable:
            continue
        header = cine.header
        what = (header.SOPInstanceUID, cine.width, cine.height, cine.form.coding, cine.frame_count)
        if what not in seen:
            seen.add(what)
            yield f"{_scanner(cine)} {cine.width}x{cine.height}, {cine.form.coding}", cine


def _scanner(cine: DicomCine) -> str:
    maker = str(cine.header.get("Manufacturer", "")).split(" ")[0].strip(",")
    return f"{maker} {cine.header.get('ManufacturerModelName', '')}".strip()


def phantoms(data: Path | None) -> Iterator[Phantom]:
    """Every still, and some frames of every video."""
    for folder in folders(data):
        for path in sorted(folder.rglob("*.png")):
            read = cv2.imread(str(path))
            if read is not None:
                yield Phantom(path.stem, np.ascontiguousarray(read[:, :, ::-1], np.uint8))
        for path in sorted(folder.rglob("*.mp4")):
            cine = open_video(path)
            step = max(1, cine.frame_count // _FRAMES_OF_A_VIDEO)
            for index in range(0, cine.frame_count, step):
                yield Phantom(f"{path.stem}, frame {index + 1}", cine.frame(index))
            cine.close()
