"""What an administrator sees and does: every session's figures, ending one."""

import datetime as dt
import enum

from records.consults import ConsultState
from records.ecg_reading import ReadingFigures
from records.ids import ConsultId, SpecialtyCode
from records.rooms import GivenUp
from records.values import Value
from signaling.messages.base import Command, Direct
from signaling.messages.cards import StationCard


class SessionConcern(enum.StrEnum):
    """Why a live consult cannot be called good, whatever its figures say."""

    STATION_AWAY = "station_away"  # it is bound, and its line or its media are gone
    DEVICE_FAILED = "device_failed"  # ultrasound or ECG of the bound station is missing or failed
    PARTICIPANT_AWAY = "participant_away"  # a side is not in the room, or somebody is reconnecting
    UNMEASURED = "unmeasured"  # of somebody who should be measured a figure is not known


class LiveFigures(Value):
    """A live consult's figures on the dashboard: of every figure the worst of all who are in the room.

    None: no such figure, shown as an en dash.
    """

    consult_id: ConsultId
    number: str
    station_name: str
    asker_name: str
    specialist_name: str
    specialty: SpecialtyCode
    since: dt.datetime
    state: ConsultState
    round_trip_ms: float | None
    loss_percent: float | None
    up_mbps: float | None  # station and doctor to the server
    down_mbps: float | None  # server to the specialist
    ultrasound_fps: float | None
    ultrasound_delay_ms: float | None
    ultrasound_delay_uncertainty_ms: float | None
    freezes: int | None
    ecg_missing_samples: int | None
    alignment_residual_ms: float | None = None  # shown frame to the ECG sample laid under it, p95
    given_up: tuple[GivenUp, ...] = ()  # for any viewer, or by the station, because a line is weak
    concerns: tuple[SessionConcern, ...] = ()


class QueueFigures(Value):
    """One specialty's queue on the dashboard."""

    specialty: SpecialtyCode
    emergency: int
    expedited: int
    routine: int
    longest_wait_s: int | None
    available: int  # specialists
    connected: int
    target_wait_s: int | None = None  # of its most urgent request; None: nobody waits


class TodayFigures(Value):
    """Counts since midnight at the server."""

    asked: int
    accepted: int
    signed: int
    returned: int
    cancelled: int
    median_wait_s: int | None
    longest_wait_s: int | None


class OpinionDueFigures(Value):
    """A consult that has ended and whose opinion is not signed yet."""

    consult_id: ConsultId
    number: str
    specialty: SpecialtyCode
    specialist_name: str  # who owes it
    offered_to: str  # a colleague who was asked to write it; empty: nobody
    opinion_free: bool  # the others of the specialty are asked to write it
    ended_at: dt.datetime | None
    due_at: dt.datetime | None


class Dashboard(Value):
    """All an administrator sees at once. No resident's name, no picture."""

    live: tuple[LiveFigures, ...]
    queues: tuple[QueueFigures, ...]
    stations: tuple[StationCard, ...]
    today: TodayFigures
    audit_chain_ok: bool | None
    certificate_days_left: int | None
    emergency_accesses_to_review: int
    media_workers_ready: int
    media_workers_total: int
    opinions_due: tuple[OpinionDueFigures, ...] = ()  # the one that is due first before the others
    ecg_reading: tuple[ReadingFigures, ...] = ()  # the reading list, a class of urgency each


class ForceEnd(Command):
    """An administrator ends a session, with a reason that both sides see."""

    consult_id: ConsultId
    reason: str


class WatchDashboard(Command):
    """Begin or stop receiving `DashboardFigures` every 2 s."""

    on: bool


class DashboardFigures(Direct):
    """The dashboard, every 2 s while watched."""

    dashboard: Dashboard
