"""A room: who is in it, what is said in it, where they point."""

import datetime as dt

from records.consults import ChatLine
from records.ids import ConsultId, ParticipantId
from records.rooms import Door, MediaKind
from records.values import Value
from signaling.messages.base import Command, Direct, Event, Notice
from signaling.messages.cards import PersonCard
from signaling.messages.guiding import GuidingView, ScannerView
from signaling.messages.recording import TapeView


class Participant(Value):
    """Somebody in a room. Everyone in it is named to all; nobody joins unseen."""

    id: ParticipantId
    person: PersonCard
    microphone_on: bool
    camera_on: bool
    connected: bool
    publishes: tuple[MediaKind, ...]
    auscultating: bool = False  # the microphone sends what it hears, unprocessed
    door: Door | None = None  # came by a standard door; `person` is the station, or who let a screen in


class RoomView(Value):
    """A consult's room as everyone in it sees it."""

    consult_id: ConsultId
    participants: tuple[Participant, ...]
    opened_at: dt.datetime
    tape: TapeView | None = None  # None: nothing is recorded
    guiding: tuple[GuidingView, ...] = ()  # what each guide asked of the operator last
    scanner: ScannerView | None = None  # None: nothing of the scanner can be turned from here


class JoinRoom(Command):
    """Enter a consult's room, or come back to it. Followed by `MediaOffer` once media may open."""

    consult_id: ConsultId
    microphone_on: bool
    camera_on: bool


class LeaveRoom(Command):
    """Leave the room; the consult goes on."""

    consult_id: ConsultId


class SetMuted(Command):
    """Microphone and camera as they are now; held through reconnects."""

    consult_id: ConsultId
    microphone_on: bool
    camera_on: bool


class SayChat(Command):
    """Write a line to everybody in the consult."""

    consult_id: ConsultId
    text: str


class PointAt(Notice):
    """The sender's pointer on the ultrasound picture; x and y in 0..1 of the captured picture, whatever part
    of it is shown; None: taken away."""

    consult_id: ConsultId
    x: float | None
    y: float | None
    capture_us: int | None = None  # of the frame the sender saw; None: the picture carries no time


class RoomChanged(Event):
    """Who is in the room changed, who is muted, or what is asked of the operator."""

    room: RoomView


class RoomClosed(Event):
    """The room is gone; media is closed."""

    consult_id: ConsultId
    reason: str  # "" when it ended in order


class ChatSaid(Event):
    """A new line in a consult's chat."""

    line: ChatLine


class PointerMoved(Direct):
    """Somebody's pointer on the ultrasound picture."""

    consult_id: ConsultId
    participant_id: ParticipantId
    x: float | None
    y: float | None
    capture_us: int | None = None  # of the frame it was made on
