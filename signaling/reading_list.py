"""The reading list's own life: claims that run out, and who is told when an ECG moves on."""

import datetime as dt

from records.accounts import Account
from records.audit import Action, AuditEvent
from records.consults import Consult
from records.ecg_reading import expired, has_run_out
from records.ecg_studies import EcgStudy, StudyState
from records.ids import ResidentId
from records.ledger import Ledger
from records.permissions import Permission, may
from signaling import messages as m
from signaling import scopes
from signaling.parts import Parts

EVERY = dt.timedelta(seconds=10)


class ReadingList:
    """Looks at what is stored, so that a restart changes nothing."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._looked_at: dt.datetime | None = None

    async def tick(self, now: dt.datetime) -> None:
        """Every 10 s, put studies whose claim has run out into the list again."""
        if self._looked_at is not None and now - self._looked_at < EVERY:
            return
        self._looked_at = now
        if await self._parts.records.read(lambda ledger: _run_out(ledger, now)):
            for study in await self._parts.records.write(lambda ledger: _give_back(ledger, now)):
                await self.moved(study)

    async def moved(self, study: EcgStudy) -> None:
        """Tell of a study to everyone it concerns."""
        home, consult = await self._parts.records.read(lambda ledger: _around(ledger, study))
        event = m.EcgStudyChanged(
            study_id=study.id,
            version=study.version,
            state=study.state,
            urgency=study.urgency,
            consult_id=study.consult_id,
        )
        await self._parts.announcer.to_those(event, lambda account: concerns(account, study, home, consult))
        if consult is not None and consult.chest_pain:
            await self._parts.announcer.consults_moved(consult.id)  # its clock reads kept ECGs


def concerns(account: Account, study: EcgStudy, home: str, consult: Consult | None) -> bool:
    """Whether somebody's list, record or room shows a study; `home` is the resident's institution."""
    if account.disabled:
        return False
    if may(account.role, Permission.READ_ECG):
        if study.specialty in account.specialties or account.id in study.reader_ids:
            return True
    if account.role in scopes.STAFF_OF_THE_ASKER and account.institution_id in (study.institution_id, home):
        return True
    return consult is not None and scopes.may_see_devices(account, consult)


def _around(ledger: Ledger, study: EcgStudy) -> tuple[str, Consult | None]:
    consult = ledger.consults.get(study.consult_id) if study.consult_id else None
    return ledger.residents.get(study.resident_id).institution_id, consult


def _run_out(ledger: Ledger, now: dt.datetime) -> tuple[EcgStudy, ...]:
    reading = (one for one in ledger.ecg_studies.open() if one.state is StudyState.READING)
    return tuple(one for one in reading if has_run_out(one, now))


def _give_back(ledger: Ledger, now: dt.datetime) -> tuple[EcgStudy, ...]:
    given = tuple(expired(one) for one in _run_out(ledger, now))
    for study in given:
        ledger.ecg_studies.save(study)
        ledger.audit.append(_event(study, study.resident_id, now))
    return given


def _event(study: EcgStudy, resident_id: ResidentId, now: dt.datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        actor_id=None,
        actor_role="server",
        action=Action.UNCLAIM,
        object_kind="ecg_study",
        object_id=study.id,
        resident_id=resident_id,
        reason="the claim ran out",
    )
