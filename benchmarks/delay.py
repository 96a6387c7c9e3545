"""`cloudclinic bench latency`: how old a picture is when it is seen, where that goes, and the ECG beside it.

One specialist's room in headless Chromium, fed by the synthetic station through the server, all on one
machine and one clock. The bound figure ends where a page is told of the frame and reads it off a canvas.
"""

from collections.abc import Callable
from typing import Any

from benchmarks import added, live
from benchmarks.live import Room, bounded
from benchmarks.report import Row
from benchmarks.seats import watched_consult
from benchmarks.sitting import Sitting
from benchmarks.spread import Spread


async def measure(sitting: Sitting) -> None:
    """Take every figure of delay."""
    seconds = sitting.asked.seconds
    room, why = await sitting.taken(f"watch the room for {seconds} s", _room(sitting))
    sitting.rows += rows(room, why)
    sitting.rows += added.rows(*await sitting.taken("added by the server", added.measure(seconds)))


async def _room(sitting: Sitting) -> Room:
    async with watched_consult(sitting) as (page, consult_id):
        return await live.watch(page, consult_id, sitting.asked.seconds)


def rows(room: Room | None, why: str) -> list[Row]:
    """The delay with its bound, its parts, and the ECG beside it."""
    few = why or "too few frames could be read"
    told = Spread(room.told_ms() if room else ())
    apart = Spread(room.alignment_ms() if room else ())
    ecg = Spread(room.ecg_ms() if room else ())
    what = "capture to displayed frame, 640x480, loopback"
    return [
        bounded(f"{what}, median", told.median, 12, 9, told.why(few)),
        bounded(f"{what}, p95", told.p95, 30, 20, told.why(few)),
        _part("capture to the frame's last packet in the browser", room, few, lambda one: one["received_ms"]),
        _part("capture to the frame handed to the compositor", room, few, lambda one: one["presented_ms"]),
        _part("capture to the screen's refresh that shows it", room, few, lambda one: one["displayed_ms"]),
        bounded(
            "displayed frame to ECG sample, p95", apart.p95, 2, 1, apart.why(why or "no frame met a sample")
        ),
        bounded("ECG capture to drawn sample, p95", ecg.p95, None, None, ecg.why(why or "nothing was drawn")),
    ]


def _part(what: str, room: Room | None, why: str, until: Callable[[dict[str, Any]], float]) -> Row:
    spread = Spread([until(one) - one["burnt_ms"] for one in room.frames] if room else ())
    p95 = "" if spread.p95 is None else f"p95 {spread.p95:.1f}; "
    return bounded(f"{what}, median", spread.median, None, None, p95 + spread.why(why))
