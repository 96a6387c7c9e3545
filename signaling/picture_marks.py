"""What people draw on the ultrasound, and their calipers on its exact still: told to who receives it."""

from records.ids import ConsultId, new_id
from records.stills import Mark
from signaling import messages as m
from signaling.errors import Refused
from signaling.frozen import Frozen
from signaling.picture_part import MAX_SIDE_PX
from signaling.refusals import Refusal
from signaling.room_keeping import RoomKeeping
from signaling.rooms import Room, Seat
from signaling.tabs import Tab
from ultrasound.measuring.points import MAX_POINTS

MOST_MARKS = 100
"""On one frame."""

MOST_IN_ROOM = 1000
MOST_POINTS = 200
LONGEST_TEXT = 80

_POINTS = {
    m.MarkShape.FREEHAND: range(2, MOST_POINTS + 1),
    m.MarkShape.ARROW: range(2, 3),
    m.MarkShape.CIRCLE: range(2, 3),
    m.MarkShape.TEXT: range(1, 2),
    m.MarkShape.TARGET: range(1, 2),
}


class PictureMarks:
    """Decides on the room as it stands, and tells everyone who receives its picture."""

    def __init__(self, rooms: RoomKeeping) -> None:
        self._rooms = rooms

    def draw(self, tab: Tab, command: m.DrawMark) -> str:
        """Show a mark to all; one on the frozen picture stays with its frame. Its id."""
        seat, room = self._seated(tab, command.consult_id)
        _check(room, command)
        capture_us = command.capture_us if command.fades else self._frame(room, command.capture_us).capture_us
        mark = Mark(
            id=new_id(),
            participant_id=seat.participant_id,
            shape=command.shape,
            points=command.points,
            capture_us=capture_us,
            text=command.text.strip(),
        )
        if command.fades:
            self._pass(room, mark)
        else:
            self._keep(room, mark)
        return mark.id

    def _pass(self, room: Room, mark: Mark) -> None:
        if room.frozen is not None:
            raise Refused(Refusal.FRAME_CHANGED, "the picture stands still")
        passing = m.MarkPassing(consult_id=room.consult_id, mark=mark)
        self._rooms.witness(room.consult_id, passing)
        for one in room.receivers():
            one.send(passing)

    def _keep(self, room: Room, mark: Mark) -> None:
        if len(room.marks) >= MOST_IN_ROOM or len(marks_on(room, mark.capture_us)) >= MOST_MARKS:
            raise Refused(Refusal.TOO_MANY_DRAWINGS)
        room.marks.append(mark)
        self._put(room, m.MarkDrawn(consult_id=room.consult_id, mark=mark))

    def undo(self, tab: Tab, command: m.UndoMark) -> None:
        """Take back the sender's own last mark on the frozen picture."""
        seat, room = self._seated(tab, command.consult_id)
        of_frame = marks_on(room, self._frame(room).capture_us)
        own = [one for one in of_frame if one.participant_id == seat.participant_id]
        if not own:
            raise Refused(Refusal.NOTHING_TO_UNDO)
        room.marks.remove(own[-1])
        self._put(room, m.MarkUndone(consult_id=room.consult_id, mark_id=own[-1].id))

    def clear(self, tab: Tab, command: m.ClearMarks) -> None:
        """Take all marks of the frozen picture away."""
        _, room = self._seated(tab, command.consult_id)
        capture_us = self._frame(room).capture_us
        room.marks = [one for one in room.marks if one.capture_us != capture_us]
        self._put(room, m.MarksCleared(consult_id=room.consult_id, capture_us=capture_us))

    def measure(self, tab: Tab, notice: m.MeasurePicture) -> None:
        """Relay calipers to the others; only on the exact still that the room's picture stands at."""
        seat, room = self._seated(tab, notice.consult_id)
        still = room.frozen.still if room.frozen is not None else None
        if still is None or still.still_id != notice.still_id:
            raise Refused(Refusal.NOT_EXACT)
        if notice.calipers is not None:
            points = notice.calipers.points
            if not 1 <= len(points) <= MAX_POINTS or not _within(points, still.width, still.height):
                raise Refused(Refusal.OUT_OF_RANGE)
            if not abs(notice.calipers.angle_deg or 0.0) <= 90:
                raise Refused(Refusal.OUT_OF_RANGE, "an angle of up to 90 degrees is right")
        measured = m.PictureMeasured(
            consult_id=notice.consult_id,
            participant_id=seat.participant_id,
            still_id=notice.still_id,
            calipers=notice.calipers,
        )
        self._rooms.witness(notice.consult_id, measured)
        for other in room.receivers():
            if other is not tab:
                other.send(measured)

    def _seated(self, tab: Tab, consult_id: ConsultId) -> tuple[Seat, Room]:
        return self._rooms.seat_at(consult_id, tab), self._rooms.rooms[consult_id]

    def _frame(self, room: Room, capture_us: int | None = None) -> Frozen:
        """The frozen picture; raise `Refused` when there is none, or it stands at another frame than this."""
        if room.frozen is None:
            raise Refused(Refusal.NOT_FROZEN)
        if capture_us is not None and not room.frozen.is_at(capture_us):
            raise Refused(Refusal.FRAME_CHANGED)
        return room.frozen

    def _put(self, room: Room, event: m.Event) -> None:
        self._rooms.witness(room.consult_id, event)
        for one in room.receivers():
            one.put(event)


def marks_on(room: Room, capture_us: int) -> list[Mark]:
    """The marks on one frame, the first drawn first."""
    return [one for one in room.marks if one.capture_us == capture_us]


def _check(room: Room, command: m.DrawMark) -> None:
    """Raise `Refused` for a mark that could not be drawn. What it says is in no refusal."""
    allowed = _POINTS[command.shape]
    if len(command.points) not in allowed:
        raise Refused(Refusal.OUT_OF_RANGE, f"{allowed.start} to {allowed.stop - 1} points are right")
    width, height = room.captured_size() or (MAX_SIDE_PX, MAX_SIDE_PX)
    if not _within(command.points, width, height):
        raise Refused(Refusal.OUT_OF_RANGE, f"outside {width}x{height}")
    text = command.text.strip()
    if (command.shape is m.MarkShape.TEXT) != bool(text):
        raise Refused(Refusal.TEXT_NEEDED if not text else Refusal.OUT_OF_RANGE)
    if len(text) > LONGEST_TEXT:
        raise Refused(Refusal.TEXT_TOO_LONG)
    if not text.isprintable():
        raise Refused(Refusal.OUT_OF_RANGE, "signs that cannot be printed")


def _within(points: tuple[tuple[float, float], ...], width: int, height: int) -> bool:
    """Whether all points lie on the picture: half a pixel around the middles of the outermost ones."""
    return all(-0.5 <= x <= width - 0.5 and -0.5 <= y <= height - 0.5 for x, y in points)
