"""A whole clinic for a journey: the real server and station of `cloudclinic demo`, and a real Chromium."""

import asyncio
import contextlib
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    WebSocket,
    async_playwright,
    expect,
)

from cloudclinic.demo_station import bundled_ecg
from tests.conftest import browser_path

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
START_LIMIT_S = 120
PATIENCE_S = 90.0
"""For anything a page is waited for: a busy machine is no fault, and what comes ends the wait."""

expect.set_options(timeout=1000 * PATIENCE_S)

STORED_ECG = ("--ecg", f"dicom:{bundled_ecg()}")
"""Options for a station whose every sample is in a file at hand."""

# Measured on headless Debian Chromium: a camera and a microphone without asking, sound without a click.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream=fps=20,device-count=2",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


class Clinic:
    """The running demo: a process with the server in it and a station beside it."""

    def __init__(
        self, process: asyncio.subprocess.Process, directory: Path, ready: dict[str, object]
    ) -> None:
        self.process = process
        self.directory = directory
        self.addresses: dict[str, str] = ready["addresses"]  # type: ignore[assignment]
        self.port: int = ready["port"]  # type: ignore[assignment]
        self.password: str = ready["password"]  # type: ignore[assignment]
        self.pids: dict[str, int] = ready["pids"]  # type: ignore[assignment]
        self.output: list[str] = []

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, directory: Path, *options: str) -> AsyncIterator[Self]:
        """Start the demo on a free port and stop it afterwards."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cloudclinic", "demo", "--port", "0", "--data", str(directory)),
            *("--ready-json", *options),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 20,
        )
        try:
            clinic = cls(process, directory, await asyncio.wait_for(cls._ready(process), START_LIMIT_S))
            reading = asyncio.create_task(clinic._read_on())
            yield clinic
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 20)
        await reading

    async def command(self, *arguments: str) -> str:
        """Run a `cloudclinic` command beside the running server; returns what it prints."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cloudclinic", *arguments, "--data", str(self.directory)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0, printed.decode()
        return printed.decode()

    @staticmethod
    async def _ready(process: asyncio.subprocess.Process) -> dict[str, object]:
        assert process.stdout
        seen = []
        async for line in process.stdout:
            text = line.decode()
            seen.append(text)
            if text.startswith("{"):
                ready: dict[str, object] = json.loads(text)
                return ready
        raise AssertionError("the demo did not start:\n" + "".join(seen))

    async def _read_on(self) -> None:
        assert self.process.stdout
        async for line in self.process.stdout:
            self.output.append(line.decode())


@contextlib.asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """A headless Chromium with a fake camera and microphone."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=browser_path(), args=[*CHROMIUM_FLAGS, *flags]
        )
        try:
            yield browser
        finally:
            await browser.close()


async def sign_in(browser: Browser, clinic: Clinic, role: str, language: str = "zh") -> Page:
    """A window of its own, signed in by the demo's button for this role."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": 1600, "height": 900},
        permissions=["camera", "microphone", "notifications"],
        locale="zh-CN" if language == "zh" else "en-GB",
    )
    page = await context.new_page()
    page.set_default_timeout(1000 * PATIENCE_S)
    page.faults = []  # type: ignore[attr-defined]
    page.complaints = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: keep_fault(page, error))
    page.on("console", lambda message: keep_complaint(page, message))
    page.sent = []  # type: ignore[attr-defined]
    page.on("websocket", lambda socket: keep_sent(page, socket))
    await page.goto(clinic.addresses[role])
    return page


def keep_fault(page: Page, error: Error) -> None:
    """Keep an exception nobody on the page caught."""
    page.faults.append(str(error))  # type: ignore[attr-defined]


def keep_complaint(page: Page, message: ConsoleMessage) -> None:
    """Keep what the browser complains of in its console."""
    if message.type == "error":
        where = message.location["url"].split("/", 3)[-1]
        page.complaints.append(f"{message.text} ({where})")  # type: ignore[attr-defined]


def keep_sent(page: Page, socket: WebSocket) -> None:
    """Keep what the page tells the server over its socket."""

    def sent(data: bytes | str) -> None:
        if isinstance(data, str):
            page.sent.append(data)  # type: ignore[attr-defined]

    socket.on("framesent", sent)


async def keep_screenshot(page: Page, name: str) -> None:
    """Keep a picture of the page under `build/screenshots/` for people to look at."""
    assert re.fullmatch(r"[a-z0-9-]+", name)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")
