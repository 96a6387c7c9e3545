"""The chest-pain clock: started, read and corrected by both sides; nothing is lost or replaced silently."""

import datetime as dt
from typing import Any

import msgspec

from records.audit import Action
from records.chest_pain import ChestPainMoment
from records.ecg_studies import EcgStudy, StudyState
from records.ids import EcgStudyId
from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, ask, in_call
from tests.fakes.records import CHEN, HAN, HE, LIN, NOW, SUN, WU, ZHAO, ZHOU
from tests.records.ecgs import DRAFT, study

ONSET, CONTACT = ChestPainMoment.ONSET, ChestPainMoment.FIRST_CONTACT
ECG, READ = ChestPainMoment.FIRST_ECG, ChestPainMoment.ECG_READ


def ago(minutes: float) -> dt.datetime:
    return NOW - dt.timedelta(minutes=minutes)


async def enter(client: Client, consult_id: str, moment: ChestPainMoment, **fields: Any) -> None:
    await client.done(m.EnterChestPainMoment, consult_id=consult_id, moment=moment, **fields)


def clock(client: Client, consult_id: str) -> m.ChestPainClock:
    card = client.card(consult_id)
    assert card is not None and card.chest_pain is not None
    return card.chest_pain


def times(client: Client, consult_id: str) -> dict[ChestPainMoment, dt.datetime]:
    return {one.moment: one.at for one in clock(client, consult_id).times}


