"""The people of the demo. All are invented; none of these numbers is anybody's."""

import datetime as dt

from records.accounts import (
    Account,
    Department,
    Institution,
    InstitutionKind,
    Language,
    Role,
    Specialty,
)
from records.ids import AccountId, DepartmentId, InstitutionId, ResidentId, SpecialtyCode, new_id
from records.residents import AllergyStatus, IdentityKind, Resident, Sex
from records.values import Value

PASSWORD = "demo-clinic-2026"
"""Everybody's in the demo; the demo listens on this machine only and its data is thrown away."""

CARDIOLOGY = SpecialtyCode("cardiology")
SPECIALTIES = (
    Specialty(code=CARDIOLOGY, name_zh="心内科", name_en="Cardiology"),
    Specialty(code=SpecialtyCode("ultrasound"), name_zh="超声科", name_en="Ultrasound"),
    Specialty(code=SpecialtyCode("respiratory"), name_zh="呼吸内科", name_en="Respiratory medicine"),
)

STATION = Institution(
    id=InstitutionId(new_id()),
    kind=InstitutionKind.HEALTH_STATION,
    name_zh="滨江社区卫生服务站",
    name_en="Binjiang Community Health Station",
    address="滨江区江边路 18 号 2 诊室",
    phone="0571-0000 0147",
)
HOSPITAL = Institution(
    id=InstitutionId(new_id()),
    kind=InstitutionKind.HOSPITAL,
    name_zh="市第一人民医院",
    name_en="First People's Hospital",
    address="环城路 1 号",
    phone="0571-0000 0120",
)
HEART = Department(
    id=DepartmentId(new_id()), institution_id=HOSPITAL.id, name_zh="心内科", name_en="Cardiology"
)


class DemoRole(Value):
    """One of the demo's seats: who sits there and at which address."""

    host: str
    account: Account


def _account(name: str, display: str, role: Role, home: InstitutionId, **more: object) -> Account:
    return Account(
        id=AccountId(new_id()),
        sign_in_name=name,
        display_name=display,
        role=role,
        institution_id=home,
        languages=(Language.ZH, Language.EN),
        **more,  # type: ignore[arg-type]
    )


DOCTOR = _account("zhoumin", "周敏", Role.COMMUNITY_DOCTOR, STATION.id, title="社区医生")
NURSE = _account("wuqian", "吴倩", Role.NURSE, STATION.id, title="护士")
SPECIALIST = _account(
    "chenli",
    "陈立",
    Role.SPECIALIST,
    HOSPITAL.id,
    title="主任医师",
    specialties=(CARDIOLOGY,),
    department_id=HEART.id,
)
SECOND_SPECIALIST = _account(
    "zhaomin",
    "赵敏",
    Role.SPECIALIST,
    HOSPITAL.id,
    title="副主任医师",
    specialties=(CARDIOLOGY, SpecialtyCode("ultrasound")),
    department_id=HEART.id,
)
ADMINISTRATOR = _account("hanxue", "韩雪", Role.ADMINISTRATOR, HOSPITAL.id, title="系统管理员")
INTERPRETER = _account("linyue", "林悦", Role.INTERPRETER, HOSPITAL.id, title="翻译")
OBSERVER = _account("hejing", "何静", Role.OBSERVER, HOSPITAL.id, title="规培医师")
DEVICE = _account("binjiang-2", "滨江 2 诊室", Role.STATION, STATION.id)

ROLES = (
    DemoRole(host="doctor.localhost", account=DOCTOR),
    DemoRole(host="specialist.localhost", account=SPECIALIST),
    DemoRole(host="admin.localhost", account=ADMINISTRATOR),
    DemoRole(host="nurse.localhost", account=NURSE),
    DemoRole(host="specialist2.localhost", account=SECOND_SPECIALIST),
    DemoRole(host="interpreter.localhost", account=INTERPRETER),
    DemoRole(host="observer.localhost", account=OBSERVER),
)


class DemoResident(Value):
    """What the demo registers of a resident."""

    name: str
    initials: str
    sex: Sex
    born: dt.date
    identity_kind: IdentityKind
    identity_number: str
    allergy_status: AllergyStatus
    allergies: tuple[str, ...] = ()
    phone: str = ""
    language: Language = Language.ZH

    def registered(self, record_number: str, at: dt.datetime) -> Resident:
        """The resident as the record keeps her."""
        return Resident(
            id=ResidentId(new_id()),
            record_number=record_number,
            name=self.name,
            name_initials=self.initials,
            sex=self.sex,
            birth_date=self.born,
            identity_kind=self.identity_kind,
            identity_number=self.identity_number,
            allergy_status=self.allergy_status,
            allergies=self.allergies,
            phone=self.phone,
            preferred_language=self.language,
            institution_id=STATION.id,
            registered_at=at,
        )


RESIDENTS = (
    DemoResident(
        name="王秀英",
        initials="wxy",
        sex=Sex.FEMALE,
        born=dt.date(1959, 3, 14),
        identity_kind=IdentityKind.OTHER,
        identity_number="DEMO-0001",
        allergy_status=AllergyStatus.LISTED,
        allergies=("青霉素（皮疹，2019）",),
        phone="138 0000 0001",
    ),
    DemoResident(
        name="李建国",
        initials="ljg",
        sex=Sex.MALE,
        born=dt.date(1968, 7, 2),
        identity_kind=IdentityKind.OTHER,
        identity_number="DEMO-0002",
        allergy_status=AllergyStatus.NONE_KNOWN,
        phone="138 0000 0002",
    ),
    DemoResident(
        name="沈玉兰",
        initials="syl",
        sex=Sex.FEMALE,
        born=dt.date(1955, 6, 8),
        identity_kind=IdentityKind.OTHER,
        identity_number="DEMO-0003",
        allergy_status=AllergyStatus.LISTED,
        allergies=("磺胺类（皮疹，2011）",),
    ),
    DemoResident(
        name="徐志明",
        initials="xzm",
        sex=Sex.MALE,
        born=dt.date(1956, 1, 20),
        identity_kind=IdentityKind.OTHER,
        identity_number="DEMO-0004",
        allergy_status=AllergyStatus.NOT_ASKED,
    ),
    DemoResident(
        name="Anna Schmidt",
        initials="as",
        sex=Sex.FEMALE,
        born=dt.date(1984, 9, 30),
        identity_kind=IdentityKind.PASSPORT,
        identity_number="C01X00T47",
        allergy_status=AllergyStatus.NONE_KNOWN,
        language=Language.EN,
    ),
)
