"""The set-up as a program: opens the source, prints the page's address, runs until it is ended."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from station.clock import StationClock
from station.picture_profiles import source_name
from station.setup.page import SetupPage
from station.setup.seen_frames import SeenFrames


def run_setup(word: str, profiles: Path, static: Path, port: int, say: Callable[[str], None]) -> None:
    """Set a source up until SIGINT or SIGTERM; `say` is given the address to open.

    Raises DeviceFailed, OSError.
    """
    asyncio.run(_run(word, profiles, static, port, say))


async def _run(word: str, profiles: Path, static: Path, port: int, say: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    frames = SeenFrames(word, StationClock().now_us)
    page = SetupPage(source_name(word), frames, profiles, static)
    try:
        await asyncio.to_thread(frames.start)
        await page.open(port)
        say(page.address)
        await stop.wait()
    finally:
        try:
            await page.close()
        finally:
            await asyncio.to_thread(frames.close)
