"""A specialist's page in its room, whose media and socket go through lines that can be made bad or cut."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, Page

from benchmarks.relay import Relay
from benchmarks.seats import PAGE, SIGN_IN, VIEWPORT
from benchmarks.udp_line import UdpLine
from tests.journeys.clinic import Clinic

LINE = (Path(__file__).parent / "line.js").read_text()


class LinedPage:
    """`page` is signed in; `datagrams` is empty until media flow."""

    def __init__(self, page: Page, socket: Relay, stack: contextlib.AsyncExitStack) -> None:
        self.page, self.socket = page, socket
        self.datagrams: dict[int, UdpLine] = {}
        self._stack = stack

    async def line_to(self, port: int) -> int:
        """The port that leads to this one through a line; called by the page."""
        if port not in self.datagrams:
            line = UdpLine(("127.0.0.1", port), seed=port)
            self.datagrams[port] = await self._stack.enter_async_context(line)
        return self.datagrams[port].port

    def lose(self, share: float) -> None:
        """Lose so much of what comes to this viewer."""
        for line in self.datagrams.values():
            line.loss_back = share

    def cut(self) -> None:
        """Nothing passes, and the socket breaks."""
        self.socket.cut()
        for line in self.datagrams.values():
            line.dead = True

    def mend(self) -> None:
        """The line is back."""
        self.socket.mend()
        for line in self.datagrams.values():
            line.dead = False


def rules(clinic_port: int, relay_port: int) -> str:
    """Leads Chromium's connections to the clinic through the relay, without a change of the address."""
    return f"--host-resolver-rules=MAP *:{clinic_port} 127.0.0.1:{relay_port}"


@contextlib.asynccontextmanager
async def lined_page(browser: Browser, clinic: Clinic, role: str, socket: Relay) -> AsyncIterator[LinedPage]:
    """Sign in and stay at the worklist."""
    async with contextlib.AsyncExitStack() as stack:
        context = await browser.new_context(
            viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]},
            permissions=["camera", "microphone", "notifications"],
            base_url=clinic.addresses[role],
        )
        page = await context.new_page()
        lined = LinedPage(page, socket, stack)
        await page.expose_function("__line", lined.line_to)
        await page.add_init_script(LINE)
        await page.goto("/")
        await page.evaluate(SIGN_IN)
        await page.goto("/")
        await page.evaluate(PAGE)
        await page.locator("main").first.wait_for()
        yield lined
        await context.close()
