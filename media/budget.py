"""How much a source should send at most, by what the lines of its viewers carry. Pure."""

from collections.abc import Iterable

from records.rooms import MediaKind

FACE_LEAST_BPS = 100_000.0
ULTRASOUND_LEAST_BPS = 400_000.0  # a line under it gets fewer frames instead, if another carries more
ULTRASOUND_FLOOR_BPS = 50_000.0  # a station cuts and shrinks its picture to little more
_CHANGE = 0.05


def source_limit(kind: MediaKind, allowances: Iterable[float | None]) -> float | None:
    """The limit of a source whose viewers' lines carry so much of it (None: all of it); None: no limit.

    A face is sent for the widest line; the others leave it out. Ultrasound is what everybody is here for: it
    is sent so that the narrowest line that can show it carries it. Where none can, it is sent for the widest:
    more would only wait, and while packets wait a line is never tried for more.
    """
    limits = list(allowances)
    narrow = [limit for limit in limits if limit is not None]
    if not narrow:
        return None
    if kind is MediaKind.ULTRASOUND:
        usable = [limit for limit in narrow if limit >= ULTRASOUND_LEAST_BPS]
        if usable:
            return min(usable)
        return max(ULTRASOUND_FLOOR_BPS, *narrow) if len(narrow) == len(limits) else None
    if kind is MediaKind.FACE and len(narrow) == len(limits):
        return max(FACE_LEAST_BPS, *narrow)
    return None


def changed(before: float | None, now: float | None) -> bool:
    """Whether a limit changed so much that it is to be told."""
    if before is None or now is None:
        return before is not now
    return abs(now - before) > _CHANGE * before
