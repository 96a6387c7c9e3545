"""How a command reaches the running server: a JSON line each way over a Unix socket in the data directory."""

import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from cloudclinic.errors import CommandFailed, FrontDoorError
from records.errors import RecordsError

SOCKET = "control.sock"
LINE_LIMIT_BYTES = 1 << 20

Handler = Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]


async def listen(directory: Path, handler: Handler) -> asyncio.Server:
    """Take commands on the data directory's socket, which only its owner may open."""
    path = directory / SOCKET
    path.unlink(missing_ok=True)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(await _answer(await reader.readline(), handler))
            await writer.drain()
        except (ConnectionError, ValueError):
            pass  # the asker went away, or sent a line without end
        finally:
            writer.close()

    mask = os.umask(0o177)
    try:
        return await asyncio.start_unix_server(answer, path, limit=LINE_LIMIT_BYTES)
    finally:
        os.umask(mask)


async def _answer(line: bytes, handler: Handler) -> bytes:
    try:
        request = json.loads(line)
        reply = {"done": await handler(request["command"], request["arguments"])}
    except (FrontDoorError, RecordsError) as error:
        reply = {"failed": {"text": str(error)}}
    except (ValueError, KeyError, TypeError):
        reply = {"failed": {"text": "not a command of this version"}}
    return json.dumps(reply).encode() + b"\n"


def is_listening(directory: Path) -> bool:
    """Tell whether a server runs on this data directory."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(directory / SOCKET))
        except OSError:
            return False
    return True


async def ask(directory: Path, command: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """Ask the running server; None when none runs on this data directory.

    Raises
    ------
    CommandFailed : with the server's own words
    """
    try:
        reader, writer = await asyncio.open_unix_connection(directory / SOCKET, limit=LINE_LIMIT_BYTES)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    try:
        writer.write(json.dumps({"command": command, "arguments": dict(arguments)}).encode() + b"\n")
        reply: dict[str, Any] = json.loads(await reader.readline() or b'{"failed": {"text": "no answer"}}')
    finally:
        writer.close()
    if "failed" in reply:
        raise CommandFailed(reply["failed"]["text"])
    done: dict[str, Any] = reply["done"]
    return done
