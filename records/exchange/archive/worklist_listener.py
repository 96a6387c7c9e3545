"""Keeps the process that scanners ask for their worklist, and passes on what they ask."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable

import msgspec

from records.exchange.apart import environment
from records.exchange.archive.worklist_answers import (
    LENGTH_BYTES,
    Asked,
    Listen,
    Listening,
    NotListening,
    Steps,
    Told,
    framed,
    length_of,
)
from records.scheduled_steps import ScheduledStep

log = logging.getLogger(__name__)

MODULE = "records.exchange.archive.worklist_process"
RESTS_S = 5.0
_told: msgspec.msgpack.Decoder[Told] = msgspec.msgpack.Decoder(Told)

Answer = Callable[[str], Awaitable[tuple[ScheduledStep, ...] | None]]
"""What a scanner, by its title, is to scan; None: nobody knows now, and the scanner is told so."""


class WorklistListener:
    """Listens while `run` runs."""

    def __init__(self, listen: Listen, answer: Answer) -> None:
        self._listen, self._answer = listen, answer
        self.port: int | None = None
        self.listening = asyncio.Event()

    async def run(self) -> None:
        """Until it is cancelled; a process that ended is started anew."""
        while True:
            try:
                await self._serve()
            except Exception:
                log.exception("the worklist failed; it is started again")
            self.listening.clear()
            await asyncio.sleep(RESTS_S)

    async def _serve(self) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", MODULE),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(),
            cwd="/",
            start_new_session=True,
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(framed(self._listen))
            async with asyncio.TaskGroup() as answering:
                while True:
                    head = await process.stdout.readexactly(LENGTH_BYTES)
                    told = _told.decode(await process.stdout.readexactly(length_of(head)))
                    if isinstance(told, Asked):  # one that waits for its answer keeps no other waiting
                        answering.create_task(self._tell(process.stdin, told))
                    else:
                        self._heard(told)
        except* asyncio.IncompleteReadError:
            log.error("the worklist's process ended")
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _tell(self, into: asyncio.StreamWriter, asked: Asked) -> None:
        try:
            steps = await self._answer(asked.scanner)
        except Exception:
            log.exception("a scanner's worklist could not be looked up")
            steps = None
        into.write(framed(Steps(number=asked.number, steps=steps)))
        await into.drain()

    def _heard(self, told: Listening | NotListening) -> None:
        if isinstance(told, Listening):
            self.port = told.port
            self.listening.set()
        else:
            log.error("the worklist cannot listen on port %d: %s", self._listen.port, told.why)
