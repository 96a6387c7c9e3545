"""Guiding the hand: what a guide asks of the operator, and what the operator says became of it."""

import datetime as dt

from records.guiding import CannotReason, GuidingEvent, GuidingState, ProbeWord
from records.ids import ConsultId, GuidingId, ParticipantId
from records.scanner_controls import RemoteEvent, ScannerControl, ScannerOffer, ScannerSetting
from records.values import Value
from signaling.messages.base import Command


class GuideProbe(Command):
    """Ask the operator for one movement of the fixed vocabulary. `Done.value` is its id.

    One is open at a time: what the same guide asked before and is not answered yet is replaced by it.
    """

    consult_id: ConsultId
    word: ProbeWord


class RequestControl(Command):
    """Ask for something at the scanner's own controls; see `GuideProbe`.

    The operator's hand does it; the scanner itself, where the station can turn it and the operator's side has
    allowed that (`RoomView.scanner`). Until that has answered nothing else can be asked (`scanner_turning`).
    """

    consult_id: ConsultId
    control: ScannerControl


class AnswerGuiding(Command):
    """The operator says of what was asked: seen, done, or cannot, with a reason.

    Refused with `changed_meanwhile` when its guide has replaced it or taken it back.
    """

    consult_id: ConsultId
    guiding_id: GuidingId
    answer: GuidingEvent  # `seen`, `done` or `cannot`
    reason: CannotReason | None = None  # needed with `cannot`


class AllowTurning(Command):
    """The operator's side lets the consult's specialist turn the scanner, or takes that back at once.

    It is off at first, and goes off by itself as well: `records.scanner_controls.RemoteEvent` says when.
    """

    consult_id: ConsultId
    on: bool


class TakeBackGuiding(Command):
    """The guide takes back what is not answered."""

    consult_id: ConsultId
    guiding_id: GuidingId


class GuidingView(Value):
    """What a guide asked last, as everyone in the room sees it: either a `word` or a `control`.

    On a tape also, as `remote`, that turning the scanner was allowed or ended.
    """

    id: GuidingId
    participant_id: ParticipantId  # of the guide
    guide_name: str
    word: ProbeWord | None
    control: ScannerControl | None
    state: GuidingState
    asked_at: dt.datetime
    changed_at: dt.datetime  # of the last thing that became of it
    answered_by: str  # who said so; "" nobody did
    reason: CannotReason | None
    remote: RemoteEvent | None = None
    at_device: bool = False  # the scanner itself was asked, and no hand since
    reported: ScannerSetting | None = None  # how the scanner stands since, by its own report


class TurningAllowed(Value):
    """Who may turn the scanner, who allowed it, and since when."""

    by_name: str
    specialist_id: ParticipantId
    specialist_name: str
    since: dt.datetime


class ScannerView(Value):
    """The scanner of the bound station, which can be turned from here, and whether it may be."""

    offer: ScannerOffer
    allowed: TurningAllowed | None
