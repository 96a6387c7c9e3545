"""How fast the live 12-lead viewer draws: the built drawing worker in headless Chromium, 1920x1080, 500 Hz.

The page does what the room does, and nothing else: canvases over the whole window, packets of 20 ms, the
diagnostic filters and a mains notch. There is no graphics card, so the time of a frame holds its pixels too.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import web as http
from playwright.async_api import Browser, Page

from benchmarks.report import Row
from benchmarks.spread import Spread
from ecg.synthetic import SyntheticEcg
from records.values import Value
from web.parts import STATIC

PAGE = Path(__file__).parent / "ecg_view_page"
SIZE = {"width": 1920, "height": 1080}
RATE_HZ = 500
SIGNAL_S = 60
SETTLE_S = 3
TURNS = 20
NOISE_MV = 0.02
"""So that no trace is easier to draw than a patient's."""

SHOWN = (("12x1", "sweep"), ("3x4+3", "sweep"), ("12x1", "scroll"), ("3x4+3", "scroll"))


class Watched(Value):
    """One layout, watched for some seconds."""

    arrangement: str
    motion: str
    frame_ms: tuple[float, ...]  # each frame, from its script's begin until its pixels are there
    script_ms: tuple[float, ...]
    fps: float
    turn_ms: tuple[float, ...] = ()  # of a still page, from the wish to the page


async def measure(browser: Browser, seconds: float) -> list[Watched]:
    """Watch every layout in turn, each for so many seconds."""
    async with _served() as address:
        context = await browser.new_context(viewport=SIZE, device_scale_factor=1)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(address)
        await page.wait_for_function("() => window.__view !== undefined")
        watched = [await _watch(page, *one, seconds) for one in SHOWN]
        await context.close()
        return watched


async def _watch(page: Page, arrangement: str, motion: str, seconds: float) -> Watched:
    await page.evaluate("([arrangement, motion]) => __view.show(arrangement, motion)", [arrangement, motion])
    await page.wait_for_timeout(SETTLE_S * 1000)
    frames: list[dict[str, float]] = await page.evaluate("(seconds) => __view.watch(seconds)", seconds)
    turns = await page.evaluate("(times) => __view.turn(times)", TURNS) if motion == "sweep" else []
    return Watched(
        arrangement=arrangement,
        motion=motion,
        frame_ms=tuple(one["took_ms"] for one in frames),
        script_ms=tuple(one["script_ms"] for one in frames),
        fps=frames_a_second([one["began_ms"] for one in frames]),
        turn_ms=tuple(turns),
    )


def frames_a_second(began_ms: Sequence[float]) -> float:
    """Frames begun in a second, over all of them; 0 of fewer than two."""
    if len(began_ms) < 2:
        return 0.0
    return (len(began_ms) - 1) * 1000 / (began_ms[-1] - began_ms[0])


def rows(watched: Sequence[Watched] | None, why: str) -> list[Row]:
    """For each layout the time of a frame, frames a second, and how fast a still page is turned."""
    if watched is None:
        watched = [Watched(arrangement=a, motion=m, frame_ms=(), script_ms=(), fps=0.0) for a, m in SHOWN]
    return [row for one in watched for row in _rows(one, why)]


def _rows(one: Watched, why: str) -> list[Row]:
    what = f"ECG viewer 1920x1080, {one.arrangement} {one.motion}"
    frame = Spread(one.frame_ms)
    script = Spread(one.script_ms)
    of_it = "" if script.p95 is None else f"script {script.p95:.1f}; median {frame.median:.1f}; "
    found = [
        Row(
            what=f"{what}: frame, p95", value=frame.p95, unit="ms", must=8, aim=4, why=of_it + frame.why(why)
        ),
        Row(
            what=f"{what}: frames a second",
            value=one.fps or None,
            unit="/s",
            must=58,
            aim=59,
            why=frame.why(why),
            at_least=True,
        ),
    ]
    if one.motion == "sweep":
        turn = Spread(one.turn_ms)
        found.append(
            Row(
                what=f"ECG viewer 1920x1080, {one.arrangement}: still page turned, p95",
                value=turn.p95,
                unit="ms",
                must=None,
                aim=None,
                why=turn.why(why),
            )
        )
    return found


# --- what the page is given ---------------------------------------------------------------------------


def signal() -> tuple[dict[str, Any], bytes]:
    """META as the worker takes it, and int16 samples, lead after lead."""
    source = SyntheticEcg(rate_hz=RATE_HZ, heart_rate_per_min=72)
    clean = source.samples(0, RATE_HZ * SIGNAL_S)
    noise = np.random.default_rng(4).normal(0, NOISE_MV * 1e6 / source.nv_per_lsb, clean.shape)
    meta = {
        "rate_hz": RATE_HZ,
        "nv_per_lsb": source.nv_per_lsb,
        "leads": [str(lead) for lead in source.leads],
        "filters": None,
    }
    return meta, (clean + noise).astype("<i2").tobytes()


def worker_module(static: Path = STATIC) -> str:
    """The built drawing worker, behind what counts its frames; FileNotFoundError when it is not built."""
    found = sorted((static / "assets").glob("worker-*.js"))
    if len(found) != 1:
        raise FileNotFoundError(
            f"{len(found)} drawing workers in {static.name}/assets; build the client first"
        )
    return f'import "/frames.js";\nimport "/assets/{found[0].name}";\n'


@asynccontextmanager
async def _served() -> AsyncIterator[str]:
    meta, samples = signal()
    worker = worker_module()
    app = http.Application()
    given = {
        "/meta.json": (json.dumps(meta).encode(), "application/json"),
        "/samples.bin": (samples, "application/octet-stream"),
        "/worker.js": (worker.encode(), "text/javascript"),
        "/": ((PAGE / "index.html").read_bytes(), "text/html"),
    } | {f"/{name}": ((PAGE / name).read_bytes(), "text/javascript") for name in ("view.js", "frames.js")}

    async def give(request: http.Request) -> http.Response:
        body, kind = given[request.path]
        return http.Response(body=body, content_type=kind)

    for path in given:
        app.router.add_get(path, give)
    app.router.add_static("/assets", STATIC / "assets")
    runner = http.AppRunner(app)
    await runner.setup()
    try:
        site = http.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
