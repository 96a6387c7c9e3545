"""A study as lists show it: one picture, whoever asks for it."""

import datetime as dt
from typing import Any

from records.accounts import Account
from records.ecg_reading import ReadingSettings, is_overdue, waited_s
from records.ecg_studies import EcgStudy, StudyState
from records.ids import AccountId
from records.ledger import Ledger
from signaling.cards import read_person
from signaling.messages import PersonCard
from signaling.people import resident_card
from signaling.scopes import may_read_ecg
from web.call import Call
from web.routes.ecg_studies import EcgStudyCard


def study_card(
    ledger: Ledger, study: EcgStudy, viewer: Account, settings: ReadingSettings, now: dt.datetime
) -> EcgStudyCard:
    """The card of a study for one viewer, who must be allowed to see it."""

    def person(account_id: AccountId | None) -> PersonCard | None:
        return read_person(ledger, account_id) if account_id else None

    consult = ledger.consults.get(study.consult_id) if study.consult_id else None
    second_wanted = study.state is StudyState.SIGNED and study.first_signed_by != viewer.id
    return EcgStudyCard(
        id=study.id,
        number=study.number,
        state=study.state,
        version=study.version,
        urgency=study.urgency,
        resident=resident_card(ledger.residents.get(study.resident_id)),
        taken_at=study.taken_at,
        received_at=study.received_at,
        filed_by=read_person(ledger, study.filed_by),
        specialty=study.specialty,
        source=study.source,
        consult_id=study.consult_id,
        consult_number=consult.number if consult else "",
        leads=study.leads,
        duration_s=study.duration_s,
        missing_samples=study.missing_samples,
        quality=study.quality,
        critical_rules=study.critical_rules,
        indication=study.indication,
        simulated=study.simulated,
        waited_s=waited_s(study, now),
        target_s=settings.target_s[study.urgency],
        overdue=is_overdue(study, now, settings),
        claimed_by=person(study.claim.by if study.claim else None),
        claim_expires_at=study.claim.expires_at if study.claim else None,
        first_signed_by=person(study.first_signed_by),
        first_signed_at=study.first_signed_at,
        final_at=study.final_at,
        may_cosign=second_wanted and may_read_ecg(ledger, viewer, study),
        rejection=study.rejection,
        returned=study.returned,
        repeats=study.repeats,
    )


async def card_for(call: Call[Any], study: EcgStudy) -> EcgStudyCard:
    """The card of a study for whoever calls."""
    settings = call.parts.settings.reading
    return await call.parts.records.read(
        lambda ledger: study_card(ledger, study, call.account, settings, call.now)
    )
