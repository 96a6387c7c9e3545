"""Reading an ECG: claim, draft, sign, second signature, addendum, reject; terms and phrases.

POST /api/ecg-studies/{study_id}/claim            -> EcgStudyCard
POST /api/ecg-studies/{study_id}/release          -> EcgStudyCard
PUT  /api/ecg-studies/{study_id}/report           SaveEcgReport -> EcgReport
POST /api/ecg-studies/{study_id}/report/sign      SignEcgReport -> EcgReport
POST /api/ecg-studies/{study_id}/report/cosign    CosignEcgReport -> Cosignature
POST /api/ecg-studies/{study_id}/report/return    ReturnEcgReport -> EcgStudyCard
POST /api/ecg-studies/{study_id}/addenda          AddToEcgReport -> EcgReport
POST /api/ecg-studies/{study_id}/reject           RejectEcg -> EcgStudyCard
GET  /api/ecg-terms                               -> EcgTermList
PUT  /api/ecg-phrases                             SavePhrases -> PhraseList
"""

from records.ecg_phrases import Phrase, PhraseList
from records.ecg_reports import ChosenTerm, Conclusion, Correction
from records.ecg_studies import RejectKind
from records.ecg_terms import Term
from records.ids import EcgReportId
from records.values import Value


class SaveEcgReport(Value):
    """The report as it stands; `version` is the one it was made from, 0 for the first.

    Saving keeps the claim. The machine's values stay beside the corrected ones.
    """

    version: int
    conclusion: Conclusion | None = None
    terms: tuple[ChosenTerm, ...] = ()
    text: str = ""
    corrections: tuple[Correction, ...] = ()
    critical_value: bool | None = None  # her word on a possible critical value; needed where a rule hit


class SignEcgReport(Value):
    """Sign exactly this version."""

    version: int


class CosignEcgReport(Value):
    """Sign the content with this digest a second time; another than the author does."""

    report_id: EcgReportId
    digest: str


class ReturnEcgReport(Value):
    """Do not sign it a second time, or take one's own first signature back: it is to be read again."""

    reason: str


class AddToEcgReport(Value):
    """Something to add to a report that is final; signed with this. What was signed stays as it is."""

    text: str
    terms: tuple[ChosenTerm, ...] = ()
    corrections: tuple[Correction, ...] = ()


class RejectEcg(Value):
    """It cannot be read: repeat the ECG."""

    kind: RejectKind
    reason: str = ""  # needed for `other`
    critical_value: bool | None = None  # her word on a possible critical value; needed where a rule hit


class EcgTermList(Value):
    """The coded terms, and the phrases of the caller's institution."""

    terms: tuple[Term, ...]
    phrases: PhraseList


class SavePhrases(Value):
    """The institution's phrases; `version` is the one they were made from, 0 for the list to start from."""

    version: int
    phrases: tuple[Phrase, ...]
