"""What is to be sent to archives: one entry for each object and destination, and what becomes of it. Pure."""

import datetime as dt
import enum

import msgspec

from records.ids import ConsultId, DerivedId, KeptClipId, KeptStillId, OutboxEntryId, ResidentId, new_id
from records.ultrasound_exams import ArchiveTrouble
from records.values import Value


class ArchiveObject(enum.StrEnum):
    """What an object is."""

    STILL = "still"
    MARKS = "marks"  # what is drawn on a still
    MEASUREMENTS = "measurements"  # what is measured on a still and has a scale
    DERIVED = "derived"  # what is derived of measurements on stills: a volume, a fraction
    CLIP = "clip"
    ECG = "ecg"  # of a clip's seconds


class SendState(enum.StrEnum):
    """Where an entry stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"  # the archive said that it keeps it
    FAILED = "failed"  # it will not be tried again by itself


class OutboxEntry(Value):
    """One object on its way to one archive."""

    id: OutboxEntryId
    sop_instance_uid: str
    destination: str  # as the settings name it
    kind: ArchiveObject
    kept_id: KeptStillId | KeptClipId | DerivedId
    number: str  # of what was kept: CS-…, CD-…
    consult_id: ConsultId
    resident_id: ResidentId
    state: SendState
    queued_at: dt.datetime
    due_at: dt.datetime
    tries: int = 0
    tried_at: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    trouble: ArchiveTrouble | None = None  # of the last try
    detail: str = ""  # what the archive or the writer said: a status, a sentence; nothing of the patient


PASSING = frozenset(
    {
        ArchiveTrouble.TOO_SLOW,
        ArchiveTrouble.UNREACHABLE,
        ArchiveTrouble.DECLINED,
        ArchiveTrouble.BUSY,
        ArchiveTrouble.BROKE_OFF,
    }
)
"""What may be over by itself: tried again, without end."""

_NOT_WHOLE = dt.timedelta(minutes=1)
_WAITS_S = (10, 30, 60, 300, 900, 3600)
_LONGEST_DETAIL = 300
_MOST_BREAKS = 5
"""An object on which our own process breaks off so often is not tried any more."""


def queued(
    *,
    sop_instance_uid: str,
    destination: str,
    kind: ArchiveObject,
    kept_id: KeptStillId | KeptClipId | DerivedId,
    number: str,
    consult_id: ConsultId,
    resident_id: ResidentId,
    now: dt.datetime,
) -> OutboxEntry:
    """A new entry, due at once."""
    return OutboxEntry(
        id=OutboxEntryId(new_id()),
        sop_instance_uid=sop_instance_uid,
        destination=destination,
        kind=kind,
        kept_id=kept_id,
        number=number,
        consult_id=consult_id,
        resident_id=resident_id,
        state=SendState.WAITING,
        queued_at=now,
        due_at=now,
    )


def begun(entry: OutboxEntry, now: dt.datetime) -> OutboxEntry:
    """It is being sent."""
    return msgspec.structs.replace(entry, state=SendState.SENDING, tries=entry.tries + 1, tried_at=now)


def sent(entry: OutboxEntry, now: dt.datetime, detail: str = "") -> OutboxEntry:
    """The archive keeps it. `detail`: what it remarked on it."""
    return msgspec.structs.replace(
        entry, state=SendState.SENT, sent_at=now, trouble=None, detail=detail[:_LONGEST_DETAIL]
    )


def troubled(entry: OutboxEntry, now: dt.datetime, trouble: ArchiveTrouble, detail: str = "") -> OutboxEntry:
    """It did not get there: it waits, ever longer, for what may pass; anything else has failed."""
    waits = trouble in PASSING and not (trouble is ArchiveTrouble.BROKE_OFF and entry.tries >= _MOST_BREAKS)
    return msgspec.structs.replace(
        entry,
        state=SendState.WAITING if waits else SendState.FAILED,
        due_at=now + wait_after(entry.tries),
        trouble=trouble,
        detail=detail[:_LONGEST_DETAIL],
    )


def interrupted(entry: OutboxEntry, now: dt.datetime) -> OutboxEntry:
    """The server ended while it was sent: it is sent again, as the same instance."""
    return msgspec.structs.replace(entry, state=SendState.WAITING, due_at=now)


def postponed(entry: OutboxEntry, now: dt.datetime) -> OutboxEntry:
    """It is not whole yet: it waits a minute, and that was no try."""
    waits = msgspec.structs.replace(entry, state=SendState.WAITING, due_at=now + _NOT_WHOLE)
    return msgspec.structs.replace(waits, tries=max(0, entry.tries - 1), tried_at=None)


def retried(entry: OutboxEntry, now: dt.datetime) -> OutboxEntry:
    """Somebody asks to try at once; what is sent or being sent stays as it is."""
    if entry.state in (SendState.SENT, SendState.SENDING):
        return entry
    return msgspec.structs.replace(entry, state=SendState.WAITING, due_at=now, tries=0)


def wait_after(tries: int) -> dt.timedelta:
    """How long to wait after so many tries: 10 s to an hour."""
    return dt.timedelta(seconds=_WAITS_S[min(max(tries, 1), len(_WAITS_S)) - 1])


class OutboxCount(Value):
    """How many entries of one destination stand where; of those that wait, since when the oldest does."""

    destination: str
    waiting: int = 0
    sending: int = 0
    sent: int = 0
    failed: int = 0
    waiting_since: dt.datetime | None = None
