"""The pictures around a frozen one, and their ECG: held while somebody looks at it, as the ring moves on."""

from typing import Protocol

from station.r_waves import KeptEcg, RWaves
from ultrasound.ring import KeptFrame, Span

HELD_US = 10_000_000
"""On either side of the frozen picture: ten beats. What is in the ring as well takes no memory twice."""


class RingOfFrames(Protocol):
    """What stills are taken out of."""

    @property
    def span(self) -> Span | None: ...
    def clip(self, from_us: int, until_us: int) -> tuple[KeptFrame, ...]: ...


class HeldFrames:
    """Frames in their order, to be taken out of as out of a ring."""

    def __init__(self, frames: tuple[KeptFrame, ...]) -> None:
        self._frames = frames

    @property
    def span(self) -> Span | None:
        """From the first to the last."""
        if not self._frames:
            return None
        first, last = self._frames[0], self._frames[-1]
        return Span(first.number, last.number, first.capture_us, last.capture_us)

    def clip(self, from_us: int, until_us: int) -> tuple[KeptFrame, ...]:
        """Those of these times."""
        return tuple(one for one in self._frames if from_us <= one.capture_us <= until_us)


class AroundStill:
    """What a frozen picture can be stepped through: the ring, and what of it was held when it was frozen."""

    def __init__(self, ring: RingOfFrames, r_waves: RWaves) -> None:
        self._ring = ring
        self._r_waves = r_waves
        self._held: tuple[KeptFrame, ...] = ()
        self._ecg: KeptEcg | None = None

    def frames(self, capture_us: int) -> tuple[KeptFrame, ...]:
        """Frames in their order, without a gap that a step would leap over, among them that of this time.

        Where neither the ring nor what is held has it, those of the ring.
        """
        ring = self._whole_ring()
        if not self._held_alone(capture_us, ring):
            return ring
        if ring and ring[0].capture_us <= self._held[-1].capture_us:
            return (*(one for one in self._held if one.capture_us < ring[0].capture_us), *ring)
        return self._held

    def until(self, capture_us: int | None) -> RingOfFrames:
        """What the seconds before a frozen frame are taken out of; None: those before now."""
        return self._ring if capture_us is None else HeldFrames(self.frames(capture_us))

    def ecg(self, capture_us: int) -> KeptEcg | None:
        """The ECG of that time, as far as it is here."""
        return self._ecg if self._held_alone(capture_us, self._whole_ring()) else self._r_waves.kept()

    def hold(self, frozen: KeptFrame) -> None:
        """Hold what is around this frame, and nothing of what was held before beyond that."""
        at_us = frozen.capture_us
        ecg = self.ecg(at_us)
        around = (one for one in self.frames(at_us) if abs(one.capture_us - at_us) <= HELD_US)
        self._held, self._ecg = tuple(around), ecg

    def let_go(self) -> None:
        """Hold nothing more."""
        self._held, self._ecg = (), None

    def _whole_ring(self) -> tuple[KeptFrame, ...]:
        span = self._ring.span
        return () if span is None else self._ring.clip(span.first_us, span.last_us)

    def _held_alone(self, capture_us: int, ring: tuple[KeptFrame, ...]) -> bool:
        """Whether the ring has let go of that time, and what is held has not."""
        held = bool(self._held) and self._held[0].capture_us <= capture_us <= self._held[-1].capture_us
        return held and (not ring or capture_us < ring[0].capture_us)
