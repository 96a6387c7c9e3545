"""What people do to a room's pictures and sound: point, draw, hold a frame, auscultate, send a card."""

from records.ids import ConsultId, new_id
from records.rooms import MediaKind
from signaling import messages as m
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.room_keeping import RoomKeeping
from signaling.rooms import Room, Seat
from signaling.tabs import Tab

MOST_STROKES = 100
MOST_POINTS = 200
MOST_OFFSET_US = 10**18


class RoomActs:
    """Decides on the room as it stands, tells everyone in it, and has the media follow."""

    def __init__(self, rooms: RoomKeeping) -> None:
        self._rooms = rooms

    # --- the pictures -----------------------------------------------------------------------------------

    def point(self, tab: Tab, notice: m.PointAt) -> None:
        """Relay a pointer, with the frame it was made on, to the others in the room."""
        x, y = notice.x, notice.y
        if (x is None) != (y is None) or not all(0 <= value <= 1 for value in (x or 0.0, y or 0.0)):
            raise Refused(Refusal.OUT_OF_RANGE)
        seat = self._rooms.seat_at(notice.consult_id, tab)
        moved = m.PointerMoved(
            consult_id=notice.consult_id,
            participant_id=seat.participant_id,
            x=x,
            y=y,
            capture_us=notice.capture_us,
        )
        self._to_viewers(tab, notice.consult_id, moved)

    def hold(self, tab: Tab, notice: m.HoldFrame) -> None:
        """Tell the others which frame somebody looks at, so that they keep theirs of that instant."""
        seat = self._rooms.seat_at(notice.consult_id, tab)
        held = m.FrameHeld(
            consult_id=notice.consult_id, participant_id=seat.participant_id, capture_us=notice.capture_us
        )
        self._to_viewers(tab, notice.consult_id, held)

    def draw(self, tab: Tab, command: m.DrawStroke) -> str:
        """Keep a stroke with the room and show it to all; its id."""
        seat, room = self._seated(tab, command.consult_id)
        _check_points(command)
        if len(room.drawings) >= MOST_STROKES:
            raise Refused(Refusal.TOO_MANY_DRAWINGS)
        stroke = m.Stroke(
            id=new_id(),
            participant_id=seat.participant_id,
            shape=command.shape,
            points=command.points,
            capture_us=command.capture_us,
        )
        room.drawings.append(stroke)
        drawn = m.StrokeDrawn(consult_id=command.consult_id, stroke=stroke)
        self._rooms.witness(command.consult_id, drawn)
        for other in self._viewers(command.consult_id):
            other.put(drawn)
        return stroke.id

    def clear(self, tab: Tab, command: m.ClearDrawings) -> None:
        """Take every drawing away."""
        _, room = self._seated(tab, command.consult_id)
        room.drawings.clear()
        cleared = m.DrawingsCleared(consult_id=command.consult_id)
        self._rooms.witness(command.consult_id, cleared)
        for other in self._viewers(command.consult_id):
            other.put(cleared)

    async def publish_ultrasound(self, tab: Tab, command: m.PublishUltrasound) -> None:
        """Let a capture card be the room's ultrasound, or give that back to the station."""
        seat, room = self._seated(tab, command.consult_id)
        if command.on and not command.resident_confirmed:
            raise Refused(Refusal.IDENTITY_NOT_CONFIRMED)
        others = [one for one in room.people() if one.sends_ultrasound and one is not seat]
        if others or (command.on and room.ultrasound_by_door()):
            raise Refused(Refusal.ULTRASOUND_TAKEN)
        if command.on != seat.sends_ultrasound:
            await self._rooms.give_ultrasound(room, seat if command.on else None)
            self._rooms.tell(room)

    def clock(self, tab: Tab, notice: m.ReportClock) -> None:
        """Tell everyone how the clock of who sends the ultrasound stands; nobody else's is of use."""
        seat, _ = self._seated(tab, notice.consult_id)
        if not seat.sends_ultrasound:
            raise Refused(Refusal.NOT_ALLOWED, "sends no ultrasound")
        if abs(notice.offset_us) > MOST_OFFSET_US or not 0 <= notice.uncertainty_us <= MOST_OFFSET_US:
            raise Refused(Refusal.OUT_OF_RANGE)
        told = m.PublisherClock(
            consult_id=notice.consult_id,
            participant_id=seat.participant_id,
            offset_us=-notice.offset_us,
            uncertainty_us=notice.uncertainty_us,
        )
        self._rooms.witness(notice.consult_id, told)
        for other in self._viewers(notice.consult_id):
            other.send(told)

    # --- the sound --------------------------------------------------------------------------------------

    def auscultate(self, tab: Tab, command: m.SetAuscultation) -> None:
        """Note whose microphone sends unprocessed sound; one in a room, and only one that is on."""
        seat, room = self._seated(tab, command.consult_id)
        if command.on and any(one.auscultating for one in room.people() if one is not seat):
            raise Refused(Refusal.AUSCULTATION_TAKEN)
        if command.on and not seat.microphone_on:
            raise Refused(Refusal.MICROPHONE_OFF)
        seat.auscultating = command.on
        self._rooms.tell(room)

    def _seated(self, tab: Tab, consult_id: ConsultId) -> tuple[Seat, Room]:
        return self._rooms.seat_at(consult_id, tab), self._rooms.rooms[consult_id]

    def _viewers(self, consult_id: ConsultId) -> list[Tab]:
        """The tabs of those who receive the ultrasound: what is drawn on it is for nobody else."""
        seats = self._rooms.rooms[consult_id].people()
        return [seat.tab for seat in seats if seat.tab and MediaKind.ULTRASOUND in seat.grants.receive]

    def _to_viewers(self, tab: Tab, consult_id: ConsultId, message: m.Message) -> None:
        self._rooms.witness(consult_id, message)
        for other in self._viewers(consult_id):
            if other is not tab:
                other.send(message)


def _check_points(command: m.DrawStroke) -> None:
    """Raise `Refused` for a stroke that could not be drawn."""
    if not 2 <= len(command.points) <= MOST_POINTS:
        raise Refused(Refusal.OUT_OF_RANGE, f"2 to {MOST_POINTS} points are right")
    if not all(0 <= value <= 1 for point in command.points for value in point):
        raise Refused(Refusal.OUT_OF_RANGE)
