"""The hand at a simulated scanner's controls, beside its scenario: what was turned, from which picture on.

A picture and its calibration must tell of the same depth, though they are asked for one after the other and
the hand is in another thread: what is turned is taken up by the next picture, and holds by its number.
"""

import threading
from collections import deque
from dataclasses import dataclass, field, replace

REMEMBERED = 64
"""So many turns are known of pictures that were taken already; only the newest picture is ever asked for."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """How the controls stand."""

    depth_mm: int | None = None  # None: as the episode has it
    gain_db: int = 0
    m_mode: bool = False
    frozen_at: tuple[int, int] | None = None  # number and capture time of the picture that stands


@dataclass(frozen=True, slots=True)
class Standing:
    """How the newest picture stands."""

    depth_mm: int
    gain_db: int
    m_mode: bool
    frozen: bool


@dataclass(slots=True, eq=False)
class Turn:
    """One thing that is to be turned; `taken` once a picture shows it. None: as it stands."""

    depth_mm: int | None = None
    gain_db: int | None = None
    m_mode: bool | None = None
    frozen: bool | None = None
    taken: threading.Event = field(default_factory=threading.Event)


class Hand:
    """`take` is called by the thread that takes pictures, `want` and `withdraw` by any other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: Turn | None = None
        self._since: deque[tuple[int, Knobs]] = deque(maxlen=REMEMBERED)

    def want(self, turn: Turn) -> None:
        """Have the next picture show it, in the place of what was wanted before."""
        with self._lock:
            self._wanted = turn

    def withdraw(self, turn: Turn) -> bool:
        """Have no picture show it; False: one does already."""
        with self._lock:
            if self._wanted is turn:
                self._wanted = None
            return not turn.taken.is_set()

    def take(self, number: int, capture_us: int, first: int) -> None:
        """Picture `number` is taken now, in the episode that began with picture `first`."""
        with self._lock:
            turn, self._wanted = self._wanted, None
            if turn is None:
                return
            knobs = self._at(number, first)
            if turn.depth_mm is not None:
                knobs = replace(knobs, depth_mm=turn.depth_mm)
            if turn.gain_db is not None:
                knobs = replace(knobs, gain_db=turn.gain_db)
            if turn.m_mode is not None:
                knobs = replace(knobs, m_mode=turn.m_mode)
            if turn.frozen is not None:
                knobs = replace(knobs, frozen_at=(number, capture_us) if turn.frozen else None)
            self._since.append((number, knobs))
            turn.taken.set()

    def at(self, number: int, first: int) -> Knobs:
        """How the controls stood at a picture; a new episode begins as its scenario has it."""
        with self._lock:
            return self._at(number, first)

    def _at(self, number: int, first: int) -> Knobs:
        found = (knobs for since, knobs in reversed(self._since) if first <= since <= number)
        return next(found, Knobs())
