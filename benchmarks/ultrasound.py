"""`cloudclinic bench ultrasound`: what the ultrasound work reaches, and other libraries beside it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks import (
    stills,
    ultrasound_decoders,
    ultrasound_fidelity,
    ultrasound_leaks,
    ultrasound_mask,
    ultrasound_mutations,
    ultrasound_pointer,
    ultrasound_reading,
    ultrasound_regions,
    ultrasound_ring,
    ultrasound_ruler,
    ultrasound_scale,
    ultrasound_writing,
)
from benchmarks.report import Row, figure
from benchmarks.sitting import Sitting

Work = Callable[[Path | None], list[Row]]
"""Takes the directory of `--data`; blocks, and so runs in a thread."""

PARTS: dict[str, Work] = {
    "calipers and depth scales": ultrasound_scale.rows,
    "millimetres where none may be": ultrasound_regions.rows,
    "depth rulers": ultrasound_ruler.rows,
    "reading a cine": lambda data: ultrasound_reading.rows(),
    "writing DICOM": lambda data: ultrasound_writing.rows(),
    "masks": lambda data: ultrasound_mask.rows(),
    "unknown layouts": ultrasound_leaks.rows,
    "the last minute": lambda data: ultrasound_ring.rows(),
    "damaged files": lambda data: ultrasound_mutations.rows(ultrasound_mutations.measure()),
}
"""Parts of the table that need no running clinic, in their order."""

LIVE: tuple[Callable[[Sitting], Awaitable[None]], ...] = (
    stills.measure,
    ultrasound_fidelity.measure,
    ultrasound_pointer.measure,
)
"""Parts that run one: each fills the sitting's rows."""


async def measure(sitting: Sitting) -> None:
    """Every row of the table; what breaks is a row that says why."""
    data = Path(sitting.asked.data) if sitting.asked.data else None
    for live in LIVE:
        await live(sitting)
    for what, work in PARTS.items():
        taken, why = await sitting.taken(what, asyncio.to_thread(work, data))
        sitting.rows += taken if taken is not None else [figure(what, None, "", why=why)]
    if sitting.asked.peer != "none":
        await _others(sitting)


async def _others(sitting: Sitting) -> None:
    """A library that is not there, or breaks, is no missed bound: it is told beside the versions."""
    taken, why = await sitting.taken("other decoders", asyncio.to_thread(ultrasound_decoders.rows))
    sitting.rows += taken or []
    sitting.more |= ultrasound_decoders.versions() if taken else {"other decoders": why or "none installed"}
