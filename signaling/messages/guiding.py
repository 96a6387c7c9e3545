"""Guiding the hand: what a guide asks of the operator, and what the operator says became of it."""

import datetime as dt

from records.guiding import CannotReason, GuidingEvent, GuidingState, ProbeWord, ScannerControl
from records.ids import ConsultId, GuidingId, ParticipantId
from records.values import Value
from signaling.messages.base import Command


class GuideProbe(Command):
    """Ask the operator for one movement of the fixed vocabulary. `Done.value` is its id.

    One is open at a time: what the same guide asked before and is not answered yet is replaced by it.
    """

    consult_id: ConsultId
    word: ProbeWord


class RequestControl(Command):
    """Ask the operator for something at the scanner's own controls; see `GuideProbe`."""

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


class TakeBackGuiding(Command):
    """The guide takes back what is not answered."""

    consult_id: ConsultId
    guiding_id: GuidingId


class GuidingView(Value):
    """What a guide asked last, as everyone in the room sees it: either a `word` or a `control`."""

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
