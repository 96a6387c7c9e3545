"""健康档案号: a resident's record number, 17 digits: 12 of the place, 5 running.

The national form (城乡居民健康档案管理服务规范) spends the 12 digits on county (6), township (3) and village
(3). An institution here gets a place of its own under the county code 900000, which GB/T 2260 assigns to
nobody, so that a number made here can never be mistaken for one given elsewhere.
"""

from records.errors import RuleBroken
from records.rules import Rule

UNASSIGNED_COUNTY = "900000"
LAST_RUNNING_NUMBER = 99_999
LAST_INSTITUTION = 999_999


def institution_prefix(ordinal: int) -> str:
    """Make the 12 digits of the institution that came as the `ordinal`-th, from 1."""
    if not 1 <= ordinal <= LAST_INSTITUTION:
        raise RuleBroken(Rule.RECORD_NUMBER, f"institution {ordinal} has no prefix: 1 to {LAST_INSTITUTION}")
    return f"{UNASSIGNED_COUNTY}{ordinal:06}"


def record_number(prefix: str, running: int) -> str:
    """Put together a record number; `running` counts from 1."""
    if not 1 <= running <= LAST_RUNNING_NUMBER:
        raise RuleBroken(
            Rule.RECORD_NUMBER,
            f"the record numbers of this institution are used up at {LAST_RUNNING_NUMBER}",
        )
    return check_record_number(f"{prefix}{running:05}")


def check_record_number(number: str) -> str:
    """Return the number, or raise `RuleBroken` when it is not 17 digits."""
    if len(number) != 17 or not (number.isascii() and number.isdigit()):
        raise RuleBroken(
            Rule.RECORD_NUMBER, f"a record number has 17 digits, this has {len(number)} characters"
        )
    return number
