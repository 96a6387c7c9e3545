"""A line to a port of the loopback that carries so many bits a second each way, and no more."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

PIECE_BYTES = 1460


@contextlib.asynccontextmanager
async def rated_line(to_port: int, bits_per_s: float) -> AsyncIterator[int]:
    """The port of a TCP line to `to_port`; all its connections share its rate, each way by itself."""
    there, back = _Direction(bits_per_s), _Direction(bits_per_s)
    tasks: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to_port)
        try:
            with contextlib.suppress(asyncio.CancelledError):  # the line is taken away
                await asyncio.gather(there.carry(reader, far_writer), back.carry(far_reader, writer))
        finally:
            tasks.discard(task)
            for one in (writer, far_writer):
                one.close()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Direction:
    """What goes one way: a piece leaves when those before it have left at the line's rate."""

    def __init__(self, bits_per_s: float) -> None:
        self._bits_per_s = bits_per_s
        self._free_at_s = 0.0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(PIECE_BYTES):
                self._free_at_s = max(self._free_at_s, loop.time()) + len(piece) * 8 / self._bits_per_s
                if (early_s := self._free_at_s - loop.time()) > 0.001:  # a loop sleeps no shorter
                    await asyncio.sleep(early_s)
                writer.write(piece)
                await writer.drain()
        writer.close()
