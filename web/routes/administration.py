"""Accounts, institutions, specialties, audit, emergency accesses, a session's curves.

GET   /api/directory                         -> Directory              everybody signed in
GET   /api/accounts                          -> AccountList
POST  /api/accounts                          NewAccount -> AccountMade
PUT   /api/accounts/{account_id}             ChangeAccount -> Account
POST  /api/accounts/{account_id}/password    -> AccountMade            a new one-time password
POST  /api/accounts/{account_id}/token       -> StationToken           ends the token before it
DELETE /api/accounts/{account_id}/token      -> 204
POST  /api/accounts/{account_id}/encoder     -> Account                a station's encoder names nobody
DELETE /api/accounts/{account_id}/encoder    -> Account                and its ultrasound ends at once
POST  /api/accounts/import                   ImportAccounts -> ImportResult
POST  /api/institutions                      Institution without id -> Institution
PUT   /api/institutions/{institution_id}     -> Institution
POST  /api/departments                       -> Department
POST  /api/specialties                       Specialty -> Specialty
POST  /api/audit/search                      AuditSearch -> AuditList
GET   /api/emergency-accesses                -> EmergencyAccessList
POST  /api/emergency-accesses/{id}/review    ReviewEmergencyAccess -> EmergencyAccess
GET   /api/live/{consult_id}/curves          -> Curves
"""

import datetime as dt

from records.accounts import Account, Department, Institution, InstitutionKind, Language, Role, Specialty
from records.ecg_studies import StudyUrgency
from records.emergency import EmergencyAccess
from records.ids import AccountId, DepartmentId, InstitutionId, SpecialtyCode
from records.values import Value
from signaling.messages import StationCard


class Directory(Value):
    """Names for the codes and ids that other messages carry."""

    institutions: tuple[Institution, ...]
    departments: tuple[Department, ...]
    specialties: tuple[Specialty, ...]
    ecg_target_s: dict[StudyUrgency, int]  # until an ECG is to be read, by its class, as the site has set it


class AccountRow(Value):
    """An account and when it was last used."""

    account: Account
    last_used_at: dt.datetime | None
    has_token: bool  # a station's


class AccountList(Value):
    """All accounts and stations."""

    accounts: tuple[AccountRow, ...]
    stations: tuple[StationCard, ...]


class NewAccount(Value):
    """An account to make; its first password is made by the server and shown once."""

    sign_in_name: str
    display_name: str
    role: Role
    institution_id: InstitutionId
    department_id: DepartmentId | None = None
    title: str = ""
    specialties: tuple[SpecialtyCode, ...] = ()
    languages: tuple[Language, ...] = (Language.ZH,)


class AccountMade(Value):
    """The account, and its one-time password (to be changed at first sign-in)."""

    account: Account
    password: str


class ChangeAccount(Value):
    """Everything of an account that can change. Disabling it, or giving it another role, ends its sessions,
    sockets and media within 5 s. A station stays a station, and nobody becomes one."""

    display_name: str
    institution_id: InstitutionId
    department_id: DepartmentId | None
    title: str
    specialties: tuple[SpecialtyCode, ...]
    languages: tuple[Language, ...]
    disabled: bool
    role: Role | None = None  # None: as it is


class StationToken(Value):
    """A station's token, shown once; only its hash is kept."""

    account_id: AccountId
    token: str


class ImportAccounts(Value):
    """CSV in UTF-8 with a header line: sign_in_name, display_name, role, institution, department, title,
    specialties, languages."""

    csv: str
    dry_run: bool


class ImportFault(Value):
    """What is wrong in one line of the file."""

    line: int
    message: str


class ImportResult(Value):
    """With any fault nothing was imported."""

    made: tuple[AccountMade, ...]
    faults: tuple[ImportFault, ...]
    rows: int


class NewInstitution(Value):
    """An institution to make or to change."""

    kind: InstitutionKind
    name_zh: str
    name_en: str
    address: str = ""
    phone: str = ""


class NewDepartment(Value):
    """A department to make."""

    institution_id: InstitutionId
    name_zh: str
    name_en: str


class AuditSearch(Value):
    """By person, resident and time; all given ones must agree."""

    sign_in_name: str = ""
    record_number: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    before_seq: int | None = None  # for the next page


class AuditRow(Value):
    """One entry of the audit trail."""

    seq: int
    at: dt.datetime
    actor: str  # sign-in name
    actor_role: str
    action: str
    resident_record_number: str  # "" when none was touched
    object_kind: str
    object_id: str
    outcome: str
    reason: str
    address: str


class AuditList(Value):
    """Newest first, at most 200."""

    entries: tuple[AuditRow, ...]
    more: bool
    chain_ok: bool


class EmergencyAccessRow(Value):
    """An emergency access to be reviewed."""

    access: EmergencyAccess
    account_name: str
    resident_record_number: str


class EmergencyAccessList(Value):
    """Those not reviewed first."""

    accesses: tuple[EmergencyAccessRow, ...]


class ReviewEmergencyAccess(Value):
    """The reviewer's note."""

    note: str


class Curve(Value):
    """One figure over time; None where there was none."""

    name: str  # a field of `LiveFigures`
    values: tuple[float | None, ...]


class Curves(Value):
    """A session's figures, one column each 2 s."""

    at: tuple[dt.datetime, ...]
    curves: tuple[Curve, ...]
