"""What keeps a server going: the clock task outlives every fault."""

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cloudclinic import running
from records.errors import StoreError
from tests.fakes.records import NOW, fake_records
from web.chain_check import ChainCheck


class FailingDesk:
    """Fails at every tick and counts them."""

    def __init__(self) -> None:
        self.ticks = 0
        self.third = asyncio.Event()
        self.facts: list[Any] = []

    def set_server_facts(self, facts: Any) -> None:
        self.facts.append(facts)

    async def tick(self) -> None:
        self.ticks += 1
        if self.ticks == 3:
            self.third.set()
        raise RuntimeError("a bug")


class BrokenMedia:
    """Cannot even be counted."""

    def ready(self) -> tuple[int, int]:
        raise RuntimeError("a bug")


class NoMedia:
    def ready(self) -> tuple[int, int]:
        return 0, 1


class Parts:
    """As much of `WebParts` as the clock task reads."""

    def __init__(self, records: Any, chain_check: Any) -> None:
        self.records = records
        self.chain_check = chain_check

    def clock(self) -> dt.datetime:
        return NOW

    def certificate_days_left(self) -> int | None:
        return None


class Chain:
    """A chain check that fails as it is told."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def holds(self, *_: Any) -> bool:
        raise self.error


async def ticked(
    desk: FailingDesk, parts: Parts, monkeypatch: pytest.MonkeyPatch, media: object | None = None
) -> None:
    monkeypatch.setattr(running, "TICK_S", 0)
    task = asyncio.create_task(running._tick(desk, media or NoMedia(), parts))  # type: ignore[arg-type]
    await desk.third.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_failing_tick_is_followed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = await fake_records(tmp_path)
    desk = FailingDesk()
    await ticked(desk, Parts(records, ChainCheck()), monkeypatch)
    await records.close()
    assert desk.ticks >= 3
    assert desk.facts[0].audit_chain_ok is True


@pytest.mark.parametrize(("error", "told"), [(ValueError("not JSON"), False), (StoreError("no disk"), None)])
async def test_an_unreadable_trail_is_told_and_stops_nothing(
    error: Exception, told: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = FailingDesk()
    await ticked(desk, Parts(None, Chain(error)), monkeypatch)
    assert desk.facts[0].audit_chain_ok is told


async def test_deadlines_pass_even_when_the_server_cannot_tell_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = await fake_records(tmp_path)
    desk = FailingDesk()
    await ticked(desk, Parts(records, ChainCheck()), monkeypatch, BrokenMedia())
    await records.close()
    assert desk.ticks >= 3 and desk.facts == []
