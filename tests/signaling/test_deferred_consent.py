"""A consent deferred in an emergency stays open until it is made up for, also after the call."""

import pytest

from records.audit import Action
from records.consults import ConsentForm, ConsultState, IdentifierKind
from records.ids import ConsultId
from records.ledger import Ledger
from signaling import changes
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, ask, join
from tests.fakes.records import CHEN, SUN, WU, ZHOU

SIGNATURE = {"form": ConsentForm.PAD, "signature_svg_path": "M1 1 L9 9"}
ORAL = {"form": ConsentForm.ORAL, "witness": "家属王某"}
NOT_OBTAINED = {"form": ConsentForm.NOT_OBTAINED, "reason": "居民已转院抢救"}


async def _ended(clinic: Clinic, **consent: object) -> tuple[Client, Client, ConsultId]:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    identifiers = (IdentifierKind.NAME, IdentifierKind.BIRTH_DATE)
    await doctor.done(m.ConfirmIdentity, consult_id=consult_id, identifiers=identifiers)
    given = {"form": ConsentForm.DEFERRED, "reason": "昏迷"} | consent
    await doctor.done(m.RecordConsent, consult_id=consult_id, **given)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    await join(doctor, consult_id)
    await join(chen, consult_id)
    await doctor.done(m.EndConsult, consult_id=consult_id)
    return doctor, chen, consult_id


async def _sign(clinic: Clinic, consult_id: ConsultId) -> None:
    def sign(ledger: Ledger) -> None:
        ledger.consults.save(changes.signed(ledger.consults.get(consult_id), clinic.clock()))

    await clinic.records.write(sign)
    await clinic.desk.announce_opinion(consult_id)


@pytest.mark.parametrize("made_up", [SIGNATURE, ORAL, NOT_OBTAINED], ids=["pad", "oral", "not_obtained"])
async def test_it_is_made_up_for_after_the_call_and_audited(clinic: Clinic, made_up: dict[str, str]) -> None:
    _, _, consult_id = await _ended(clinic)
    nurse = await clinic.sign_in(WU)
    shown = nurse.card(consult_id)
    assert shown is not None and shown.consent is ConsentForm.DEFERRED
    consent_id = await nurse.done(m.RecordConsent, consult_id=consult_id, **made_up)
    shown = nurse.card(consult_id)
    assert shown is not None and shown.consent is made_up["form"]

    def trail(ledger: Ledger) -> list[tuple[str | None, Action]]:
        every = [entry.event for entry in ledger.audit.all() if entry.event.object_id == consent_id]
        return [(one.actor_id, one.action) for one in every]

    assert await clinic.records.read(trail) == [(WU.id, Action.CREATE)]


async def test_it_is_shown_as_open_and_the_consult_is_not_closed_before(clinic: Clinic) -> None:
    doctor, _, consult_id = await _ended(clinic)
    await _sign(clinic, consult_id)
    shown = doctor.card(consult_id)
    assert shown is not None and shown.consent is ConsentForm.DEFERRED
    assert await doctor.refused(m.AcknowledgeOpinion, consult_id=consult_id) == "consent_open"
    assert await clinic.state(consult_id) is ConsultState.SIGNED
    await doctor.done(m.RecordConsent, consult_id=consult_id, **SIGNATURE)
    await doctor.done(m.AcknowledgeOpinion, consult_id=consult_id)


async def test_it_is_made_up_for_once_and_not_by_another_deferral(clinic: Clinic) -> None:
    doctor, _, consult_id = await _ended(clinic)
    again = {"form": ConsentForm.DEFERRED, "reason": "仍昏迷"}
    assert await doctor.refused(m.RecordConsent, consult_id=consult_id, **again) == "wrong_state"
    await doctor.done(m.RecordConsent, consult_id=consult_id, **SIGNATURE)
    assert await doctor.refused(m.RecordConsent, consult_id=consult_id, **ORAL) == "wrong_state"


async def test_a_consent_that_was_given_is_not_written_anew_after_the_call(clinic: Clinic) -> None:
    doctor, _, consult_id = await _ended(clinic, **ORAL)
    assert await doctor.refused(m.RecordConsent, consult_id=consult_id, **SIGNATURE) == "wrong_state"


async def test_not_obtained_needs_a_reason_and_opens_no_media(clinic: Clinic) -> None:
    doctor, _, consult_id = await _ended(clinic)
    no_reason = {"form": ConsentForm.NOT_OBTAINED}
    assert await doctor.refused(m.RecordConsent, consult_id=consult_id, **no_reason) == "reason_needed"
    running = await ask(doctor)
    assert await doctor.refused(m.RecordConsent, consult_id=running, **NOT_OBTAINED) == "wrong_state"


async def test_who_is_not_of_the_station_does_not_make_up_for_it(clinic: Clinic) -> None:
    _, chen, consult_id = await _ended(clinic)
    stranger = await clinic.sign_in(SUN)
    assert await stranger.refused(m.RecordConsent, consult_id=consult_id, **SIGNATURE) == "not_found"
    assert await chen.refused(m.RecordConsent, consult_id=consult_id, **SIGNATURE) == "not_allowed"


async def test_a_consent_that_was_given_is_not_made_open_again(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    await doctor.done(m.RecordConsent, consult_id=consult_id, **SIGNATURE)
    deferred = {"form": ConsentForm.DEFERRED, "reason": "昏迷"}
    assert await doctor.refused(m.RecordConsent, consult_id=consult_id, **deferred) == "wrong_state"
