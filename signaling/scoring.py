"""Keeps score of every session while it runs: how good its reported moments were, and each lost path."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from records.accounts import Role
from records.consults import Consult
from records.ids import AccountId, ConsultId, ParticipantId
from records.session_scores import (
    Drop,
    DropCause,
    DropSide,
    LastTold,
    OpenDrop,
    SessionScore,
    SessionTally,
    largest,
    median,
    most,
)
from signaling.door_seats import DoorSeat
from signaling.messages import ReportQuality
from signaling.rooms import Seat
from signaling.scopes import STAFF_OF_THE_ASKER

# A moment is good when nothing that was reported is beyond these: the dashboard's own limits.
MOST_ROUND_TRIP_MS = 250.0
MOST_LOSS_PERCENT = 3.0
LEAST_FPS = 20.0
MOST_DELAY_MS = 500.0

_CAUSES = (
    ("silent", DropCause.PATH_SILENT),
    ("not up", DropCause.PATH_NEVER_UP),
    ("closed by", DropCause.CLOSED_BY_PEER),
    ("the DTLS handshake", DropCause.REFUSED_KEYS),
)


@dataclass
class _Lost:
    """A drop, and whose path it is that is not back yet."""

    drop: Drop
    out: set[ParticipantId]

    def back(self, participant_id: ParticipantId, now: dt.datetime) -> None:
        """One of them has a path again; the last one to come back says how long it took."""
        self.out.discard(participant_id)
        after_s = (now - self.drop.at).total_seconds()
        self.drop = msgspec.structs.replace(self.drop, back_after_s=after_s)


@dataclass
class _Session:
    counted: int = 0
    good: int = 0
    round_trip_ms: Counter[int] = field(default_factory=Counter)
    loss_percent: Counter[int] = field(default_factory=Counter)
    ultrasound_fps: Counter[int] = field(default_factory=Counter)
    ultrasound_delay_ms: Counter[int] = field(default_factory=Counter)
    told: dict[AccountId, LastTold] = field(default_factory=dict)
    was_up: set[ParticipantId] = field(default_factory=set)
    lost: list[_Lost] = field(default_factory=list)

    @classmethod
    def of(cls, tally: SessionTally) -> "_Session":
        return cls(
            counted=tally.counted,
            good=tally.good,
            round_trip_ms=Counter(tally.round_trip_ms),
            loss_percent=Counter(tally.loss_percent),
            ultrasound_fps=Counter(tally.ultrasound_fps),
            ultrasound_delay_ms=Counter(tally.ultrasound_delay_ms),
            told=dict(tally.told),
            was_up=set(tally.was_up),
            lost=[_Lost(one.drop, set(one.out)) for one in tally.lost],
        )

    def tally(self, consult_id: ConsultId) -> SessionTally:
        return SessionTally(
            consult_id=consult_id,
            counted=self.counted,
            good=self.good,
            round_trip_ms=dict(self.round_trip_ms),
            loss_percent=dict(self.loss_percent),
            ultrasound_fps=dict(self.ultrasound_fps),
            ultrasound_delay_ms=dict(self.ultrasound_delay_ms),
            told=dict(self.told),
            was_up=tuple(sorted(self.was_up)),
            lost=tuple(OpenDrop(drop=one.drop, out=tuple(sorted(one.out))) for one in self.lost),
        )

    def count(self, report: ReportQuality) -> None:
        _count(self.round_trip_ms, report.round_trip_ms)
        _count(self.loss_percent, report.loss_percent)
        _count(self.ultrasound_fps, report.ultrasound_fps)
        _count(self.ultrasound_delay_ms, report.ultrasound_delay_ms)

    def open(self, participant_id: ParticipantId) -> _Lost | None:
        """The last loss of somebody's path that is not over yet."""
        return next((one for one in reversed(self.lost) if participant_id in one.out), None)


