"""Whom an ECG file says it is of, held against the resident it is to be filed under. Pure.

The file's word decides nothing: a person chose the resident. Where the two differ she is told and has to
confirm it; nothing of it goes into a log or an error.
"""

import datetime as dt
import enum
import re
import unicodedata

from records.residents import Resident, Sex
from records.values import Value


class Difference(enum.StrEnum):
    """What of a file differs from what it is filed as, each to be confirmed for itself."""

    PATIENT_ID = "patient_id"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    PATIENT_UNREADABLE = "patient_unreadable"  # the file says whom it is of, and it cannot be read
    TIME = "time"  # the file was taken at another time than was typed in
    TIME_UNLIKELY = "time_unlikely"  # the file says it was taken in the future, or before the birth
    FILED_ALREADY = "filed_already"  # the same file is in this resident's record


class StatedPatient(Value):
    """What a file says of its patient; empty: nothing. Shown to who uploads it, kept nowhere."""

    patient_id: str = ""
    name: str = ""
    birth_date: dt.date | None = None
    sex: Sex | None = None
    unreadable: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to compare."""
        return self == StatedPatient()


def differences(stated: StatedPatient, resident: Resident) -> tuple[Difference, ...]:
    """What the file says otherwise than the record."""
    found = []
    if stated.unreadable:
        found.append(Difference.PATIENT_UNREADABLE)
    if stated.patient_id and _plain(stated.patient_id) not in _numbers_of(resident):
        found.append(Difference.PATIENT_ID)
    if stated.name and not _same_name(stated.name, resident):
        found.append(Difference.NAME)
    if stated.birth_date is not None and stated.birth_date != resident.birth_date:
        found.append(Difference.BIRTH_DATE)
    if stated.sex is not None and resident.sex is not Sex.UNSTATED and stated.sex is not resident.sex:
        found.append(Difference.SEX)
    return tuple(found)


def _numbers_of(resident: Resident) -> set[str]:
    return {_plain(number) for number in (resident.record_number, resident.identity_number) if number}


def _same_name(stated: str, resident: Resident) -> bool:
    """Whether one of the spellings of a name (DICOM PS3.5 6.2.1.2: up to three, "=" between) is hers."""
    own = {_letters(resident.name)} | _spelled(resident.name)
    return any(_letters(one) in own for one in stated.split("=") if _letters(one))


def _spelled(name: str) -> set[str]:
    """A Chinese name in pinyin, surname first and last, as devices without Chinese letters write it."""
    from pypinyin import lazy_pinyin  # its tables take a third of a second to load

    syllables = [_letters(one) for one in lazy_pinyin(name)]
    whole = "".join(syllables)
    return {whole} | {"".join(syllables[n:] + syllables[:n]) for n in (1, 2) if n < len(syllables)}


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _plain(number: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", number)).casefold()
