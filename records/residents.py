"""A resident: the person the record is about."""

import datetime as dt
import enum

from records.accounts import Language
from records.ids import AccountId, InstitutionId, ReadingId, ResidentId
from records.values import Value


class Sex(enum.StrEnum):
    """As registered."""

    FEMALE = "female"
    MALE = "male"
    UNSTATED = "unstated"


class IdentityKind(enum.StrEnum):
    """Which document says who somebody is."""

    RESIDENT_ID_CARD = "resident_id_card"  # 居民身份证, GB 11643, 18 characters with a check digit
    PASSPORT = "passport"
    OTHER = "other"


class AllergyStatus(enum.StrEnum):
    """`NONE_KNOWN` was asked and denied; `NOT_ASKED` says nothing about the resident."""

    NOT_ASKED = "not_asked"
    NONE_KNOWN = "none_known"
    LISTED = "listed"


class Resident(Value):
    """One person's identity and what must be known before anything is done to them."""

    id: ResidentId
    record_number: str  # 健康档案号, 17 digits
    name: str
    name_initials: str  # pinyin initials in lower case, for the search: 王秀英 -> wxy
    sex: Sex
    birth_date: dt.date
    identity_kind: IdentityKind
    identity_number: str
    allergy_status: AllergyStatus
    allergies: tuple[str, ...]  # non-empty exactly when `allergy_status` is LISTED
    phone: str
    preferred_language: Language
    institution_id: InstitutionId
    registered_at: dt.datetime


class ReadingKind(enum.StrEnum):
    """A vital sign; its unit is fixed by `UNITS`."""

    SYSTOLIC_PRESSURE = "systolic_pressure"
    DIASTOLIC_PRESSURE = "diastolic_pressure"
    PULSE_RATE = "pulse_rate"
    OXYGEN_SATURATION = "oxygen_saturation"
    BODY_TEMPERATURE = "body_temperature"
    BLOOD_GLUCOSE = "blood_glucose"
    RESPIRATORY_RATE = "respiratory_rate"


# Units as UCUM writes them.
UNITS: dict[ReadingKind, str] = {
    ReadingKind.SYSTOLIC_PRESSURE: "mm[Hg]",
    ReadingKind.DIASTOLIC_PRESSURE: "mm[Hg]",
    ReadingKind.PULSE_RATE: "/min",
    ReadingKind.OXYGEN_SATURATION: "%",
    ReadingKind.BODY_TEMPERATURE: "Cel",
    ReadingKind.BLOOD_GLUCOSE: "mmol/L",
    ReadingKind.RESPIRATORY_RATE: "/min",
}


class ReadingSource(enum.StrEnum):
    """Where a reading came from; a typed one is always marked as typed."""

    TYPED = "typed"
    DEVICE = "device"
    SIMULATED = "simulated"


class Reading(Value):
    """One measured vital sign."""

    id: ReadingId
    resident_id: ResidentId
    kind: ReadingKind
    value: float
    source: ReadingSource
    measured_at: dt.datetime
    entered_by: AccountId
