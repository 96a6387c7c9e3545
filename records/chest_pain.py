"""The chest-pain clock (胸痛计时): the moments kept of a consult, who entered them, and the target times.

Entries are only ever added: a correction is one more, with its reason, and what stood before stays on record.
The clock tells times. It says nothing of what the pain is.
"""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping

from records.errors import RuleBroken
from records.ids import AccountId
from records.rules import Rule
from records.values import Value

FUTURE_TOLERANCE = dt.timedelta(minutes=1)
"""What the clock of whoever types may be ahead."""

LONGEST_AGO = dt.timedelta(days=31)
"""Pain that began earlier is no matter of minutes; a date that far back is a slip of the hand."""

MOST_ENTRIES = 100


class ChestPainMoment(enum.StrEnum):
    """A moment of the patient's way, in order."""

    ONSET = "onset"  # 症状发作
    FIRST_CONTACT = "first_contact"  # 首次医疗接触, FMC
    FIRST_ECG = "first_ecg"  # 首份心电图: the first 12-lead was taken
    ECG_READ = "ecg_read"  # 心电图判读: a physician had read it


class ChestPainEntry(Value):
    """Somebody entered, corrected or took back one moment."""

    moment: ChestPainMoment
    at: dt.datetime | None  # None: taken back, it was entered by mistake
    by: AccountId
    entered_at: dt.datetime
    reason: str = ""  # needed where something stood before


class ChestPainStood(Value):
    """A moment as it stood when an opinion was signed; who entered it stays with the consult."""

    moment: ChestPainMoment
    at: dt.datetime


class TargetTime(Value):
    """How long it may take from one moment to another."""

    since: ChestPainMoment
    until: ChestPainMoment
    minutes: int
    source: str


TARGETS: tuple[TargetTime, ...] = (
    TargetTime(
        since=ChestPainMoment.FIRST_CONTACT,
        until=ChestPainMoment.FIRST_ECG,
        minutes=10,
        source="ESC 2023 (Eur Heart J 44:3720); AHA/ACC 2021 (Circulation 144:e368); 中国胸痛中心认证标准",
    ),
    TargetTime(
        since=ChestPainMoment.FIRST_ECG,
        until=ChestPainMoment.ECG_READ,
        minutes=10,
        source="中国胸痛中心认证标准 (China Chest Pain Centers)",
    ),
)


def standing(entries: Iterable[ChestPainEntry]) -> Mapping[ChestPainMoment, ChestPainEntry]:
    """What stands of each moment: its last entry, unless that took it back."""
    last = {one.moment: one for one in entries}
    return {moment: one for moment, one in last.items() if one.at is not None}


def check_possible(at: dt.datetime, now: dt.datetime) -> None:
    """Raise `RuleBroken` for a moment that has not come yet, or lies too long ago to be meant."""
    if at.tzinfo is None:
        raise RuleBroken(Rule.OUT_OF_RANGE, "a moment without a time zone; one in UTC is right")
    if at > now + FUTURE_TOLERANCE:
        raise RuleBroken(Rule.OUT_OF_RANGE, f"{at.isoformat()} is in the future; it is {now.isoformat()}")
    if at < now - LONGEST_AGO:
        raise RuleBroken(Rule.OUT_OF_RANGE, f"{at.isoformat()} is more than {LONGEST_AGO.days} days ago")
