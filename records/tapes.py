"""A tape: the recording of a consult's room, with its own consent, its due day and its legal hold.

What is on it: every stream as it was forwarded, and every act of the room, on the server's clock. The ECG is
not kept twice: its samples are durable already (`records.store.segments`), and an act of the tape names the
binding they lie under.
"""

import datetime as dt
import enum

import msgspec

from records.consults import ConsentForm
from records.errors import RuleBroken
from records.ids import AccountId, ConsentId, ConsultId, ResidentId, TapeId
from records.rooms import MediaKind
from records.rules import Rule
from records.values import Value

WITHDRAWN_WITHIN_US = 2_000_000
"""Nothing that arrived later than this after a withdrawal is on a tape."""


class RecordingConsent(Value):
    """The resident's consent to being recorded in one consult: who took it, how, when, and its end."""

    id: ConsentId
    consult_id: ConsultId
    form: ConsentForm
    text_version: str
    recorded_by: AccountId
    recorded_at: dt.datetime
    witness: str = ""  # needed when ORAL
    signature_svg_path: str = ""  # needed when PAD
    withdrawn_at: dt.datetime | None = None
    withdrawn_by: AccountId | None = None  # who wrote the withdrawal down, of either side

    @property
    def holds(self) -> bool:
        """Whether it still allows recording."""
        return self.withdrawn_at is None


class TapeEnd(enum.StrEnum):
    """Why a tape ended."""

    STOPPED = "stopped"  # somebody in the room pressed stop
    WITHDRAWN = "withdrawn"  # consent was withdrawn
    ROOM_CLOSED = "room_closed"  # the consult ended, or everybody left
    BROKE_OFF = "broke_off"  # server or recorder died; sealed as far as it is whole
    FAILED = "failed"  # it never began


class LegalHold(Value):
    """A tape under it is not deleted, whatever is due."""

    by: AccountId
    at: dt.datetime
    reason: str


class TapeSeal(Value):
    """What a finished tape is held to."""

    fragments: int
    size_bytes: int
    digest: str  # SHA-256 of the last fragment, which chains all before it; hexadecimal
    begin_us: int | None  # of what is on it, on the server's clock; None: nothing
    end_us: int | None


class Tape(Value):
    """One recording of a consult's room."""

    id: TapeId
    consult_id: ConsultId
    resident_id: ResidentId
    consent_id: ConsentId
    started_by: AccountId
    started_at: dt.datetime
    simulated: bool  # a station with simulated data was bound while it ran
    ended_at: dt.datetime | None = None
    end: TapeEnd | None = None
    seal: TapeSeal | None = None
    due_at: dt.datetime | None = None  # when it is deleted, once it has ended
    hold: LegalHold | None = None
    deleted_at: dt.datetime | None = None

    @property
    def playable(self) -> bool:
        """Whether there is something to play: not before it is sealed."""
        return self.seal is not None and self.seal.fragments > 0 and self.deleted_at is None


class TapeStream(Value):
    """One stream on a tape: a participant's source, from one start of its packets to the next."""

    number: int
    participant_id: str
    kind: MediaKind
    clock_rate_hz: int
    codecs: dict[int, str]  # payload type -> `media.layout.Codec`


def ended(tape: Tape, end: TapeEnd, now: dt.datetime, kept: dt.timedelta) -> Tape:
    """The tape as it is filed: not sealed yet, and due after the time tapes are kept."""
    return msgspec.structs.replace(tape, ended_at=now, end=end, due_at=now + kept)


def sealed(tape: Tape, seal: TapeSeal) -> Tape:
    """A tape that ended, once all of it was read."""
    return msgspec.structs.replace(tape, seal=seal)


def is_due(tape: Tape, now: dt.datetime) -> bool:
    """Whether the daily job deletes it now; a legal hold stops that."""
    if tape.deleted_at is not None or tape.hold is not None or tape.due_at is None:
        return False
    return tape.due_at <= now


def deleted(tape: Tape, now: dt.datetime) -> Tape:
    """The tape without its content; that it was, and what sealed it, stays known.

    Raise `RuleBroken` under a legal hold, or while it runs.
    """
    if tape.hold is not None:
        raise RuleBroken(Rule.TAPE_HELD, "a tape under a legal hold is not deleted")
    if tape.ended_at is None:
        raise RuleBroken(Rule.TAPE_RUNS, "a tape that still runs is not deleted")
    return msgspec.structs.replace(tape, deleted_at=now)
