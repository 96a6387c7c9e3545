"""What is drawn on the ultrasound, and which still frame somebody looks at."""

from enum import StrEnum

from records.ids import ConsultId, ParticipantId
from records.values import Value
from signaling.messages.base import Command, Direct, Event, Notice


class StrokeShape(StrEnum):
    """How a drawing's points are joined."""

    FREEHAND = "freehand"
    ARROW = "arrow"  # from the first point to the last, which is the tip


class Stroke(Value):
    """A drawing on one frame of the ultrasound, and on no other."""

    id: str
    participant_id: ParticipantId
    shape: StrokeShape
    points: tuple[tuple[float, float], ...]  # 0..1 of the picture's width and height
    capture_us: int  # of the frame it was made on, on the clock the picture carries


class DrawStroke(Command):
    """Draw on the ultrasound frame of one instant. `Done.value` is the stroke's id."""

    consult_id: ConsultId
    shape: StrokeShape
    points: tuple[tuple[float, float], ...]
    capture_us: int


class ClearDrawings(Command):
    """Take all drawings away, for everybody."""

    consult_id: ConsultId


class HoldFrame(Notice):
    """The sender looks at a still frame; the others keep theirs of that instant. None: live again."""

    consult_id: ConsultId
    capture_us: int | None


class StrokeDrawn(Event):
    """Somebody drew on a frame. Who enters a room gets every stroke of it again, after `DrawingsCleared`."""

    consult_id: ConsultId
    stroke: Stroke


class DrawingsCleared(Event):
    """There are no drawings any more."""

    consult_id: ConsultId


class FrameHeld(Direct):
    """Somebody looks at a still frame; None: at the live picture again."""

    consult_id: ConsultId
    participant_id: ParticipantId
    capture_us: int | None
