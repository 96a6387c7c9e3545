"""Whether an archive's exam is the resident's: by its own words, all of them. Pure.

A name, a birth date or a sex that differs is another patient's until a person has looked at the archive: a
clear refusal is better than another's picture beside today's.
"""

from records.residents import Resident
from records.stated_patient import StatedPatient, differences


def is_residents(stated: StatedPatient, resident: Resident) -> bool:
    """It has to name the patient by a number of hers, and nothing it says may differ."""
    return bool(stated.patient_id) and not differences(stated, resident)
