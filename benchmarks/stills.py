"""`cloudclinic bench still`: from one side's freeze to the exact still in the other side's hands.

From the command to freeze until the other side has fetched the PNG, decoded it, and found the hash of its
pixels to be the one that was told. The station, its simulated scanner (1024x768 with speckle, 30 a second)
and the server are real and share one process; the two sides' sockets are in memory, their HTTP is real.
"""

import asyncio
import hashlib
import logging
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from benchmarks.rated_line import rated_line
from benchmarks.report import Row, figure
from benchmarks.sitting import Sitting
from benchmarks.spread import Spread
from signaling import messages as m
from tests.fakes.records import ZHOU
from tests.fakes.served import Browser
from tests.signaling.stills import frozen_for
from tests.station.still_room import Line, Room, at_work, straight

FREEZES = 20
SLOW_BPS = 10_000_000
LOOK_S = 0.001
Taken = list[tuple[float, int]]
"""Of each freeze how long it took, in ms, and how large its PNG was, in bytes."""


def _slow(port: int) -> AbstractAsyncContextManager[int]:
    return rated_line(port, SLOW_BPS)


async def measure(sitting: Sitting) -> None:
    """On the loopback, then with the station and the reader each behind a line of 10 Mbit/s."""
    for name, line, must_ms, aim_ms in (("loopback", straight, 300, 150), ("10 Mbit/s", _slow, 1000, 500)):
        taken, why = await sitting.taken(f"freeze to exact, {name}", _freezes(line))
        sitting.rows += rows(name, taken, why, must_ms, aim_ms)


def rows(
    name: str, taken: list[tuple[float, int]] | None, why: str, must_ms: float, aim_ms: float
) -> list[Row]:
    """The figures of one line: how long it took, and how large the still was."""
    if not taken:
        return [figure(f"freeze to exact, {name}, p95", None, "ms", must_ms, aim_ms, why)]
    spread = Spread([took for took, _ in taken])
    counted = f"n={len(taken)}"
    return [
        figure(f"freeze to exact, {name}, p50", spread.median, "ms", must_ms, aim_ms, counted),
        figure(f"freeze to exact, {name}, p95", spread.p95, "ms", must_ms, aim_ms, counted),
        figure(f"PNG, {name}", max(size for _, size in taken) / 1000, "kB"),
    ]


async def _freezes(line: Line) -> Taken:
    # That room has no media and its clock stands still: answer and made-up readings are refused, and say so.
    logging.getLogger("station.agent").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="cloudclinic-bench-", ignore_cleanup_errors=True) as directory:
        async with (
            at_work(Path(directory), "simulator", line) as room,
            line(room.served.listening.port) as reader_port,
        ):
            browser = await room.served.signed_in(ZHOU)
            browser.url = f"http://127.0.0.1:{reader_port}"
            return [await _freeze(room, browser) for _ in range(FREEZES)]


async def _freeze(room: Room, browser: Browser) -> tuple[float, int]:
    span = room.ring.span
    assert span is not None
    began_s = time.perf_counter()
    asked = {"consult_id": room.consult_id, "capture_us": span.last_us - 100_000}
    await room.chen.done(m.FreezePicture, **asked)
    while (frozen := frozen_for(room.doctor)) is None or frozen.still is None:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_S)
    pixels = await room.fetched(frozen.still, browser)
    digest = await asyncio.to_thread(lambda: hashlib.sha256(pixels.tobytes()).hexdigest())
    took_ms = (time.perf_counter() - began_s) * 1000
    if digest != frozen.still.pixels_sha256:
        raise AssertionError("the pixels are not those that were told")
    await room.chen.done(m.UnfreezePicture, consult_id=room.consult_id)
    await asyncio.sleep(0.3)
    return took_ms, frozen.still.png_bytes
