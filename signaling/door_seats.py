"""Places in a room of what came by a standard door: an encoder, a room camera, a teaching screen. Pure."""

import hashlib
from dataclasses import dataclass

from records.ids import AccountId, BindingId, ConsultId, ParticipantId
from records.rooms import DOOR_GRANTS, NO_GRANTS, Door, Grants, MediaKind
from signaling.messages import Participant, PersonCard

DOOR_KINDS: dict[Door, tuple[MediaKind, ...]] = {
    Door.ULTRASOUND: (MediaKind.ULTRASOUND,),
    Door.CAMERA: (MediaKind.FACE, MediaKind.VOICE),
    Door.SCREEN: (MediaKind.ULTRASOUND, MediaKind.FACE, MediaKind.VOICE),
}
"""For what the m-lines of an offer are taken, in this order."""


def device_participant(consult_id: ConsultId, station_id: AccountId, door: Door) -> ParticipantId:
    """The participant a station's device of this kind is in a consult: the same again when it comes back."""
    text = f"{consult_id}:{station_id}:{door.value}"
    return ParticipantId(hashlib.sha256(text.encode()).hexdigest()[:32])


@dataclass(slots=True, kw_only=True, eq=False)
class DoorSeat:
    """A device's or a screen's place: as long as its one peer connection, which it makes itself."""

    session_id: str  # names it in the address by which it is ended
    participant_id: ParticipantId
    door: Door
    person: PersonCard  # the station it belongs to, or who let the screen in
    peer_id: str
    binding_id: BindingId | None = None  # of a station's device
    token_hash: str = ""  # what it came with
    connected: bool = False

    @property
    def grants(self) -> Grants:
        """What it may publish and receive. An ultrasound may once it is connected: until then the picture of
        the station's own program stays."""
        waits = self.door is Door.ULTRASOUND and not self.connected
        return NO_GRANTS if waits else DOOR_GRANTS[self.door]

    def view(self) -> Participant:
        """The place as everyone in the room sees it."""
        publishes = DOOR_GRANTS[self.door].publish
        return Participant(
            id=self.participant_id,
            person=self.person,
            microphone_on=MediaKind.VOICE in publishes,
            camera_on=MediaKind.FACE in publishes,
            connected=self.connected,
            publishes=tuple(kind for kind in MediaKind if kind in publishes),
            door=self.door,
        )
