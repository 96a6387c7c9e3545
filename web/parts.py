"""What the application is made of; `cloudclinic/running.py` fills it in."""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from aiohttp.web import AppKey

from records.ecg_comparisons import EcgComparer
from records.ecg_drafts import EcgAppraiser
from records.ecg_prints import EcgPrinter
from records.exchange.archive.scheduled import ScannerWorklist
from records.ids import AccountId, ResidentId, SessionId, TapeId
from records.ledger import Records
from signaling.ports import Samples
from web.chain_check import ChainCheck
from web.measured import Egress
from web.open_sockets import OpenSockets
from web.passwords import Passwords
from web.ports import (
    ArchiveSending,
    ClipArchive,
    Desk,
    EcgArchive,
    EcgFiles,
    Exams,
    FirstAdministratorCode,
    NoArchives,
    NoClips,
    NoEcgs,
    NoExams,
    NoStills,
    NoTapes,
    StillArchive,
    TapeLibrary,
)
from web.rates import PER_DOOR, SignInRates, SlidingCount
from web.settings import WebSettings

STATIC = Path(__file__).parent / "static"


def utc_now() -> dt.datetime:
    """The clock of a real server."""
    return dt.datetime.now(dt.UTC)


def _none_ready() -> tuple[int, int]:
    return 0, 0


async def _nothing_sent() -> tuple[Egress, ...]:
    return ()


def _unknown() -> int | None:
    return None


class Gauge(NamedTuple):
    """One figure of `/metrics` that a part outside this room counts."""

    name: str
    says: str
    read: Callable[[], float | None]  # None: there is nothing to tell now


@dataclass(kw_only=True)
class WebParts:
    """The parts `make_app` plugs together. The caller opens and closes them."""

    records: Records
    desk: Desk
    samples: Samples
    passwords: Passwords
    settings: WebSettings
    first_administrator: FirstAdministratorCode
    tapes: TapeLibrary = field(default_factory=NoTapes)
    played: set[tuple[SessionId, TapeId]] = field(default_factory=set)  # whose playing is written down
    ecgs: EcgArchive = field(default_factory=NoEcgs)
    clips: ClipArchive = field(default_factory=NoClips)
    stills: StillArchive = field(default_factory=NoStills)
    archive: ArchiveSending = field(default_factory=NoArchives)
    exams: Exams = field(default_factory=NoExams)
    scanner_worklist: ScannerWorklist = field(default_factory=ScannerWorklist)
    exams_opened: set[tuple[str, str]] = field(default_factory=set)  # session and exam, noted already
    ecg_files: EcgFiles = field(default_factory=NoEcgs)
    appraiser: EcgAppraiser = field(default_factory=NoEcgs)
    printer: EcgPrinter = field(default_factory=NoEcgs)
    comparer: EcgComparer = field(default_factory=NoEcgs)
    ecgs_listed: set[tuple[AccountId, ResidentId, dt.date]] = field(default_factory=set)  # noted already
    clock: Callable[[], dt.datetime] = utc_now
    static: Path = STATIC
    data: Path | None = None  # whose disk `/readyz` looks at
    workers: Callable[[], tuple[int, int]] = _none_ready  # media workers: ready, total
    egress: Callable[[], Awaitable[tuple[Egress, ...]]] = _nothing_sent  # by the media workers, to whom
    certificate_days_left: Callable[[], int | None] = _unknown
    chain_check: ChainCheck = field(default_factory=ChainCheck)
    rates: SignInRates = field(default_factory=SignInRates)
    door_rates: SlidingCount = field(default_factory=lambda: SlidingCount(PER_DOOR))
    gauges: Sequence[Gauge] = ()


PARTS = AppKey("parts", WebParts)
OPEN_SOCKETS = AppKey("open_sockets", OpenSockets)
