"""The figures an administrator sees: of live sessions, queues and the day. Absent is None, never 0."""

import datetime as dt
import statistics
from collections import deque
from collections.abc import Iterable

from records.accounts import Account, Presence, Role
from records.consults import Consult, ConsultState, Urgency
from records.ecg_reading import ReadingFigures, figures_of
from records.ids import AccountId, ConsultId, SpecialtyCode
from records.ledger import Ledger
from records.rooms import GivenUp
from records.values import Value
from signaling import cards, queue
from signaling import messages as m
from signaling.ports import PeerMeasured
from signaling.station_messages import StationFigures
from signaling.transitions import LIVE

REPORT_STALE = dt.timedelta(seconds=10)
"""A report older than this says nothing about now."""

CURVE_POINTS = 300
"""Ten minutes at one point each 2 s."""


class ServerFacts(Value):
    """What the dashboard shows and signaling cannot know by itself. None: not known."""

    audit_chain_ok: bool | None = None
    certificate_days_left: int | None = None
    media_workers_ready: int = 0
    media_workers_total: int = 0


class Reports:
    """The latest quality report of every viewer."""

    def __init__(self) -> None:
        self._latest: dict[tuple[ConsultId, AccountId], tuple[dt.datetime, m.ReportQuality]] = {}

    def take(self, account_id: AccountId, report: m.ReportQuality, now: dt.datetime) -> None:
        """Keep a report in place of the one before it."""
        self._latest[report.consult_id, account_id] = (now, report)

    def of(
        self, consult_id: ConsultId, account_id: AccountId | None, now: dt.datetime
    ) -> m.ReportQuality | None:
        """The report of one viewer, unless it is old."""
        if account_id is None or (consult_id, account_id) not in self._latest:
            return None
        at, report = self._latest[consult_id, account_id]
        return report if now - at <= REPORT_STALE else None

    def forget(self, consult_id: ConsultId) -> None:
        """A consult is over."""
        for key in [key for key in self._latest if key[0] == consult_id]:
            del self._latest[key]


class Curves:
    """Ten minutes of every live session's figures."""

    def __init__(self) -> None:
        self._points: dict[ConsultId, deque[tuple[dt.datetime, m.LiveFigures]]] = {}

    def add(self, now: dt.datetime, live: Iterable[m.LiveFigures]) -> None:
        """Add one point to each live session; what is not live any more is dropped."""
        figures = {one.consult_id: one for one in live}
        for gone in self._points.keys() - figures.keys():
            del self._points[gone]
        for consult_id, one in figures.items():
            self._points.setdefault(consult_id, deque(maxlen=CURVE_POINTS)).append((now, one))

    def of(self, consult_id: ConsultId) -> tuple[tuple[dt.datetime, m.LiveFigures], ...]:
        """The points of a session, oldest first; none for one that is not live."""
        return tuple(self._points.get(consult_id, ()))


LINE_FIGURES = ("round_trip_ms", "loss_percent")
"""What has to be known of everyone's line before a session is called good."""

PICTURE_FIGURES = ("ultrasound_fps", "ultrasound_delay_ms", "ecg_missing_samples")
"""What has to be known besides of everyone who is shown the devices of a bound station."""


class Seen(Value):
    """One person's own report, and what the media worker counts of her connection."""

    report: m.ReportQuality | None = None
    peer: PeerMeasured | None = None
    sees_devices: bool = True

    @property
    def known(self) -> bool:
        """Whether anything is known of her at all."""
        return self.report is not None or self.peer is not None

    def figure(self, name: str) -> float | None:
        """A figure both could give: hers first, or else the worker's."""
        own: float | None = getattr(self.report, name, None)
        return own if own is not None else getattr(self.peer, name, None)

    def lacks(self, *, station_bound: bool) -> bool:
        """Whether a figure of hers is not known that should be."""
        wanted = LINE_FIGURES + (PICTURE_FIGURES if station_bound and self.sees_devices else ())
        return any(self.figure(name) is None for name in wanted)


class Measured(Value):
    """What is measured of one session at this moment."""

    of_specialist: Seen
    of_asker: Seen
    station: StationFigures | None
    station_peer: PeerMeasured | None
    station_bound: bool
    everyone: tuple[Seen, ...] = ()  # all people in the room, the two above among them
    given_up: tuple[GivenUp, ...] = ()
    station_away: bool = False
    device_failed: bool = False
    participant_away: bool = False

    def known(self, name: str) -> list[float]:
        """A figure of everyone of whom it is known."""
        figures = (one.figure(name) for one in self.everyone)
        return [one for one in figures if one is not None]

    def concerns(self) -> tuple[m.SessionConcern, ...]:
        """Why the session cannot be called good, whatever its figures are."""
        lacking = not self.everyone or any(
            one.lacks(station_bound=self.station_bound) for one in self.everyone
        )
        found = {
            m.SessionConcern.STATION_AWAY: self.station_away,
            m.SessionConcern.DEVICE_FAILED: self.device_failed,
            m.SessionConcern.PARTICIPANT_AWAY: self.participant_away,
            m.SessionConcern.UNMEASURED: lacking,
        }
        return tuple(concern for concern, holds in found.items() if holds)


