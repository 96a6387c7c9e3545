"""A resident's exams in the archives: found, fetched in the background, held in memory for a while.

Whatever an archive gives is held to the resident twice: its answer to the question, and every object itself.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import msgspec
from pydicom.uid import GeneralECGWaveformStorage, TwelveLeadECGWaveformStorage

from cloudclinic.kept_pictures import Bounded
from ecg.errors import SourceUnreadable as EcgUnreadable
from ecg.tracing import Tracing
from records.archive_uids import study_uid
from records.errors import NotFound
from records.exchange.apart import WorkFailed
from records.exchange.archive.asking import FETCHING, FINDING, MOST_FETCHED_BYTES, ask
from records.exchange.archive.destination import Trust
from records.exchange.archive.process_answers import (
    ArchiveAnswer,
    ArchiveFailed,
    ExamFetched,
    ExamsFound,
    FetchedObject,
    FetchExam,
    FindExams,
    FoundExam,
    Peer,
)
from records.exchange.ecg_answers import NamedFile
from records.exchange.picture_answers import FileDescription, FileOfPictures
from records.exchange.picture_files import read_pictures
from records.ids import ResidentId
from records.ledger import Records
from records.prior_exams import is_residents
from records.residents import Resident
from records.ultrasound_exams import (
    ArchiveSearch,
    ArchiveTrouble,
    ExamContents,
    ExamEcg,
    ExamPicture,
    ExamSeries,
    ExamSource,
    ExamState,
    PictureKind,
    UltrasoundExam,
)
from ultrasound.errors import SourceUnreadable as PictureUnreadable
from web.ports import EcgFiles

log = logging.getLogger(__name__)

_ECGS = frozenset({GeneralECGWaveformStorage, TwelveLeadECGWaveformStorage})
_UNREADABLE = (PictureUnreadable, EcgUnreadable)

HELD_BYTES = 512 << 20
AT_ONCE = 2
"""Exams that are fetched at a time."""

MOST_ASKED = 4
"""Questions to archives at a time: each is a process."""


async def find(request: FindExams) -> ArchiveAnswer:
    """In a process of its own."""
    return await ask(request, FINDING)


async def fetch(request: FetchExam) -> ArchiveAnswer:
    """In a process of its own."""
    return await ask(request, FETCHING)


@dataclass(frozen=True, slots=True)
class Held:
    """One object of an exam that is here."""

    content: bytes
    about: FileDescription


class _OtherPatient(Exception):
    """An object is another patient's, or of another study."""


async def _picture_of(one: FetchedObject, resident: Resident, study: str) -> Held:
    about = (await read_pictures(one.data, FileOfPictures.DICOM)).description
    if about.place is None or about.place.study_uid != study or not is_residents(about.stated, resident):
        raise _OtherPatient
    return Held(one.data, about)


@dataclass(slots=True)
class _Exam:
    """One exam of one resident. `objects`: by the id that routes know them by."""

    exam: UltrasoundExam
    found: FoundExam
    objects: dict[str, Held] = field(default_factory=dict)
    ecgs: dict[str, Tracing] = field(default_factory=dict)
    unreadable: int = 0