class Scoring:
    """The sessions under way."""

    def __init__(self) -> None:
        self._sessions: dict[ConsultId, _Session] = {}
        self._kept: dict[ConsultId, SessionTally] = {}

    def resume(self, tallies: Iterable[SessionTally]) -> None:
        """Go on with what a server before this one counted."""
        for tally in tallies:
            self._sessions[tally.consult_id] = _Session.of(tally)
            self._kept[tally.consult_id] = tally

    def changed(self) -> tuple[SessionTally, ...]:
        """What is to be kept: everything that is not as it was kept last."""
        tallies = [session.tally(consult_id) for consult_id, session in self._sessions.items()]
        return tuple(tally for tally in tallies if self._kept.get(tally.consult_id) != tally)

    def kept(self, tallies: Iterable[SessionTally]) -> None:
        """These have been kept."""
        self._kept.update(
            (tally.consult_id, tally) for tally in tallies if tally.consult_id in self._sessions
        )

    def report(self, seat: Seat, report: ReportQuality) -> None:
        """A viewer told its figures of the last 2 s."""
        session, account_id = self._session(report.consult_id), seat.person.id
        before = session.told.get(account_id)
        session.told[account_id] = LastTold(
            freezes=report.freezes, ecg_missing_samples=report.ecg_missing_samples
        )
        cut = session.open(seat.participant_id) is not None
        if not cut and not _tells_anything(report):
            return
        session.counted += 1
        session.good += not cut and _is_good(report, before)
        session.count(report)

    def lost(self, consult_id: ConsultId, seat: Seat | DoorSeat, reason: str, now: dt.datetime) -> bool:
        """Somebody's media path was lost; `reason` is the worker's. False: it was known to be lost."""
        cause = next((cause for begins, cause in _CAUSES if reason.startswith(begins)), DropCause.OTHER)
        return self._drop(consult_id, seat, cause, now)

    def found_dead(self, consult_id: ConsultId, seat: Seat, now: dt.datetime) -> bool:
        """Somebody's own program found its path dead before the worker did, and asks for another."""
        was_up = seat.participant_id in self._session(consult_id).was_up
        return self._drop(consult_id, seat, DropCause.PATH_SILENT if was_up else DropCause.PATH_NEVER_UP, now)

    def _drop(self, consult_id: ConsultId, seat: Seat | DoorSeat, cause: DropCause, now: dt.datetime) -> bool:
        session = self._session(consult_id)
        if session.open(seat.participant_id) is not None:
            return False
        drop = Drop(at=now, side=side_of(seat.person.role), cause=cause, account_id=seat.person.id)
        session.lost.append(_Lost(drop, {seat.participant_id}))
        return True

    def went_by_itself(self, consult_id: ConsultId, seat: Seat) -> None:
        """Somebody closed the page of before, to open another or to leave: that was no lost line."""
        session = self._sessions.get(consult_id)
        found = session.open(seat.participant_id) if session else None
        if session and found and found.drop.cause is DropCause.CLOSED_BY_PEER:
            session.lost.remove(found)

    def worker_died(self, consult_id: ConsultId, here: Iterable[Seat], now: dt.datetime) -> None:
        """The media worker of a room died: the path of everybody who was here."""
        drop = Drop(at=now, side=DropSide.SERVER, cause=DropCause.WORKER_DIED, account_id=None)
        out = {seat.participant_id for seat in here}
        self._session(consult_id).lost.append(_Lost(drop, out))

    def back(self, consult_id: ConsultId, seat: Seat | DoorSeat, now: dt.datetime) -> None:
        """Somebody has a path again: every loss of it is over."""
        session = self._session(consult_id)
        session.was_up.add(seat.participant_id)
        while (found := session.open(seat.participant_id)) is not None:
            found.back(seat.participant_id, now)

    def finish(self, consult: Consult, now: dt.datetime) -> SessionScore | None:
        """The score of a session that ended; None: both sides never met."""
        session = self._sessions.pop(consult.id, None) or _Session()
        self._kept.pop(consult.id, None)
        if consult.call_started_at is None:
            return None
        freezes = [one.freezes for one in session.told.values() if one.freezes is not None]
        return SessionScore(
            consult_id=consult.id,
            number=consult.number,
            institution_id=consult.institution_id,
            specialty=consult.specialty,
            began_at=consult.call_started_at,
            ended_at=consult.ended_at or now,
            score=round(100 * session.good / session.counted) if session.counted else None,
            reports=session.counted,
            round_trip_ms=median(session.round_trip_ms),
            loss_percent=median(session.loss_percent),
            ultrasound_fps=median(session.ultrasound_fps),
            ultrasound_delay_ms=median(session.ultrasound_delay_ms),
            most_round_trip_ms=most(session.round_trip_ms),
            most_loss_percent=most(session.loss_percent),
            freezes=sum(freezes) if freezes else None,
            ecg_missing_samples=largest(one.ecg_missing_samples for one in session.told.values()),
            drops=tuple(one.drop for one in session.lost),
        )

    def _session(self, consult_id: ConsultId) -> _Session:
        return self._sessions.setdefault(consult_id, _Session())


def side_of(role: Role) -> DropSide:
    """On whose side somebody is."""
    if role is Role.STATION:
        return DropSide.STATION
    return DropSide.ASKING if role in STAFF_OF_THE_ASKER else DropSide.ANSWERING


def _count(spread: Counter[int], figure: float | None) -> None:
    if figure is not None:
        spread[round(10 * figure)] += 1


def _tells_anything(report: ReportQuality) -> bool:
    figures = (
        report.round_trip_ms,
        report.loss_percent,
        report.ultrasound_fps,
        report.ultrasound_delay_ms,
        report.freezes,
    )
    return any(figure is not None for figure in figures)


def _is_good(report: ReportQuality, before: LastTold | None) -> bool:
    """What was not reported is not held against a moment."""
    froze = before is not None and (report.freezes or 0) > (before.freezes or 0)
    missing = before is not None and (report.ecg_missing_samples or 0) > (before.ecg_missing_samples or 0)
    fps = report.ultrasound_fps
    return not (
        froze
        or missing
        or (report.round_trip_ms or 0) > MOST_ROUND_TRIP_MS
        or (report.loss_percent or 0) > MOST_LOSS_PERCENT
        or (report.ultrasound_delay_ms or 0) > MOST_DELAY_MS
        or (fps is not None and fps < LEAST_FPS)
    )
