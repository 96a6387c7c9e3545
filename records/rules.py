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
    # Tapes
    TAPE_HELD = "tape_held"
    TAPE_RUNS = "tape_runs"
    # People
    WEAK_PASSWORD = "weak_password"
    OWN_REVIEW = "own_review"
