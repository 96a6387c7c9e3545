"""`cloudclinic ultrasound still`: one frame without loss, as it is displayed."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from cloudclinic.answers import Answer
from cloudclinic.ultrasound_commands.files import for_each
from records.exchange.ultrasound_answers import DecodedFrame
from records.exchange.ultrasound_files import read_ultrasound
from ultrasound.errors import SourceUnreadable


def run(options: argparse.Namespace) -> int:
    """Write the frame as PNG: grey where every pixel is grey, else RGB."""
    return for_each(options, lambda file: answer(file, options.frame, options.output))


def answer(file: str, frame: int, output: Path) -> Answer:
    """Nothing is written when the frame cannot be read."""
    decoded = asyncio.run(read_ultrasound(Path(file), frame)).frame
    assert decoded is not None
    if output.exists() and output.samefile(file):
        raise SourceUnreadable("the PNG would be written over the file itself")
    picture = picture_of(decoded)
    output.write_bytes(_png(picture))
    kind = "grey" if picture.ndim == 2 else "RGB"
    told = {
        "file": file,
        "frame": frame,
        "written": str(output),
        "width": decoded.width,
        "height": decoded.height,
        "grey": picture.ndim == 2,
    }
    return Answer(told, [f"{file}, frame {frame}: {output}, {decoded.width}x{decoded.height} {kind}"])


def picture_of(decoded: DecodedFrame) -> np.ndarray[Any, Any]:
    """Its samples as uint8 (height, width), or (height, width, 3) RGB."""
    samples = np.frombuffer(decoded.samples, np.uint8)
    size = (decoded.height, decoded.width)
    if samples.size not in (size[0] * size[1], size[0] * size[1] * 3):
        raise SourceUnreadable("the reader gave a picture of another size")
    return samples.reshape(size if samples.size == size[0] * size[1] else (*size, 3))


def _png(picture: np.ndarray[Any, Any]) -> bytes:
    in_order = picture if picture.ndim == 2 else picture[:, :, ::-1]  # OpenCV takes BGR
    done, data = cv2.imencode(".png", np.ascontiguousarray(in_order))
    assert done
    return bytes(data)
