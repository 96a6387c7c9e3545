"""`cloudclinic bench consult`: what a consult costs and how fast it is, here and now, on a synthetic station.

How each figure is taken, and what was open beside it: `docs/figures.md`.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import TypeVar

import uvloop
from playwright.async_api import Browser, Page

from benchmarks import first_load, forwarding, line_cut, live, report, rings
from benchmarks.neighbours import Neighbours
from benchmarks.report import Load, Row
from benchmarks.seat import Seat
from benchmarks.seats import prepare_consult, seat, seat_page
from tests.conftest import browser_path
from tests.journeys.clinic import Clinic, chromium

Taken = TypeVar("Taken")
_beside: dict[str, str] = {}
"""What others took of the machine while a figure was taken; printed with the load."""


def run(seconds: int, as_json: bool) -> int:
    """Take every figure and print them; 1 when one is not within its bound."""
    before = os.getloadavg()
    rows, chromium_version = uvloop.run(_measure(seconds))
    load = Load(before=before, after=os.getloadavg(), others=dict(_beside))
    said = report.as_json if as_json else report.as_table
    print(said(rows, load, {"chromium": chromium_version}))
    return int(not all(row.met for row in rows))


async def _measure(seconds: int) -> tuple[list[Row], str]:
    cost = forwarding.row(*await _taken("forward", forwarding.measure(seconds)))
    with tempfile.TemporaryDirectory(prefix="cloudclinic-bench-", ignore_cleanup_errors=True) as directory:
        data = Path(directory)
        async with Clinic.open(data, "--synthetic") as clinic:
            async with _browser() as browser:
                version = browser.version if browser else "none"
                pictures, others = await _in_pages(browser, clinic, seconds)
            cut, why = await _taken("cut the line", _cut(clinic, data))
        if cut:
            missing, why = await _taken("read the disk", line_cut.missing(data, cut))
        kept = line_cut.row(missing if cut else None, why)
    return [*pictures, cost, kept, *others], version


@contextlib.asynccontextmanager
async def _browser() -> AsyncIterator[Browser | None]:
    if browser_path() is None:
        yield None
        return
    async with chromium() as browser:
        yield browser


async def _in_pages(browser: Browser | None, clinic: Clinic, seconds: int) -> tuple[list[Row], list[Row]]:
    """The figures of the room, and those of the worklist. One page is open, but two for the rings."""
    if browser is None:
        why = "no Chromium on this machine"
        return live.room_rows(None, why), [
            live.join_row(None, why),
            rings.row(None, why),
            first_load.row(None, why),
        ]
    async with seat(clinic, "doctor") as doctor, seat(clinic, "specialist") as specialist:
        page = await seat_page(browser, clinic, "specialist")
        weighed = await _taken("first load", first_load.measure(browser, page))
        rang = await _taken("ring", _rings(browser, clinic, doctor, page))
        residents = await doctor.residents()
        consult_id = await prepare_consult(doctor, specialist, residents[0]["id"])
        joined = await _taken("join", live.join(page, consult_id))
        room = await _taken(f"watch the room for {seconds} s", live.watch(page, consult_id, seconds))
        await page.context.close()
    worklist = [live.join_row(*joined), rings.row(*rang), first_load.row(*weighed)]
    return live.room_rows(*room), worklist


async def _rings(browser: Browser, clinic: Clinic, doctor: Seat, specialist_page: Page) -> list[float]:
    asking = await seat_page(browser, clinic, "doctor", small=True)
    residents = [one["id"] for one in await doctor.residents()]
    rang = await rings.measure(asking, specialist_page, doctor, residents)
    await asking.context.close()
    return rang


async def _cut(clinic: Clinic, data: Path) -> line_cut.Cut:
    async with seat(clinic, "doctor") as doctor:
        live_ones = [one for one in doctor.consults.values() if one["state"] in ("accepted", "in_call")]
        return await line_cut.cut(clinic.port, clinic.pids["station"], data, doctor, live_ones[0]["id"])


async def _taken(what: str, figure: Awaitable[Taken]) -> tuple[Taken | None, str]:
    """A figure, or why there is none: whatever breaks, the other figures are still taken."""
    print(what, file=sys.stderr, flush=True)
    neighbours = Neighbours()
    try:
        taken = await figure
        return taken, ""
    except Exception as error:
        return None, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no more said'}"
    finally:
        _beside[what] = neighbours.said()
