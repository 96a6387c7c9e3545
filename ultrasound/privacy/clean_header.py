"""The header of a file that names nobody (PS3.15 Annex E, Basic Application Level Confidentiality
Profile).
"""

import enum
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.valuerep import DSfloat

from ultrasound.errors import ExportRefused
from ultrasound.privacy.allowed_attributes import (
    DATES,
    EMPTY,
    IMAGE_TYPES,
    NUMBERS,
    REGION_NUMBERS,
    TERMS,
    TIMES,
    UIDS,
    WORDS,
)
from ultrasound.privacy.export_record import Dates
from ultrasound.privacy.pseudonyms import Pseudonyms

_TIME = re.compile(r"\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?")
_DATE_TIME = re.compile(rf"(?P<date>\d{{8}})(?P<time>{_TIME.pattern})([+-]\d{{4}})?")
"""A date and time; its time zone says where it was, and is left off."""

_LEAST_WORD = 2  # many a Chinese surname has two letters
_WHOLE = {
    "US": (0, 2**16 - 1),
    "UL": (0, 2**32 - 1),
    "SL": (-(2**31), 2**31 - 1),
    "IS": (-(2**31), 2**31 - 1),
}

_LARGEST_FL = 3.4e38
"""Of single precision (IEEE 754); beyond it a number cannot be written."""


class Method(enum.Enum):
    """De-identification methods, PS3.16 CID 7050: code, meaning."""

    BASIC_PROFILE = ("113100", "Basic Application Confidentiality Profile")
    CLEAN_PIXELS = ("113101", "Clean Pixel Data Option")
    MODIFIED_DATES = ("113107", "Retain Longitudinal Temporal Information Modified Dates Option")


@dataclass(frozen=True, slots=True)
class CleanHeader:
    """All but the pixels, and how many attributes of the source were kept, left off, and private."""

    dataset: Dataset
    kept: int
    removed: int
    removed_private: int


def clean_header(source: Dataset, pseudonyms: Pseudonyms, dates: Dates) -> CleanHeader:
    """A new header from what of the source is allowed. Nothing of the source is copied as bytes."""
    clean = Dataset()
    clean.SpecificCharacterSet = "ISO_IR 192"
    for keyword in EMPTY:
        setattr(clean, keyword, "")
    _put_terms(clean, source)
    _put_numbers(clean, source, NUMBERS)
    _put_words(clean, source)
    _put_regions(clean, source)
    patient = _patient_key(source)
    if dates is Dates.SHIFTED:
        _put_dates(clean, source, pseudonyms, patient)
    for keyword in UIDS:
        setattr(clean, keyword, pseudonyms.uid(_needed(source, keyword)))
    clean.PatientID = pseudonyms.patient(patient)
    clean.PatientName = f"{clean.PatientID}^"
    _put_methods(clean, dates)
    return _counted(clean, source)


def state_clean_pixels(clean: Dataset) -> None:
    """State that no name is left in the pixels: for one who masked them and had a person look."""
    clean.BurnedInAnnotation = "NO"
    _add_method(clean, Method.CLEAN_PIXELS)


def _put_terms(clean: Dataset, source: Dataset) -> None:
    clean.SOPClassUID = source.SOPClassUID
    clean.Modality = "US" if _text(source, "Modality") == "US" else "OT"
    view = [str(one) for one in _values(source, "ImageType")[2:3] if str(one) in IMAGE_TYPES]
    clean.ImageType = ["DERIVED", "PRIMARY", *view]
    for keyword, terms in TERMS.items():
        term = _text(source, keyword)
        if term in terms:
            setattr(clean, keyword, term)


def _put_numbers(clean: Dataset, source: Dataset, keywords: tuple[str, ...]) -> None:
    for keyword in keywords:
        vr = dictionary_VR(tag_for_keyword(keyword) or 0)
        numbers = [_fitting(number, vr) for number in _numbers(source, keyword)]
        kept = [number for number in numbers if number is not None]
        if kept and len(kept) == len(numbers):
            setattr(clean, keyword, kept if len(kept) > 1 else kept[0])


def _fitting(number: float, vr: str) -> float | int | DSfloat | None:
    """The number as its value representation takes it (PS3.5 6.2); None when it does not fit."""
    if vr == "DS":
        return DSfloat(number, auto_format=True)
    if vr == "FL" and abs(number) > _LARGEST_FL:
        return None
    if vr not in _WHOLE:
        return number
    least, most = _WHOLE[vr]
    return int(number) if number == int(number) and least <= number <= most else None


def _put_words(clean: Dataset, source: Dataset) -> None:
    named = set(_words_of_the_patient(source))
    for keyword in WORDS:
        said = _text(source, keyword)
        if not named & set(_words(said)) and not any(word in said for word in named if not word.isascii()):
            setattr(clean, keyword, said)


