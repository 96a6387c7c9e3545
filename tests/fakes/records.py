"""The real store on a temporary directory, with a few invented people."""

import datetime as dt
from pathlib import Path

from records.accounts import (
    Account,
    Department,
    Institution,
    InstitutionKind,
    Language,
    Role,
    Specialty,
    VouchedEncoder,
)
from records.ids import AccountId, DepartmentId, InstitutionId, ResidentId, SpecialtyCode
from records.ledger import Ledger
from records.residents import AllergyStatus, IdentityKind, Resident, Sex
from records.store.database import Database
from records.store.vault import Vault

NOW = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)

CARDIOLOGY = SpecialtyCode("cardiology")
ULTRASOUND = SpecialtyCode("ultrasound")
RESPIRATORY = SpecialtyCode("respiratory")
SPECIALTIES = (
    Specialty(code=CARDIOLOGY, name_zh="心内科", name_en="Cardiology"),
    Specialty(code=ULTRASOUND, name_zh="超声科", name_en="Ultrasound"),
    Specialty(code=RESPIRATORY, name_zh="呼吸内科", name_en="Respiratory medicine"),
)

BINJIANG = Institution(
    id=InstitutionId("binjiang"),
    kind=InstitutionKind.HEALTH_STATION,
    name_zh="滨江社区卫生服务站",
    name_en="Binjiang Community Health Station",
    address="滨江区江边路 18 号 2 诊室",
    phone="0571-0000 0147",
)
LIUXI = Institution(
    id=InstitutionId("liuxi"),
    kind=InstitutionKind.HEALTH_STATION,
    name_zh="柳溪镇卫生院",
    name_en="Liuxi Township Health Centre",
    address="柳溪镇中街 3 号",
)
HOSPITAL = Institution(
    id=InstitutionId("hospital"),
    kind=InstitutionKind.HOSPITAL,
    name_zh="市第一人民医院",
    name_en="First People's Hospital",
)
INSTITUTIONS = (BINJIANG, LIUXI, HOSPITAL)
HEART = Department(
    id=DepartmentId("heart"), institution_id=HOSPITAL.id, name_zh="心内科", name_en="Cardiology"
)

ZHOU = Account(
    id=AccountId("zhou"),
    sign_in_name="zhou",
    display_name="周敏",
    role=Role.COMMUNITY_DOCTOR,
    institution_id=BINJIANG.id,
    title="社区医生",
)
WU = Account(
    id=AccountId("wu"),
    sign_in_name="wu",
    display_name="吴倩",
    role=Role.NURSE,
    institution_id=BINJIANG.id,
    title="护士",
)
CHEN = Account(
    id=AccountId("chen"),
    sign_in_name="chen",
    display_name="陈立",
    role=Role.SPECIALIST,
    institution_id=HOSPITAL.id,
    department_id=HEART.id,
    title="主任医师",
    specialties=(CARDIOLOGY,),
    languages=(Language.ZH, Language.EN),
)
ZHAO = Account(
    id=AccountId("zhao"),
    sign_in_name="zhao",
    display_name="赵敏",
    role=Role.SPECIALIST,
    institution_id=HOSPITAL.id,
    department_id=HEART.id,
    title="副主任医师",
    specialties=(CARDIOLOGY, ULTRASOUND),
)
HAN = Account(
    id=AccountId("han"),
    sign_in_name="han",
    display_name="韩雪",
    role=Role.ADMINISTRATOR,
    institution_id=HOSPITAL.id,
)
STATION = Account(
    id=AccountId("station1"),
    sign_in_name="station1",
    display_name="滨江 2 诊室",
    role=Role.STATION,
    institution_id=BINJIANG.id,
    encoder=VouchedEncoder(by=AccountId("han"), by_name="韩雪", at=dt.datetime(2026, 7, 1, 8, tzinfo=dt.UTC)),
)
SUN = Account(
    id=AccountId("sun"),
    sign_in_name="sun",
    display_name="孙浩",
    role=Role.COMMUNITY_DOCTOR,
    institution_id=LIUXI.id,
)
LIN = Account(
    id=AccountId("lin"),
    sign_in_name="lin",
    display_name="林悦",
    role=Role.INTERPRETER,
    institution_id=HOSPITAL.id,
    languages=(Language.ZH, Language.EN),
)
HE = Account(
    id=AccountId("he"),
    sign_in_name="he",
    display_name="何静",
    role=Role.OBSERVER,
    institution_id=HOSPITAL.id,
    title="规培医师",
)
ACCOUNTS = (ZHOU, WU, CHEN, ZHAO, HAN, STATION, SUN, LIN, HE)

WANG_XIUYING = Resident(
    id=ResidentId("wang"),
    record_number="90000000000100001",
    name="王秀英",
    name_initials="wxy",
    sex=Sex.FEMALE,
    birth_date=dt.date(1959, 3, 14),
    identity_kind=IdentityKind.OTHER,
    identity_number="TEST-0001",
    allergy_status=AllergyStatus.LISTED,
    allergies=("青霉素",),
    phone="138 0000 0001",
    preferred_language=Language.ZH,
    institution_id=BINJIANG.id,
    registered_at=NOW,
)
LI_JIANGUO = Resident(
    id=ResidentId("li"),
    record_number="90000000000100002",
    name="李建国",
    name_initials="ljg",
    sex=Sex.MALE,
    birth_date=dt.date(1968, 7, 2),
    identity_kind=IdentityKind.OTHER,
    identity_number="TEST-0002",
    allergy_status=AllergyStatus.NONE_KNOWN,
    allergies=(),
    phone="138 0000 0002",
    preferred_language=Language.ZH,
    institution_id=BINJIANG.id,
    registered_at=NOW,
)
SHEN_YULAN = Resident(
    id=ResidentId("shen"),
    record_number="90000000000200001",
    name="沈玉兰",
    name_initials="syl",
    sex=Sex.FEMALE,
    birth_date=dt.date(1955, 6, 8),
    identity_kind=IdentityKind.OTHER,
    identity_number="TEST-0003",
    allergy_status=AllergyStatus.NOT_ASKED,
    allergies=(),
    phone="",
    preferred_language=Language.ZH,
    institution_id=LIUXI.id,
    registered_at=NOW,
)
RESIDENTS = (WANG_XIUYING, LI_JIANGUO, SHEN_YULAN)


async def fake_records(tmp_path: Path) -> Database:
    """Open a new store in `tmp_path` with everybody above in it. Whoever calls it closes it."""
    database = await Database.open(tmp_path, Vault.create(tmp_path / "master.key"))
    await database.write(_fill)
    return database


def _fill(ledger: Ledger) -> None:
    for institution in INSTITUTIONS:
        ledger.directory.save_institution(institution)
    ledger.directory.save_department(HEART)
    for specialty in SPECIALTIES:
        ledger.directory.save_specialty(specialty)
    for account in ACCOUNTS:
        ledger.accounts.add(account)
    for resident in RESIDENTS:
        # The number is drawn, so that the next one registered does not collide.
        assert ledger.residents.next_record_number(resident.institution_id) == resident.record_number
        ledger.residents.add(resident)
