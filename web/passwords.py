"""Passwords: argon2id off the event loop.

The parameters are OWASP's low-memory profile (Password Storage Cheat Sheet: 19 MiB, t=2, p=1), measured at
150 ms on one slow core; two threads bound what a flood of sign-ins can take.
"""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from records.passwords import LONGEST

MEMORY_KIB = 19 * 1024
SLOTS = 2
WAITING_MOST = 64

# No characters that are read alike: it is read over the telephone. 16 of 31 are 79 bits.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"

R = TypeVar("R")


def one_time_password() -> str:
    """A password to be changed at the first sign-in."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


class TooBusy(Exception):
    """More sign-ins wait than the two slots can answer in good time."""


class Passwords:
    """Hashes and verifies, two at a time. `close` when done."""

    def __init__(self, time_cost: int = 2, memory_kib: int = MEMORY_KIB) -> None:
        self._argon2 = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._slots = ThreadPoolExecutor(SLOTS, thread_name_prefix="argon2")
        self._waiting = 0
        # Verified for unknown names, so that they take as long as known ones.
        self._nobodys = self._argon2.hash("nobody has this password")

    def hash_now(self, password: str) -> str:
        """The encoded argon2id hash (RFC 9106); blocks for a tenth of a second."""
        return self._argon2.hash(password)

    async def hash(self, password: str) -> str:
        """The encoded argon2id hash, made off the loop; raises `TooBusy`."""
        return await self._in_slot(self.hash_now, password)

    async def verify(self, encoded: str | None, password: str) -> bool:
        """Tell whether a password fits; None takes as long and never fits. Raises `TooBusy`."""
        return await self._in_slot(self._verify, encoded, password)

    def _verify(self, encoded: str | None, password: str) -> bool:
        try:
            fits = self._argon2.verify(encoded or self._nobodys, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return fits and encoded is not None and len(password) <= LONGEST

    def outdated(self, encoded: str) -> bool:
        """Tell whether a hash was made with weaker parameters than today's."""
        return self._argon2.check_needs_rehash(encoded)

    async def _in_slot(self, work: Callable[..., R], *arguments: object) -> R:
        if self._waiting >= WAITING_MOST:
            raise TooBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._slots, work, *arguments)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the slots; what runs is waited for."""
        self._slots.shutdown(wait=True, cancel_futures=True)
