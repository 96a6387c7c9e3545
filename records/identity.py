"""Identity documents: what their numbers must look like."""

import datetime as dt
import re

from records.errors import RuleBroken
from records.residents import IdentityKind, Sex
from records.rules import Rule

# GB 11643-1999, 4.2: the weights of the first 17 digits; the sum modulo 11 picks the check character.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_CARD = re.compile(r"[1-9][0-9]{16}[0-9X]")
# ICAO Doc 9303-3, 4.2.2: a document number is up to nine letters and digits.
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,9}")
_OTHER_LENGTH = 40


def normal_identity_number(number: str) -> str:
    """One spelling of a document number: without spaces, letters in upper case."""
    return "".join(number.split()).upper()


def check_character(first_17: str) -> str:
    """Compute the last character of a resident ID card number from the 17 digits before it."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def check_identity_number(kind: IdentityKind, number: str, birth_date: dt.date, sex: Sex) -> None:
    """Raise `RuleBroken` when a document cannot have this number, or the number tells of somebody else.

    A resident without a document is `OTHER`; her number may be empty.
    """
    number = normal_identity_number(number)
    if kind is IdentityKind.RESIDENT_ID_CARD:
        _check_card(number, birth_date, sex)
    elif kind is IdentityKind.PASSPORT and not _PASSPORT.fullmatch(number):
        raise _broken("a passport number has 5 to 9 letters and digits, a digit among them")
    elif len(number) > _OTHER_LENGTH:
        raise _broken(f"a document number has at most {_OTHER_LENGTH} characters")


def _check_card(number: str, birth_date: dt.date, sex: Sex) -> None:
    if not (number.isascii() and _CARD.fullmatch(number)):
        raise _broken("a resident ID card number has 17 digits and a check character, a digit or X")
    if check_character(number[:17]) != number[17]:
        raise _broken("the check character does not fit: a digit of the ID card number is mistyped")
    if number[6:14] != f"{birth_date:%Y%m%d}":
        raise _broken("the ID card number carries another birth date")
    # GB 11643-1999, 4.1: the sequence code is odd for men and even for women.
    if sex is not Sex.UNSTATED and sex is not (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE):
        raise _broken("the ID card number was given to the other sex")


def _broken(message: str) -> RuleBroken:
    return RuleBroken(Rule.IDENTITY_NUMBER, message)
