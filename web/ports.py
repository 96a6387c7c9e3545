"""What `web` needs of the rooms beside and below it; `cloudclinic/running.py` plugs them in."""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Protocol

from ecg.errors import SourceUnreadable
from ecg.tracing import Tracing
from records.accounts import Account
from records.consults import Consult
from records.derived_measurements import DerivedMeasurement
from records.ecg_comparisons import ComparisonRefused, EcgComparison, ToCompare, WhyNot
from records.ecg_drafts import OF_A_FILE, Acquisition, MachineDraft, Subject
from records.ecg_prints import EcgPrint, Printed, PrintProblem, PrintRefused
from records.ecg_studies import EcgStudy, SampleSeal
from records.errors import NotFound, StoreReadOnly
from records.exchange.ecg_answers import NamedFile
from records.exchange.ecg_files import ForeignEcg
from records.exchange.picture_answers import FileDescription
from records.ids import (
    AccountId,
    ConsultId,
    EcgStudyId,
    KeptClipId,
    KeptStillId,
    ResidentId,
    SessionId,
    StillId,
    TapeId,
)
from records.ledger import Ledger
from records.residents import Reading, Resident
from records.rooms import Door
from records.tapes import Tape
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_exams import ArchiveSearch, ExamContents, UltrasoundExam
from records.ultrasound_stills import UltrasoundStill
from signaling.clips import Clips
from signaling.doors import DoorOpened
from signaling.ecg_excerpts import Excerpt, WantedExcerpt
from signaling.freezing import KeepableStill
from signaling.frozen import Still
from signaling.messages import (
    ChestPainClock,
    ConsultCard,
    Dashboard,
    GuestCard,
    Hello,
    LiveFigures,
    Message,
    StationCard,
)
from signaling.ports import Outbox
from signaling.refusals import Refusal
from signaling.screens import GivenLink, ScreenLink
from signaling.station_messages import StationHello, StationStill
from web.routes.tapes import TapeContents

Clock = Callable[[], dt.datetime]
"""Now, in UTC."""


class Doors(Protocol):
    """What comes by WHIP and WHEP, as the routes use it."""

    async def publish(self, station: Account, token_hash: str, door: Door, sdp: str) -> DoorOpened: ...
    async def end_device(self, station_id: AccountId, session_id: str) -> None: ...
    async def end_unvouched(self, station_id: AccountId) -> None: ...
    def tokens(self) -> set[tuple[AccountId, str]]: ...

    async def let_screen_in(self, account: Account, consult_id: ConsultId) -> tuple[ScreenLink, str]: ...
    def links_given(self, account: Account, consult_id: ConsultId) -> tuple[GivenLink, ...]: ...
    async def take_link_back(self, account: Account, consult_id: ConsultId, link_id: str) -> None: ...
    def knows_screen(self, consult_id: ConsultId, token_hash: str) -> bool: ...
    def screen_link(self, consult_id: ConsultId, token_hash: str) -> ScreenLink | None: ...
    async def watch(self, link: ScreenLink, sdp: str) -> DoorOpened: ...
    async def end_screen(self, token_hash: str, session_id: str) -> None: ...


class Desk(Protocol):
    """The signaling desk, as the sockets and the API use it. `Any`: a line is the desk's own."""

    async def connect(self, account: Account, session_id: SessionId, hello: Hello, outbox: Outbox) -> Any: ...
    async def receive(self, line: Any, message: Message) -> None: ...
    async def receive_text(self, line: Any, text: bytes | str) -> None: ...
    async def refuse_unreadable(
        self, line: Any, problem: str, re: str = "", refusal: Refusal = Refusal.UNREADABLE
    ) -> None: ...
    async def disconnect(self, line: Any) -> None: ...

    async def station_connect(self, account: Account, hello: StationHello, outbox: Outbox) -> Any: ...
    async def station_receive(self, line: Any, message: Message) -> None: ...
    async def station_packet(self, line: Any, packet: bytes) -> None: ...
    async def refuse_station_unreadable(
        self, line: Any, problem: str, refusal: Refusal = Refusal.UNREADABLE
    ) -> None: ...
    async def station_disconnect(self, line: Any) -> None: ...

    @property
    def doors(self) -> Doors: ...

    async def end_account(self, account_id: AccountId, code: str) -> None: ...
    async def end_session(self, session_id: SessionId, code: str) -> None: ...
    def in_call(self, session_id: SessionId) -> bool: ...

    async def announce_consult(self, consult_id: ConsultId) -> None: ...
    async def announce_opinion(self, consult_id: ConsultId) -> None: ...
    async def announce_reading(self, reading: Reading) -> None: ...
    async def announce_account(self, account_id: AccountId) -> None: ...
    async def announce_study(self, study: EcgStudy) -> None: ...
    async def take_ecg(self, account: Account, wanted: WantedExcerpt) -> Excerpt: ...

    def take_still(
        self, account_id: AccountId, still_id: StillId, about: StationStill, png: bytes, png_sha256: str
    ) -> None: ...
    @property
    def clips(self) -> Clips: ...
    def still_to_keep(
        self, account_id: AccountId, consult_id: ConsultId, still_id: StillId
    ) -> KeepableStill: ...
    async def announce_still(self, still: UltrasoundStill) -> None: ...
    async def announce_derived(self, derived: DerivedMeasurement) -> None: ...
    def still(self, account_id: AccountId, consult_id: ConsultId, still_id: StillId) -> Still: ...

    async def dashboard(self) -> Dashboard: ...
    def curves(self, consult_id: ConsultId) -> tuple[tuple[dt.datetime, LiveFigures], ...]: ...
    def guest_cards(self, ledger: Ledger) -> tuple[GuestCard, ...]: ...
    def station_cards(self, ledger: Ledger) -> tuple[StationCard, ...]: ...
    def card(self, ledger: Ledger, consult: Consult, account: Account) -> ConsultCard: ...
    def chest_pain(self, ledger: Ledger, consult: Consult) -> ChestPainClock | None: ...


