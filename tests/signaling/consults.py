"""A consult to start from in tests of pure functions."""

from typing import Any

import msgspec

from records.accounts import Language
from records.consults import Consult, ConsultState, Urgency
from records.ids import ConsultId
from tests.fakes.records import BINJIANG, CARDIOLOGY, NOW, WANG_XIUYING, ZHOU


def a_consult(**fields: Any) -> Consult:
    """A waiting cardiology consult; `fields` differ."""
    plain = Consult(
        id=ConsultId("c1"),
        number="HZ-20261123-0001",
        resident_id=WANG_XIUYING.id,
        specialty=CARDIOLOGY,
        urgency=Urgency.ROUTINE,
        question="胸闷",
        language=Language.ZH,
        asked_by=ZHOU.id,
        institution_id=BINJIANG.id,
        asked_at=NOW,
        state=ConsultState.WAITING,
        version=1,
        waiting_since=NOW,
    )
    return msgspec.structs.replace(plain, **fields)
