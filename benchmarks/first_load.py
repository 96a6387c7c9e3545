"""What the worklist's first load weighs: HTML, CSS and JavaScript that the page really asks for, gzipped."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, Response

from benchmarks.report import Row
from web.parts import STATIC

KINDS = ("document", "stylesheet", "script")


async def measure(browser: Browser, signed_in: Page) -> dict[str, int]:
    """Gzipped bytes by path, for a browser that has nothing of this server but its session."""
    state = await signed_in.context.storage_state()
    context = await browser.new_context(storage_state=state)
    page = await context.new_page()
    asked: list[Response] = []
    page.on("response", lambda answer: asked.append(answer))
    await page.goto(signed_in.url.split("/", 3)[0] + "//" + urlsplit(signed_in.url).netloc + "/")
    await page.locator("table, main").first.wait_for()
    await page.wait_for_load_state("networkidle")
    paths = {urlsplit(one.url).path for one in asked if one.request.resource_type in KINDS}
    await context.close()
    return {path: weight(path) for path in sorted(paths)}


def weight(path: str) -> int:
    """Of the built file, as it lies beside itself compressed, or compressed now."""
    file = STATIC / (path.lstrip("/") or "index.html")
    made = Path(f"{file}.gz")
    return made.stat().st_size if made.exists() else len(gzip.compress(file.read_bytes(), 9))


def row(weights: dict[str, int] | None, why: str) -> Row:
    """The figure with its bound."""
    return Row(
        what="first load of the worklist, HTML+CSS+JS gzipped",
        value=sum(weights.values()) / 1000 if weights else None,
        unit="kB",
        must=80,
        aim=60,
        why=f"{len(weights)} files" if weights else why,
    )
