"""The stills and clips that were kept in a consult, as somebody may list them."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from records.audit import Action
from records.ids import ConsultId
from records.ledger import Ledger
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_stills import UltrasoundStill
from signaling.scopes import may_see_picture
from web.call import Call

Kept = TypeVar("Kept", UltrasoundStill, UltrasoundClip)


def listed(
    ledger: Ledger, call: Call[Any], kind: str, of_consult: Callable[[ConsultId], Sequence[Kept]]
) -> list[Kept]:
    """Those the caller may see, the first taken first; that they were looked at is on the audit trail.

    One that turned out to be another resident's is listed in no consult of this one.
    """
    consult = ledger.consults.get(ConsultId(call.named("consult_id")))
    shown = [
        one
        for one in of_consult(consult.id)
        if one.resident_id == consult.resident_id and may_see_picture(ledger, call.account, one, call.now)
    ]
    ledger.audit.append(call.event(Action.READ, kind, consult.id, consult.resident_id))
    return shown
