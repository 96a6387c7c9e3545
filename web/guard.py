"""Listening, and the patience with a connection that sends no complete request head."""

import asyncio
import contextlib
import os
import ssl

from aiohttp.web import Application, AppRunner, RequestHandler, Server, TCPSite

from web.parts import PARTS

LOOKS_A_TIMEOUT = 10
"""The sweeper looks this often in the time a head may take."""


class UnsafeParser(RuntimeError):
    """aiohttp would read requests with its Python parser, which has let requests be smuggled."""


class HeadSweeper:
    """Closes connections that are in no request for longer than a request head may take.

    aiohttp itself waits for ever for the rest of a head. The same limit ends idle connections: a browser
    opens a new one in a millisecond.
    """

    def __init__(self, server: Server, head_s: float) -> None:
        self._server = server
        self._head_s = head_s
        self._idle_since_s: dict[RequestHandler, float] = {}
        self.closed = 0

    def look(self, now_s: float) -> None:
        """Look at every connection once; `now_s` is a monotonic time."""
        idle = [one for one in self._server.connections if not one._request_in_progress]
        self._idle_since_s = {one: self._idle_since_s.get(one, now_s) for one in idle}
        for connection, since_s in self._idle_since_s.items():
            if now_s - since_s >= self._head_s and connection.transport is not None:
                connection.transport.abort()
                self.closed += 1

    async def run(self) -> None:
        """Look again and again."""
        loop = asyncio.get_running_loop()
        while True:
            self.look(loop.time())
            await asyncio.sleep(self._head_s / LOOKS_A_TIMEOUT)


class Listening:
    """A listening server; `close` ends it in order."""

    def __init__(self, runner: AppRunner, sweeper: HeadSweeper, port: int) -> None:
        self._runner = runner
        self._task = asyncio.create_task(sweeper.run(), name="sweep heads")
        self.sweeper = sweeper
        self.port = port

    async def close(self) -> None:
        """Stop listening, end what is under way, run the application's own endings."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._runner.cleanup()


async def listen(
    app: Application, host: str, port: int, tls: ssl.SSLContext | None = None, shutdown_s: float = 3.0
) -> Listening:
    """Serve an application of `make_app`; port 0 picks a free one.

    Raises
    ------
    OSError : the address cannot be had
    UnsafeParser : `AIOHTTP_NO_EXTENSIONS` is set
    """
    if os.environ.get("AIOHTTP_NO_EXTENSIONS"):
        raise UnsafeParser("AIOHTTP_NO_EXTENSIONS is set; unset it")
    guard = app[PARTS].settings.guard
    # No access log: addresses and paths of people's work are in the audit trail, where they are guarded.
    runner = AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        keepalive_timeout=2 * guard.head_s,  # the sweeper decides before it
        lingering_time=1.0,
        shutdown_timeout=shutdown_s,
    )
    await runner.setup()
    try:
        site = TCPSite(runner, host, port, ssl_context=tls, backlog=1024)
        await site.start()
        assert runner.server is not None
        bound = runner.addresses[0][1]
        return Listening(runner, HeadSweeper(runner.server, guard.head_s), bound)
    except BaseException:
        await runner.cleanup()
        raise
