"""`cloudclinic bench consult`: what a consult costs and how fast it is, here and now, on a synthetic station.

How each figure is taken, and what was open beside it: `docs/figures.md`.
"""

import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page

from benchmarks import first_load, forwarding, line_cut, live, rings
from benchmarks.report import Row
from benchmarks.seat import Seat
from benchmarks.seats import browser_or_none, prepare_consult, seat, seat_page
from benchmarks.sitting import Sitting
from tests.journeys.clinic import Clinic


async def measure(sitting: Sitting) -> None:
    """Take every figure of the whole consult."""
    seconds = sitting.asked.seconds
    cost = forwarding.row(*await sitting.taken("forward", forwarding.measure(seconds)))
    with tempfile.TemporaryDirectory(prefix="cloudclinic-bench-", ignore_cleanup_errors=True) as directory:
        data = Path(directory)
        async with Clinic.open(data, "--synthetic") as clinic:
            async with browser_or_none() as browser:
                sitting.more["chromium"] = browser.version if browser else "none"
                pictures, others = await _in_pages(sitting, browser, clinic)
            cut, why = await sitting.taken("cut the line", _cut(clinic, data))
        if cut:
            missing, why = await sitting.taken("read the disk", line_cut.missing(data, cut))
        kept = line_cut.row(missing if cut else None, why)
    sitting.rows += [*pictures, cost, kept, *others]


async def _in_pages(sitting: Sitting, browser: Browser | None, clinic: Clinic) -> tuple[list[Row], list[Row]]:
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
        weighed = await sitting.taken("first load", first_load.measure(browser, page))
        rang = await sitting.taken("ring", _rings(browser, clinic, doctor, page))
        residents, seconds = await doctor.residents(), sitting.asked.seconds
        consult_id = await prepare_consult(doctor, specialist, residents[0]["id"])
        joined = await sitting.taken("join", live.join(page, consult_id))
        room = await sitting.taken(f"watch the room for {seconds} s", live.watch(page, consult_id, seconds))
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
