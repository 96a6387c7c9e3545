"""Recorders that keep acts in memory; can be unavailable, and can die."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from records.ids import TapeId
from records.tapes import Tape, TapeSeal
from signaling.ports import RecorderUnavailable


@dataclass
class FakeTape:
    """What was asked for one tape."""

    starts: int = 0
    epochs_us: list[int] = field(default_factory=list)  # one a start
    alive: bool = False
    until_us: int | None = None
    acts: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The acts of one type."""
        return [act for _, act in self.acts if act["type"] == kind]


class FakeRecorders:
    """Implements `signaling.ports.TapeRecorders`."""

    def __init__(self) -> None:
        self.tapes: dict[TapeId, FakeTape] = {}
        self.available = True
        self.slow: asyncio.Event | None = None  # set: a recorder comes up only after it
        self.starting = asyncio.Event()
        self.slow_stop: asyncio.Event | None = None  # set: a recorder ends only after it
        self.stopping = asyncio.Event()
        self.slow_seal: asyncio.Event | None = None  # set: a tape is sealed only after it, as a long one is

    async def start(self, tape: Tape, epoch_us: int) -> str:
        if not self.available:
            raise RecorderUnavailable("no recorder")
        if self.slow is not None:
            self.starting.set()
            await self.slow.wait()
        kept = self.tapes.setdefault(tape.id, FakeTape())
        kept.starts += 1
        kept.epochs_us.append(epoch_us)
        kept.alive = True
        return f"/sockets/{tape.id}-{kept.starts}"

    def alive(self, tape_id: TapeId) -> bool:
        return tape_id in self.tapes and self.tapes[tape_id].alive

    def act(self, tape_id: TapeId, at_us: int, message: bytes) -> None:
        if self.alive(tape_id):
            self.tapes[tape_id].acts.append((at_us, json.loads(message)))

    async def stop(self, tape_id: TapeId, until_us: int) -> None:
        if not self.alive(tape_id):
            raise RecorderUnavailable("nothing records that tape")
        self.tapes[tape_id].alive = False
        self.tapes[tape_id].until_us = until_us
        self.stopping.set()
        if self.slow_stop is not None:
            await self.slow_stop.wait()

    async def seal(self, tape_id: TapeId) -> TapeSeal:
        if self.slow_seal is not None:
            await self.slow_seal.wait()
        return TapeSeal(fragments=1, size_bytes=100, digest="d" * 64, begin_us=1, end_us=2)
