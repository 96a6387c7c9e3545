"""Handlers of `web.routes.administration`: institutions, departments, specialties, a session's curves."""

import re

from records.accounts import Department, Institution, Specialty
from records.audit import Action
from records.ids import ConsultId, DepartmentId, InstitutionId, new_id
from records.ledger import Ledger
from records.permissions import Permission, Scope
from signaling.messages import LiveFigures
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.administration import Curve, Curves, Directory, NewDepartment, NewInstitution
from web.routing import RouteTable

table = RouteTable()
NAME_MOST = 120
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
# What a curve is not drawn of: identity, names, states.
_NO_CURVE = frozenset(
    {"consult_id", "number", "station_name", "asker_name", "specialist_name", "specialty", "since", "state"}
)


@table.route("GET", "/api/directory", permission=Permission.SIGNED_IN, scope=Scope.NONE)
async def show_directory(call: Call[None]) -> Directory:
    """Names for the ids other messages carry."""

    def read(ledger: Ledger) -> Directory:
        return Directory(
            institutions=ledger.directory.institutions(),
            departments=ledger.directory.departments(),
            specialties=ledger.directory.specialties(),
            ecg_target_s=call.parts.settings.reading.target_s,
        )

    return await call.parts.records.read(read)


def check_names(**names: str) -> None:
    """Raise `Refused` naming every name that is empty or too long."""
    wrong = {field: f"1 to {NAME_MOST} characters" for field, text in names.items() if not _is_name(text)}
    if wrong:
        raise Refused(ProblemCode.BAD_FIELDS, wrong)


def _is_name(text: str) -> bool:
    return 1 <= len(text.strip()) <= NAME_MOST and text.isprintable()


@table.route(
    "POST",
    "/api/institutions",
    permission=Permission.MANAGE_INSTITUTIONS,
    scope=Scope.NONE,
    body=NewInstitution,
)
async def make_institution(call: Call[NewInstitution]) -> Institution:
    """Make an institution."""
    return await _save_institution(call, InstitutionId(new_id()), Action.CREATE)


@table.route(
    "PUT",
    "/api/institutions/{institution_id}",
    permission=Permission.MANAGE_INSTITUTIONS,
    scope=Scope.NONE,
    body=NewInstitution,
)
async def change_institution(call: Call[NewInstitution]) -> Institution:
    """Change an institution."""
    return await _save_institution(call, InstitutionId(call.named("institution_id")), Action.CHANGE)


async def _save_institution(call: Call[NewInstitution], id_: InstitutionId, action: Action) -> Institution:
    given = call.body
    check_names(name_zh=given.name_zh, name_en=given.name_en)
    institution = Institution(
        id=id_,
        kind=given.kind,
        name_zh=given.name_zh.strip(),
        name_en=given.name_en.strip(),
        address=given.address.strip(),
        phone=given.phone.strip(),
    )

    def save(ledger: Ledger) -> Institution:
        if action is Action.CHANGE:
            ledger.directory.institution(id_)  # raises NotFound
        ledger.directory.save_institution(institution)
        ledger.audit.append(call.event(action, "institution", id_))
        return institution

    return await call.parts.records.write(save)


@table.route(
    "POST",
    "/api/departments",
    permission=Permission.MANAGE_INSTITUTIONS,
    scope=Scope.NONE,
    body=NewDepartment,
)
async def make_department(call: Call[NewDepartment]) -> Department:
    """Make a department of an institution."""
    given = call.body
    check_names(name_zh=given.name_zh, name_en=given.name_en)
    department = Department(
        id=DepartmentId(new_id()),
        institution_id=given.institution_id,
        name_zh=given.name_zh.strip(),
        name_en=given.name_en.strip(),
    )

    def save(ledger: Ledger) -> Department:
        ledger.directory.institution(given.institution_id)  # raises NotFound
        ledger.directory.save_department(department)
        ledger.audit.append(call.event(Action.CREATE, "department", department.id))
        return department

    return await call.parts.records.write(save)


@table.route(
    "POST", "/api/specialties", permission=Permission.MANAGE_INSTITUTIONS, scope=Scope.NONE, body=Specialty
)
async def save_specialty(call: Call[Specialty]) -> Specialty:
    """Make a specialty, or rename the one with this code; each has its own queue."""
    given = call.body
    check_names(name_zh=given.name_zh, name_en=given.name_en)
    if not _CODE.fullmatch(given.code):
        raise Refused(ProblemCode.BAD_FIELDS, {"code": "lower case letters, digits and _, 2 to 40"})

    def save(ledger: Ledger) -> Specialty:
        known = any(one.code == given.code for one in ledger.directory.specialties())
        ledger.directory.save_specialty(given)
        action = Action.CHANGE if known else Action.CREATE
        ledger.audit.append(call.event(action, "specialty", given.code))
        return given

    return await call.parts.records.write(save)


@table.route("GET", "/api/live/{consult_id}/curves", permission=Permission.SEE_DASHBOARD, scope=Scope.NONE)
async def show_curves(call: Call[None]) -> Curves:
    """A live session's figures over time: no resident, no picture. Without points for one not live."""
    points = call.parts.desk.curves(ConsultId(call.named("consult_id")))
    names = [one for one in LiveFigures.__struct_fields__ if one not in _NO_CURVE]
    return Curves(
        at=tuple(at for at, _ in points),
        curves=tuple(
            Curve(name=name, values=tuple(_number(getattr(figures, name)) for _, figures in points))
            for name in names
        ),
    )


def _number(value: float | int | tuple[object, ...] | None) -> float | None:
    """A figure as a curve has it; of a list, how many there are."""
    if isinstance(value, tuple):
        return float(len(value))
    return None if value is None else float(value)
