"""`cloudclinic bench join`: from a page's first script to the first ultrasound frame, opened anew."""

import asyncio

from playwright.async_api import Page

from benchmarks import live
from benchmarks.report import Row
from benchmarks.seats import watched_consult
from benchmarks.sitting import Sitting
from benchmarks.spread import Spread

JOINS = 10
LIMIT_MS = 20_000
PAUSE_S = 1.0
FIRST_FRAME = """(() => {
  const look = () => {
    const shown = [...document.querySelectorAll(".scan video")].find((one) => one.srcObject !== null);
    if (shown === undefined) return void requestAnimationFrame(look);
    shown.requestVideoFrameCallback((_, frame) => {
      const ahead_ms = Math.max(0, Math.min(100, frame.expectedDisplayTime - performance.now()));
      window.__first_frame_ms = performance.now() + ahead_ms - began_ms;
    });
  };
  const began_ms = performance.now();
  addEventListener("DOMContentLoaded", look);
})()"""
"""Runs before the page's own scripts; the time before it is the request for the page."""


async def measure(sitting: Sitting) -> None:
    """Join again and again by opening the room's address, then by going there inside the running page."""
    joined, why = await sitting.taken("join", _joins(sitting))
    opened, inside = joined or ([], [])
    sitting.rows += rows(opened, why)
    sitting.rows.append(live.join_row(inside or None, why))


async def _joins(sitting: Sitting) -> tuple[list[float], list[float]]:
    async with watched_consult(sitting) as (page, consult_id):
        inside = await live.join(page, consult_id)
        await page.add_init_script(FIRST_FRAME)
        return [await _open(page, consult_id) for _ in range(JOINS)], inside


async def _open(page: Page, consult_id: str) -> float:
    await page.goto(f"/consults/{consult_id}/room")
    seen = await page.wait_for_function("() => window.__first_frame_ms", timeout=LIMIT_MS)
    took_ms = float(await seen.json_value())
    await page.goto("/")
    await asyncio.sleep(PAUSE_S)
    return took_ms


def rows(opened_ms: list[float], why: str) -> list[Row]:
    """Median and worst, in seconds, the worst with its bound."""
    spread = Spread([one / 1000 for one in opened_ms])
    what = "page script start to first frame, the page opened anew"
    said = spread.why(why or "no frame came")
    return [
        Row(what=f"{what}, median", value=spread.median, unit="s", must=None, aim=None, why=said),
        Row(what=f"{what}, worst", value=spread.most, unit="s", must=1.5, aim=0.6, why=said),
    ]
