"""When each frame of a cine was taken, and the heart's beats, as its header tells them (PS3.3 C.7.6.5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.tag import Tag

from ultrasound.cine import MAX_FRAMES
from ultrasound.errors import WritingRefused

_US_PER_MS = 1000
_US_PER_S = 1_000_000
_EVEN_US = 1
"""What a clock of whole microseconds leaves uneven of even steps."""
_LONGEST_VALUE = 65_534


@dataclass(frozen=True, slots=True)
class HeartBeat:
    """What an ECG of the same seconds told. `r_us`: R peaks on the clock of the frames' capture times."""

    rate_per_min: float | None = None
    r_us: tuple[int, ...] = ()


def check_times(capture_us: Sequence[int]) -> None:
    """Refuse a cine without frames, of too many, or whose frames do not follow each other."""
    if not 1 <= len(capture_us) <= MAX_FRAMES:
        raise WritingRefused(f"{len(capture_us)} frames; 1 to {MAX_FRAMES} are written")
    for number, (one, next_one) in enumerate(zip(capture_us, capture_us[1:], strict=False), 2):
        if next_one <= one:
            raise WritingRefused(f"frame {number} was not taken after the one before it")


def put_times(dataset: Dataset, capture_us: Sequence[int]) -> None:
    """Frame Time where all steps are alike, else Frame Time Vector, exact to the microsecond."""
    dataset.NumberOfFrames = len(capture_us)
    steps = [after - before for before, after in zip(capture_us, capture_us[1:], strict=False)]
    whole_us = capture_us[-1] - capture_us[0]
    mean_us = whole_us / len(steps) if steps else _US_PER_S
    even = all(abs(at - capture_us[0] - k * mean_us) <= _EVEN_US for k, at in enumerate(capture_us))
    if even:
        dataset.FrameTime = f"{mean_us / _US_PER_MS:.6f}"
        dataset.FrameIncrementPointer = Tag("FrameTime")
    else:
        vector = [_ms(step) for step in (0, *steps)]
        if len("\\".join(vector)) > _LONGEST_VALUE:
            raise WritingRefused(f"{len(vector)} frames at uneven times; write them in two parts")
        dataset.FrameTimeVector = vector
        dataset.FrameIncrementPointer = Tag("FrameTimeVector")
    if steps:
        rate = max(1, round(_US_PER_S / mean_us))
        dataset.CineRate = dataset.RecommendedDisplayFrameRate = rate


def put_heart_beat(dataset: Dataset, beat: HeartBeat, capture_us: Sequence[int]) -> None:
    """Heart Rate, and R Wave Time Vector: R peaks within the cine, in ms from its first frame."""
    if beat.rate_per_min is not None:
        dataset.HeartRate = round(beat.rate_per_min)
    first, last = capture_us[0], capture_us[-1]
    within = [(r - first) / _US_PER_MS for r in sorted(beat.r_us) if first <= r <= last]
    if within:
        dataset.RWaveTimeVector = within


def _ms(us: int) -> str:
    return f"{us / _US_PER_MS:.3f}".rstrip("0").rstrip(".")
