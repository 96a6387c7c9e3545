"""The figures an administrator sees: of live sessions, queues and the day. Absent is None, never 0."""

import datetime as dt
import statistics
from collections import deque
from collections.abc import Iterable

from records.accounts import Account, Presence, Role
from records.consults import Consult, ConsultState, Urgency
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


class Seen(Value):
    """One person's own report, and what the media worker counts of her connection."""

    report: m.ReportQuality | None = None
    peer: PeerMeasured | None = None

    @property
    def known(self) -> bool:
        """Whether anything is known of her at all."""
        return self.report is not None or self.peer is not None

    def figure(self, name: str) -> float | None:
        """A figure both could give: hers first, or else the worker's."""
        own: float | None = getattr(self.report, name, None)
        return own if own is not None else getattr(self.peer, name, None)


class Measured(Value):
    """What is measured of one session at this moment."""

    of_specialist: Seen
    of_asker: Seen
    station: StationFigures | None
    station_peer: PeerMeasured | None
    station_bound: bool
    given_up: tuple[GivenUp, ...] = ()


def live_figures(ledger: Ledger, consult: Consult, measured: Measured, station_name: str) -> m.LiveFigures:
    """One live session. The specialist's own view counts before the asker's: it is judged by."""
    viewer = measured.of_specialist if measured.of_specialist.known else measured.of_asker
    report = viewer.report
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
        round_trip_ms=viewer.figure("round_trip_ms"),
        loss_percent=viewer.figure("loss_percent"),
        up_mbps=_up_mbps(measured),
        down_mbps=measured.of_specialist.figure("down_mbps"),
        ultrasound_fps=report.ultrasound_fps if report else None,
        ultrasound_delay_ms=report.ultrasound_delay_ms if report else None,
        ultrasound_delay_uncertainty_ms=report.ultrasound_delay_uncertainty_ms if report else None,
        freezes=report.freezes if report else None,
        ecg_missing_samples=report.ecg_missing_samples if report else None,
        alignment_residual_ms=report.alignment_residual_ms if report else None,
        given_up=measured.given_up,
    )


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


def live_consults(open_consults: Iterable[Consult]) -> tuple[Consult, ...]:
    """The sessions that run."""
    return tuple(one for one in open_consults if one.state in LIVE)


def to_review(ledger: Ledger) -> int:
    """Emergency accesses nobody has looked at."""
    return sum(one.reviewed_by is None for one in ledger.emergency_accesses.all())


def read_asked_today(ledger: Ledger, now: dt.datetime) -> tuple[Consult, ...]:
    """Consults asked for since the last midnight at the server."""
    return ledger.consults.since(cards.midnight(now))
