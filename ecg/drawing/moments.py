"""Dates and times as they are printed: as the device wrote them, nothing converted, no zone made up."""

import datetime as dt
import re

_DT = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.\d{1,6})?([+-]\d{4})?\s*")
"""DICOM DT: YYYYMMDDHHMMSS.FFFFFF&ZZXX, cut off anywhere behind the year."""


def written_moment(dicom: str) -> str:
    """2026-11-20 09:52:14 +08:00 of a DICOM DT; what is not one is printed as it is."""
    found = _DT.fullmatch(dicom)
    if not found:
        return dicom
    year, month, day, hour, minute, second, zone = found.groups()
    date = "-".join(part for part in (year, month, day) if part)
    time = ":".join(part for part in (hour, minute, second) if part)
    offset = f"{zone[:3]}:{zone[3:]}" if zone else ""
    return " ".join(part for part in (date, time, offset) if part)


def written_day(dicom: str) -> str:
    """The date alone."""
    return written_moment(dicom).split(" ")[0]


def day_of(dicom: str) -> dt.date | None:
    """The calendar day of a DICOM DT; None when it has none."""
    found = _DT.fullmatch(dicom)
    if not found or not found[3]:
        return None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def written_time(at: dt.datetime) -> str:
    """2026-11-20 10:14 +08:00 of a moment whose zone is known."""
    text = at.isoformat(" ", "minutes")
    return f"{text[:16]} {text[16:]}".strip()
