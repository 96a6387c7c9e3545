"""The rules that can be broken, as words for programs; people read the sentence beside them."""

import enum


class Rule(enum.StrEnum):
    """Which rule forbade it: `RuleBroken.rule`."""

    RECORD_NUMBER = "record_number"
    IDENTITY_NUMBER = "identity_number"
    RESIDENT_NAME = "resident_name"
    BIRTH_DATE = "birth_date"
    ALLERGIES = "allergies"
    READING_RANGE = "reading_range"
    TWO_IDENTIFIERS = "two_identifiers"
    CONSENT_EVIDENCE = "consent_evidence"
    PASSWORD = "password"
    OPINION_INCOMPLETE = "opinion_incomplete"
    OPINION_SIGNED = "opinion_signed"
    SIMULATED_DATA = "simulated_data"
    EMERGENCY_REASON = "emergency_reason"
