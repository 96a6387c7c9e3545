"""From a request to the ring on the specialist's screen: two pages, one clock."""

import asyncio

from playwright.async_api import Page

from benchmarks.report import Row
from benchmarks.seat import Seat
from benchmarks.spread import Spread

REQUESTS = 20
PATIENCE_S = 5.0
ASK = """(resident_id) => __bench.command({
  type: "request_consult", resident_id, specialty: "cardiology", urgency: "emergency",
  question: "Chest pressure; an acute coronary syndrome?", language: "en", specialist_id: null,
})"""


async def measure(
    doctor_page: Page, specialist_page: Page, doctor: Seat, residents: list[str]
) -> list[float]:
    """Milliseconds from the request's leaving one page to its ringing row painted on the other."""
    await specialist_page.evaluate("() => __bench.watchRings()")
    await doctor_page.evaluate("() => __bench.openSocket()")
    took = []
    for number in range(REQUESTS):
        asked = await doctor_page.evaluate(ASK, residents[number % len(residents)])
        if asked["type"] == "done":
            took.append(await rung_at(specialist_page, asked["value"]) - asked["sent_ms"])
            await doctor.do("cancel_consult", consult_id=asked["value"], reason="measured")
        await asyncio.sleep(0.3)
    return took


async def rung_at(page: Page, consult_id: str) -> float:
    """When the row was painted; after the page's patience, as late as that."""
    handle = await page.wait_for_function(
        "(id) => __bench.rungAt(id)", arg=consult_id, timeout=PATIENCE_S * 1000
    )
    return float(await handle.json_value())


def row(took: list[float] | None, why: str) -> Row:
    """The figure with its bound."""
    spread = Spread(took or (), least=REQUESTS)
    return Row(
        what="request to ring on the specialist's screen, p95",
        value=spread.p95,
        unit="ms",
        must=200,
        aim=50,
        why=spread.why(why or "too few requests rang"),
    )
