"""A clip of the last seconds at the quality it was captured in: asked for, on its way, kept."""

import datetime as dt
from enum import StrEnum

from records.ids import ClipId, ConsultId, KeptClipId, ParticipantId
from records.values import Value
from signaling.messages.base import Command, Event


class ClipState(StrEnum):
    """Where a clip stands."""

    ASKED = "asked"  # the station has not said yet that it has the frames
    COMING = "coming"  # part by part, behind what the live picture needs of the line
    KEPT = "kept"  # with the record
    FAILED = "failed"  # nothing of it was kept


class ClipFailure(StrEnum):
    """Why a clip was not kept."""

    GONE_FROM_RING = "gone_from_ring"  # the station keeps none of its frames (any more)
    TOO_LARGE = "too_large"  # over 128 MB
    STALLED = "stalled"  # nothing of it came for ten minutes
    DAMAGED = "damaged"  # what came is not what the station sent
    MOVED = "moved"  # it turned out to be another resident's, or nobody knows when it was taken
    FAILED = "failed"  # the station could not make it, or the server could not write it


class ClipView(Value):
    """A clip as everybody who receives the picture sees it."""

    clip_id: ClipId
    state: ClipState
    by: ParticipantId
    asked_at: dt.datetime
    percent: int = 0  # of its parts that are there
    seconds: float | None = None  # from its first frame to its last; None: not known yet
    failed: ClipFailure | None = None
    kept_id: KeptClipId | None = None
    number: str = ""


class TakeClip(Command):
    """Keep the last seconds before the frozen frame, or before now, with the record. `Done.value` is its id.
    `ClipChanged` tells what becomes of it, also when the binding has ended meanwhile."""

    consult_id: ConsultId
    seconds: float = 10.0  # 1 to 30


class ClipChanged(Event):
    """Where a clip stands. Who enters a room gets every clip of it again."""

    consult_id: ConsultId
    clip: ClipView
