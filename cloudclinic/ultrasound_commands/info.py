"""`cloudclinic ultrasound info`: what a file holds, for a person to check before its picture is believed."""

import argparse
import asyncio
from pathlib import Path

from cloudclinic.answers import Answer, columns
from cloudclinic.ultrasound_commands.files import for_each
from cloudclinic.ultrasound_commands.region_words import DATA_TYPES, SPATIAL_FORMATS, UNITS
from cloudclinic.ultrasound_commands.still import picture_of
from records.exchange.ultrasound_answers import DecodedFrame
from records.exchange.ultrasound_files import read_ultrasound
from ultrasound.errors import SourceUnreadable
from ultrasound.files.description import Description
from ultrasound.privacy.found_text import text_outside
from ultrasound.privacy.shapes import Box
from ultrasound.regions import Region


def run(options: argparse.Namespace) -> int:
    """Print scanner, size, frames and their times, colours, coding and regions."""
    return for_each(options, answer)


def answer(file: str) -> Answer:
    """Everything about the file that is neither a pixel nor anything of the patient."""
    found, first = asyncio.run(_read(Path(file)))
    text = text_outside(picture_of(first), found.regions) if first is not None else None
    lines = [*_lines(file, found), *(_text_line(text) if text else ())]
    return Answer(_object(file, found, text), lines)


async def _read(path: Path) -> tuple[Description, DecodedFrame | None]:
    """With the first frame, to look for text in; what the header says is told without it too."""
    try:
        read = await read_ultrasound(path, 1)
    except SourceUnreadable:
        read = await read_ultrasound(path)
    return read.description, read.frame


def _text_line(text: tuple[Box, ...]) -> list[str]:
    return [f"text outside of regions in the first frame, in {len(text)} places: names may be burned in"]


def _object(file: str, found: Description, text: tuple[Box, ...] | None) -> dict[str, object]:
    return {
        "file": file,
        "maker": found.maker or None,
        "model": found.model or None,
        "software": found.software or None,
        "width": found.width,
        "height": found.height,
        "frames": found.frame_count,
        "frame_times_ms": found.frame_times_ms,
        "colour_space": found.colour,
        "grey": found.grey,
        "transfer_syntax": found.transfer_syntax,
        "transfer_syntax_uid": found.transfer_syntax_uid,
        "burned_in_annotation": found.burned_in,
        "overlays": found.overlays,
        "regions": [_region(region) for region in found.regions],
        "text_outside_mask": None if text is None else [_place(box) for box in text],
    }


def _place(box: Box) -> list[int]:
    return [box.left_px, box.top_px, box.width_px, box.height_px]


def _region(region: Region) -> dict[str, object]:
    return {
        "left_px": region.left_px,
        "top_px": region.top_px,
        "right_px": region.right_px,
        "bottom_px": region.bottom_px,
        "spatial_format": SPATIAL_FORMATS[region.spatial_format],
        "data_type": DATA_TYPES[region.data_type],
        "unit_x": UNITS[region.unit_x],
        "unit_y": UNITS[region.unit_y],
        "delta_x": region.delta_x,
        "delta_y": region.delta_y,
        "fault": region.fault,
    }


def _lines(file: str, found: Description) -> list[str]:
    scanner = " ".join(word for word in (found.maker, found.model) if word) or "scanner not stated"
    colour = "grey" if found.grey else "colour"
    lines = [
        f"{file}: {found.width}x{found.height}, {_frames(found)}",
        f"{scanner}, software {found.software or 'not stated'}",
        f"{found.colour} ({colour}), {found.transfer_syntax}",
    ]
    if found.burned_in is not None:
        lines.append(f"text burned in, by the header: {'yes' if found.burned_in else 'no'}")
    if found.overlays:
        lines.append(f"overlays: {found.overlays}, not drawn")
    if not found.regions:
        return [*lines, "no region: uncalibrated"]
    rows = [("region", "shows", "from", "to", "a pixel across", "a pixel down", "fault")]
    return lines + list(columns(rows + [_row(region) for region in found.regions]))


def _frames(found: Description) -> str:
    if found.frame_count == 1:
        return "1 frame"
    times = found.frame_times_ms
    if times is None:
        return f"{found.frame_count} frames, their times not stated"
    steps = [after - before for before, after in zip(times, times[1:], strict=False)]
    least, most = min(steps), max(steps)
    each = f"{least:.3f} ms" if most - least < 0.001 else f"{least:.3f} to {most:.3f} ms"
    return f"{found.frame_count} frames, {each} each, {times[-1] / 1000:.2f} s to the last"


def _row(region: Region) -> tuple[str, ...]:
    return (
        SPATIAL_FORMATS[region.spatial_format],
        DATA_TYPES[region.data_type],
        f"{region.left_px},{region.top_px}",
        f"{region.right_px},{region.bottom_px}",
        f"{region.delta_x:.6g} {UNITS[region.unit_x]}",
        f"{region.delta_y:.6g} {UNITS[region.unit_y]}",
        (region.fault or "–").replace("_", " "),
    )
