"""Handlers of `web.routes.residents`: registering, finding and opening residents."""

from typing import Any

import msgspec

from records.audit import Action, AuditEvent
from records.emergency import EmergencyAccess, granted
from records.errors import NotFound
from records.identity import normal_identity_number
from records.ids import AccountId, InstitutionId, ReadingId, ResidentId, new_id
from records.ledger import Ledger
from records.names import name_initials
from records.permissions import Permission, Scope
from records.readings import check_pressures, check_reading
from records.registration import registration_faults
from records.residents import Reading, ReadingKind, ReadingSource, Resident
from records.scope import Sight, resident_in_scope
from signaling.cards import read_person
from signaling.people import resident_card
from signaling.scopes import may_see, may_see_ecg, may_see_picture
from web.call import Call
from web.derived_cards import derived_cards
from web.ecg_cards import study_card
from web.errors import ProblemCode, Refused
from web.routes.residents import (
    AskEmergencyAccess,
    EnterReadings,
    FindEmergencyAccess,
    ReadingList,
    RegisterResident,
    ResidentList,
    ResidentPage,
    ResidentSearch,
    TypedReading,
)
from web.routes.ultrasound_clip_handlers import clip_page
from web.routes.ultrasound_still_handlers import still_card
from web.routing import RouteTable
from web.signing_in import check_again

table = RouteTable()
FOUND_MOST = 50
QUERY_MOST = 100
READINGS_AT_ONCE = 50


@table.route(
    "POST",
    "/api/residents/search",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.INSTITUTION,
    body=ResidentSearch,
)
async def search_residents(call: Call[ResidentSearch]) -> ResidentList:
    """Residents of the caller's institution; nobody else's are counted, sorted or hinted at."""
    query = call.body.query.strip()[:QUERY_MOST]

    def search(ledger: Ledger) -> ResidentList:
        found = ledger.residents.search(query, call.account.institution_id, FOUND_MOST + 1)
        ledger.audit.append(call.event(Action.SEARCH, "residents", ""))
        cards = tuple(resident_card(one) for one in found[:FOUND_MOST])
        return ResidentList(residents=cards, more=len(found) > FOUND_MOST)

    return await call.parts.records.write(search)


@table.route(
    "POST",
    "/api/residents",
    permission=Permission.REGISTER_RESIDENTS,
    scope=Scope.INSTITUTION,
    body=RegisterResident,
)
async def register_resident(call: Call[RegisterResident]) -> Resident:
    """Register a resident of the caller's institution; the server gives the record number."""

    def register(ledger: Ledger) -> Resident:
        home = call.account.institution_id
        number = ledger.residents.next_record_number(home)
        resident = _typed(call, ResidentId(new_id()), number, home)
        ledger.residents.add(resident)
        ledger.audit.append(call.event(Action.CREATE, "resident", resident.id, resident.id))
        return resident

    return await call.parts.records.write(register)


def _typed(
    call: Call[RegisterResident], resident_id: ResidentId, number: str, home: InstitutionId
) -> Resident:
    """The resident as typed in; raises `Refused` naming every wrong field, without what was typed."""
    given = call.body
    resident = Resident(
        id=resident_id,
        record_number=number,
        name=given.name.strip(),
        name_initials=name_initials(given.name),
        sex=given.sex,
        birth_date=given.birth_date,
        identity_kind=given.identity_kind,
        identity_number=normal_identity_number(given.identity_number),
        allergy_status=given.allergy_status,
        allergies=tuple(one.strip() for one in given.allergies),
        phone=given.phone.strip(),
        preferred_language=given.preferred_language,
        institution_id=home,
        registered_at=call.now,
    )
    faults = registration_faults(resident, call.now.astimezone().date())
    if faults:
        raise Refused(ProblemCode.BAD_FIELDS, {field: str(fault) for field, fault in faults.items()})
    return resident


