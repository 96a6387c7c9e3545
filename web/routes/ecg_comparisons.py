"""An earlier ECG of the resident beside a later one, or beside the seconds just taken or frozen in the room.

GET  /api/ecg-studies/{study_id}/comparison?earlier=    -> EcgComparisonPage
GET  /api/consults/{consult_id}/earlier-ecgs            -> EcgStudyList
POST /api/consults/{consult_id}/ecg-comparison          CompareEcg -> EcgComparisonPage
"""

import datetime as dt

from records.ecg_comparisons import EcgComparison
from records.ecg_drafts import QualityVerdict
from records.ids import BindingId, EcgStudyId
from records.values import Value


class CompareEcg(Value):
    """Ten seconds of the bound station's ECG, against an earlier kept one of the resident."""

    binding_id: BindingId
    first: int  # the sample they begin with, as drawn, or as `EcgLook` names it
    earlier: EcgStudyId


class ComparedEcg(Value):
    """One of the two, as it is named beside the picture."""

    study_id: EcgStudyId | None  # None: seconds of the live ECG, which are not kept by this
    number: str  # of the study; empty: as above
    taken_at: dt.datetime
    quality: QualityVerdict
    simulated: bool


class EcgComparisonPage(Value):
    """Both named, and what differs. Nothing of it is a finding."""

    earlier: ComparedEcg
    later: ComparedEcg
    comparison: EcgComparison
