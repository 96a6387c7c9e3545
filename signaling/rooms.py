"""A consult's room: who sits in it. Pure; `signaling.room_keeping` carries out what follows from it."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from records.accounts import Role
from records.ids import AccountId, BindingId, ClipId, ConsultId, ParticipantId
from records.rooms import GRANTS, Door, Encoding, GivenUp, Grants, MediaKind, speaks
from records.stills import Mark
from signaling.door_seats import DoorSeat
from signaling.frozen import Frozen, Stills
from signaling.messages import (
    ClipView,
    GuidingView,
    Participant,
    PersonCard,
    PictureFrozen,
    PictureShown,
    RoomView,
    ScannerView,
    SendAtMost,
    TapeView,
)
from signaling.scopes import STAFF_OF_THE_ASKER
from signaling.tabs import Tab


def participant_of(consult_id: ConsultId, account_id: AccountId) -> ParticipantId:
    """The participant that an account is in a consult: the same again after a reload or a restart."""
    return ParticipantId(hashlib.sha256(f"{consult_id}:{account_id}".encode()).hexdigest()[:32])


@dataclass(slots=True)
class ToldOfLine:
    """What was told of a seat's line last: told again to a browser that may not have heard it."""

    given_up: frozenset[GivenUp] = frozenset()
    encoding: Encoding = Encoding.MAIN  # of the ultrasound it gets
    send_at_most: dict[str, SendAtMost] = field(default_factory=dict)  # by mid
    pictures: dict[Encoding, PictureShown] = field(default_factory=dict)  # of a station


