"""Emergency access: one resident, one person, 60 minutes, with a reason, reviewed afterwards."""

import datetime as dt

import msgspec

from records.errors import RuleBroken
from records.ids import AccountId, ResidentId
from records.rules import Rule
from records.values import Value

DURATION = dt.timedelta(minutes=60)
SHORTEST_REASON = 4  # 昏迷抢救


class EmergencyAccess(Value):
    """A pass to one resident, shown as a banner and listed for review."""

    id: str
    resident_id: ResidentId
    account_id: AccountId
    reason: str
    granted_at: dt.datetime
    expires_at: dt.datetime
    reviewed_by: AccountId | None = None
    reviewed_at: dt.datetime | None = None
    review_note: str = ""


def granted(
    *, access_id: str, resident_id: ResidentId, account_id: AccountId, reason: str, now: dt.datetime
) -> EmergencyAccess:
    """Make a pass from now on; raise `RuleBroken` without a reason."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise RuleBroken(
            Rule.REASON_NEEDED, f"emergency access needs a reason of {SHORTEST_REASON} characters or more"
        )
    return EmergencyAccess(
        id=access_id,
        resident_id=resident_id,
        account_id=account_id,
        reason=reason.strip(),
        granted_at=now,
        expires_at=now + DURATION,
    )


def reviewed(access: EmergencyAccess, *, by: AccountId, note: str, now: dt.datetime) -> EmergencyAccess:
    """Mark a pass as reviewed; raise `RuleBroken` when somebody would review her own."""
    if by == access.account_id:
        raise RuleBroken(Rule.OWN_REVIEW, "nobody reviews her own emergency access")
    return msgspec.structs.replace(access, reviewed_by=by, reviewed_at=now, review_note=note.strip())


def is_running(access: EmergencyAccess, now: dt.datetime) -> bool:
    """Tell whether a pass opens anything now."""
    return access.granted_at <= now < access.expires_at
