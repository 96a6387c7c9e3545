"""What to do about a finding, as a code; the sentences, in both languages, are the client's."""

from enum import StrEnum

from ecg.quality.findings import Finding
from ecg.quality.reversal import Reversal


class Shortfall(StrEnum):
    """What a whole recording may lack, beside findings of its seconds and suspected reversals."""

    ALL_FLAT = "all_flat"
    """Every lead shows a flat line at once."""
    LEADS_ABSENT = "leads_absent"
    TOO_SHORT = "too_short"


class Advice(StrEnum):
    """What whoever stands beside the patient does next."""

    LOOK_AT_PATIENT = "look_at_patient"
    CHECK_FLAT_LEAD = "check_flat_lead"
    REATTACH = "reattach"
    WAIT_FOR_SAMPLES = "wait_for_samples"
    END_CALIBRATION = "end_calibration"
    CHECK_SCALE = "check_scale"
    RENEW_ELECTRODE = "renew_electrode"
    REMOVE_MAINS = "remove_mains"
    RELAX_MUSCLES = "relax_muscles"
    LIE_STILL = "lie_still"
    CHECK_ARMS = "check_arms"
    CHECK_RIGHT_ARM_LEFT_LEG = "check_right_arm_left_leg"
    CHECK_RIGHT_LEG = "check_right_leg"
    CHECK_CHEST_ORDER = "check_chest_order"
    RECORD_ALL_LEADS = "record_all_leads"
    RECORD_LONGER = "record_longer"


Cause = Finding | Reversal | Shortfall
"""Everything a recording can be faulted for; no two have the same value."""

ADVICE: dict[Cause, Advice] = {
    Shortfall.ALL_FLAT: Advice.LOOK_AT_PATIENT,
    Finding.FLAT: Advice.CHECK_FLAT_LEAD,
    Finding.LEAD_OFF: Advice.REATTACH,
    Finding.MISSING: Advice.WAIT_FOR_SAMPLES,
    Finding.CALIBRATION: Advice.END_CALIBRATION,
    Finding.AMPLITUDE: Advice.CHECK_SCALE,
    Finding.CLIPPED: Advice.RENEW_ELECTRODE,
    Finding.MAINS_50: Advice.REMOVE_MAINS,
    Finding.MAINS_60: Advice.REMOVE_MAINS,
    Finding.MUSCLE: Advice.RELAX_MUSCLES,
    Finding.WANDER: Advice.LIE_STILL,
    Reversal.RA_LA: Advice.CHECK_ARMS,
    Reversal.RA_LL: Advice.CHECK_RIGHT_ARM_LEFT_LEG,
    Reversal.RA_RL: Advice.CHECK_RIGHT_LEG,
    Reversal.LA_RL: Advice.CHECK_RIGHT_LEG,
    Reversal.ARMS_LEGS: Advice.CHECK_RIGHT_LEG,
    Reversal.CHEST_ORDER: Advice.CHECK_CHEST_ORDER,
    Shortfall.LEADS_ABSENT: Advice.RECORD_ALL_LEADS,
    Shortfall.TOO_SHORT: Advice.RECORD_LONGER,
}
"""What to do about each. LA_LL is never suspected, so it has none."""


def advice_for(cause: Cause, all_flat: bool = False) -> Advice:
    """What to do; a flat line in every lead at once is first of all a question to the patient."""
    return Advice.LOOK_AT_PATIENT if all_flat and cause is Finding.FLAT else ADVICE[cause]
