"""The rules that can be broken, as words for programs; people read a sentence made from the word."""

import enum


class Rule(enum.StrEnum):
    """Which rule forbade it: `RuleBroken.rule`. The values never change their meaning."""

    # A resident's registration
    NAME = "name"
    BIRTH_DATE = "birth_date"
    IDENTITY_NUMBER = "identity_number"
    ALLERGIES = "allergies"
    PHONE = "phone"
    RECORD_NUMBER = "record_number"
    # Readings
    OUT_OF_RANGE = "out_of_range"
    MEASURED_LATER = "measured_later"
    # Emergency access
    REASON_NEEDED = "reason_needed"
    # Opinions and filing
    OPINION_INCOMPLETE = "opinion_incomplete"
    OPINION_SIGNED = "opinion_signed"
    SIMULATED_DATA = "simulated_data"
    # ECG studies and their reading
    ECG_STATE = "ecg_state"
    ECG_TAKEN = "ecg_taken"
    ECG_NOT_CLAIMED = "ecg_not_claimed"
    OWN_SIGNATURE = "own_signature"
    REPORT_INCOMPLETE = "report_incomplete"
    REPORT_SIGNED = "report_signed"
    CRITICAL_VALUE_NEEDED = "critical_value_needed"
    NO_SUCH_TERM = "no_such_term"
    # Guiding the hand
    GUIDING_STATE = "guiding_state"
    # Tapes
    TAPE_HELD = "tape_held"
    TAPE_RUNS = "tape_runs"
    # People
    WEAK_PASSWORD = "weak_password"
    OWN_REVIEW = "own_review"