@dataclass(slots=True, kw_only=True, eq=False)
class Seat:
    """Somebody's place in a room, kept through lost lines and new peer connections."""

    participant_id: ParticipantId
    person: PersonCard
    tab: Tab | None = None  # None: a station
    binding_id: BindingId | None = None  # of a station
    microphone_on: bool = False
    camera_on: bool = False
    connected: bool = True
    peer_id: str | None = None
    offer_due: bool = False  # media could not be opened; tried again
    auscultating: bool = False
    sends_ultrasound: bool = False  # a capture card of a person's own computer
    ultrasound_elsewhere: bool = False  # of a station: the picture comes from a card or another device now
    told: ToldOfLine = field(default_factory=ToldOfLine)

    @property
    def is_station(self) -> bool:
        """A station's seat has devices, not a person."""
        return self.person.role is Role.STATION

    @property
    def grants(self) -> Grants:
        """What it may publish and receive: by its role, and who sends the room's one ultrasound."""
        of_role = GRANTS[self.person.role]
        publish = of_role.publish
        if self.sends_ultrasound:
            publish |= {MediaKind.ULTRASOUND}
        if self.ultrasound_elsewhere:
            publish -= {MediaKind.ULTRASOUND}
        return Grants(publish=publish, receive=of_role.receive)

    def view(self) -> Participant:
        """The seat as everyone in the room sees it."""
        return Participant(
            id=self.participant_id,
            person=self.person,
            microphone_on=self.microphone_on,
            camera_on=self.camera_on,
            connected=self.connected,
            publishes=tuple(kind for kind in MediaKind if kind in self.grants.publish),
            auscultating=self.auscultating,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Room:
    """One consult's room. Nobody sits in it unseen: `view` names every seat."""

    consult_id: ConsultId
    opened_at: dt.datetime
    seats: dict[AccountId, Seat] = field(default_factory=dict)
    frozen: Frozen | None = None
    marks: list[Mark] = field(default_factory=list)  # on frozen frames, each on its own
    stills: Stills = field(default_factory=Stills)
    clips: dict[ClipId, ClipView] = field(default_factory=dict)
    doors: dict[ParticipantId, DoorSeat] = field(default_factory=dict)
    tape: TapeView | None = None
    guiding: dict[AccountId, GuidingView] = field(default_factory=dict)  # of each guide the last
    scanner: ScannerView | None = None

    def view(self) -> RoomView:
        """The room as everyone in it sees it."""
        return RoomView(
            consult_id=self.consult_id,
            participants=(
                *(seat.view() for seat in self.seats.values()),
                *(door.view() for door in self.doors.values()),
            ),
            opened_at=self.opened_at,
            tape=self.tape,
            guiding=tuple(sorted(self.guiding.values(), key=lambda one: one.asked_at)),
            scanner=self.scanner,
        )

    def seat(self, account_id: AccountId, person: PersonCard) -> Seat:
        """The seat of an account, a new one when it has none."""
        if account_id not in self.seats:
            self.seats[account_id] = Seat(
                participant_id=participant_of(self.consult_id, account_id), person=person
            )
        return self.seats[account_id]

    def pictures(self) -> dict[Encoding, PictureShown]:
        """Which part of the station's picture each encoding shows, as far as it was told."""
        return next((seat.told.pictures for seat in self.seats.values() if seat.told.pictures), {})

    def given_up_for(self, seat: Seat) -> tuple[GivenUp, ...]:
        """What this viewer's own line makes it do without, in the order of `GivenUp`."""
        found = set(seat.told.given_up)
        if seat.told.encoding is Encoding.REDUCED:
            found |= {GivenUp.ULTRASOUND_COARSE} | set(self._given_up_in(Encoding.REDUCED))
        return tuple(what for what in GivenUp if what in found)

    def given_up(self) -> tuple[GivenUp, ...]:
        """All that a weak line makes somebody here do without."""
        found = {what for seat in self.seats.values() for what in self.given_up_for(seat)}
        found |= set(self._given_up_in(Encoding.MAIN))
        return tuple(what for what in GivenUp if what in found)

    def _given_up_in(self, encoding: Encoding) -> tuple[GivenUp, ...]:
        picture = self.pictures().get(encoding)
        return picture.given_up if picture else ()

    def both_sides_present(self) -> bool:
        """Whether somebody of the asking and somebody of the answering side is here."""
        roles = {seat.person.role for seat in self.seats.values() if seat.connected}
        return Role.SPECIALIST in roles and bool(roles & STAFF_OF_THE_ASKER)

    def speakers(self) -> frozenset[AccountId]:
        """Everyone here who may be heard, and the station whose room camera takes such a place."""
        people = {one for one, seat in self.seats.items() if speaks(seat.person.role)}
        cameras = {one.person.id for one in self.doors.values() if one.door is Door.CAMERA}
        return frozenset(people | cameras)

    def ultrasound_by_door(self) -> bool:
        """Whether an ultrasound device is connected that is not of the station's own program."""
        return any(one.connected and one.door is Door.ULTRASOUND for one in self.doors.values())

    def ultrasound_by_card(self) -> bool:
        """Whether somebody's capture card is the room's ultrasound."""
        return any(seat.sends_ultrasound for seat in self.seats.values())

    def ultrasound_elsewhere(self) -> bool:
        """Whether another picture than that of the station's own program is the ultrasound."""
        return self.ultrasound_by_door() or self.ultrasound_by_card()

    def picture_frozen(self) -> PictureFrozen:
        """How the picture stands, as everybody who receives it is told."""
        frozen = self.frozen.view() if self.frozen is not None else None
        return PictureFrozen(consult_id=self.consult_id, frozen=frozen)

    def captured_size(self) -> tuple[int, int] | None:
        """Width and height of the picture as it was captured; None: only its sender knows."""
        if self.ultrasound_elsewhere():
            return None
        shown = self.pictures().get(Encoding.MAIN)
        return (shown.part.captured_width, shown.part.captured_height) if shown else None

    def receivers(self, kind: MediaKind = MediaKind.ULTRASOUND) -> list[Tab]:
        """The tabs of those who receive a kind of media: what is said on it is for nobody else."""
        return [seat.tab for seat in self.people() if seat.tab and kind in seat.grants.receive]

    def stations(self) -> list[AccountId]:
        """The stations that work here."""
        return [account_id for account_id, seat in self.seats.items() if seat.is_station]

    def people(self) -> list[Seat]:
        """Every seat but the station's."""
        return [seat for seat in self.seats.values() if not seat.is_station]
