"""The file's word on patient and time, held against the record: nothing differs silently."""

import datetime as dt

import msgspec
import pytest

from records.ecg_drafts import age_years
from records.ecg_studies import TimeSource
from records.ecg_times import TakenAt, moment_of, taken_at
from records.residents import Sex
from records.stated_patient import Difference, StatedPatient, differences
from tests.fakes.records import NOW, WANG_XIUYING
from tests.records.values import later

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
BORN = WANG_XIUYING.birth_date


def stated(**fields: object) -> tuple[Difference, ...]:
    return differences(StatedPatient(**fields), WANG_XIUYING)  # type: ignore[arg-type]


def test_a_file_that_says_nothing_differs_in_nothing() -> None:
    assert stated() == ()


@pytest.mark.parametrize("number", ["90000000000100001", "900000-000001 00001", "test-0001", "TEST 0001"])
def test_her_record_number_and_her_documents_number_are_hers(number: str) -> None:
    assert stated(patient_id=number) == ()


@pytest.mark.parametrize(
    "name",
    [
        "王秀英",
        "王^秀英",
        "WANG^XIUYING",
        "Wang Xiu Ying",
        "Xiuying Wang",
        "WANG^XIUYING=王^秀英",
        "王　秀英",
    ],
)
def test_her_name_is_hers_however_a_device_writes_it(name: str) -> None:
    assert stated(name=name) == ()


@pytest.mark.parametrize(
    ("fields", "differs"),
    [
        ({"patient_id": "90000000000100002"}, Difference.PATIENT_ID),
        ({"patient_id": "1"}, Difference.PATIENT_ID),
        ({"name": "李建国"}, Difference.NAME),
        ({"name": "Wang Xiulan"}, Difference.NAME),
        ({"name": "王"}, Difference.NAME),
        ({"birth_date": dt.date(1959, 3, 15)}, Difference.BIRTH_DATE),
        ({"sex": Sex.MALE}, Difference.SEX),
        ({"unreadable": True}, Difference.PATIENT_UNREADABLE),
    ],
)
def test_what_differs_is_told_each_for_itself(fields: dict[str, object], differs: Difference) -> None:
    assert stated(**fields) == (differs,)


def test_another_persons_file_differs_in_everything() -> None:
    found = stated(patient_id="1", name="李建国", birth_date=dt.date(1968, 7, 2), sex=Sex.MALE)
    assert found == (Difference.PATIENT_ID, Difference.NAME, Difference.BIRTH_DATE, Difference.SEX)


def test_a_sex_that_was_never_stated_contradicts_nobody() -> None:
    unstated = msgspec.structs.replace(WANG_XIUYING, sex=Sex.UNSTATED)
    assert differences(StatedPatient(sex=Sex.MALE), unstated) == ()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20261123093000", NOW),
        ("202611230930", NOW),
        ("20261123093000.25", NOW + dt.timedelta(microseconds=250_000)),
        ("20261123013000+0000", NOW),
        ("20261122203000-0500", NOW),
        ("20261123", None),
        ("20261323093000", None),
        ("today", None),
        ("", None),
    ],
)
def test_the_moment_a_file_states(text: str, moment: dt.datetime | None) -> None:
    assert moment_of(text, SHANGHAI) == moment


@pytest.mark.parametrize(
    ("in_file", "typed", "decided"),
    [
        (NOW, None, TakenAt(NOW, TimeSource.FILE)),
        (None, NOW, TakenAt(NOW, TimeSource.PERSON)),
        (None, None, TakenAt(None, TimeSource.FILE)),
        (NOW, later(0.9), TakenAt(NOW, TimeSource.FILE)),
        (NOW, later(-60), TakenAt(later(-60), TimeSource.PERSON, (Difference.TIME,))),
        (later(60), None, TakenAt(None, TimeSource.PERSON, (Difference.TIME_UNLIKELY,))),
        (later(60), NOW, TakenAt(NOW, TimeSource.PERSON, (Difference.TIME_UNLIKELY,))),
        (
            dt.datetime(1959, 3, 13, tzinfo=dt.UTC),
            NOW,
            TakenAt(NOW, TimeSource.PERSON, (Difference.TIME_UNLIKELY,)),
        ),
    ],
)
def test_whose_word_on_the_time_is_believed(
    in_file: dt.datetime | None, typed: dt.datetime | None, decided: TakenAt
) -> None:
    assert taken_at(in_file, typed, BORN, NOW) == decided


@pytest.mark.parametrize(
    ("day", "years"),
    [(dt.date(2026, 3, 13), 66), (dt.date(2026, 3, 14), 67), (BORN, 0), (dt.date(1959, 3, 13), None)],
)
def test_the_age_on_a_day(day: dt.date, years: int | None) -> None:
    assert age_years(BORN, day) == years