@table.route(
    "PUT",
    "/api/residents/{resident_id}",
    permission=Permission.REGISTER_RESIDENTS,
    scope=Scope.RESIDENT,
    body=RegisterResident,
)
async def change_resident(call: Call[RegisterResident]) -> Resident:
    """Correct a resident's identity; number, institution and day of registration stay."""

    def change(ledger: Ledger) -> Resident:
        before = ledger.residents.get(_resident_id(call))
        if before.institution_id != call.account.institution_id:
            raise NotFound("residents: no such thing")  # seen by emergency access only
        typed = _typed(call, before.id, before.record_number, before.institution_id)
        after = msgspec.structs.replace(typed, registered_at=before.registered_at)
        ledger.residents.save(after)
        ledger.audit.append(call.event(Action.CHANGE, "resident", after.id, after.id))
        return after

    return await call.parts.records.write(change)


def _resident_id(call: Call[Any]) -> ResidentId:
    return ResidentId(call.named("resident_id"))


@table.route("GET", "/api/residents/{resident_id}", permission=Permission.SEE_RESIDENTS, scope=Scope.RESIDENT)
async def show_resident(call: Call[None]) -> ResidentPage:
    """One resident's page; opening it is on the audit trail before a byte leaves."""

    def read(ledger: Ledger) -> ResidentPage:
        resident, sight = resident_in_scope(ledger, call.account, _resident_id(call), call.now)
        reason = "emergency access" if sight is Sight.EMERGENCY else ""
        ledger.audit.append(call.event(Action.READ, "resident", resident.id, resident.id, reason))
        return _page(ledger, resident, sight, call)

    return await call.parts.records.write(read)


def _page(ledger: Ledger, resident: Resident, sight: Sight, call: Call[None]) -> ResidentPage:
    """All of it, or, while a request only waits, what goes along with it."""
    whole = sight is not Sight.REQUEST
    consults = [
        one for one in ledger.consults.of_resident(resident.id) if whole or may_see(call.account, one)
    ]
    cards = tuple(call.parts.desk.card(ledger, one, call.account) for one in consults)
    along = {one for card in cards for one in (card.recording_id, card.prior_recording_id)}
    opinions = ledger.opinions.signed_of_resident(resident.id) if whole else ()
    studies = [
        one
        for one in ledger.ecg_studies.of_resident(resident.id)
        if whole or may_see_ecg(ledger, call.account, one, call.now)
    ]
    reports = tuple(report for one in studies for report in ledger.ecg_reports.signed(one.id))
    pass_ = ledger.emergency_accesses.running(call.account.id, resident.id, call.now)
    return ResidentPage(
        resident=resident if whole else msgspec.structs.replace(resident, identity_number=""),
        latest_readings=ledger.readings.latest(resident.id),
        readings=ledger.readings.of_resident(resident.id) if whole else (),
        consults=cards,
        opinions=opinions,
        opinion_authors={one: read_person(ledger, one) for one in _authors(opinions)},
        recordings=tuple(
            one for one in ledger.recordings.of_resident(resident.id) if whole or one.id in along
        ),
        ecg_studies=tuple(
            study_card(ledger, one, call.account, call.parts.settings.reading, call.now) for one in studies
        ),
        ultrasound_stills=tuple(
            still_card(ledger, one)
            for one in ledger.ultrasound_stills.of_resident(resident.id)
            if may_see_picture(ledger, call.account, one, call.now)
        ),
        derived_measurements=derived_cards(
            ledger,
            call.account,
            ledger.derived_measurements.of_resident(resident.id),
            resident.id,
            call.now,
        ),
        ultrasound_clips=tuple(
            clip_page(ledger, one)
            for one in ledger.ultrasound_clips.of_resident(resident.id)
            if may_see_picture(ledger, call.account, one, call.now)
        ),
        ecg_reports=reports,
        ecg_report_authors={one: read_person(ledger, one) for one in _authors(reports)},
        emergency_access=pass_ if sight is Sight.EMERGENCY else None,
    )


def _authors(opinions: Any) -> set[AccountId]:
    return {one.author_id for one in opinions}


