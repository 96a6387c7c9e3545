"""Emergency access: one resident, one person, 60 minutes, with a reason, reviewed afterwards."""

import datetime as dt

from records.ids import AccountId, ResidentId
from records.values import Value

DURATION = dt.timedelta(minutes=60)


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
