"""How long and how large an archive's answer may be: it is another's program, and may have no end."""

import time


class TooLarge(Exception):
    """The answer is larger than it may be."""


class TooSlow(Exception):
    """The answer takes longer than it may."""


class Deadline:
    """A moment that a conversation must not pass; looked at between any two pieces of an answer."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._end_s = time.monotonic() + limit_s

    def check(self) -> None:
        """Raise `TooSlow` when it has passed."""
        if time.monotonic() > self._end_s:
            raise TooSlow(f"its answer takes longer than {self._limit_s:g} s")


class Allowance:
    """Bytes and objects that may come."""

    def __init__(self, most_bytes: int, most_objects: int) -> None:
        self._most_bytes, self._most_objects = most_bytes, most_objects
        self._bytes = self._objects = 0

    def take(self, size: int) -> None:
        """Count an object; raise `TooLarge` when it is more than may come."""
        self._bytes += size
        self._objects += 1
        if self._bytes > self._most_bytes or self._objects > self._most_objects:
            raise TooLarge(
                f"more than {self._most_bytes >> 20} MB or {self._most_objects} objects; so much is fetched"
            )