async def test_there_is_no_clock_until_somebody_starts_one(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    card = doctor.card(await ask(doctor))
    assert card is not None and card.chest_pain is None


async def test_either_side_starts_it_and_both_are_shown_the_same(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await enter(doctor, consult_id, CONTACT, at=ago(12))
    await enter(chen, consult_id, ONSET, at=ago(180))
    assert clock(doctor, consult_id) == clock(chen, consult_id)
    assert list(times(chen, consult_id).items()) == [(ONSET, ago(180)), (CONTACT, ago(12))]
    assert [one.by_name for one in clock(doctor, consult_id).times] == [CHEN.display_name, ZHOU.display_name]
    assert [one.minutes for one in clock(doctor, consult_id).targets] == [10, 10]


async def test_it_is_there_after_a_reload_and_after_the_server_was_started_anew(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await enter(doctor, consult_id, CONTACT, at=ago(12))
    await clinic.restart()
    again = await clinic.sign_in(CHEN)
    assert times(again, consult_id) == {CONTACT: ago(12)}


async def test_a_correction_needs_a_reason_and_what_stood_before_stays_in_the_log(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await enter(doctor, consult_id, ONSET, at=ago(180))
    corrected: dict[str, Any] = {"at": ago(200), "replaces": ago(180)}
    bare = {"consult_id": consult_id, "moment": ONSET} | corrected
    assert await chen.refused(m.EnterChestPainMoment, **bare) == "reason_needed"
    await enter(chen, consult_id, ONSET, **corrected, reason="家属说更早")
    await enter(doctor, consult_id, ONSET, at=None, replaces=ago(200), reason="误填")
    assert times(doctor, consult_id) == {}
    log = [(one.at, one.by_name, one.reason) for one in clock(doctor, consult_id).log]
    assert log == [
        (ago(180), ZHOU.display_name, ""),
        (ago(200), CHEN.display_name, "家属说更早"),
        (None, ZHOU.display_name, "误填"),
    ]


async def test_whoever_corrects_what_another_corrected_meanwhile_is_told(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    of = {"consult_id": consult_id, "moment": CONTACT}
    await enter(doctor, consult_id, CONTACT, at=ago(12))
    assert await chen.refused(m.EnterChestPainMoment, **of, at=ago(11)) == "changed_meanwhile"
    seen = {"at": ago(11), "replaces": ago(13), "reason": "看表"}
    assert await chen.refused(m.EnterChestPainMoment, **of, **seen) == "changed_meanwhile"
    assert times(chen, consult_id) == {CONTACT: ago(12)}


async def test_impossible_times_and_taking_back_nothing_are_refused(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    of = {"consult_id": await ask(doctor), "moment": ONSET}
    assert await doctor.refused(m.EnterChestPainMoment, **of, at=ago(-2)) == "time_impossible"
    assert await doctor.refused(m.EnterChestPainMoment, **of, at=ago(32 * 24 * 60)) == "time_impossible"
    assert await doctor.refused(m.EnterChestPainMoment, **of, at=None, reason="误点") == "wrong_state"


async def test_who_set_what_is_on_the_audit_trail(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await enter(doctor, consult_id, CONTACT, at=ago(12))
    await enter(chen, consult_id, CONTACT, at=ago(14), replaces=ago(12), reason="看表")
    events = await clinic.records.read(lambda ledger: [one.event for one in ledger.audit.all()])
    noted = [one for one in events if one.object_kind == "chest_pain_time"]
    assert [(one.actor_id, one.action, one.object_id, one.reason) for one in noted] == [
        (ZHOU.id, Action.CREATE, consult_id, ""),
        (CHEN.id, Action.CHANGE, consult_id, "看表"),
    ]


async def test_only_the_two_sides_of_the_consult_may_enter_anything(clinic: Clinic) -> None:
    doctor, nurse = await clinic.sign_in(ZHOU), await clinic.sign_in(WU)
    consult_id = await ask(doctor)
    of = {"consult_id": consult_id, "moment": ONSET, "at": ago(30)}
    codes = {}
    for account in (LIN, HE, SUN, HAN, ZHAO):
        codes[account.sign_in_name] = await (await clinic.sign_in(account)).refused(
            m.EnterChestPainMoment, **of
        )
    assert set(codes.values()) == {"not_allowed", "not_found"}, codes
    await enter(nurse, consult_id, ONSET, at=ago(30))
    assert times(doctor, consult_id) == {ONSET: ago(30)}


async def test_an_interpreter_is_not_shown_it(clinic: Clinic) -> None:
    doctor, chen, lin = [await clinic.sign_in(one) for one in (ZHOU, CHEN, LIN)]
    consult_id = await in_call(clinic, doctor, chen)
    await enter(doctor, consult_id, ONSET, at=ago(30))
    await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=LIN.id, resident_agreed=True)
    card = lin.card(consult_id)
    assert card is not None and card.chest_pain is None


# --- what kept ECGs tell --------------------------------------------------------------------------------


async def kept(clinic: Clinic, one: EcgStudy) -> EcgStudy:
    """An ECG that is kept, as the consult's button keeps it."""
    await clinic.records.write(lambda ledger: ledger.ecg_studies.add(one, DRAFT))
    await clinic.desk.announce_study(one)
    return one


async def moved(clinic: Clinic, one: EcgStudy, **fields: Any) -> None:
    after = msgspec.structs.replace(one, version=one.version + 1, **fields)
    await clinic.records.write(lambda ledger: ledger.ecg_studies.save(after))
    await clinic.desk.announce_study(after)


async def test_the_first_kept_ecg_and_its_signature_stop_the_clock_by_themselves(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await enter(doctor, consult_id, CONTACT, at=ago(12))
    first = await kept(clinic, study(consult_id=consult_id, taken_at=ago(5)))
    later = {"id": EcgStudyId("study2"), "number": "XD-2", "taken_at": ago(1), "consult_id": consult_id}
    await kept(clinic, study(**later))
    assert times(chen, consult_id) == {CONTACT: ago(12), ECG: ago(5)}
    assert clock(chen, consult_id).times[1].study_id == first.id
    await moved(clinic, first, state=StudyState.FINAL, first_signed_at=ago(0), first_signed_by=ZHAO.id)
    read = clock(doctor, consult_id).times[2]
    assert (read.moment, read.at, read.by_name) == (READ, ago(0), ZHAO.display_name)


async def test_an_ecg_that_could_not_be_read_is_not_the_first(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await enter(doctor, consult_id, CONTACT, at=ago(12))
    first = await kept(clinic, study(consult_id=consult_id, taken_at=ago(5)))
    await moved(clinic, first, state=StudyState.REJECTED)
    assert times(chen, consult_id) == {CONTACT: ago(12)}


async def test_an_ecg_taken_elsewhere_is_entered_by_hand_over_the_kept_one_with_a_reason(
    clinic: Clinic,
) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await enter(doctor, consult_id, CONTACT, at=ago(12))
    await kept(clinic, study(consult_id=consult_id, taken_at=ago(5)))
    of = {"consult_id": consult_id, "moment": ECG, "replaces": ago(5)}
    assert await doctor.refused(m.EnterChestPainMoment, **of, at=None, reason="误点") == "wrong_state"
    await enter(doctor, consult_id, ECG, at=ago(9), replaces=ago(5), reason="救护车上已做")
    assert times(chen, consult_id) == {CONTACT: ago(12), ECG: ago(9)}
