"""What is kept of a session's quality: a score, and why and on which side each drop happened.

What the score is made of is kept while the session runs: a restart of the server loses none of it.
"""

import datetime as dt
import enum
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping

from records.ids import AccountId, ConsultId, InstitutionId, ParticipantId, SpecialtyCode
from records.values import Value


class DropCause(enum.StrEnum):
    """Why somebody's media path was lost."""

    PATH_SILENT = "path_silent"  # nothing came any more: line cut, address changed, computer asleep
    PATH_NEVER_UP = "path_never_up"  # offered, answered, and no path came up
    CLOSED_BY_PEER = "closed_by_peer"  # page closed, station stopped
    REFUSED_KEYS = "refused_keys"  # the DTLS handshake failed
    WORKER_DIED = "worker_died"  # a media worker of ours
    OTHER = "other"


class DropSide(enum.StrEnum):
    """On whose side it was."""

    STATION = "station"
    ASKING = "asking"
    ANSWERING = "answering"
    SERVER = "server"


class Drop(Value):
    """One loss of somebody's media path."""

    at: dt.datetime
    side: DropSide
    cause: DropCause
    account_id: AccountId | None  # None: everybody's
    back_after_s: float | None = None  # None: it did not come back


class SessionScore(Value):
    """One ended session. A figure nobody reported is None, never 0."""

    consult_id: ConsultId
    number: str
    institution_id: InstitutionId
    specialty: SpecialtyCode
    began_at: dt.datetime
    ended_at: dt.datetime
    score: int | None  # 0 to 100: the share of reported moments that were good
    reports: int
    round_trip_ms: float | None  # medians over all reports
    loss_percent: float | None
    ultrasound_fps: float | None
    ultrasound_delay_ms: float | None
    freezes: int | None  # as each viewer last told, added up
    ecg_missing_samples: int | None  # the most any viewer told at last
    drops: tuple[Drop, ...] = ()
    most_round_trip_ms: float | None = None  # of any report: a median hides a bad minute
    most_loss_percent: float | None = None


class LastTold(Value):
    """What one viewer told last of what it counts from its beginning."""

    freezes: int | None
    ecg_missing_samples: int | None


class OpenDrop(Value):
    """A drop, and whose path it is that is not back yet."""

    drop: Drop
    out: tuple[ParticipantId, ...]


Spread = Mapping[int, int]
"""A figure in tenths of its unit -> how often it was told: all that its median and its most need."""


class SessionTally(Value):
    """What the score of a session under way is made of."""

    consult_id: ConsultId
    counted: int = 0
    good: int = 0
    round_trip_ms: dict[int, int] = {}
    loss_percent: dict[int, int] = {}
    ultrasound_fps: dict[int, int] = {}
    ultrasound_delay_ms: dict[int, int] = {}
    told: dict[AccountId, LastTold] = {}
    was_up: tuple[ParticipantId, ...] = ()
    lost: tuple[OpenDrop, ...] = ()


def most(spread: Spread) -> float | None:
    """The largest figure there is; None when there are none."""
    return max(spread) / 10 if spread else None


def median(spread: Spread) -> float | None:
    """The middle of the figures there are; None when there are none."""
    return statistics.median(Counter(spread).elements()) / 10 if spread else None


def largest(values: Iterable[int | None]) -> int | None:
    """The largest of the values there are; None when there are none."""
    return max((value for value in values if value is not None), default=None)
