"""Setting anew what a pixel of a grabbed picture is worth: passes two clicks on its ruler to the station."""

from collections import OrderedDict

from records.ids import ConsultId, StillId
from records.rooms import MediaKind
from signaling import messages as m
from signaling import station_messages as s
from signaling.errors import Refused
from signaling.freezing import Freezing
from signaling.refusals import Refusal
from signaling.room_keeping import RoomKeeping
from signaling.station_lines import Station, Stations
from signaling.tabs import Tab

MOST_APART_MM = 500.0
MOST_WAITING = 32


class PictureScale:
    """Asks the station of a still; what comes of it is told to who asked, and by the still itself to all."""

    def __init__(self, rooms: RoomKeeping, stations: Stations, freezing: Freezing) -> None:
        self._rooms = rooms
        self._stations = stations
        self._freezing = freezing
        self._asked: OrderedDict[StillId, tuple[Tab, ConsultId]] = OrderedDict()

    def set(self, tab: Tab, command: m.SetPictureScale) -> None:
        """Have the scale set by two places on the exact still at which the room's picture stands."""
        station, still = self.check(tab, command)
        assert station.binding is not None
        self._asked[still.still_id] = (tab, command.consult_id)
        while len(self._asked) > MOST_WAITING:
            self._asked.popitem(last=False)
        station.send(
            s.SetScale(
                binding_id=station.binding.id,
                still_id=still.still_id,
                capture_us=still.capture_us,
                points=command.points,
                apart_mm=command.apart_mm,
            )
        )

    def answered(self, station: Station, message: s.StationScaleSet) -> None:
        """The station has set it, and gives its stills anew; or it says why not."""
        if station.binding is None or station.binding.id != message.binding_id:
            raise Refused(Refusal.NOT_BOUND)
        asked = self._asked.pop(message.still_id, None)
        if message.refused is None:
            self._freezing.scale_changed(station.binding)
        elif asked is not None:
            tab, consult_id = asked
            tab.send(m.PictureScaleRefused(consult_id=consult_id, why=message.refused))

    def check(self, tab: Tab, command: m.SetPictureScale) -> tuple[Station, m.StillCard]:
        """The station and the still it is of; raise `Refused` when it could not be set."""
        station, still = self._still(tab, command)
        inside = all(0 <= x <= still.width - 1 and 0 <= y <= still.height - 1 for x, y in command.points)
        if not inside or not 0 < command.apart_mm <= MOST_APART_MM:
            raise Refused(Refusal.OUT_OF_RANGE, f"two places on the picture, 0 to {MOST_APART_MM:g} mm apart")
        return station, still

    def _still(self, tab: Tab, command: m.SetPictureScale) -> tuple[Station, m.StillCard]:
        seat = self._rooms.seat_at(command.consult_id, tab)
        room = self._rooms.rooms[command.consult_id]
        frozen = room.frozen
        if MediaKind.ULTRASOUND not in seat.grants.receive:
            raise Refused(Refusal.NOT_ALLOWED, "receives no ultrasound")
        if frozen is None or frozen.still is None or frozen.still.still_id != command.still_id:
            raise Refused(Refusal.NOT_EXACT)
        for account_id in room.stations():
            station = self._stations[account_id]
            if station.binding is not None and station.binding.id == frozen.binding_id:
                if station.line is None:
                    raise Refused(Refusal.STATION_OFFLINE)
                return station, frozen.still
        raise Refused(Refusal.NO_RING)
