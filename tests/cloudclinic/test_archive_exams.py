"""Earlier exams of an archive: the resident's own are shown, another patient's never, whatever it answers."""

import asyncio
import datetime as dt
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from cloudclinic import archive_exams
from cloudclinic.archive_exams import ArchiveExams
from cloudclinic.exam_library import ExamLibrary
from records.archive_uids import study_uid
from records.errors import NotFound
from records.exchange.archive.asking import FETCHING, ask
from records.exchange.archive.destination import Trust
from records.exchange.archive.process_answers import FetchExam, FindExams
from records.exchange.archive.sending import store
from records.exchange.cine_ecg import write_cine_ecg
from records.exchange.ecg_files import EcgFileReader
from records.store.database import Database
from records.ultrasound_exams import ArchiveSearch, ArchiveTrouble, ExamSeries, ExamState, UltrasoundExam
from tests.ecg.files.samples import record
from tests.fakes.orthanc import orthanc
from tests.fakes.query_archive import QueryArchive, query_archive
from tests.fakes.records import LI_JIANGUO, WANG_XIUYING, fake_records
from tests.records.values import consult
from tests.ultrasound.cines import colour_bars, jpeg
from tests.ultrasound.files.coding import noise
from tests.ultrasound.writing.objects import NINE_US, acquisition
from ultrasound.writing.cine import write_cine
from ultrasound.writing.identity import Identity, Place
from ultrasound.writing.mjpeg import grabbed_frames
from ultrasound.writing.still import write_still
from ultrasound.writing.synchronization import Synchronization
from web.ports import NoClips

HERS = {
    "patient_id": WANG_XIUYING.record_number,
    "patient_name": "Wang^Xiuying=王^秀英",
    "patient_birth_date": WANG_XIUYING.birth_date.strftime("%Y%m%d"),
    "patient_sex": "F",
}
STILL = noise(33, 47, 3)


def identity(study: str = "1.2.826.0.1.9001", **fields: str) -> Identity:
    return Identity(study_instance_uid=study, study_date="20250301", **HERS | fields)


def still(study: str = "1.2.826.0.1.9001", uid: str = "1.2.826.0.1.9003", **fields: str) -> Dataset:
    place = Place(series_instance_uid=f"{study}.2", sop_instance_uid=uid, series_number=3, instance_number=2)
    return pydicom.dcmread(io.BytesIO(write_still(STILL, identity(study, **fields), place, acquisition())))


def cine(folder: Path, study: str = "1.2.826.0.1.9001") -> Dataset:
    path = folder / "cine.dcm"
    place = Place(
        series_instance_uid=f"{study}.2",
        sop_instance_uid=f"{study}.4",
        series_number=3,
        instance_number=12,
    )
    times = range(NINE_US, NINE_US + 120_000, 40_000)
    write_cine(path, grabbed_frames([jpeg(colour_bars())] * 3), times, identity(study), place, acquisition())
    return pydicom.dcmread(path)


def ecg(study: str = "1.2.826.0.1.9001", **fields: str) -> Dataset:
    """A real 12-lead as a General ECG object of the study."""
    place = Place(series_instance_uid=f"{study}.7", sop_instance_uid=f"{study}.8", series_number=7)
    clock = Synchronization(frame_of_reference_uid="1.2.826.0.1.9", externally_set=False)
    data = write_cine_ecg(
        record("ludb/1"), NINE_US, [NINE_US], dt.UTC, identity(study, **fields), place, clock
    )
    return pydicom.dcmread(io.BytesIO(data))


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Database]:
    one = await fake_records(tmp_path)
    yield one
    await one.close()


def exams_of(records: Database, *names: str, **more: Any) -> ArchiveExams:
    return ArchiveExams(records, names, "CLOUDCLINIC", Trust(), EcgFileReader(), **more)


async def searched(exams: ArchiveExams) -> tuple[tuple[UltrasoundExam, ...], ArchiveSearch]:
    found, (search,) = await exams.found(WANG_XIUYING)
    return found, search


async def brought(exams: ArchiveExams, exam_id: str) -> tuple[UltrasoundExam, tuple[ExamSeries, ...], int]:
    """As a client asks until it is here or has failed."""
    asked = await exams.archived(WANG_XIUYING, exam_id)
    assert (asked.exam.state, asked.series) == (ExamState.COMING, ())
    await asyncio.gather(*exams._coming.values())
    known = exams._exams.get(f"{WANG_XIUYING.id} {exam_id}")
    assert known is not None
    if known.exam.state is ExamState.HERE:
        here = await exams.archived(WANG_XIUYING, exam_id)
        return here.exam, here.series, here.unreadable
    return known.exam, (), known.unreadable


