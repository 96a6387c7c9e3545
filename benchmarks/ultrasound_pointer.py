"""How long a pointer takes to the other side: from the hand's move on one page to its drawing on the other.

Two pages of one Chromium in one room, on one machine and one clock. A move ends in the frame of the other
page that draws it there; a pointer is drawn with the picture it was made on, so that picture's way is in the
figure.
"""

import asyncio
from typing import Any

from playwright.async_api import Page

from benchmarks.report import Row, figure
from benchmarks.seats import bench_directory, ready_consult, seat_page
from benchmarks.sitting import Sitting
from benchmarks.spread import Spread

MOVES = 40
APART_S = 0.25
"""Slower than moves are gathered: every one of them is sent."""
LOST_AFTER_S = 2.0
MUST_MS, AIM_MS = 100.0, 40.0

SCAN = ".scan:not(.small)"

NOTE_MOVES = """() => {
  window.__moved = [];
  const note = (event) => window.__moved.push(performance.timeOrigin + event.timeStamp);
  addEventListener("pointermove", note, true);
}"""

NOTE_DRAWN = """() => {
  window.__drawn = [];
  let last = "";
  const look = () => {
    const there = [...document.querySelectorAll("[data-pointer]")];
    const now = there.map((one) => `${one.getAttribute("cx")} ${one.getAttribute("cy")}`).join();
    if (now !== last && now !== "") window.__drawn.push(performance.timeOrigin + performance.now());
    last = now;
    requestAnimationFrame(look);
  };
  look();
}"""


async def measure(sitting: Sitting) -> None:
    """Take the figure."""
    sitting.rows += rows(*await sitting.taken("pointer to the other side", moves(sitting)))


def rows(took_ms: list[float] | None, why: str) -> list[Row]:
    """The delay with its bound: the 95th percentile of the moves, and the median beside it."""
    spread = Spread(took_ms or ())
    few = spread.why(why or "no move was drawn")
    return [
        figure("pointer to the other side, median", spread.median, "ms", MUST_MS, AIM_MS, few),
        figure("pointer to the other side, p95", spread.p95, "ms", MUST_MS, AIM_MS, few),
    ]


async def moves(sitting: Sitting) -> list[float]:
    """Milliseconds from each move of the specialist's hand to its drawing on the doctor's page."""
    with bench_directory() as directory:
        async with ready_consult(sitting, directory) as (browser, clinic, consult_id):
            pages = [await seat_page(browser, clinic, role) for role in ("specialist", "doctor")]
            for page in pages:
                await page.evaluate("(at) => __bench.join(at)", f"/consults/{consult_id}/room")
            await asyncio.sleep(3)
            return await _point(*pages)


async def _point(hand: Page, other: Page) -> list[float]:
    await hand.evaluate(NOTE_MOVES)
    await other.evaluate(NOTE_DRAWN)
    await hand.keyboard.press("p")
    box = await hand.locator(SCAN).bounding_box()
    assert box is not None, "no picture on the page"
    took = []
    for number in range(MOVES):
        drawn = await other.evaluate("window.__drawn.length")
        # Around the middle, where a picture is in whatever frame.
        x = box["x"] + box["width"] * (0.4 + 0.2 * (number % 7) / 7)
        await hand.mouse.move(x, box["y"] + box["height"] * (0.4 + 0.2 * (number % 5) / 5))
        told = await _drawn_after(other, drawn)
        if told is not None:
            moved: list[float] = await hand.evaluate("window.__moved")
            took.append(told - moved[-1])
        await asyncio.sleep(APART_S)
    return took[1:]  # the first one brings the pointer to the picture


async def _drawn_after(page: Page, before: int) -> float | None:
    """When the next pointer was drawn; None when none was in time."""
    waiting: dict[str, Any] = {"timeout": LOST_AFTER_S * 1000, "arg": before}
    try:
        found = await page.wait_for_function("(before) => window.__drawn[before]", **waiting)
    except Exception:
        return None
    return float(await found.json_value())
