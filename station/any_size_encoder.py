"""An encoder for a source that may change its size: another size is another picture, with its own x264."""

import threading

from records.exam_presets import Priority
from station.encoder import EncodedFrame
from station.lean_encoder import LeanEncoder
from station.part_sizes import PartSizes
from ultrasound.cine import Picture


class SourceSizes:
    """Which part each sent size stands for, by captured size; shared by all encodings of one source."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sizes: dict[tuple[int, int], PartSizes] = {}

    def of(self, width: int, height: int) -> PartSizes:
        """Those of pictures captured in this size."""
        with self._lock:
            return self._sizes.setdefault((width, height), PartSizes(width, height))


class AnySizeEncoder:
    """A lean encoder for the size that comes. Used from one thread."""

    def __init__(self, rate_hz: float, most_bits_per_s: int, sizes: SourceSizes) -> None:
        self._rate_hz = rate_hz
        self._most = most_bits_per_s
        self._sizes = sizes
        self._target: int | None = None
        self._priority = Priority.MOTION
        self._size = (0, 0)
        self._lean: LeanEncoder | None = None

    def set_target(self, bits_per_s: int) -> None:
        """The line leaves so much for pictures from now on."""
        self._target = bits_per_s
        if self._lean is not None:
            self._lean.set_target(bits_per_s)

    def set_priority(self, priority: Priority) -> None:
        """What is kept longest on a weak line, from now on."""
        self._priority = priority
        if self._lean is not None:
            self._lean.set_priority(priority)

    def encode(self, picture: Picture, capture_us: int, key: bool = False) -> EncodedFrame | None:
        """Encode the next captured picture; None: left out, and a key frame that was asked for is owed."""
        height, width = picture.shape[:2]
        lean = self._lean
        if lean is None or self._size != (width, height):
            lean, self._size = self._open(width, height), (width, height)
        return lean.encode(picture, capture_us, key)

    def _open(self, width: int, height: int) -> LeanEncoder:
        lean = LeanEncoder(width, height, self._rate_hz, self._most, self._sizes.of(width, height))
        lean.set_priority(self._priority)
        if self._target is not None:
            lean.set_target(self._target)
        self._lean = lean
        return lean
