"""A socket's beginning and end: who this is, from where to go on, how the clocks stand."""

from records.accounts import Language, Presence
from records.ids import AccountId, ConsultId
from records.values import Value
from signaling.messages.base import Direct, Message, Notice
from signaling.messages.cards import ConsultCard, SpecialistCard, StationCard
from signaling.messages.rooms import RoomView


class Snapshot(Value):
    """Everything a client needs to start from; the events after it carry on from there."""

    consults: tuple[ConsultCard, ...]
    specialists: tuple[SpecialistCard, ...]
    stations: tuple[StationCard, ...]
    rooms: tuple[RoomView, ...]  # those the client is in
    presence: Presence | None  # the client's own, when a specialist
    unread_chat: dict[ConsultId, int]


class Hello(Notice):
    """The first message of a socket: who this is (a tab), and from where to go on.

    Answered by `Welcome`. A `client_id` is made once for each page load.
    """

    client_id: str
    resume_after: int | None = None  # the last `seq` seen; None asks for a snapshot
    language: Language = Language.ZH  # of the screens, for sentences in refusals


class Welcome(Message):
    """The answer to `Hello`."""

    account_id: AccountId
    seq: int  # of the last event before this
    resumed: bool  # true: the missed events follow; false: start from the snapshot
    snapshot: Snapshot | None
    server_us: int
    demo: bool


class ProbeClock(Notice):
    """First stamp of a four-stamp exchange (RFC 5905 section 8). Answered by `ClockProbed`."""

    sent_us: int  # on the client's clock


class ClockProbed(Direct):
    """Second and third stamp of a four-stamp exchange."""

    sent_us: int  # the client's stamp, repeated
    received_us: int
    answered_us: int


class SignedOut(Direct):
    """The session ended (signed out, expired, disabled); the socket closes after this."""

    code: str