class ArchiveExams:
    """Exams by resident and id; what is fetched goes when there is too much of it."""

    def __init__(
        self,
        records: Records,
        destinations: Sequence[str],
        calling: str,
        trust: Trust,
        ecg_files: EcgFiles,
        find: Callable[[FindExams], Awaitable[ArchiveAnswer]] = find,
        fetch: Callable[[FetchExam], Awaitable[ArchiveAnswer]] = fetch,
        held_bytes: int = HELD_BYTES,
    ) -> None:
        self._records = records
        self._peers = tuple(Peer(destination=one, calling=calling, trust=trust) for one in destinations)
        self._find, self._fetch = find, fetch
        self._ecg_files = ecg_files
        self._exams: Bounded[_Exam] = Bounded(held_bytes, _weight)
        self._coming: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._asking = asyncio.Semaphore(MOST_ASKED)

    async def close(self) -> None:
        """Fetch nothing more."""
        for task in self._coming.values():
            task.cancel()
        await asyncio.gather(*self._coming.values(), return_exceptions=True)

    async def found(self, resident: Resident) -> tuple[tuple[UltrasoundExam, ...], tuple[ArchiveSearch, ...]]:
        """Ask every archive at once."""
        own = await self._own_studies(resident.id)
        asked = await asyncio.gather(*(self._search(peer, resident, own) for peer in self._peers))
        exams = {exam.id: exam for found, _ in asked for exam in found}
        return tuple(exams.values()), tuple(search for _, search in asked)

    async def _own_studies(self, resident_id: ResidentId) -> frozenset[str]:
        """Those that were sent from here: they are shown as they were kept."""
        consults = await self._records.read(lambda ledger: ledger.consults.of_resident(resident_id))
        return frozenset(study_uid(one.id, resident_id) for one in consults)

    async def _search(
        self, peer: Peer, resident: Resident, own: frozenset[str]
    ) -> tuple[list[UltrasoundExam], ArchiveSearch]:
        async with self._asking:
            answer = await self._find(FindExams(peer=peer, patient_id=resident.record_number))
        if not isinstance(answer, ExamsFound):
            return [], ArchiveSearch(archive=peer.destination, trouble=_trouble(answer))
        hers = [one for one in answer.exams if is_residents(one.stated, resident)]
        exams = [self._noted(peer, resident, one) for one in hers if one.study_uid not in own]
        others = len(answer.exams) - len(hers)
        if others:
            log.warning("an archive gave %d exams of other patients", others)
        return exams, ArchiveSearch(archive=peer.destination, other_patients=others, more=answer.more)

    def _noted(self, peer: Peer, resident: Resident, found: FoundExam) -> UltrasoundExam:
        exam_id = _id(peer.destination, found.study_uid)
        key = _key(resident.id, exam_id)
        known = self._exams.get(key)
        if known is not None:
            return known.exam
        exam = UltrasoundExam(
            id=exam_id,
            source=ExamSource.ARCHIVE,
            taken_on=found.taken_on,
            description=found.description,
            institution=found.institution,
            archive=peer.destination,
            instances=found.instances,
            state=ExamState.ELSEWHERE,
        )
        self._exams.put(key, _Exam(exam, found))
        return exam

    async def archived(self, resident: Resident, exam_id: str) -> ExamContents:
        """An exam; its fetching begins with the first call, and anew where it failed."""
        key = _key(resident.id, exam_id)
        if self._exams.get(key) is None:
            await self.found(resident)  # the server was started anew, or it was given up for others
        known = self._exams.get(key)
        if known is None:
            raise NotFound("exams: no such thing")
        if known.exam.state is not ExamState.HERE and key not in self._coming:
            self._set(key, known, ExamState.COMING)
            task = asyncio.create_task(self._bring(key, resident, known), name="fetch an exam")
            self._coming[key] = task
            task.add_done_callback(lambda _: self._coming.pop(key, None))
        return ExamContents(
            exam=known.exam,
            series=_series(known),
            ecgs=tuple(_ecg(ecg_id, one) for ecg_id, one in known.ecgs.items()),
            unreadable=known.unreadable,
        )

    async def held(self, resident: Resident, exam_id: str, picture_id: str) -> Held:
        """An object of an exam that is here; raises NotFound."""
        known = self._exams.get(_key(resident.id, exam_id))
        if known is None or known.exam.state is not ExamState.HERE or picture_id not in known.objects:
            raise NotFound("pictures: no such thing")
        return known.objects[picture_id]

    async def ecg(self, resident: Resident, exam_id: str, ecg_id: str) -> Tracing:
        """An ECG of an exam that is here; raises NotFound."""
        known = self._exams.get(_key(resident.id, exam_id))
        if known is None or known.exam.state is not ExamState.HERE or ecg_id not in known.ecgs:
            raise NotFound("ecgs: no such thing")
        return known.ecgs[ecg_id]

    async def _bring(self, key: str, resident: Resident, known: _Exam) -> None:
        try:
            async with self._slots:
                await self._brought(key, resident, known)
        except (WorkFailed, *_UNREADABLE):
            self._set(key, known, ExamState.FAILED, ArchiveTrouble.BROKE_OFF)
        except Exception:
            log.exception("an exam was not fetched")
            self._set(key, known, ExamState.FAILED, ArchiveTrouble.BROKE_OFF)

    async def _brought(self, key: str, resident: Resident, known: _Exam) -> None:
        peer = next(one for one in self._peers if one.destination == known.exam.archive)
        answer = await self._fetch(
            FetchExam(peer=peer, study_uid=known.found.study_uid, most_bytes=MOST_FETCHED_BYTES)
        )
        if not isinstance(answer, ExamFetched):
            return self._set(key, known, ExamState.FAILED, _trouble(answer))
        objects: dict[str, Held] = {}
        ecgs: dict[str, Tracing] = {}
        unreadable = answer.missing
        for one in answer.objects:
            try:
                if one.sop_class_uid in _ECGS:
                    ecgs[_id(known.exam.archive, one.data)] = await self._ecg(one, resident)
                else:
                    held = await _picture_of(one, resident, known.found.study_uid)
                    assert held.about.place is not None
                    objects[_id(known.exam.archive, held.about.place.sop_instance_uid)] = held
            except _UNREADABLE:
                unreadable += 1
            except _OtherPatient:
                log.warning("an archive's exam holds an object of another patient; none of it is shown")
                return self._set(key, known, ExamState.FAILED, ArchiveTrouble.OTHER_PATIENT)
        if not objects:
            why = ArchiveTrouble.UNREADABLE if unreadable else ArchiveTrouble.NOTHING
            return self._set(key, known, ExamState.FAILED, why)
        known.objects, known.ecgs, known.unreadable = objects, ecgs, unreadable
        self._set(key, known, ExamState.HERE)

    async def _ecg(self, one: FetchedObject, resident: Resident) -> Tracing:
        read = await self._ecg_files.read([NamedFile(name="ecg.dcm", data=one.data)])
        if not is_residents(read.stated, resident):
            raise _OtherPatient
        return read.tracing

    def _set(self, key: str, known: _Exam, state: ExamState, trouble: ArchiveTrouble | None = None) -> None:
        known.exam = msgspec.structs.replace(known.exam, state=state, trouble=trouble)
        self._exams.put(key, known)  # it weighs something else now


