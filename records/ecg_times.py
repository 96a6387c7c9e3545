"""When an ECG was taken: the file's word, a person's, and which of them is believed. Pure."""

import datetime as dt
import re
from typing import NamedTuple

from records.ecg_studies import TimeSource
from records.readings import CLOCK_TOLERANCE
from records.stated_patient import Difference

# DICOM PS3.5 table 6.2-1, DT; less than the minute is no time an ECG can be filed under.
_DICOM_TIME = re.compile(
    r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(?:(\d{2})(?:\.(\d{1,6}))?)?(?:([+-])(\d{2})(\d{2}))?"
)
SAME_TIME = dt.timedelta(minutes=1)
"""A time typed in has no seconds."""


class TakenAt(NamedTuple):
    """The time that is filed, whose word it is, and what has to be confirmed about it. None: nobody says."""

    at: dt.datetime | None
    by: TimeSource
    differences: tuple[Difference, ...] = ()


def moment_of(acquired: str, zone: dt.tzinfo) -> dt.datetime | None:
    """The moment a file states, in the server's zone where it names none; None when it states none."""
    found = _DICOM_TIME.fullmatch(acquired.strip())
    if found is None:
        return None
    *numbers, fraction, sign, hours, minutes = found.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    micros = int((fraction or "").ljust(6, "0"))
    try:
        stated = dt.datetime(year, month, day, hour, minute, min(second, 59), micros)
    except ValueError:
        return None
    if sign is None:
        return stated.replace(tzinfo=zone)
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
    return stated.replace(tzinfo=dt.timezone(-offset if sign == "-" else offset))


def taken_at(
    stated: dt.datetime | None, typed: dt.datetime | None, born: dt.date, now: dt.datetime
) -> TakenAt:
    """Decide when an ECG was taken. What a person typed stands over a file's clock, once she confirmed it."""
    if stated is not None and not is_likely(stated, born, now):
        return TakenAt(typed, TimeSource.PERSON, (Difference.TIME_UNLIKELY,))
    if typed is None:
        return TakenAt(stated, TimeSource.FILE)
    if stated is None:
        return TakenAt(typed, TimeSource.PERSON)
    if abs(stated - typed) <= SAME_TIME:
        return TakenAt(stated, TimeSource.FILE)
    return TakenAt(typed, TimeSource.PERSON, (Difference.TIME,))


def is_likely(at: dt.datetime, born: dt.date, now: dt.datetime) -> bool:
    """Whether an ECG can have been taken then: after the birth, and not in the future."""
    return at.date() >= born and at <= now + CLOCK_TOLERANCE
