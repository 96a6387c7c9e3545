"""A running demo clinic with its seats: pages in a real Chromium, and people without one."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from playwright.async_api import Browser, Page

from benchmarks.seat import Seat
from benchmarks.sitting import Sitting
from tests.conftest import browser_path
from tests.journeys.clinic import Clinic, chromium

PAGE = (Path(__file__).parent / "page.js").read_text()
SIGN_IN = """async () => {
  const { demo_accounts } = await (await fetch("/api/greeting")).json();
  const { sign_in_name, password } = demo_accounts.find((one) => one.address === location.origin);
  const body = JSON.stringify({ sign_in_name, password });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/api/session", { method: "POST", headers, body });
  if (!answer.ok) throw new Error(await answer.text());
}"""
VIEWPORT = {"width": 1366, "height": 768}
SMALL = {"width": 800, "height": 600}


@contextlib.asynccontextmanager
async def browser_or_none() -> AsyncIterator[Browser | None]:
    """A headless Chromium; None where there is none."""
    if browser_path() is None:
        yield None
        return
    async with chromium() as browser:
        yield browser


async def seat_page(
    browser: Browser, clinic: Clinic, role: str, *, small: bool = False, locale: str = "zh-CN"
) -> Page:
    """A page of its own, signed in, at the worklist, with `window.__bench` in it."""
    address = clinic.addresses[role]
    size = SMALL if small else VIEWPORT
    context = await browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        permissions=["camera", "microphone", "notifications"],
        base_url=address,
        locale=locale,
    )
    page = await context.new_page()
    await page.goto("/")
    await page.evaluate(SIGN_IN)
    await page.goto("/")
    await page.evaluate(PAGE)
    await page.locator("main").first.wait_for()
    return page


@contextlib.asynccontextmanager
async def ready_consult(
    sitting: Sitting, directory: Path, *options: str
) -> AsyncIterator[tuple[Browser, Clinic, str]]:
    """A browser, a clinic in this directory, and a consult that both sides may enter, its station bound.

    Raises FileNotFoundError where there is no browser.
    """
    async with Clinic.open(directory, *options) as clinic, browser_or_none() as browser:
        if browser is None:
            raise FileNotFoundError("no Chromium on this machine")
        sitting.more["chromium"] = browser.version
        async with seat(clinic, "doctor") as doctor, seat(clinic, "specialist") as specialist:
            residents = await doctor.residents()
            yield browser, clinic, await prepare_consult(doctor, specialist, residents[0]["id"])


@contextlib.asynccontextmanager
async def watched_consult(sitting: Sitting) -> AsyncIterator[tuple[Page, str]]:
    """The specialist's page, not yet in the room, and the consult that is ready for it; measuring sources."""
    with bench_directory() as directory:
        async with ready_consult(sitting, directory, "--synthetic") as (browser, clinic, consult_id):
            yield await seat_page(browser, clinic, "specialist"), consult_id


@contextlib.contextmanager
def bench_directory() -> Iterator[Path]:
    """A place that goes away again, whatever a clinic leaves in it."""
    with tempfile.TemporaryDirectory(prefix="cloudclinic-bench-", ignore_cleanup_errors=True) as directory:
        yield Path(directory)


@contextlib.asynccontextmanager
async def seat(clinic: Clinic, role: str) -> AsyncIterator[Seat]:
    """A person without a page."""
    async with Seat(clinic.addresses[role]) as open_seat:
        yield open_seat


async def prepare_consult(doctor: Seat, specialist: Seat, resident_id: str) -> str:
    """From the request to a consult that both may enter, with the station bound to it; the consult's id."""
    consult_id = await ask(doctor, resident_id)
    await doctor.do("confirm_identity", consult_id=consult_id, identifiers=["name", "birth_date"])
    await doctor.do("record_consent", consult_id=consult_id, form="oral", witness="A. Witness")
    await specialist.do("accept_consult", consult_id=consult_id)
    await doctor.until(lambda: any(one["connected"] for one in doctor.stations.values()))
    station = next(iter(doctor.stations))
    await doctor.do("bind_station", consult_id=consult_id, station_id=station)
    return consult_id


async def ask(doctor: Seat, resident_id: str) -> str:
    """Request a consult; its id."""
    return await doctor.do(
        "request_consult",
        resident_id=resident_id,
        specialty="cardiology",
        urgency="emergency",
        question="Chest pressure for three hours; an acute coronary syndrome?",
        language="en",
    )