class TapeLibrary(Protocol):
    """The tapes on disk, opened under their resident's key. Methods raise `NotFound` and `StoreError`."""

    async def contents(self, tape: Tape) -> tuple[TapeContents, bool]:
        """What is on a tape, and whether it is exactly what was sealed."""

    async def frames(self, tape: Tape, track: int, begin_us: int, end_us: int) -> bytes:
        """Frames of a track, laid out as `web.routes.tapes` says."""

    def export(self, tape: Tape, track: int) -> AsyncIterator[bytes]:
        """A track as a file, in pieces."""

    async def stored(self) -> tuple[TapeId, ...]:
        """Every tape with content on the disk."""

    async def delete(self, tape_id: TapeId) -> None:
        """Remove a tape's content."""


class EcgArchive(Protocol):
    """The sealed samples of ECG studies."""

    async def keep(self, study_id: EcgStudyId, resident_id: ResidentId, tracing: Tracing) -> SampleSeal:
        """Seal samples under a resident's key; on the disk when this returns. Raises `StoreReadOnly`."""

    async def tracing(self, study: EcgStudy) -> Tracing:
        """The samples as they were kept; raise `SealBroken` when they are not, `NotFound`."""

    async def forget(self, study_id: EcgStudyId) -> None:
        """Remove samples whose study was not filed after all."""


class StillArchive(Protocol):
    """The sealed pictures of kept ultrasound stills."""

    async def keep(self, still_id: KeptStillId, resident_id: ResidentId, png: bytes) -> SampleSeal:
        """Seal a picture under a resident's key; on the disk when this returns. Raises `StoreReadOnly`."""

    async def png(self, still: UltrasoundStill) -> bytes:
        """The picture as it was kept; raise `SealBroken` when it is not, `NotFound`."""

    async def forget(self, still_id: KeptStillId) -> None:
        """Remove a picture whose still was not filed after all."""


class NoStills:
    """Where no still can be kept."""

    async def keep(self, still_id: KeptStillId, resident_id: ResidentId, png: bytes) -> SampleSeal:
        """Refuse."""
        raise StoreReadOnly("this server keeps no ultrasound still")

    async def png(self, still: UltrasoundStill) -> bytes:
        """Nothing."""
        raise NotFound("ultrasound still: nothing is kept")

    async def forget(self, still_id: KeptStillId) -> None:
        """Nothing."""


class ClipArchive(Protocol):
    """The sealed parts of kept ultrasound clips."""

    async def keep(
        self, clip_id: KeptClipId, number: int, resident_id: ResidentId, part: bytes
    ) -> SampleSeal:
        """Seal a part under a resident's key; on the disk when this returns. Raises `StoreReadOnly`."""

    async def part(self, clip: UltrasoundClip, number: int) -> bytes:
        """A part as it was kept; raise `SealBroken` when it is not, `NotFound`."""

    async def forget(self, clip_id: KeptClipId, parts: int) -> None:
        """Remove the parts of a clip that was not filed after all."""


class NoClips:
    """Where no clip can be kept."""

    async def keep(
        self, clip_id: KeptClipId, number: int, resident_id: ResidentId, part: bytes
    ) -> SampleSeal:
        """Refuse."""
        raise StoreReadOnly("this server keeps no ultrasound clip")

    async def part(self, clip: UltrasoundClip, number: int) -> bytes:
        """Nothing."""
        raise NotFound("ultrasound clip: nothing is kept")

    async def forget(self, clip_id: KeptClipId, parts: int) -> None:
        """Nothing."""


class ArchiveSending(Protocol):
    """The outbox to archives."""

    def hint(self) -> None:
        """Something was queued, or is to be tried at once."""

    async def run(self) -> None:
        """Send what is queued, until it is cancelled."""


