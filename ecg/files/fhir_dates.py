"""The start of a recording between DICOM's form (DT) and FHIR's dateTime."""

import re
from fractions import Fraction

from ecg.files.date_times import Start, start_of

_ZONE = re.compile(r"([+-][0-9]{2}):?([0-9]{2})|Z")
_DATE_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2}))?"
)


def fhir_period(acquired: str, zone: str, duration_s: Fraction) -> tuple[str, str]:
    """Start and end of a recording as dateTimes with a zone.

    The end is empty and the start a date only where the time of day or the zone is not known: FHIR has no
    time without a zone. `zone`: what is taken where the start names none, e.g. "+08:00".
    """
    start = start_of(acquired)
    if start is None:
        return "", ""
    known = start.zone or zone
    if len(start.time) < 6 or not _ZONE.fullmatch(known):
        return _date(start), ""
    return _date_time(start, known), _date_time(start.later(duration_s), known)


def _date(start: Start) -> str:
    return f"{start.date[:4]}-{start.date[4:6]}-{start.date[6:]}"


def _date_time(start: Start, zone: str) -> str:
    time = f"{start.time[:2]}:{start.time[2:4]}:{start.time[4:]}"
    return f"{_date(start)}T{time}{zone if zone == 'Z' else f'{zone[:3]}:{zone[-2:]}'}"


def acquired_of(text: str) -> str:
    """A dateTime as a DT; empty for a year or a month alone, and for what is none."""
    parts = _DATE_TIME.fullmatch(text)
    if parts is None:
        return ""
    year, month, day, hour, minute, second, fraction, zone = parts.groups("")
    zone = "+0000" if zone == "Z" else zone.replace(":", "")
    return f"{year}{month}{day}{hour}{minute}{second}{fraction[:7]}{zone}"
