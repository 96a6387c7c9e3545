"""One case's runs, from inside the server's namespace: the clinic here, Chromium in the viewer's.

`python -m benchmarks.lines.run CASE SERVER VIEWER DEVICE RUNS` prints one JSON object.
"""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from pathlib import Path

from playwright.async_api import Browser, Page

from benchmarks.lines.beside import beside
from benchmarks.lines.cases import CASES, Case
from benchmarks.lines.namespaces import SERVER_ADDRESS, Namespaces
from benchmarks.lines.seen import EcgSeen, Seen, Window, frames_of
from benchmarks.neighbours import Neighbours
from benchmarks.relay import Relay
from benchmarks.seats import prepare_consult, seat, seat_page
from tests.conftest import browser_path
from tests.journeys.clinic import Clinic, chromium
from tests.relay import Relay as Coturn
from tests.relay import relay_settings

STEADY_S = 12.0
"""Chromium's own estimate is over the stream's rate by then."""
JOIN_LIMIT_S = 30
LOOK_EVERY_S = 1.0
PAGE = (Path(__file__).parent / "page.js").read_text()


async def runs(case: Case, ways: Namespaces, count: int) -> tuple[list[Seen], str]:
    """All runs of a case, each in a page of its own, and what else the machine did meanwhile."""
    with tempfile.TemporaryDirectory(prefix="cloudclinic-lines-", ignore_cleanup_errors=True) as directory:
        data = Path(directory)
        config = data / "settings.toml"
        config.write_text(f'media_announce = ["{SERVER_ADDRESS}"]\n')
        os.environ["CHROME_PATH"] = str(_viewers_browser(data, ways))
        async with (
            _relay(data, config) if case.relay else contextlib.nullcontext(),
            _clinic(data / "data", config) as clinic,
            _browser() as browser,
        ):
            async with seat(clinic, "doctor") as doctor, seat(clinic, "specialist") as specialist:
                residents = await doctor.residents()
                consult_id = await prepare_consult(doctor, specialist, residents[0]["id"])
                neighbours = Neighbours()
                async with contextlib.AsyncExitStack() as watched:
                    other = (
                        await watched.enter_async_context(beside(doctor, consult_id)) if case.beside else None
                    )
                    seen = []
                    for _ in range(count):
                        before = len(other.pictures) if other else 0
                        one = await _run(case, ways, browser, clinic, consult_id)
                        seen.append(replace(one, beside=other.pictures[before:]) if other else one)
                return seen, neighbours.said()


def _viewers_browser(directory: Path, ways: Namespaces) -> Path:
    """A command that starts the browser in the viewer's namespace."""
    command = directory / "browser"
    command.write_text(f'#!/bin/sh\nexec ip netns exec {ways.viewer} {browser_path()} "$@"\n')
    command.chmod(0o755)
    return command


@contextlib.asynccontextmanager
async def _relay(directory: Path, config: Path) -> AsyncIterator[None]:
    """coturn on the server's end of the cable, over UDP, TCP and TLS, and the server told of it."""
    settings = relay_settings(directory, SERVER_ADDRESS, media_announce=(SERVER_ADDRESS,))
    with config.open("a") as file:
        file.write(
            f"turn_urls = {json.dumps(settings.turn_urls)}\n"
            f'turn_secret_file = "{settings.turn_secret_file}"\n'
        )
    async with Coturn.open(directory, settings):
        yield


@contextlib.asynccontextmanager
async def _clinic(data: Path, config: Path) -> AsyncIterator[Clinic]:
    """The demo, and its page's port on the cable: it listens on this machine's loopback only."""
    async with Clinic.open(data, "--synthetic", "--config", str(config)) as clinic:
        async with Relay(clinic.port, SERVER_ADDRESS, clinic.port):
            yield clinic


@contextlib.asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    resolves = f"--host-resolver-rules=MAP *.localhost {SERVER_ADDRESS}"
    async with chromium(resolves, "--ignore-certificate-errors") as browser:  # the relay's own certificate
        yield browser


async def _run(case: Case, ways: Namespaces, browser: Browser, clinic: Clinic, consult_id: str) -> Seen:
    page = await seat_page(browser, clinic, "specialist", locale="en-GB")
    await page.evaluate(PAGE)
    spoilt = False
    try:
        joined_ms = time.time() * 1000
        if case.before_join:
            case.begin(ways)
            spoilt = True
        await page.evaluate("(at) => __bench.go(at)", f"/consults/{consult_id}/room")
        await page.wait_for_function("() => window.__room !== undefined", timeout=1000 * JOIN_LIMIT_S)
        if not case.before_join:
            await page.wait_for_function("() => __room.lastFrame() !== null", timeout=1000 * JOIN_LIMIT_S)
            await page.evaluate("() => __bench.watchFrames()")
        await page.evaluate("() => __lines.start()")
        ecg = _Ecg(page)
        if not case.before_join:
            await asyncio.sleep(STEADY_S)
            case.begin(ways)
            spoilt = True
        began_ms = joined_ms if case.before_join else time.time() * 1000
        await ecg.watch(case.seconds)
        ended_ms = time.time() * 1000
        case.end(ways)
        spoilt = False
        if case.is_down and not case.after_s:
            ended_ms = began_ms  # nothing is mended: what counts is how long it took to come back
        await asyncio.sleep(case.after_s)
        return await _seen(page, Window(began_ms, ended_ms), ecg.seen(began_ms), case)
    finally:
        if spoilt:
            case.end(ways)
        await page.context.close()


async def _seen(page: Page, window: Window, ecg: EcgSeen, case: Case) -> Seen:
    samples = await page.evaluate("() => __lines.stop()")
    if case.before_join:
        return Seen(window, [], samples, ecg)
    watched = await page.evaluate("() => __bench.stopFrames()")
    return Seen(window, frames_of(watched["frames"], int(time.time() * 1000)), samples, ecg)


class _Ecg:
    """What the drawing worker drew, asked for every second."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._drawn: dict[int, int | None] = {}

    async def watch(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(LOOK_EVERY_S, left))
            dump = await self._page.evaluate("() => __room.ecgStatus() ? __room.dumpEcg(0, 1) : null")
            for one in dump["drawn"] if dump else ():
                self._drawn[one["drawn_us"]] = one["taken_us"]

    def seen(self, from_ms: float) -> EcgSeen:
        drawn = {at: taken for at, taken in self._drawn.items() if at >= 1000 * from_ms}
        delays = [(at - taken) / 1000 for at, taken in drawn.items() if taken is not None]
        return EcgSeen(delays, len(drawn), len(drawn) - len(delays))


def main() -> None:
    """Run and print."""
    name, server, viewer, device, count = sys.argv[1:]
    seen, beside = asyncio.run(runs(CASES[name], Namespaces(server, viewer, device), int(count)))
    print(json.dumps({"runs": [asdict(one) for one in seen], "beside": beside}))


if __name__ == "__main__":
    main()