async def test_an_exam_is_found_fetched_and_shown_frame_by_frame(records: Database, tmp_path: Path) -> None:
    with query_archive(still(), cine(tmp_path)) as there:
        exams = exams_of(records, there.name)
        (exam,), search = await searched(exams)
        assert (search.trouble, search.other_patients, search.more) == (None, 0, False)
        assert (exam.state, exam.taken_on, exam.instances) == (ExamState.ELSEWHERE, dt.date(2025, 3, 1), 2)
        assert there.asked[0].PatientID == WANG_XIUYING.record_number
        here, series, unreadable = await brought(exams, exam.id)
    assert (here.state, unreadable) == (ExamState.HERE, 0)
    ((one, two),) = [each.pictures for each in series]
    assert ((one.number, one.frames), (two.number, two.frames)) == (("3/2", 1), ("3/12", 3))
    assert two.frame_times_ms == (0.0, 40.0, 80.0)
    library = ExamLibrary(NoClips(), exams)
    png = await library.archived_frame(WANG_XIUYING, exam.id, one.id, 1)
    shown = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)[:, :, ::-1]
    assert np.array_equal(shown, STILL)
    for number in (1, 2, 3):
        assert await library.archived_frame(WANG_XIUYING, exam.id, two.id, number)


async def test_an_exam_is_nobody_elses(records: Database) -> None:
    with query_archive(still()) as there:
        exams = exams_of(records, there.name)
        (exam,), _ = await searched(exams)
        _, series, _ = await brought(exams, exam.id)
        picture_id = series[0].pictures[0].id
        with pytest.raises(NotFound):
            await exams.held(LI_JIANGUO, exam.id, picture_id)
        with pytest.raises(NotFound):
            await exams.archived(LI_JIANGUO, exam.id)


@pytest.mark.parametrize(
    "says",
    [
        {"PatientID": LI_JIANGUO.record_number},
        {"PatientID": ""},
        {"PatientName": "Li^Jianguo=李^建国"},
        {"PatientBirthDate": "19010101"},
        {"PatientBirthDate": "19010230"},
        {"PatientSex": "M"},
    ],
    ids="id no_id name born unreadable sex".split(),
)
async def test_an_answer_about_another_patient_is_counted_and_not_shown(
    records: Database, says: dict[str, str]
) -> None:
    with query_archive(still(), says=says) as there:
        found, search = await searched(exams_of(records, there.name))
    assert (found, search.other_patients) == ((), 1)


async def test_an_exam_with_an_object_of_another_patient_is_refused_whole(records: Database) -> None:
    """The question is answered with her own name; one object among hers is another's."""
    other = still(uid="1.2.826.0.1.9009", patient_id=LI_JIANGUO.record_number, patient_name="Li^Jianguo")
    with query_archive(other, still()) as there:
        exams = exams_of(records, there.name)
        (exam,), _ = await searched(exams)
        failed, series, _ = await brought(exams, exam.id)
        assert (failed.state, failed.trouble) == (ExamState.FAILED, ArchiveTrouble.OTHER_PATIENT)
        assert series == ()


async def test_an_object_of_another_study_is_refused(records: Database) -> None:
    class Swapping(QueryArchive):
        pass

    with query_archive(still()) as there:
        exams = exams_of(records, there.name)
        (exam,), _ = await searched(exams)
        there.objects = [still(study="1.2.826.0.1.9777")]
        there.objects[0].SeriesInstanceUID = "1.2.826.0.1.9001.2"
        there._key = lambda one, series: str(one.SeriesInstanceUID)  # type: ignore[method-assign]
        failed, _, _ = await brought(exams, exam.id)
    assert failed.trouble is ArchiveTrouble.OTHER_PATIENT


async def test_its_ecg_is_given_sample_for_sample(records: Database, tmp_path: Path) -> None:
    with query_archive(still(), ecg()) as there:
        exams = exams_of(records, there.name)
        (exam,), _ = await searched(exams)
        here, _, unreadable = await brought(exams, exam.id)
        assert (here.state, unreadable) == (ExamState.HERE, 0)
        (told,) = (await exams.archived(WANG_XIUYING, exam.id)).ecgs
        assert (told.rate_hz, len(told.leads), told.sample_count) == (500.0, 12, 5000)
        given = await exams.ecg(WANG_XIUYING, exam.id, told.id)
        with pytest.raises(NotFound):
            await exams.ecg(LI_JIANGUO, exam.id, told.id)
    original = record("ludb/1")
    for one, other in zip(given.channels, original.channels, strict=True):
        assert np.array_equal(one.samples, other.samples)


async def test_an_ecg_of_another_patient_in_it_is_refused_with_all(records: Database) -> None:
    with query_archive(still(), ecg(patient_name="Li^Jianguo=李^建国")) as there:
        there.says = {"PatientName": HERS["patient_name"]}
        exams = exams_of(records, there.name)
        (exam,), _ = await searched(exams)
        failed, series, _ = await brought(exams, exam.id)
    assert (failed.trouble, series) == (ArchiveTrouble.OTHER_PATIENT, ())


