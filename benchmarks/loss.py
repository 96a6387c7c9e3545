"""`cloudclinic bench loss`: what a viewer gets when its line loses packets, or is dead for a while."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from benchmarks import ecg_loss
from benchmarks.lined_page import LinedPage, lined_page, rules
from benchmarks.relay import Relay
from benchmarks.report import Row
from benchmarks.seat import Seat
from benchmarks.seats import prepare_consult, seat
from benchmarks.sitting import Sitting
from tests.conftest import browser_path
from tests.journeys.clinic import Clinic, chromium

LOSS = 0.05
WATCH_S = 60
SETTLE_S = 4.0
DEAD_S = 10.0
PATIENCE_S = 30.0
RATE_HZ = 500

MISSING = """async ([first, last]) => {
  const kept = await __room.dumpEcg(0, 1);
  const from = Math.max(first, kept.start);
  const dump = await __room.dumpEcg(from, Math.max(0, last - from));
  return { first: from, end: kept.end, missing: dump.presence.filter((one) => !one).length };
}"""
"""In the page: carrying half a million values out of it would take longer than the filling."""


@dataclass(frozen=True)
class Back:
    """What was seen after the line came back; a time is None when it did not happen within 30 s."""

    video_s: float | None
    ecg_s: float | None
    state_kept: bool
    ecg_samples: int = 0


async def measure(sitting: Sitting) -> None:
    """The ECG's figures, then the room's."""
    seconds = sitting.asked.seconds
    ecg = await sitting.taken("ECG at 5 % loss", ecg_loss.measure(seconds))
    sitting.rows += ecg_loss.rows(*ecg)
    rooms, why = await sitting.taken("a room behind a bad line", _room(sitting))
    lossy, back = rooms or ((None, why), (None, why))
    sitting.rows += [freezes_row(*lossy), *back_rows(*back)]


async def _room(sitting: Sitting) -> tuple[Any, Any]:
    async with open_room(sitting) as (lined, doctor, consult_id):
        lossy = await sitting.taken("5 % loss to one viewer", _lossy(lined))
        back = await sitting.taken("line dead for 10 s", dead(lined, doctor, consult_id, DEAD_S))
        return lossy, back


@contextlib.asynccontextmanager
async def open_room(sitting: Sitting) -> AsyncIterator[tuple[LinedPage, Seat, str]]:
    """A specialist's page in the room of a consult, its line to be spoilt, and the doctor's seat."""
    if browser_path() is None:
        raise FileNotFoundError("no Chromium on this machine")
    with tempfile.TemporaryDirectory(prefix="cloudclinic-bench-", ignore_cleanup_errors=True) as directory:
        async with Clinic.open(Path(directory), "--synthetic") as clinic, Relay(clinic.port) as socket:
            async with chromium(rules(clinic.port, socket.port)) as browser:
                sitting.more["chromium"] = browser.version
                async with (
                    seat(clinic, "doctor") as doctor,
                    seat(clinic, "specialist") as specialist,
                    lined_page(browser, clinic, "specialist", socket) as lined,
                ):
                    yield lined, doctor, await _enter(doctor, specialist, lined)


async def _enter(doctor: Seat, specialist: Seat, lined: LinedPage) -> str:
    residents = await doctor.residents()
    consult_id = await prepare_consult(doctor, specialist, residents[0]["id"])
    await within(lined.page.evaluate("(at) => __bench.join(at)", f"/consults/{consult_id}/room"))
    await asyncio.sleep(SETTLE_S)
    return consult_id


async def within(awaited: Awaitable[Any]) -> Any:
    """Wait for it, but not for ever."""
    return await asyncio.wait_for(awaited, PATIENCE_S)


async def _lossy(lined: LinedPage) -> dict[str, float]:
    before = await lined.page.evaluate("() => __lined.freezes()")
    lined.lose(LOSS)
    await asyncio.sleep(WATCH_S)
    after = await lined.page.evaluate("() => __lined.freezes()")
    lined.lose(0.0)
    await asyncio.sleep(SETTLE_S)
    return {key: after[key] - before[key] for key in before}


async def dead(lined: LinedPage, doctor: Seat, consult_id: str, seconds: float) -> Back:
    """Cut the line for so long, mend it, and see what comes back when."""
    page = lined.page
    first = (await page.evaluate("() => __room.ecgStatus()"))["end"]
    before = _state(doctor, consult_id)
    lined.cut()
    await asyncio.sleep(seconds)
    lined.mend()
    mended = time.time()
    video, ecg = await asyncio.gather(_video_at(page), _ecg_complete_at(page, first, seconds))
    return Back(
        video_s=None if video is None else video - mended,
        ecg_s=None if ecg is None else ecg[0] - mended,
        state_kept=before == _state(doctor, consult_id),
        ecg_samples=0 if ecg is None else ecg[1],
    )


def _state(doctor: Seat, consult_id: str) -> tuple[Any, ...]:
    card = doctor.consults[consult_id]
    return card["state"], card["binding"] and card["binding"]["id"], card["specialist"]["id"]


async def _video_at(page: Page) -> float | None:
    try:
        return float(await within(page.evaluate("() => __lined.nextFrame()"))) / 1000
    except TimeoutError:
        return None


async def _ecg_complete_at(page: Page, first: int, seconds: float) -> tuple[float, int] | None:
    """When no sample of the dead time is missing any more in what is drawn, and how many were looked at.

    What the page no longer keeps when the line is back cannot be looked at.
    """
    last, end = first + int(seconds * RATE_HZ), time.time() + PATIENCE_S
    while time.time() < end:
        if await page.evaluate("() => window.__room !== undefined && __room.ecgStatus() !== null"):
            seen = await page.evaluate(MISSING, [first, last])
            if seen["end"] >= last and seen["missing"] == 0:
                return time.time(), last - seen["first"]
        await asyncio.sleep(0.1)
    return None


def freezes_row(seen: dict[str, float] | None, why: str) -> Row:
    """Freezes in a minute with their bound."""
    if seen:
        packets = f"{seen['lost']:.0f} packets lost on the line, {seen['again']:.0f} came again"
        why = f"{seen['freeze_s']:.1f} s frozen, {seen['frames']:.0f} frames; {packets}"
    return Row(
        what="5 % loss to one viewer: freezes in a minute",
        value=seen["freezes"] * 60 / WATCH_S if seen else None,
        unit="freezes",
        must=1,
        aim=0,
        why=why,
    )


def back_rows(back: Back | None, why: str) -> list[Row]:
    """The line is back after 10 s: the three figures with their bounds."""
    what = "line back after 10 s"
    not_seen = why or f"not within {PATIENCE_S:.0f} s"
    video, ecg = (back.video_s, back.ecg_s) if back else (None, None)
    kept = None if back is None else float(back.state_kept)
    return [
        _back_row(f"{what}: video", video, 5, 2, not_seen),
        Row(what=f"{what}: state kept", value=kept, unit="1=yes", must=1, aim=1, why=why, at_least=True),
        _back_row(f"{what}: ECG complete", ecg, 2, 1, not_seen),
    ]


def _back_row(what: str, value: float | None, must: float, aim: float, not_seen: str) -> Row:
    return Row(
        what=what, value=value, unit="s", must=must, aim=aim, why="" if value is not None else not_seen
    )
