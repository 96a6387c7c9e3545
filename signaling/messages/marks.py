"""What is drawn on the ultrasound, and calipers on its exact still: in captured pixels, bound to a frame.

(0, 0) is the middle of the upper left captured pixel, x to the right and y down, whatever part of the picture
is sent and however large it is shown. A pointer alone counts in 0..1 of the picture: it is of a moving one,
and how many pixels a capture card's frames have changes from one to the next.
"""

from records.ids import ConsultId, ParticipantId, StillId
from records.stills import Mark, MarkShape, PictureTool
from records.values import Value
from signaling.messages.base import Command, Direct, Event, Notice

__all__ = (
    "ClearMarks",
    "DrawMark",
    "Mark",
    "MarkDrawn",
    "MarkPassing",
    "MarkShape",
    "MarkUndone",
    "MarksCleared",
    "MeasurePicture",
    "PictureCalipers",
    "PictureMeasured",
    "PictureTool",
    "UndoMark",
)


class DrawMark(Command):
    """Draw on one frame of the ultrasound. `Done.value` is the mark's id.

    On the frozen picture it stays with its frame. With `fades` it is made on the moving picture: shown to who
    is here now for some seconds, and not kept.
    """

    consult_id: ConsultId
    shape: MarkShape
    points: tuple[tuple[float, float], ...]  # captured pixels
    capture_us: int  # of the frame it was made on; unless it fades, as the frozen picture's was told
    text: str = ""  # of `text`: 1 to 80 characters
    fades: bool = False


class UndoMark(Command):
    """Take back one's own last mark on the frozen picture."""

    consult_id: ConsultId


class ClearMarks(Command):
    """Take all marks of the frozen picture away, for everybody; those of other frames stay."""

    consult_id: ConsultId


class MarkDrawn(Event):
    """Somebody drew on the frozen picture. Who enters a room gets every mark again, after `MarksCleared`. One
    of an id that is there already takes its place."""

    consult_id: ConsultId
    mark: Mark


class MarkPassing(Direct):
    """Somebody drew on the moving picture: it fades."""

    consult_id: ConsultId
    mark: Mark


class MarkUndone(Event):
    """Whoever drew a mark took it back."""

    consult_id: ConsultId
    mark_id: str


class MarksCleared(Event):
    """There are no marks any more on the frame of this instant; None: on none."""

    consult_id: ConsultId
    capture_us: int | None = None


class PictureCalipers(Value):
    """Calipers on an exact still."""

    tool: PictureTool
    points: tuple[tuple[float, float], ...]  # captured pixels
    angle_deg: float | None = None  # of the beam to the flow, in Doppler; None: the picture's own
    done: bool = True  # all its points are laid: of a part of an outline no area is read


class MeasurePicture(Notice):
    """The sender's calipers on the frozen picture's exact still, while they move; None: put away."""

    consult_id: ConsultId
    still_id: StillId
    calipers: PictureCalipers | None


class PictureMeasured(Direct):
    """Somebody's calipers on an exact still, as they move; None: put away."""

    consult_id: ConsultId
    participant_id: ParticipantId
    still_id: StillId
    calipers: PictureCalipers | None
