"""`cloudclinic ultrasound measure`: a caliper on a stored frame, its doubt, and where its scale is from."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from cloudclinic.answers import Answer
from cloudclinic.ultrasound_commands.files import REFUSED, for_each
from records.exchange.ultrasound_answers import DecodedFrame
from records.exchange.ultrasound_files import read_ultrasound
from ultrasound.cine import Picture
from ultrasound.measuring.angle import angle
from ultrasound.measuring.doppler import velocity
from ultrasound.measuring.ellipse import ellipse_area
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.interval import interval
from ultrasound.measuring.length import distance, path
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.outline import area
from ultrasound.measuring.placed import why_uncalibrated
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal
from ultrasound.regions import Region
from ultrasound.ruler.finding import find_ruler
from ultrasound.ruler.scale import by_clicks, by_ruler
from ultrasound.shown import Rectangle

TOOLS: dict[str, Callable[[Frame, Sequence[Point]], Measured]] = {
    "line": distance,
    "path": path,
    "ellipse": ellipse_area,
    "polygon": area,
    "angle": angle,
    "time": interval,
    "velocity": velocity,
}


def run(options: argparse.Namespace) -> int:
    """Print the measurement; 3 when it was refused, which for programs is an answer as well."""
    refusals: list[Refusal] = []

    def answer(file: str) -> Answer:
        try:
            return _measured(file, options)
        except Refusal as refusal:
            if not options.json:
                raise
            refusals.append(refusal)
            return Answer({"file": file, "refused": refusal.code, "why": str(refusal)}, [])

    status = for_each(options, answer)
    return REFUSED if refusals and not status else status


def _measured(file: str, options: argparse.Namespace) -> Answer:
    tool = next(name for name in TOOLS if getattr(options, name) is not None)
    read = asyncio.run(read_ultrasound(Path(file), options.frame))
    assert read.frame is not None
    frame = _frame(_picture(read.frame), read.description.regions, options)
    measured = TOOLS[tool](frame, getattr(options, tool))
    told = {"file": file, "frame": options.frame, "measured": tool} | _object(measured)
    return Answer(told, [f"{file}: {_line(measured)}"])


def _picture(decoded: DecodedFrame) -> Picture:
    samples = np.frombuffer(decoded.samples, np.uint8).reshape(decoded.height, decoded.width, -1)
    return np.repeat(samples, 3, axis=2) if samples.shape[2] == 1 else samples


def _frame(picture: Picture, regions: tuple[Region, ...], options: argparse.Namespace) -> Frame:
    """The picture with the file's scale, or with the one that was asked for."""
    height, width = picture.shape[:2]
    whole = Rectangle(0, 0, width, height)
    if options.tick_mm is not None:
        return by_ruler(find_ruler(picture), options.tick_mm, whole).frame(picture, Standing.STORED)
    if options.known is not None:
        *clicks, apart_mm = options.known
        points = list(zip(clicks[::2], clicks[1::2], strict=True))
        return by_clicks(points, apart_mm, whole).frame(picture, Standing.STORED)
    return Frame(width, height, Standing.STORED, regions)


def _object(measured: Measured) -> dict[str, object]:
    told: dict[str, object] = {
        "value": measured.value,
        "unit": measured.unit,
        "uncertainty": measured.uncertainty,
        "region": measured.region,
        "calibration": measured.calibration,
    }
    return told | ({"uncalibrated": measured.uncalibrated} if measured.uncalibrated else {})


def _line(measured: Measured) -> str:
    value = f"{measured.value:.2f} {measured.unit} ± {measured.uncertainty:.2f}"
    if measured.uncalibrated:
        return f"{value}, uncalibrated: {why_uncalibrated(measured.uncalibrated)}"
    return f"{value}, scale from the {measured.calibration}"
