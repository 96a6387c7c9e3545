"""What a report may say of itself: nothing that did not happen."""

import datetime as dt

import pytest

from ecg.drawing.moments import day_of, written_moment, written_time
from ecg.drawing.report import Addendum, EcgReport, Person, Reading, Role, Signature, State
from ecg.errors import ReportError
from tests.ecg.drawing.reports import CHINA, signed_reading, synthetic

AT = dt.datetime(2026, 11, 20, 10, 14, tzinfo=CHINA)
REPORTED = Signature(Role.REPORTED, "Li Wei", AT)
VERIFIED = Signature(Role.VERIFIED, "Zhang Min", AT)


@pytest.mark.parametrize(
    ("reading", "state"),
    [
        (Reading(), State.MACHINE_DRAFT),
        (Reading(interpretation="Sinus rhythm"), State.PRELIMINARY),
        (Reading(interpretation="Sinus rhythm", signatures=(REPORTED,)), State.SIGNED),
        (
            Reading(interpretation="Sinus rhythm", signatures=(REPORTED,), needs_verification=True),
            State.PRELIMINARY,
        ),
        (signed_reading(), State.SIGNED),
    ],
)
def test_a_report_is_signed_once_every_signature_the_site_wants_is_there(
    reading: Reading, state: State
) -> None:
    assert reading.state is state


def test_signatures_that_cannot_be_are_refused() -> None:
    with pytest.raises(ReportError, match="under no text"):
        Reading(interpretation="  ", signatures=(REPORTED,))
    with pytest.raises(ReportError, match="one as reported, then one as verified"):
        Reading(interpretation="x", signatures=(VERIFIED,))
    with pytest.raises(ReportError, match="one as reported"):
        Reading(interpretation="x", signatures=(REPORTED, REPORTED))
    with pytest.raises(ReportError, match="needs one"):
        Signature(Role.REPORTED, "Li Wei", dt.datetime(2026, 11, 20))
    with pytest.raises(ReportError, match="without a name"):
        Signature(Role.REPORTED, " ", AT)


def test_only_a_signed_report_has_addenda() -> None:
    more = Addendum("Discussed by telephone", "Li Wei", AT)
    assert signed_reading(addenda=(more,)).addenda == (more,)
    with pytest.raises(ReportError, match="preliminary report"):
        Reading(interpretation="x", addenda=(more,))


def test_a_report_names_its_software() -> None:
    with pytest.raises(ReportError, match="names the software"):
        EcgReport(tracing=synthetic(2), software=" ")


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (dt.date(1955, 6, 8), dt.date(2026, 6, 8), 71),
        (dt.date(1955, 6, 8), dt.date(2026, 6, 7), 70),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28), 0),
    ],
)
def test_age_is_counted_on_the_day_of_the_ecg(born: dt.date, day: dt.date, age: int) -> None:
    assert Person(birth_date=born).age_on(day) == age


def test_an_age_is_not_made_up() -> None:
    assert Person(birth_date=dt.date(1955, 6, 8)).age_on(None) is None
    assert Person(age_years=81).age_on(None) == 81


@pytest.mark.parametrize(
    ("dicom", "written"),
    [
        ("20261120095214.123456+0800", "2026-11-20 09:52:14 +08:00"),
        ("20261120095214", "2026-11-20 09:52:14"),
        ("202611200952", "2026-11-20 09:52"),
        ("202611", "2026-11"),
        ("", ""),
        ("20 Nov 2026", "20 Nov 2026"),
    ],
)
def test_a_moment_is_written_as_the_device_gave_it(dicom: str, written: str) -> None:
    assert written_moment(dicom) == written


def test_a_day_that_is_none_is_not_made_one() -> None:
    assert day_of("20261120095214") == dt.date(2026, 11, 20)
    assert day_of("202611") is None and day_of("20261340") is None and day_of("unknown") is None


def test_a_signatures_time_is_written_with_its_zone() -> None:
    assert written_time(AT) == "2026-11-20 10:14 +08:00"
    assert written_time(AT.astimezone(dt.UTC)) == "2026-11-20 02:14 +00:00"
