"""A second client on the control socket of a running clinic's media worker."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from benchmarks.process import command_line
from media.api import MediaWorker


def socket_of(worker_pid: int) -> str:
    """Where that worker listens, by the command line it was started with."""
    words = command_line(worker_pid).split()
    return words[words.index("--socket") + 1]


@contextlib.asynccontextmanager
async def worker_at(socket: str) -> AsyncIterator[MediaWorker]:
    """Connect; what the worker tells unasked is taken and forgotten."""
    worker = await MediaWorker.connect(socket)
    listening = asyncio.create_task(_listen(worker))
    try:
        yield worker
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await worker.close()


async def _listen(worker: MediaWorker) -> None:
    async for _ in worker.events():
        pass