@table.route(
    "POST",
    "/api/residents/{resident_id}/readings",
    permission=Permission.ENTER_READINGS,
    scope=Scope.RESIDENT,
    body=EnterReadings,
)
async def enter_readings(call: Call[EnterReadings]) -> ReadingList:
    """Keep vital signs somebody typed in, marked as typed: all of them or none."""
    if not 1 <= len(call.body.readings) <= READINGS_AT_ONCE:
        raise Refused(ProblemCode.BAD_FIELDS, {"readings": f"1 to {READINGS_AT_ONCE}"})
    readings = tuple(_reading(call, one) for one in call.body.readings)
    for one in readings:
        check_reading(one, call.now)
    _check_pair(readings)

    def keep(ledger: Ledger) -> None:
        for one in readings:
            ledger.readings.add(one)
        ledger.audit.append(call.event(Action.CREATE, "readings", readings[0].id, _resident_id(call)))

    await call.parts.records.write(keep)
    for one in readings:
        await call.parts.desk.announce_reading(one)
    return ReadingList(readings=readings)


def _reading(call: Call[EnterReadings], typed: TypedReading) -> Reading:
    if typed.measured_at.tzinfo is None:
        raise Refused(ProblemCode.BAD_FIELDS, {"measured_at": "needs a time zone"})
    return Reading(
        id=ReadingId(new_id()),
        resident_id=_resident_id(call),
        kind=typed.kind,
        value=typed.value,
        source=ReadingSource.TYPED,
        measured_at=typed.measured_at,
        entered_by=call.account.id,
    )


def _check_pair(readings: tuple[Reading, ...]) -> None:
    """One blood pressure typed at once has its two values the right way round."""
    by_kind = {one.kind: one.value for one in readings}
    systolic = by_kind.get(ReadingKind.SYSTOLIC_PRESSURE)
    diastolic = by_kind.get(ReadingKind.DIASTOLIC_PRESSURE)
    if systolic is not None and diastolic is not None:
        check_pressures(systolic, diastolic)


# --- emergency access -----------------------------------------------------------------------------------
# Their scope is NONE on purpose: the resident is out of the caller's scope, that is what they are for.


@table.route(
    "POST",
    "/api/residents/{resident_id}/emergency-access",
    permission=Permission.EMERGENCY_ACCESS,
    scope=Scope.NONE,
    body=AskEmergencyAccess,
)
async def ask_emergency_access(call: Call[AskEmergencyAccess]) -> EmergencyAccess:
    """Open one resident's record for 60 minutes: a reason, the password again, a review afterwards."""
    await check_again(call, call.body.password)
    resident_id = _resident_id(call)
    return await call.parts.records.write(
        lambda ledger: _grant(ledger, call, ledger.residents.get(resident_id).id, call.body.reason)
    )


@table.route(
    "POST",
    "/api/emergency-accesses",
    permission=Permission.EMERGENCY_ACCESS,
    scope=Scope.NONE,
    body=FindEmergencyAccess,
)
async def find_emergency_access(call: Call[FindEmergencyAccess]) -> EmergencyAccess:
    """The same, for a resident of whom only the record number is known."""
    await check_again(call, call.body.password)

    def find(ledger: Ledger) -> EmergencyAccess:
        resident = ledger.residents.by_record_number(call.body.record_number.strip())
        if resident is None:
            raise NotFound("residents: no such thing")
        return _grant(ledger, call, resident.id, call.body.reason)

    return await call.parts.records.write(find)


def _grant(ledger: Ledger, call: Call[Any], resident_id: ResidentId, reason: str) -> EmergencyAccess:
    access = granted(
        access_id=new_id(),
        resident_id=resident_id,
        account_id=call.account.id,
        reason=reason[:500],
        now=call.now,
    )
    ledger.emergency_accesses.add(access)
    event: AuditEvent = call.event(
        Action.EMERGENCY_ACCESS, "emergency_access", access.id, resident_id, access.reason
    )
    ledger.audit.append(event)
    return access
