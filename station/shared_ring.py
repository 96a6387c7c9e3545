"""The ring between threads: one captures into it, one packs it, and any other takes frames out."""

import threading

from ultrasound.captured import CapturedFrame
from ultrasound.packed_pixels import pack
from ultrasound.ring import BUDGET_BYTES, TOLERANCE_US, Holding, KeptFrame, Ring, Span


class SharedRing:
    """`ultrasound.ring.Ring`, safe to use from several threads; what it gives is decoded by who asks."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        self._ring = Ring(budget_bytes=budget_bytes)
        self._lock = threading.Lock()

    def add(self, frame: CapturedFrame) -> None:
        """Keep the next frame."""
        with self._lock:
            self._ring.add(frame)

    def pack_one(self) -> bool:
        """Pack the oldest frame that is not; False when all are."""
        with self._lock:
            kept = self._ring.to_pack()
            pixels = None if kept is None else kept.unpacked
        if kept is None or pixels is None:
            return False
        packed = pack(pixels)
        with self._lock:
            self._ring.packed(kept, packed)
        return True

    def frame(self, number: int) -> KeptFrame:
        """The frame of that number; raises FrameNotKept."""
        with self._lock:
            return self._ring.frame(number)

    def at(self, capture_us: int, tolerance_us: int = TOLERANCE_US) -> KeptFrame:
        """The frame that was captured at that time; raises FrameNotKept rather than give a neighbour."""
        with self._lock:
            return self._ring.at(capture_us, tolerance_us)

    def nearest(self, capture_us: int) -> KeptFrame:
        """The frame captured nearest to that time, which it tells; raises FrameNotKept of an empty ring."""
        with self._lock:
            return self._ring.nearest(capture_us)

    def clip(self, from_us: int, until_us: int) -> tuple[KeptFrame, ...]:
        """The frames captured from the one time to the other, both included; they stay, whatever follows."""
        with self._lock:
            return self._ring.clip(from_us, until_us)

    @property
    def span(self) -> Span | None:
        """What is kept; None: nothing."""
        with self._lock:
            return self._ring.span

    @property
    def holding(self) -> Holding:
        """How much is kept."""
        with self._lock:
            return self._ring.holding

    def clear(self) -> None:
        """Keep nothing of what was added."""
        with self._lock:
            self._ring.clear()