def live_figures(ledger: Ledger, consult: Consult, measured: Measured, station_name: str) -> m.LiveFigures:
    """One live session. Whoever has it worst counts: a good line of one says nothing of another's."""
    latest = _most_delayed(measured)
    freezes, missing = _most(measured, "freezes"), _most(measured, "ecg_missing_samples")
    specialist = ledger.accounts.get(consult.specialist_id).display_name if consult.specialist_id else ""
    return m.LiveFigures(
        consult_id=consult.id,
        number=consult.number,
        station_name=station_name,
        asker_name=ledger.accounts.get(consult.asked_by).display_name,
        specialist_name=specialist,
        specialty=consult.specialty,
        since=consult.call_started_at or consult.accepted_at or consult.asked_at,
        state=consult.state,
        round_trip_ms=_most(measured, "round_trip_ms"),
        loss_percent=_most(measured, "loss_percent"),
        up_mbps=_up_mbps(measured),
        down_mbps=measured.of_specialist.figure("down_mbps"),
        ultrasound_fps=min(measured.known("ultrasound_fps"), default=None),
        ultrasound_delay_ms=latest.figure("ultrasound_delay_ms"),
        ultrasound_delay_uncertainty_ms=latest.figure("ultrasound_delay_uncertainty_ms"),
        freezes=None if freezes is None else int(freezes),
        ecg_missing_samples=None if missing is None else int(missing),
        alignment_residual_ms=_most(measured, "alignment_residual_ms"),
        given_up=measured.given_up,
        concerns=measured.concerns(),
    )


def _most(measured: Measured, name: str) -> float | None:
    return max(measured.known(name), default=None)


def _most_delayed(measured: Measured) -> Seen:
    """Whose picture is the latest: its uncertainty belongs to no other's delay."""
    seen = [one for one in measured.everyone if one.figure("ultrasound_delay_ms") is not None]
    return max(seen, key=lambda one: one.figure("ultrasound_delay_ms") or 0.0, default=Seen())


def _up_mbps(measured: Measured) -> float | None:
    """Doctor and station together; a part that is not known makes the sum unknown."""
    doctor = measured.of_asker.figure("up_mbps")
    if not measured.station_bound:
        return doctor
    station = measured.station.sent_mbps if measured.station else None
    if station is None and measured.station_peer is not None:
        station = measured.station_peer.up_mbps
    return None if doctor is None or station is None else doctor + station


def queue_figures(
    ledger: Ledger, open_consults: tuple[Consult, ...], around: cards.Around
) -> tuple[m.QueueFigures, ...]:
    """Every specialty's queue."""
    specialists = tuple(one for one in ledger.accounts.by_role(Role.SPECIALIST) if not one.disabled)
    return tuple(
        _one_queue(specialty.code, queue.in_order(open_consults), specialists, around)
        for specialty in ledger.directory.specialties()
    )


def _one_queue(
    code: SpecialtyCode,
    waiting: tuple[Consult, ...],
    specialists: tuple[Account, ...],
    around: cards.Around,
) -> m.QueueFigures:
    here = [one for one in waiting if one.specialty == code]
    urgencies = [one.urgency for one in here]
    theirs = [around.live.ringable(one) for one in specialists if code in one.specialties]
    free = [one for one in theirs if one.presence is Presence.AVAILABLE and not one.in_call]
    return m.QueueFigures(
        specialty=code,
        emergency=urgencies.count(Urgency.EMERGENCY),
        expedited=urgencies.count(Urgency.EXPEDITED),
        routine=urgencies.count(Urgency.ROUTINE),
        longest_wait_s=max((queue.waited_s(one, around.now) for one in here), default=None),
        available=len(free),
        connected=sum(one.connected for one in theirs),
        target_wait_s=around.settings.target_wait_s[here[0].urgency] if here else None,
    )


def today_figures(asked_today: tuple[Consult, ...]) -> m.TodayFigures:
    """Counts of the consults asked for since midnight."""
    waits = [queue.waited_s(one, one.accepted_at) for one in asked_today if one.accepted_at]
    states = [one.state for one in asked_today]
    return m.TodayFigures(
        asked=len(asked_today),
        accepted=len(waits),
        signed=sum(one.signed_at is not None for one in asked_today),
        returned=states.count(ConsultState.RETURNED),
        cancelled=states.count(ConsultState.CANCELLED),
        median_wait_s=int(statistics.median(waits)) if waits else None,
        longest_wait_s=max(waits, default=None),
    )


def opinions_due(ledger: Ledger, open_consults: Iterable[Consult]) -> tuple[m.OpinionDueFigures, ...]:
    """Opinions that are not signed yet, the one that is due first before the others."""
    due = [one for one in open_consults if one.state is ConsultState.OPINION_DUE]
    due.sort(key=lambda one: (one.opinion_due_at is None, one.opinion_due_at, one.number))
    return tuple(_opinion_due(ledger, one) for one in due)


def _opinion_due(ledger: Ledger, consult: Consult) -> m.OpinionDueFigures:
    def name(account_id: AccountId | None) -> str:
        return ledger.accounts.get(account_id).display_name if account_id else ""

    return m.OpinionDueFigures(
        consult_id=consult.id,
        number=consult.number,
        specialty=consult.specialty,
        specialist_name=name(consult.specialist_id),
        offered_to=name(consult.handed_to),
        opinion_free=consult.opinion_free,
        ended_at=consult.ended_at,
        due_at=consult.opinion_due_at,
    )


def ecg_reading(ledger: Ledger, around: cards.Around) -> tuple[ReadingFigures, ...]:
    """The ECG reading list, a class of urgency each."""
    closed = ledger.ecg_studies.closed_since(cards.midnight(around.now))
    return figures_of(ledger.ecg_studies.open(), closed, around.settings.reading, around.now)


def live_consults(open_consults: Iterable[Consult]) -> tuple[Consult, ...]:
    """The sessions that run."""
    return tuple(one for one in open_consults if one.state in LIVE)


def to_review(ledger: Ledger) -> int:
    """Emergency accesses nobody has looked at."""
    return sum(one.reviewed_by is None for one in ledger.emergency_accesses.all())


def read_asked_today(ledger: Ledger, now: dt.datetime) -> tuple[Consult, ...]:
    """Consults asked for since the last midnight at the server."""
    return ledger.consults.since(cards.midnight(now))
