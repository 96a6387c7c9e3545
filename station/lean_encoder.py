"""The ultrasound encoder on a line that may be weak: what gives way, in which order, and what is told of it.

Where motion matters, frame rate goes before fineness: the bit rate follows the line without a key frame, but
for a deep fall, which begins with a small one; a picture is left out before it is encoded only while those
before it are still waiting to leave. Where detail matters, only every second, third or fourth picture is
sent before any grows coarse. Then the picture is cut to its sector, then made smaller, with hysteresis both
ways. Every sent picture says which part of the captured one it is.
"""

from collections import deque

from records.exam_presets import Priority
from records.rooms import GivenUp
from station.encoder import BUFFER_S, MIN_BITS_PER_S, TARGET_BITS_PER_S, EncodedFrame, H264Encoder
from station.line_bucket import LineBucket
from station.pace import Pace
from station.part_sizes import PartSizes
from station.reduction import Reduction, Step
from ultrasound.cine import Picture
from ultrasound.sector import SectorFinder
from ultrasound.shown import Rectangle, Scale, Shown

TARGET_SHARE = 0.85
"""Of what the line leaves, which the server tells at 0.9 of the viewers' own estimates: 0.77 in all."""

MOST_WAITING_MS = 120.0
WORTH_CUTTING = 0.85
"""A sector that fills more of the picture than this is not cut to."""

ROOM_TO_GROW = 2.0
MAY_FALL_TO = 0.3
"""Of the rate x264 was opened for; a deeper fall opens another, with a small key frame."""
KEY_FRAME_FROM = 0.6
LEAST_CEILING = 150_000

_MANY_LEFT_OUT = 3
_LEFT_OUT_US = 2_000_000

_SCALES = {
    Step.WHOLE: Scale.WHOLE,
    Step.SECTOR: Scale.WHOLE,
    Step.THREE_QUARTERS: Scale.THREE_QUARTERS,
    Step.HALF: Scale.HALF,
}