def _weight(exam: _Exam) -> int:
    samples = sum(channel.samples.nbytes for one in exam.ecgs.values() for channel in one.channels)
    return 1000 + samples + sum(len(one.content) for one in exam.objects.values())


def _trouble(answer: ArchiveAnswer) -> ArchiveTrouble:
    return answer.trouble if isinstance(answer, ArchiveFailed) else ArchiveTrouble.BROKE_OFF


def _key(resident_id: ResidentId, exam_id: str) -> str:
    return f"{resident_id} {exam_id}"


def _id(*names: str | bytes) -> str:
    """A name for routes: nothing of the archive's own stands in an address."""
    told = (one.encode() if isinstance(one, str) else one for one in names)
    return hashlib.sha256(b"\n".join(told)).hexdigest()[:32]


def _ecg(ecg_id: str, tracing: Tracing) -> ExamEcg:
    return ExamEcg(
        id=ecg_id,
        rate_hz=tracing.rate_hz,
        sample_count=tracing.sample_count,
        leads=tuple(channel.lead or channel.name for channel in tracing.channels),
        taken=tracing.acquired,
    )


def _series(known: _Exam) -> tuple[ExamSeries, ...]:
    by_series: dict[tuple[int, str], list[tuple[str, Held]]] = {}
    for picture_id, held in known.objects.items():
        place = held.about.place
        assert place is not None
        by_series.setdefault((place.series_number, place.series_uid), []).append((picture_id, held))
    return tuple(_one_series(by_series[key]) for key in sorted(by_series))


def _one_series(objects: list[tuple[str, Held]]) -> ExamSeries:
    place = objects[0][1].about.place
    assert place is not None
    pictures = sorted((_picture(*one) for one in objects), key=lambda one: int(one.number.split("/")[1]))
    return ExamSeries(
        id=_id(place.series_uid), description=place.series_description, pictures=tuple(pictures)
    )


def _picture(picture_id: str, held: Held) -> ExamPicture:
    about, place = held.about, held.about.place
    assert place is not None
    return ExamPicture(
        id=picture_id,
        kind=PictureKind.CINE if about.frames > 1 else PictureKind.STILL,
        number=f"{place.series_number}/{place.instance_number}",
        taken_at=None,
        width=about.width,
        height=about.height,
        frames=about.frames,
        frame_times_ms=about.frame_times_ms,
        regions=about.regions,
        calibration=about.calibration,
        scale_uncertainty=about.scale_uncertainty,
    )
