"""One kind of work in processes of its own: a value in, a value out, a few at a time.

MessagePack on standard input and output. `WorkApart` is the side that asks; `answer_once` is all that the
module it starts has to do.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from records.exchange.apart import DEFAULT_LIMITS, Limits, Why, WorkFailed, work_apart
from records.values import Value

AT_ONCE = 2
"""Processes of a kind at a time: more would only take each other's processor, and a call's as well."""

Asked = TypeVar("Asked", bound=Value)
Answer = TypeVar("Answer", bound=Value)


class WorkApart(Generic[Asked, Answer]):
    """Asks `python -m module`, each time a new process; what comes back must be an `answer`."""

    def __init__(self, module: str, answer: type[Answer], limits: Limits = DEFAULT_LIMITS) -> None:
        self._module = module
        self._answers = msgspec.msgpack.Decoder(answer)
        self._limits = limits
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def ask(self, asked: Asked) -> Answer:
        """The answer; raises `WorkFailed` where the process broke off, or said something else."""
        request = msgspec.msgpack.encode(asked)
        async with self._slots:
            raw = await work_apart(self._module, request, self._limits)
        try:
            return self._answers.decode(raw)
        except msgspec.DecodeError:
            raise WorkFailed(Why.BROKE_OFF) from None


def answer_once(kind: type[Asked], answer_to: Callable[[Asked], object]) -> None:
    """Read one request from standard input, write one answer to standard output."""
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=kind)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer_to(asked)))