async def test_a_broken_object_is_left_out_and_counted(records: Database) -> None:
    broken = still(uid="1.2.826.0.1.9005")
    broken.PhotometricInterpretation = "RUBBISH"
    with query_archive(still(), broken) as there:
        exams = exams_of(records, there.name)
        (exam,), _ = await searched(exams)
        here, series, unreadable = await brought(exams, exam.id)
    assert (here.state, unreadable, len(series[0].pictures)) == (ExamState.HERE, 1, 1)


async def test_where_all_are_broken_it_says_so(records: Database) -> None:
    broken = still()
    broken.PhotometricInterpretation = "RUBBISH"
    with query_archive(broken) as there:
        exams = exams_of(records, there.name)
        (exam,), _ = await searched(exams)
        failed, _, _ = await brought(exams, exam.id)
    assert failed.trouble is ArchiveTrouble.UNREADABLE


async def test_an_endless_list_of_studies_has_an_end(records: Database) -> None:
    with query_archive(still(), endless=True) as there:
        found, search = await searched(exams_of(records, there.name))
        assert (len(found), search.more) == (1, True)


async def test_a_list_that_comes_drop_by_drop_is_given_up(records: Database) -> None:
    async def impatient(request: FindExams) -> Any:
        return await archive_exams.find(
            FindExams(peer=request.peer, patient_id=request.patient_id, limit_s=1.0)
        )

    with query_archive(still(), endless=True, pause_s=0.2) as there:
        found, search = await searched(exams_of(records, there.name, find=impatient))
    assert (found, search.trouble) == ((), ArchiveTrouble.TOO_SLOW)


async def test_objects_without_end_are_given_up(records: Database) -> None:
    async def narrow(request: FetchExam) -> Any:
        few = FetchExam(peer=request.peer, study_uid=request.study_uid, most_bytes=1 << 20, most_objects=5)
        return await ask(few, FETCHING)

    with query_archive(still(), gives_for_ever=True) as there:
        exams = exams_of(records, there.name, fetch=narrow)
        (exam,), _ = await searched(exams)
        failed, _, _ = await brought(exams, exam.id)
    assert (failed.state, failed.trouble) == (ExamState.FAILED, ArchiveTrouble.TOO_LARGE)


async def test_what_was_sent_from_here_is_not_shown_twice(records: Database) -> None:
    await records.write(lambda ledger: ledger.consults.add(consult()))
    own = study_uid(consult().id, WANG_XIUYING.id)
    with query_archive(still(study=own)) as there:
        found, search = await searched(exams_of(records, there.name))
    assert (found, search.trouble) == ((), None)


async def test_an_exam_without_ultrasound_is_not_listed(records: Database) -> None:
    with query_archive(still(), says={"ModalitiesInStudy": "CT"}) as there:
        found, _ = await searched(exams_of(records, there.name))
    assert found == ()


async def test_one_archive_that_is_down_is_told_and_the_other_is_shown(records: Database) -> None:
    with query_archive() as there:
        down = there.name
    with query_archive(still()) as there:
        found, searches = await exams_of(records, down, there.name).found(WANG_XIUYING)
    assert len(found) == 1
    assert [one.trouble for one in searches] == [ArchiveTrouble.UNREACHABLE, None]


@pytest.mark.orthanc
@pytest.mark.timeout(240)
@pytest.mark.parametrize("way", ["dimse", "web"])
async def test_a_real_archive_gives_her_exam_back(records: Database, tmp_path: Path, way: str) -> None:
    files = [tmp_path / "still.dcm", tmp_path / "cine.dcm", tmp_path / "other.dcm"]
    cine(tmp_path)
    still().save_as(files[0])
    other = still(study="1.2.826.0.1.9500", uid="1.2.826.0.1.9501", patient_name="Li^Jianguo")
    other.save_as(files[2])
    (tmp_path / "archive").mkdir()
    with orthanc(tmp_path / "archive") as there:
        store(there.address, files)
        exams = exams_of(records, getattr(there, way))
        found, search = await searched(exams)
        assert (search.trouble, search.other_patients, len(found)) == (None, 1, 1)
        here, series, unreadable = await brought(exams, found[0].id)
        assert (here.state, unreadable) == (ExamState.HERE, 0)
        pictures = [one for each in series for one in each.pictures]
        assert [one.frames for one in pictures] == [1, 3]
        library = ExamLibrary(NoClips(), exams)
        png = await library.archived_frame(WANG_XIUYING, here.id, pictures[0].id, 1)
        shown = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)[:, :, ::-1]
        assert np.array_equal(shown, STILL)
