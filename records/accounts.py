"""People who sign in, the devices that do, and the institutions they belong to."""

import datetime as dt
import enum

from records.device_checks import DeviceCheck
from records.ids import AccountId, DepartmentId, InstitutionId, SpecialtyCode
from records.values import Value


class Role(enum.StrEnum):
    """What an account may do; see `records.permissions`."""

    COMMUNITY_DOCTOR = "community_doctor"
    NURSE = "nurse"
    SPECIALIST = "specialist"
    INTERPRETER = "interpreter"  # invited to one consult: speaks and hears, no clinical acts
    OBSERVER = "observer"  # invited to one consult: sees and hears, publishes nothing
    ADMINISTRATOR = "administrator"
    STATION = "station"


class Presence(enum.StrEnum):
    """What a specialist says of herself."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"


class Language(enum.StrEnum):
    """Languages of the screens and of consults (BCP 47)."""

    ZH = "zh"
    EN = "en"


class InstitutionKind(enum.StrEnum):
    """Which side of a consult an institution is on."""

    HEALTH_STATION = "health_station"  # 邀请方, the inviting party
    HOSPITAL = "hospital"  # 受邀方, the invited party


class Institution(Value):
    """A health station or a hospital."""

    id: InstitutionId
    kind: InstitutionKind
    name_zh: str
    name_en: str
    address: str = ""  # read out to the emergency service on 120
    phone: str = ""


class Department(Value):
    """A department of a hospital."""

    id: DepartmentId
    institution_id: InstitutionId
    name_zh: str
    name_en: str


class Specialty(Value):
    """A specialty a consult can be asked of; each has its own queue."""

    code: SpecialtyCode
    name_zh: str
    name_en: str


class VouchedEncoder(Value):
    """Who looked at a scanner's screen and answers for it that it names nobody; nothing masks an encoder."""

    by: AccountId
    by_name: str
    at: dt.datetime


class Account(Value):
    """Somebody, or a station, that can sign in."""

    id: AccountId
    sign_in_name: str
    display_name: str
    role: Role
    institution_id: InstitutionId
    department_id: DepartmentId | None = None
    title: str = ""  # 主任医师
    specialties: tuple[SpecialtyCode, ...] = ()
    languages: tuple[Language, ...] = (Language.ZH,)
    disabled: bool = False
    device_check: DeviceCheck | None = None  # of a station: the last one
    presence: Presence = Presence.AVAILABLE  # of a specialist: what she said last
    encoder: VouchedEncoder | None = None  # of a station: without it no encoder sends its ultrasound
