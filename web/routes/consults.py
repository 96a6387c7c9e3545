"""What belongs to one consult and is not live: chat, opinion, stored ECG.

GET  /api/consults/history                  -> ConsultList     signed, closed and cancelled ones in scope
GET  /api/consults/{consult_id}             -> ConsultPage
GET  /api/consults/{consult_id}/opinion     -> Opinion         404 while nothing was written
PUT  /api/consults/{consult_id}/opinion     SaveDraft -> Opinion
POST /api/consults/{consult_id}/opinion/sign  SignOpinion -> Opinion
GET  /api/recordings/{recording_id}         -> EcgRecording
GET  /api/recordings/{recording_id}/samples?first=&count=   -> E1 WAVE packets, each behind its length
"""

from records.consults import Advice, ChatLine, Consent, EcgRecording, IdentityCheck, Opinion, PlanItem
from records.guiding import Guiding
from records.ids import AccountId
from records.values import Value
from signaling.messages import ConsultCard, PersonCard


class ConsultList(Value):
    """Consults, newest first."""

    consults: tuple[ConsultCard, ...]


class ConsultPage(Value):
    """One consult as a whole."""

    consult: ConsultCard
    people: dict[AccountId, PersonCard]
    chat: tuple[ChatLine, ...]
    guiding: tuple[Guiding, ...]  # what was asked of the operator, the first first
    identity_check: IdentityCheck | None
    consent: Consent | None
    opinion: Opinion | None
    recordings: tuple[EcgRecording, ...]
    prior_recordings: tuple[EcgRecording, ...]


class SaveDraft(Value):
    """The opinion as it stands; `version` is the one it was made from, 0 for the first."""

    version: int
    findings: str
    impression: str
    advice: Advice | None
    advice_text: str
    plan: tuple[PlanItem, ...]


class SignOpinion(Value):
    """Sign exactly this version."""

    version: int
