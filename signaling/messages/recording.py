"""Recording a room: its own consent, start, stop, withdrawal, and what everyone in it is shown of it."""

import datetime as dt
from enum import StrEnum

from records.consults import ConsentForm
from records.ids import ConsultId, TapeId
from records.values import Value
from signaling.messages.base import Command


class TapeState(StrEnum):
    """Whether a room is being recorded."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"  # nothing gets onto it at this moment: a gap; it goes on when it can
    FAILED = "failed"  # it should be, and is not: recorder or media are at fault


class TapeView(Value):
    """The tape of a room as everyone in it sees it."""

    tape_id: TapeId
    state: TapeState
    since: dt.datetime


class ConsentToRecording(Command):
    """The resident's consent to being recorded: its own, signed or oral with a witness, never deferred."""

    consult_id: ConsultId
    form: ConsentForm
    witness: str = ""
    signature_svg_path: str = ""


class WithdrawRecordingConsent(Command):
    """The consent to being recorded ends, whichever side says so; a running tape stops at once."""

    consult_id: ConsultId


class StartTape(Command):
    """Record the room. `Done.value` is the tape's id; `RoomView.tape` tells everyone when it runs."""

    consult_id: ConsultId


class StopTape(Command):
    """Record the room no more; anybody in it may stop it."""

    consult_id: ConsultId
