"""Commands reach the running server over its socket."""

import asyncio
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cloudclinic import control
from cloudclinic.errors import CommandFailed


async def echo(command: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    if command == "refuse":
        raise CommandFailed("not today")
    return {"command": command, **arguments}


async def test_a_command_is_carried_out_by_the_running_server(tmp_path: Path) -> None:
    async with await control.listen(tmp_path, echo):
        assert stat.S_IMODE((tmp_path / control.SOCKET).stat().st_mode) == 0o600
        assert await control.ask(tmp_path, "say", {"word": "早"}) == {"command": "say", "word": "早"}


async def test_a_refusal_comes_with_the_servers_words(tmp_path: Path) -> None:
    async with await control.listen(tmp_path, echo):
        with pytest.raises(CommandFailed, match="not today"):
            await control.ask(tmp_path, "refuse", {})


async def test_garbage_is_answered_and_harms_nothing(tmp_path: Path) -> None:
    async with await control.listen(tmp_path, echo):
        reader, writer = await asyncio.open_unix_connection(tmp_path / control.SOCKET)
        writer.write(b"[1, 2\n")
        assert b"not a command" in await reader.readline()
        writer.close()
        assert await control.ask(tmp_path, "say", {}) is not None


async def test_without_a_server_nobody_answers(tmp_path: Path) -> None:
    assert await control.ask(tmp_path, "say", {}) is None
