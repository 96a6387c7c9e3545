"""How much a source should send at most, by what the lines of its viewers carry. Pure."""

import math
from collections.abc import Iterable

from records.rooms import MediaKind

FACE_LEAST_BPS = 100_000.0
ULTRASOUND_LEAST_BPS = 400_000.0  # a line under it gets fewer frames instead, if another carries more
ULTRASOUND_GOOD_BPS = 2_000_000.0  # who carries this is not held to be slower than who carries more
FOLLOWED_SHARE = 0.5  # of the line in the middle; one that carries less is left behind
ULTRASOUND_FLOOR_BPS = 50_000.0  # a station cuts and shrinks its picture to little more
_CHANGE = 0.05


def source_limit(kind: MediaKind, allowances: Iterable[float | None]) -> float | None:
    """The limit of a source whose viewers' lines carry so much of it (None: all of it); None: no limit.

    A face is sent for the widest line; the others leave it out. Ultrasound is what everybody is here for: it
    is sent so that the narrowest line that can show it carries it, but one slow line does not hold the others
    back: who carries less than half of what the line in the middle does gets fewer frames instead. Where no
    line can show it, it is sent for the widest: more would only wait, and while packets wait a line is never
    tried for more.
    """
    limits = list(allowances)
    narrow = [limit for limit in limits if limit is not None]
    if not narrow:
        return None
    if kind is MediaKind.ULTRASOUND:
        return _narrowest(limits, max(ULTRASOUND_LEAST_BPS, FOLLOWED_SHARE * _middle(limits)))
    if kind is MediaKind.FACE and len(narrow) == len(limits):
        return max(FACE_LEAST_BPS, *narrow)
    return None


def reduced_limit(allowances: Iterable[float | None]) -> float | None:
    """The limit of an encoding made for the slow: for the narrowest of them that can show it."""
    return _narrowest(list(allowances), ULTRASOUND_LEAST_BPS)


def _narrowest(limits: list[float | None], least: float) -> float | None:
    narrow = [limit for limit in limits if limit is not None]
    usable = [limit for limit in narrow if limit >= least]
    if usable:
        return min(usable)
    return max(ULTRASOUND_FLOOR_BPS, *narrow) if narrow and len(narrow) == len(limits) else None


def _middle(limits: list[float | None]) -> float:
    """What the line in the middle carries; of two in the middle, the wider."""
    carried = sorted(min(ULTRASOUND_GOOD_BPS, math.inf if one is None else one) for one in limits)
    return carried[len(carried) // 2]


def changed(before: float | None, now: float | None) -> bool:
    """Whether a limit changed so much that it is to be told."""
    if before is None or now is None:
        return before is not now
    return abs(now - before) > _CHANGE * before