class LeanEncoder:
    """Encodes pictures of one size, or leaves them out. Used from one thread."""

    def __init__(
        self,
        width: int,
        height: int,
        rate_hz: float,
        most_bits_per_s: int = TARGET_BITS_PER_S,
        sizes: PartSizes | None = None,
    ) -> None:
        """`sizes`: shared by all encodings of one source."""
        self._size = (width, height)
        self._rate_hz = rate_hz
        self._most = most_bits_per_s
        self._leaves: int | None = None
        self._finder = SectorFinder(width, height)
        self._reduction = Reduction(width * height * rate_hz, most_bits_per_s)
        self._pace = Pace(width * height, rate_hz)
        self._priority = Priority.MOTION
        self._bucket = LineBucket()
        self._sizes = sizes or PartSizes(width, height)
        self._shown = Shown.whole(width, height)
        self._context: H264Encoder | None = None  # of the size that is sent now
        self._ceiling = most_bits_per_s  # the rate it was opened for, and cannot go above
        self._owes_key = False
        self._left_out: deque[int] = deque(maxlen=_MANY_LEFT_OUT)

    def set_target(self, bits_per_s: int) -> None:
        """The line leaves so much for pictures from now on; a little is sent whatever it says."""
        self._leaves = max(MIN_BITS_PER_S, bits_per_s)
        self._bucket.set_line(self._leaves)
        if self._context is not None:
            self._context.set_target(self._target)

    def set_priority(self, priority: Priority) -> None:
        """What is kept longest on a weak line, from now on."""
        self._priority = priority

    def encode(self, picture: Picture, capture_us: int, key: bool = False) -> EncodedFrame | None:
        """Encode the next captured picture; None: left out, and a key frame that was asked for is owed."""
        self._finder.see(picture, capture_us)
        self._settle_pace(capture_us)
        self._settle(capture_us)
        self._owes_key |= key
        if not self._pace.is_due(capture_us):
            return None
        self._fit_context()
        if self._bucket.waits_ms(capture_us) > MOST_WAITING_MS:
            self._left_out.append(capture_us)
            return None
        context = self._context = self._context or self._open()
        frame = context.encode(self._shown.cut(picture), capture_us, self._owes_key)
        self._owes_key = False
        self._bucket.add(8 * len(frame.annexb), capture_us)
        return frame._replace(shown=self._shown, given_up=self._given_up(capture_us))

    @property
    def _target(self) -> int:
        return self._most if self._leaves is None else min(self._most, round(TARGET_SHARE * self._leaves))

    def _fit_context(self) -> None:
        """Leave an x264 that was opened for quite another rate.

        Its buffer is as large as that rate was: after a deep fall it would go on for a third of a second as
        before, and any key frame would fill the line for as long (measured at 500 kbit/s: 85 kbit, but 22
        of one opened for it). Above the rate it was opened for it cannot go.
        """
        too_large = self._target < (MAY_FALL_TO if not self._owes_key else KEY_FRAME_FROM) * self._ceiling
        too_small = self._target > self._ceiling
        if too_large or too_small:
            self._context = None

    def _open(self) -> H264Encoder:
        """x264 for the size and about the rate that are sent now; its first picture is a key frame."""
        self._ceiling = min(self._most, max(LEAST_CEILING, round(ROOM_TO_GROW * self._target)))
        every = self._pace.every
        buffer_s = (
            BUFFER_S * (1 + every) / 2
        )  # one that does not hold two pictures would cost them their bits
        width, height = self._shown.width, self._shown.height
        context = H264Encoder(width, height, self._rate_hz / every, self._ceiling, buffer_s)
        context.set_target(self._target)
        return context

    @property
    def _left(self) -> int:
        return self._leaves or self._most

    def _settle_pace(self, now_us: int) -> None:
        """How many pictures are sent: another rate is an x264 of its own, which shares out its bits by it."""
        before = self._pace.every
        detail = self._priority is Priority.DETAIL
        if self._pace.decide(self._left if detail else float("inf"), now_us) != before:
            self._context = None

    def _settle(self, now_us: int) -> None:
        """Which part is sent, how large: another part begins with a key frame of an x264 of its own."""
        sector = self._sector()
        share = sector.area / (self._size[0] * self._size[1]) if sector else None
        step = self._reduction.decide(self._left * self._pace.every, share, now_us)
        shown = self._part(step, sector)
        if shown != self._shown:
            self._shown, self._context = shown, None

    def _sector(self) -> Rectangle | None:
        """What would be cut to: it grows with all that moves, and does not shrink while it is in use."""
        alive = self._finder.alive
        if self._shown.part != Shown.whole(*self._size).part:
            alive = self._shown.part if alive is None else alive.joined(self._shown.part)
        if alive is None or alive.area > WORTH_CUTTING * self._size[0] * self._size[1]:
            return None
        return alive

    def _part(self, step: Step, sector: Rectangle | None) -> Shown:
        if step is Step.WHOLE or sector is None:
            return Shown.whole(*self._size, _SCALES[step])
        return self._sizes.apart(Shown(*self._size, sector, _SCALES[step]))

    def _given_up(self, now_us: int) -> frozenset[GivenUp]:
        left_out = len(self._left_out) == _MANY_LEFT_OUT and now_us - self._left_out[0] <= _LEFT_OUT_US
        there = {
            GivenUp.ULTRASOUND_COARSE: self._reduction.coarse,
            GivenUp.ULTRASOUND_FRAMES: left_out or self._pace.every > 1,
            GivenUp.ULTRASOUND_CROPPED: self._shown.part != Shown.whole(*self._size).part,
            GivenUp.ULTRASOUND_SMALL: self._shown.scale is not Scale.WHOLE,
        }
        return frozenset(what for what, given_up in there.items() if given_up)
