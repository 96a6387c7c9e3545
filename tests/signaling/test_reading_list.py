"""The ECG reading list's own life: claims that run out, and who is told that a study moved on."""

import json
from typing import Any

import pytest

from records.accounts import Account
from records.audit import Action
from records.ecg_reading import claimed, signed
from records.ecg_studies import EcgStudy, StudyState, StudyUrgency
from records.ids import BindingId, ConsultId, EcgStudyId
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, ask
from tests.fakes.records import (
    CARDIOLOGY,
    CHEN,
    HAN,
    HE,
    LI_JIANGUO,
    LIN,
    LIUXI,
    NOW,
    RESPIRATORY,
    SUN,
    WU,
    ZHAO,
    ZHOU,
)
from tests.records.ecgs import DRAFT, another_study, study
from tests.records.test_ecg_reading import FOR
from tests.records.values import later
from tests.signaling.test_moved_recordings import Wrong


async def filed(clinic: Clinic, one: EcgStudy) -> EcgStudy:
    await clinic.records.write(lambda ledger: ledger.ecg_studies.add(one, DRAFT))
    return one


async def stored(clinic: Clinic, study_id: EcgStudyId) -> EcgStudy:
    return await clinic.records.read(lambda ledger: ledger.ecg_studies.get(study_id))


def told(client: Client) -> list[tuple[str, StudyState]]:
    return [(one.study_id, one.state) for one in client.outbox.of(m.EcgStudyChanged)]


async def test_a_claim_that_has_run_out_puts_the_study_into_the_list_again(clinic: Clinic) -> None:
    zhao = await clinic.sign_in(ZHAO)
    one = await filed(clinic, claimed(study(), CHEN.id, NOW, FOR))
    other = await filed(clinic, claimed(another_study("b", 2), CHEN.id, later(5), FOR))
    await clinic.tick(14 * 60)
    assert (await stored(clinic, one.id)).state is StudyState.READING
    await clinic.tick(61)
    again = await stored(clinic, one.id)
    assert (again.state, again.claim, again.waiting_since) == (StudyState.WAITING, None, NOW)
    assert (await stored(clinic, other.id)).state is StudyState.READING
    assert told(zhao) == [(one.id, StudyState.WAITING)]
    events = await clinic.records.read(lambda ledger: [entry.event for entry in ledger.audit.all()])
    (noted,) = [one for one in events if one.action is Action.UNCLAIM]
    assert (noted.actor_role, noted.object_id, noted.reason) == ("server", one.id, "the claim ran out")


async def test_a_server_that_was_away_finds_what_ran_out_meanwhile(clinic: Clinic) -> None:
    one = await filed(clinic, claimed(study(), CHEN.id, NOW, FOR))
    clinic.clock.pass_s(3600)
    await clinic.restart()
    await clinic.tick()
    assert (await stored(clinic, one.id)).state is StudyState.WAITING


@pytest.mark.parametrize(
    ("account", "hears"),
    [
        (CHEN, True),
        (ZHAO, True),
        (ZHOU, True),
        (WU, True),
        (SUN, False),
        (HAN, False),
        (LIN, False),
        (HE, False),
    ],
    ids=lambda value: getattr(value, "sign_in_name", str(value)),
)
async def test_who_is_told_of_a_study_without_a_consult(
    clinic: Clinic, account: Account, hears: bool
) -> None:
    client = await clinic.sign_in(account)
    one = await filed(clinic, study())
    await clinic.desk.announce_study(one)
    assert told(client) == ([(one.id, StudyState.WAITING)] if hears else [])


async def test_the_event_names_nobody(clinic: Clinic) -> None:
    zhao = await clinic.sign_in(ZHAO)
    await clinic.desk.announce_study(await filed(clinic, study(urgency=StudyUrgency.CRITICAL)))
    (event,) = zhao.outbox.of(m.EcgStudyChanged)
    assert json.loads(m.encode(event)) == {
        "type": "ecg_study_changed",
        "seq": event.seq,
        "study_id": "study1",
        "version": 1,
        "state": "waiting",
        "urgency": "critical",
        "consult_id": None,
    }


@pytest.mark.parametrize(
    ("changes", "hears"),
    [
        ({"specialty": RESPIRATORY}, False),
        ({"specialty": RESPIRATORY, "reader_ids": (CHEN.id,)}, True),
    ],
)
async def test_a_specialist_is_told_of_her_specialtys_and_of_what_she_read(
    clinic: Clinic, changes: dict[str, Any], hears: bool
) -> None:
    chen = await clinic.sign_in(CHEN)
    await clinic.desk.announce_study(await filed(clinic, study(**changes)))
    assert (told(chen) != []) is hears


async def test_the_residents_own_station_and_the_one_that_took_it_are_both_told(clinic: Clinic) -> None:
    at_home, elsewhere = await clinic.sign_in(ZHOU), await clinic.sign_in(SUN)
    await clinic.desk.announce_study(await filed(clinic, study(institution_id=LIUXI.id)))
    assert (len(told(at_home)), len(told(elsewhere))) == (1, 1)


async def test_a_consults_study_is_told_to_its_specialist_of_whatever_specialty(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await ask(doctor, specialty=CARDIOLOGY)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    one = await filed(clinic, study(consult_id=ConsultId(consult_id), specialty=RESPIRATORY))
    await clinic.desk.announce_study(one)
    assert told(chen) == [(one.id, StudyState.WAITING)]


async def test_a_moved_recording_takes_the_studies_along_that_were_cut_out_of_it(clinic: Clinic) -> None:
    wrong = await Wrong().happen(clinic)
    one = study(consult_id=wrong.consult_id, binding_id=BindingId(wrong.binding_id), state=StudyState.FINAL)
    await filed(clinic, one)
    await filed(clinic, another_study("b", 2, consult_id=wrong.consult_id))
    await wrong.is_moved()
    moved, other = await stored(clinic, one.id), await stored(clinic, EcgStudyId("b"))
    assert (moved.resident_id, moved.moved_from, moved.version) == (LI_JIANGUO.id, one.resident_id, 2)
    assert other.resident_id == one.resident_id
    assert told(wrong.doctor) == [(one.id, StudyState.FINAL)]
    events = await clinic.records.read(lambda ledger: [entry.event for entry in ledger.audit.all()])
    noted = [one.resident_id for one in events if one.object_kind == "ecg_study"]
    assert noted == [one.resident_id, LI_JIANGUO.id]


async def test_the_dashboard_counts_the_list_and_names_nobody(clinic: Clinic) -> None:
    await filed(clinic, study(urgency=StudyUrgency.CRITICAL))
    reading = claimed(another_study("b", 2), CHEN.id, NOW, FOR)
    await filed(clinic, reading)
    final = signed(claimed(another_study("c", 3), CHEN.id, NOW, FOR), CHEN.id, later(2), two_signatures=False)
    await filed(clinic, final)
    clinic.clock.pass_s(301)
    dashboard = await clinic.desk.dashboard()
    critical, urgent, routine = dashboard.ecg_reading
    assert (critical.waiting, critical.overdue, critical.target_s, critical.longest_wait_s) == (
        1,
        1,
        300,
        301,
    )
    assert (urgent.waiting, urgent.longest_wait_s) == (0, None)
    assert (routine.being_read, routine.finished_today, routine.median_turnaround_s) == (1, 1, 120)
