"""What goes onto a tape beside the streams: the messages everybody in a room was sent, and a few of its own.

An act is one message as JSON with its `type`, at a moment of the server's clock. So a kind of message that is
relayed in rooms is on the tape as soon as it exists.
"""

from records.ids import AccountId, BindingId, ParticipantId
from records.rooms import GivenUp
from signaling.messages import GuidingView, Message


class BindingBegan(Message):
    """A station acquires for this consult from now on; its ECG lies under the binding."""

    binding_id: BindingId
    station_id: AccountId


class BindingEnded(Message):
    """It acquires no more."""

    binding_id: BindingId


class Guided(Message):
    """Something was asked of the operator, or became of it; or turning the scanner was allowed, or ended."""

    guiding: GuidingView


class PathLost(Message):
    """Somebody's media path was lost."""

    participant_id: ParticipantId
    reason: str


class GivenUpFor(Message):
    """What somebody's weak line was made to do without from now on; nothing: it carries all again."""

    participant_id: ParticipantId
    given_up: tuple[GivenUp, ...]


class TapeStopped(Message):
    """The last act on a tape."""

    end: str  # `records.tapes.TapeEnd`
