"""Viewers in a process of their own: `python -m benchmarks.sink`, one JSON line in, one out.

They answer ICE, shake hands once, and drop every packet undecrypted, so that their cost is not the server's.
"""

import asyncio
import json
import sys
from typing import Any, Self

import msgspec
import uvloop

from benchmarks.endpoint import Credentials, Endpoint
from benchmarks.picture_stream import age_ms

ANSWER_LIMIT_S = 30.0
ANSWER_BYTES = 1 << 24


class Sink:
    """The process from outside. Open with `async with`."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.sink"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=ANSWER_BYTES,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()

    async def make(self, host: str) -> tuple[int, Credentials]:
        """A new viewer: its number, and what the server has to know of it."""
        said = await self._ask({"make": host})
        return said["number"], msgspec.convert(said["credentials"], Credentials)

    async def connect(
        self, number: int, server: Credentials, receives: list[int], as_client: bool = True
    ) -> None:
        """Connect a viewer. Raises ConnectionError."""
        asked = {"connect": number, "server": msgspec.to_builtins(server), "receives": receives}
        said = await self._ask(asked | {"as_client": as_client})
        if "fault" in said:
            raise ConnectionError(said["fault"])

    async def counted(self) -> list[int]:
        """RTP packets that arrived, by viewer."""
        counts: list[int] = (await self._ask({"count": True}))["counts"]
        return counts

    async def ages_ms(self) -> list[float]:
        """How old each packet was that came to the first viewer since this was last asked (it decrypts)."""
        ages: list[float] = (await self._ask({"ages": True}))["ages"]
        return ages

    async def _ask(self, what: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        async with asyncio.timeout(ANSWER_LIMIT_S):
            line = await self._process.stdout.readline()
        if not line:
            raise ConnectionError("the viewers' process ended")
        said: dict[str, Any] = json.loads(line)
        return said


class _Viewers:
    def __init__(self) -> None:
        self._all: list[Endpoint] = []
        self._ages_ms: list[float] = []

    async def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "make" in asked:
            self._all.append(Endpoint(asked["make"]))
            credentials = msgspec.to_builtins(self._all[-1].credentials)
            return {"number": len(self._all) - 1, "credentials": credentials}
        if "connect" in asked:
            try:
                server = msgspec.convert(asked["server"], Credentials)
                await self._all[asked["connect"]].connect(server, asked["receives"], asked["as_client"])
            except (TimeoutError, ConnectionError) as error:
                return {"fault": f"{type(error).__name__}: {error}"}
            return {}
        if "ages" in asked:
            self._all[0].show = lambda packet: self._ages_ms.append(age_ms(packet))
            ages, self._ages_ms = self._ages_ms, []
            return {"ages": ages}
        return {"counts": [one.rtp_packets for one in self._all]}

    async def close(self) -> None:
        await asyncio.gather(*(one.close() for one in self._all))


async def _serve() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    viewers = _Viewers()
    while line := await reader.readline():
        print(json.dumps(await viewers.answer(json.loads(line))), flush=True)
    await viewers.close()


if __name__ == "__main__":
    uvloop.run(_serve())
