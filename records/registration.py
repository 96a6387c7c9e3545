"""What must hold for a resident before she is registered. No message repeats what was typed."""

import datetime as dt
import unicodedata
from collections.abc import Callable

from records.errors import RuleBroken
from records.identity import check_identity_number
from records.residents import AllergyStatus, Resident
from records.rules import Rule

NAME_LENGTH = 100
ALLERGY_LENGTH = 200
OLDEST_YEARS = 130  # the oldest person whose age is proved reached 122
PHONE_DIGITS = range(3, 16)  # ITU-T E.164 6.1: at most 15 digits; 120 has three
_PHONE_MARKS = frozenset("0123456789 +-()")


def registration_faults(resident: Resident, today: dt.date) -> dict[str, RuleBroken]:
    """Find everything that is wrong with a registration: field name to broken rule; {} when all is well."""
    checks: dict[str, Callable[[], None]] = {
        "name": lambda: check_name(resident.name),
        "birth_date": lambda: check_birth_date(resident.birth_date, today),
        "identity_number": lambda: check_identity_number(
            resident.identity_kind, resident.identity_number, resident.birth_date, resident.sex
        ),
        "allergies": lambda: check_allergies(resident.allergy_status, resident.allergies),
        "phone": lambda: check_phone(resident.phone),
    }
    found = {field: _fault(check) for field, check in checks.items()}
    return {field: fault for field, fault in found.items() if fault is not None}


def check_registration(resident: Resident, today: dt.date) -> None:
    """Raise the first of `registration_faults`."""
    for fault in registration_faults(resident, today).values():
        raise fault


def check_name(name: str) -> None:
    """Raise `RuleBroken` unless it is a name: something to read, of one line."""
    if not 1 <= len(name.strip()) <= NAME_LENGTH:
        raise RuleBroken(Rule.NAME, f"a name has 1 to {NAME_LENGTH} characters, this has {len(name.strip())}")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for character in name):
        raise RuleBroken(Rule.NAME, "a name has no control characters")


def check_birth_date(birth_date: dt.date, today: dt.date) -> None:
    """Raise `RuleBroken` for a birth in the future or longer ago than anybody lives."""
    if birth_date > today:
        raise RuleBroken(Rule.BIRTH_DATE, "the birth date lies in the future")
    if birth_date.year < today.year - OLDEST_YEARS:
        raise RuleBroken(Rule.BIRTH_DATE, f"the birth date lies more than {OLDEST_YEARS} years ago")


def check_allergies(status: AllergyStatus, allergies: tuple[str, ...]) -> None:
    """Raise `RuleBroken` unless allergies are listed exactly when the status says so."""
    if status is AllergyStatus.LISTED and not allergies:
        raise RuleBroken(Rule.ALLERGIES, "allergies are said to be listed, and none is")
    if status is not AllergyStatus.LISTED and allergies:
        raise RuleBroken(Rule.ALLERGIES, f"{len(allergies)} allergies are listed, and the status is {status}")
    if any(not 1 <= len(allergy.strip()) <= ALLERGY_LENGTH for allergy in allergies):
        raise RuleBroken(Rule.ALLERGIES, f"each allergy is told in 1 to {ALLERGY_LENGTH} characters")


def check_phone(phone: str) -> None:
    """Raise `RuleBroken` when it can be no telephone number; it may be empty."""
    digits = sum(character.isdigit() for character in phone)
    if phone and (set(phone) - _PHONE_MARKS or digits not in PHONE_DIGITS):
        raise RuleBroken(
            Rule.PHONE, "a telephone number has 3 to 15 digits; spaces, +, - and () may stand between"
        )


def _fault(check: Callable[[], None]) -> RuleBroken | None:
    try:
        check()
    except RuleBroken as fault:
        return fault
    return None