def _put_regions(clean: Dataset, source: Dataset) -> None:
    """Each region by its numbers, its edges as they are: its reader judges whether it is of this picture."""
    regions = []
    for item in _values(source, "SequenceOfUltrasoundRegions"):
        if isinstance(item, Dataset):
            region = Dataset()
            _put_numbers(region, item, REGION_NUMBERS)
            regions.append(region)
    if regions:
        clean.SequenceOfUltrasoundRegions = Sequence(regions)


def _put_dates(clean: Dataset, source: Dataset, pseudonyms: Pseudonyms, patient: str) -> None:
    for keyword in DATES:
        shifted = pseudonyms.shifted(_text(source, keyword), patient)
        if shifted:
            setattr(clean, keyword, shifted)
    for keyword in TIMES:
        time = _text(source, keyword)
        if _TIME.fullmatch(time):
            setattr(clean, keyword, time)
    acquired = _DATE_TIME.fullmatch(_text(source, "AcquisitionDateTime"))
    shifted = pseudonyms.shifted(acquired["date"], patient) if acquired else None
    if acquired and shifted:
        clean.AcquisitionDateTime = shifted + acquired["time"]


def _put_methods(clean: Dataset, dates: Dates) -> None:
    clean.PatientIdentityRemoved = "YES"
    clean.BurnedInAnnotation = "YES"  # what the source said is not believed, and nobody has looked yet
    clean.DeidentificationMethod = ["Allow-list of attributes", "Pixels outside known areas black"]
    clean.DeidentificationMethodCodeSequence = Sequence()
    _add_method(clean, Method.BASIC_PROFILE)
    clean.LongitudinalTemporalInformationModified = "REMOVED"
    if dates is Dates.SHIFTED:
        clean.LongitudinalTemporalInformationModified = "MODIFIED"
        _add_method(clean, Method.MODIFIED_DATES)


def _add_method(clean: Dataset, method: Method) -> None:
    item = Dataset()
    item.CodeValue, item.CodeMeaning = method.value
    item.CodingSchemeDesignator = "DCM"
    clean.DeidentificationMethodCodeSequence.append(item)


def _counted(clean: Dataset, source: Dataset) -> CleanHeader:
    replaced = {tag_for_keyword(keyword) for keyword in (*EMPTY, *UIDS, "PatientName", "PatientID")}
    pixels = {tag_for_keyword("PixelData")}
    tags = [tag for tag in source.keys() if tag not in pixels]
    kept = [tag for tag in tags if tag in clean and (tag not in replaced or _same(clean, source, tag))]
    private = sum(1 for tag in tags if tag.is_private)
    return CleanHeader(clean, len(kept), len(tags) - len(kept), private)


def _same(clean: Dataset, source: Dataset, tag: Any) -> bool:
    try:
        return bool(clean[tag].value == source[tag].value)
    except Exception:  # a damaged value cannot be read, so it was not kept
        return False


def _patient_key(source: Dataset) -> str:
    """What tells patients apart: their number and who gave it, or else the study."""
    number = _text(source, "PatientID")
    return f"{_text(source, 'IssuerOfPatientID')}\0{number}" if number else _text(source, "StudyInstanceUID")


def _words_of_the_patient(source: Dataset) -> Iterator[str]:
    """Of every text of the patient's group, and of every name in the file."""
    for tag in source.keys():
        try:
            # Looked at before it is converted: a file may hold millions of other elements.
            if tag.group == 0x0010 or _vr(source, tag) == "PN":
                yield from _words(str(source[tag].value))
        except Exception:  # a damaged value cannot be read, and is not kept either
            continue


def _vr(source: Dataset, tag: BaseTag) -> str:
    given = source.get_item(tag, keep_deferred=True)
    return (given.VR if given is not None else None) or dictionary_VR(tag)


def _words(text: str) -> list[str]:
    """Words by themselves; of Chinese, which has no spaces between them, whatever stands together."""
    words = re.findall(r"\w+", text.casefold())
    return [word for word in words if len(word) >= _LEAST_WORD or not word.isascii()]


def _needed(source: Dataset, keyword: str) -> str:
    uid = _text(source, keyword)
    if not uid:
        raise ExportRefused(f"has no {keyword}: files without one could not be told apart")
    return uid


def _text(source: Dataset, keyword: str) -> str:
    values = _values(source, keyword)
    return str(values[0]).strip() if values else ""


def _numbers(source: Dataset, keyword: str) -> list[float]:
    """Finite numbers; none when one of the values is no number."""
    found: list[float] = []
    for value in _values(source, keyword):
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return []
        try:
            number = float(value)
        except ValueError:
            return []
        if not math.isfinite(number):
            return []
        found.append(number)
    return found


def _values(source: Dataset, keyword: str) -> list[Any]:
    """The values of an attribute; none when it is absent, empty or damaged."""
    try:
        value = source.get(keyword)
    except Exception:  # pydicom converts when asked, and raises anything on a damaged value
        return []
    if value is None or value == "":
        return []
    return list(value) if not isinstance(value, str | bytes) and hasattr(value, "__iter__") else [value]
