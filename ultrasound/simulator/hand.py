"""The hand at a simulated scanner's controls, beside its scenario: what was turned, from which picture on.

A picture and its calibration must tell of the same depth, though they are asked for one after the other: what
is turned holds of pictures by number.
"""

from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be turned. None: as it stands."""

    depth_mm: int | None = None
    gain_db: int | None = None
    m_mode: bool | None = None
    frozen: bool | None = None


class Hand:
    """What was turned is replaced as a whole: another thread may ask how it stands."""

    def __init__(self) -> None:
        self._since: tuple[tuple[int, Knobs], ...] = ()

    def turn(self, turn: Turn, number: int, capture_us: int, first: int) -> None:
        """From picture `number` on, in the episode that began with picture `first`."""
        knobs = self.at(number, first)
        if turn.depth_mm is not None:
            knobs = replace(knobs, depth_mm=turn.depth_mm)
        if turn.gain_db is not None:
            knobs = replace(knobs, gain_db=turn.gain_db)
        if turn.m_mode is not None:
            knobs = replace(knobs, m_mode=turn.m_mode)
        if turn.frozen is not None:
            knobs = replace(knobs, frozen_at=(number, capture_us) if turn.frozen else None)
        self._since = (*self._since, (number, knobs))[-REMEMBERED:]

    def at(self, number: int, first: int) -> Knobs:
        """How the controls stood at a picture; a new episode begins as its scenario has it."""
        found = (knobs for since, knobs in reversed(self._since) if first <= since <= number)
        return next(found, Knobs())
