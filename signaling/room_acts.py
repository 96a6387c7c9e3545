"""What people do to a room's pictures and sound: point, measure an ECG, auscultate, send a card."""

from records.consults import Binding
from records.ids import AccountId, ConsultId
from records.rooms import MediaKind
from signaling import messages as m
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.room_keeping import RoomKeeping
from signaling.rooms import Room, Seat, participant_of
from signaling.tabs import Tab
from ultrasound.trouble import PictureTrouble

MOST_OFFSET_US = 10**18
MOST_SAMPLES = 1 << 40
MOST_UV = 1_000_000.0


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

    def measure_ecg(self, tab: Tab, notice: m.MeasureEcg) -> None:
        """Relay calipers on the ECG to the others who receive it; only on what this consult is bound to."""
        seat, room = self._seated(tab, notice.consult_id)
        if notice.calipers is not None:
            _check_calipers(room, notice.calipers)
        measured = m.EcgMeasured(
            consult_id=notice.consult_id, participant_id=seat.participant_id, calipers=notice.calipers
        )
        self._to_viewers(tab, notice.consult_id, measured, MediaKind.ECG)

    def ecg_being_taken(self, binding: Binding, account_id: AccountId, seconds: int) -> None:
        """Tell everyone who receives the ECG that the next seconds of it are to be kept."""
        if binding.consult_id not in self._rooms.rooms:
            return
        told = m.EcgBeingTaken(
            consult_id=binding.consult_id,
            binding_id=binding.id,
            participant_id=participant_of(binding.consult_id, account_id),
            seconds=seconds,
        )
        self._rooms.witness(binding.consult_id, told)
        for tab in self._rooms.rooms[binding.consult_id].receivers(MediaKind.ECG):
            tab.send(told)

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
        for other in self._rooms.rooms[notice.consult_id].receivers():
            other.send(told)

    def picture(self, tab: Tab, notice: m.ReportPicture) -> None:
        """Tell everyone what is wrong with the ultrasound that somebody sends; nobody else's is of use."""
        seat, _ = self._seated(tab, notice.consult_id)
        if not seat.sends_ultrasound:
            raise Refused(Refusal.NOT_ALLOWED, "sends no ultrasound")
        told = m.PublisherPicture(
            consult_id=notice.consult_id,
            participant_id=seat.participant_id,
            troubles=tuple(one for one in PictureTrouble if one in notice.troubles),
        )
        for other in self._rooms.rooms[notice.consult_id].receivers():
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

    def _to_viewers(
        self, tab: Tab, consult_id: ConsultId, message: m.Message, of: MediaKind = MediaKind.ULTRASOUND
    ) -> None:
        self._rooms.witness(consult_id, message)
        for other in self._rooms.rooms[consult_id].receivers(of):
            if other is not tab:
                other.send(message)


def _check_calipers(room: Room, calipers: m.EcgCalipers) -> None:
    """Raise `Refused` for calipers on another ECG than the room's, or where no sample can be."""
    if all(seat.binding_id != calipers.binding_id for seat in room.seats.values()):
        raise Refused(Refusal.NOT_ALLOWED, "calipers on an ECG this room does not show")
    samples = (calipers.first, calipers.second, 0 if calipers.rr is None else calipers.rr)
    heights = (calipers.first_uv, calipers.second_uv)
    if not all(0 <= at <= MOST_SAMPLES for at in samples) or not all(abs(uv) <= MOST_UV for uv in heights):
        raise Refused(Refusal.OUT_OF_RANGE)
