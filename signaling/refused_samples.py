"""What the audit trail says of a station's ECG that was not kept."""

import datetime as dt

from records.audit import Action, AuditEvent, Outcome
from records.consults import Binding


def refused_samples(binding: Binding, reason: str, now: dt.datetime) -> AuditEvent:
    """That samples sent under this binding were refused, and why."""
    return AuditEvent(
        at=now,
        actor_id=binding.station_id,
        actor_role="station",
        action=Action.DENIED,
        object_kind="binding",
        object_id=binding.id,
        resident_id=binding.resident_id,
        outcome=Outcome.REFUSED,
        reason=reason,
    )