class NoArchives:
    """Where nothing is sent."""

    def hint(self) -> None:
        """Nobody listens."""

    async def run(self) -> None:
        """Nothing is sent."""


class Exams(Protocol):
    """Pictures of earlier exams. Methods raise `NotFound`, `StoreError`, `WorkFailed`, `SourceUnreadable`."""

    async def of_clip(self, clip: UltrasoundClip) -> FileDescription:
        """Size, times and scale of a kept clip."""

    async def clip_frame(self, clip: UltrasoundClip, number: int) -> bytes:
        """A frame of a kept clip as PNG, counted from 1."""

    async def found(self, resident: Resident) -> tuple[tuple[UltrasoundExam, ...], tuple[ArchiveSearch, ...]]:
        """What the archives have of a resident, and how asking each went."""

    async def archived(self, resident: Resident, exam_id: str) -> ExamContents:
        """An archive's exam; its fetching begins with the first call."""

    async def archived_ecg(self, resident: Resident, exam_id: str, ecg_id: str) -> Tracing:
        """An ECG of an archive's exam that is here."""

    async def archived_frame(self, resident: Resident, exam_id: str, picture_id: str, number: int) -> bytes:
        """A frame of an archive's exam that is here, as PNG, counted from 1."""

    async def close(self) -> None:
        """Fetch nothing more."""


class NoExams:
    """Where nothing earlier is shown."""

    async def of_clip(self, clip: UltrasoundClip) -> FileDescription:
        """Nothing."""
        raise NotFound("exams: nothing is kept")

    async def clip_frame(self, clip: UltrasoundClip, number: int) -> bytes:
        """Nothing."""
        raise NotFound("exams: nothing is kept")

    async def found(self, resident: Resident) -> tuple[tuple[UltrasoundExam, ...], tuple[ArchiveSearch, ...]]:
        """None."""
        return (), ()

    async def archived(self, resident: Resident, exam_id: str) -> ExamContents:
        """Nothing."""
        raise NotFound("exams: no such thing")

    async def archived_ecg(self, resident: Resident, exam_id: str, ecg_id: str) -> Tracing:
        """Nothing."""
        raise NotFound("exams: no such thing")

    async def archived_frame(self, resident: Resident, exam_id: str, picture_id: str, number: int) -> bytes:
        """Nothing."""
        raise NotFound("exams: no such thing")

    async def close(self) -> None:
        """Nothing is fetched."""


class EcgFiles(Protocol):
    """Foreign ECG files, read in a process of their own."""

    async def read(self, files: Sequence[NamedFile]) -> ForeignEcg:
        """Raises `SourceUnreadable` with one sentence and the place; `WorkFailed`."""


class NoEcgs:
    """Where no ECG can be kept: all is refused."""

    async def print(self, asked: EcgPrint) -> Printed:
        """Refuse."""
        raise PrintRefused(PrintProblem.ECG, "this server prints nothing")

    async def compare(self, earlier: ToCompare, later: ToCompare) -> EcgComparison:
        """Refuse."""
        raise ComparisonRefused(WhyNot.NO_MEASUREMENTS)

    async def keep(self, study_id: EcgStudyId, resident_id: ResidentId, tracing: Tracing) -> SampleSeal:
        """Refuse."""
        raise StoreReadOnly("this server keeps no ECG")

    async def tracing(self, study: EcgStudy) -> Tracing:
        """Nothing."""
        raise NotFound("ecg: nothing is kept")

    async def forget(self, study_id: EcgStudyId) -> None:
        """Nothing."""

    async def read(self, files: Sequence[NamedFile]) -> ForeignEcg:
        """Refuse."""
        raise SourceUnreadable("this server reads no ECG file")

    async def appraise(
        self, tracing: Tracing, subject: Subject, acquisition: Acquisition = OF_A_FILE
    ) -> MachineDraft:
        """Say nothing."""
        return MachineDraft(algorithm="", made_at=dt.datetime.now(dt.UTC), fault="not measured")


class NoTapes:
    """Where nothing can be recorded there is nothing to play."""

    async def contents(self, tape: Tape) -> tuple[TapeContents, bool]:
        """Nothing."""
        raise NotFound("tapes: nothing to play")

    async def frames(self, tape: Tape, track: int, begin_us: int, end_us: int) -> bytes:
        """Nothing."""
        raise NotFound("tapes: nothing to play")

    async def export(self, tape: Tape, track: int) -> AsyncIterator[bytes]:
        """Nothing."""
        raise NotFound("tapes: nothing to play")
        yield b""

    async def stored(self) -> tuple[TapeId, ...]:
        """None."""
        return ()

    async def delete(self, tape_id: TapeId) -> None:
        """Nothing."""


class FirstAdministratorCode(Protocol):
    """The one-time code by which the first administrator makes her account."""

    def needed(self) -> bool: ...
    def check(self, code: str, now: dt.datetime) -> bool: ...
    def use_up(self) -> None: ...
