"""What other decoders take for the same cine: pydicom with each of its plugins that is installed.

Their pixels are compared with ours; a decoder that shows another picture is no comparison.
"""

import importlib.metadata
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pydicom
from pydicom.pixels.decoders.base import JPEGBaseline8BitDecoder
from pydicom.pixels.utils import iter_pixels, pixel_array

from benchmarks.report import Row, figure
from tests.ultrasound.cines import DEMO_CINE
from ultrasound.dicom import open_dicom

PLUGINS = {"gdcm": "python-gdcm", "pillow": "pillow", "pylibjpeg": "pylibjpeg"}
_LOOKED_AT = 7  # every so many frames is compared
_SAME_GREY = 2  # two decoders of JPEG round the colours differently


def rows() -> list[Row]:
    """All frames of the demo's cine in RGB by each of them, in CPU seconds."""
    ways = {"all at once": _whole, "frame by frame": _one_by_one}
    return [_row(plugin, said, how) for plugin in available() for said, how in ways.items()]


def available() -> list[str]:
    """pydicom's own names of the plugins that are here."""
    return [name for name in JPEGBaseline8BitDecoder.available_plugins if name in PLUGINS]


def versions() -> dict[str, str]:
    """What the figures beside ours come from."""
    packages = ["pydicom", *(PLUGINS[name] for name in available())]
    return {package: importlib.metadata.version(package) for package in packages}


def _row(plugin: str, said: str, how: Callable[[str], list[Any]]) -> Row:
    began_s = time.process_time()
    frames = how(plugin)
    took_s = time.process_time() - began_s
    cine = open_dicom(DEMO_CINE)
    off = max(
        int(np.abs(frames[index].astype(np.int16) - cine.frame(index)).max())
        for index in range(0, cine.frame_count, _LOOKED_AT)
    )
    what = f"all 120 of them by pydicom with {plugin}, {said}"
    if len(frames) != cine.frame_count or off > _SAME_GREY:
        return figure(what, None, "s of CPU", why=f"{len(frames)} frames, off by {off} grey levels")
    return figure(what, took_s, "s of CPU", why=f"off by {off} grey levels at most")


def _whole(plugin: str) -> list[Any]:
    return list(pixel_array(DEMO_CINE, decoding_plugin=plugin))


def _one_by_one(plugin: str) -> list[Any]:
    return [frame.copy() for frame in iter_pixels(pydicom.dcmread(DEMO_CINE), decoding_plugin=plugin)]
