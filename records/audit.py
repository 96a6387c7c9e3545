"""The audit trail: who opened, changed or exported what of which resident.

Entries are chained: each carries the SHA-256 of itself and of the hash before it, so that an edit, a
deletion, a change of order or a cut is found by `verify_chain`. An entry holds ids, never content.
"""

import datetime as dt
import enum
import hashlib
from collections.abc import Iterable

import msgspec

from records.ids import AccountId, ResidentId
from records.values import Value

FIRST_HASH = "0" * 64


class Action(enum.StrEnum):
    """What was done."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    SEARCH = "search"
    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    EXPORT = "export"
    SIGN = "sign"
    JOIN = "join"
    LEAVE = "leave"
    BIND = "bind"
    RELEASE = "release"
    MOVE = "move"
    EMERGENCY_ACCESS = "emergency_access"
    REVIEW = "review"
    DENIED = "denied"
    FORCE_END = "force_end"
    INVITE = "invite"
    DISMISS = "dismiss"
    RECORD = "record"  # a tape begins
    STOP = "stop"
    WITHDRAW = "withdraw"
    PLAY = "play"
    HOLD = "hold"  # a legal hold begins
    RELEASE_HOLD = "release_hold"
    DELETE = "delete"
    CLAIM = "claim"  # a physician takes an ECG to read
    UNCLAIM = "unclaim"  # gives it back, or did not go on with it
    COSIGN = "cosign"
    ADDEND = "addend"
    REJECT = "reject"
    RETURN = "return"  # the second signature was not given: to be read again


class Outcome(enum.StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"


class AuditEvent(Value):
    """What the caller says happened; the store adds number and hashes."""

    at: dt.datetime
    actor_id: AccountId | None
    actor_role: str
    action: Action
    object_kind: str  # "resident", "consult", "opinion", "account" ...
    object_id: str
    resident_id: ResidentId | None = None
    outcome: Outcome = Outcome.DONE
    reason: str = ""
    address: str = ""


class AuditEntry(Value):
    """One link of the chain."""

    seq: int  # from 1, without holes
    event: AuditEvent
    previous_hash: str
    hash: str


def link_hash(seq: int, event: AuditEvent, previous_hash: str) -> str:
    """SHA-256 over the number, the event as canonical JSON, and the hash before it."""
    body = msgspec.json.encode([seq, event, previous_hash], order="deterministic")
    return hashlib.sha256(body).hexdigest()


def verify_chain(entries: Iterable[AuditEntry], expected_last: tuple[int, str] | None = None) -> int | None:
    """Find the first broken link: its number, or None when the chain is whole.

    `expected_last` is the number and hash of the last entry as noted elsewhere; it finds a cut tail.
    """
    seq, previous = 0, FIRST_HASH
    for entry in entries:
        seq += 1
        expected = link_hash(seq, entry.event, previous)
        if (entry.seq, entry.previous_hash, entry.hash) != (seq, previous, expected):
            return seq
        previous = expected
    if expected_last is not None and expected_last != (seq, previous):
        return seq + 1
    return None
