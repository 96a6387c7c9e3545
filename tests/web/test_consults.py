"""Consults over HTTP: the page, the opinion, the stored ECG."""

import dataclasses
import datetime as dt
from typing import Any

import msgspec
import numpy as np
import pytest

from ecg import wire
from ecg.leads import MISSING
from records.audit import Action
from records.consults import Binding, Consult, ConsultState, EcgRecording, Opinion
from records.ids import AccountId, BindingId, ConsultId, RecordingId
from records.ledger import Ledger
from records.opinions import is_unchanged
from signaling import messages as m
from tests.fakes.clinic import ask
from tests.fakes.records import CHEN, NOW, STATION, WANG_XIUYING, WU, ZHAO, ZHOU
from tests.fakes.served import Browser, Served
from web.errors import status_of

LEADS = ("I", "II")
DRAFT: dict[str, Any] = {
    "version": 0,
    "findings": "窦性心律",
    "impression": "未见急性缺血改变",
    "advice": "observe",
    "advice_text": "",
    "plan": [{"text": "一周后复查心电图"}],
}


async def due(served: Served) -> ConsultId:
    """A consult of Chen's whose call has ended."""
    doctor, chen = await served.clinic.sign_in(ZHOU), await served.clinic.sign_in(CHEN)
    consult_id = await ask(doctor)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    await chen.done(m.EndConsult, consult_id=consult_id)
    return consult_id


async def drafted(served: Served, consult_id: str, **fields: Any) -> Browser:
    chen = await served.signed_in(CHEN)
    saved = await chen.put(f"/api/consults/{consult_id}/opinion", DRAFT | fields)
    assert saved.status == 200, saved.body
    return chen


async def test_a_consult_is_read_as_a_whole_with_one_audit_entry(served: Served) -> None:
    consult_id = await due(served)
    doctor = await served.signed_in(ZHOU)
    before = len(await served.audit())
    page = (await doctor.get(f"/api/consults/{consult_id}")).json
    assert (page["consult"]["id"], set(page["people"])) == (consult_id, {ZHOU.id, CHEN.id})
    (event,) = (await served.audit())[before:]
    assert (event.action, event.object_id, event.resident_id) == (Action.READ, consult_id, WANG_XIUYING.id)


async def test_a_specialist_without_part_in_it_sees_it_as_missing(served: Served) -> None:
    consult_id = await due(served)
    zhao = await served.signed_in(ZHAO)
    foreign, missing = await zhao.get(f"/api/consults/{consult_id}"), await zhao.get("/api/consults/missing")
    assert (foreign.status, foreign.body) == (missing.status, missing.body) == (404, missing.body)


async def test_a_draft_is_its_authors_alone(served: Served) -> None:
    consult_id = await due(served)
    chen = await drafted(served, consult_id)
    doctor = await served.signed_in(ZHOU)
    assert (await chen.get(f"/api/consults/{consult_id}/opinion")).json["version"] == 1
    assert (await doctor.get(f"/api/consults/{consult_id}/opinion")).status == 404
    assert (await doctor.get(f"/api/consults/{consult_id}")).json["opinion"] is None


async def test_a_draft_that_somebody_overtook_is_refused(served: Served) -> None:
    consult_id = await due(served)
    chen = await drafted(served, consult_id)
    again = await chen.put(f"/api/consults/{consult_id}/opinion", DRAFT)
    assert again.code == "changed_meanwhile"


async def handed_over(served: Served) -> ConsultId:
    """A consult that Chen drafted an opinion for, then handed to Zhao, who took it and ended the call."""
    doctor, chen = await served.clinic.sign_in(ZHOU), await served.clinic.sign_in(CHEN)
    zhao = await served.clinic.sign_in(ZHAO)
    consult_id = await ask(doctor)
    await chen.done(m.AcceptConsult, consult_id=consult_id)
    await drafted(served, consult_id)
    await chen.done(m.HandOver, consult_id=consult_id, specialist_id=ZHAO.id, reason="off duty")
    await zhao.done(m.AcceptConsult, consult_id=consult_id)
    await zhao.done(m.EndConsult, consult_id=consult_id)
    return consult_id


async def test_nobody_signs_the_draft_of_a_predecessor(served: Served) -> None:
    path = f"/api/consults/{await handed_over(served)}/opinion"
    zhao = await served.signed_in(ZHAO)
    assert (await zhao.get(path)).status == 404
    assert (await zhao.post(f"{path}/sign", {"version": 1})).status == 404


async def test_after_a_hand_over_the_new_specialist_writes_and_signs_her_own(served: Served) -> None:
    path = f"/api/consults/{await handed_over(served)}/opinion"
    zhao = await served.signed_in(ZHAO)
    saved = (await zhao.put(path, DRAFT | {"impression": "another view"})).json
    assert (saved["author_id"], saved["impression"]) == (ZHAO.id, "another view")
    signed = await zhao.post(f"{path}/sign", {"version": saved["version"]})
    assert (signed.status, signed.json["author_id"]) == (200, ZHAO.id)


async def test_a_signed_opinion_is_in_the_record_and_never_changes(served: Served) -> None:
    consult_id = await due(served)
    chen = await drafted(served, consult_id)
    doctor = await served.signed_in(ZHOU)
    socket = await doctor.greeted()
    before = len(await served.audit())
    signed = (await chen.post(f"/api/consults/{consult_id}/opinion/sign", {"version": 1})).json
    assert (signed["state"], len(signed["digest"])) == ("signed", 64)
    assert [event.action for event in (await served.audit())[before:]] == [Action.SIGN]
    assert await served.clinic.state(consult_id) is ConsultState.SIGNED
    told = {(await socket.receive()).json()["type"] for _ in range(2)}
    assert told == {"consult_changed", "opinion_signed"}
    page = (await doctor.get(f"/api/residents/{WANG_XIUYING.id}")).json
    assert [one["impression"] for one in page["opinions"]] == ["未见急性缺血改变"]
    later = await chen.put(f"/api/consults/{consult_id}/opinion", DRAFT | {"version": 2})
    assert later.code == "opinion_signed"


async def test_the_chest_pain_clock_is_signed_as_it_stands_and_a_later_correction_changes_nothing(
    served: Served,
) -> None:
    consult_id = await due(served)
    doctor = await served.clinic.sign_in(ZHOU)
    contact, corrected = NOW - dt.timedelta(minutes=12), NOW - dt.timedelta(minutes=14)
    enter = {"consult_id": consult_id, "moment": "first_contact"}
    await doctor.done(m.EnterChestPainMoment, **enter, at=contact)
    chen = await drafted(served, consult_id)
    path = f"/api/consults/{consult_id}"
    signed = (await chen.post(f"{path}/opinion/sign", {"version": 1})).json
    stood = [{"moment": "first_contact", "at": msgspec.to_builtins(contact)}]
    assert signed["chest_pain"] == stood
    await doctor.done(m.EnterChestPainMoment, **enter, at=corrected, replaces=contact, reason="看表")
    page = (await chen.get(path)).json
    assert [one["at"] for one in page["consult"]["chest_pain"]["times"]] == [msgspec.to_builtins(corrected)]
    assert page["opinion"] == signed
    assert is_unchanged(msgspec.convert(page["opinion"], Opinion))


@pytest.mark.parametrize("missing", [{"findings": " "}, {"impression": ""}, {"advice": None}])
async def test_an_incomplete_opinion_is_not_signed(served: Served, missing: dict[str, Any]) -> None:
    consult_id = await due(served)
    chen = await drafted(served, consult_id, **missing)
    refused = await chen.post(f"/api/consults/{consult_id}/opinion/sign", {"version": 1})
    assert refused.code == "opinion_incomplete"
    assert await served.clinic.state(consult_id) is ConsultState.OPINION_DUE


async def test_another_version_than_the_one_seen_is_not_signed(served: Served) -> None:
    consult_id = await due(served)
    chen = await drafted(served, consult_id)
    refused = await chen.post(f"/api/consults/{consult_id}/opinion/sign", {"version": 7})
    assert refused.code == "changed_meanwhile"


async def test_an_opinion_on_simulated_data_is_not_filed_outside_the_demo(served: Served) -> None:
    consult_id = await due(served)
    await served.clinic.records.write(lambda ledger: ledger.bindings.add(_binding(consult_id, True)))
    chen = await drafted(served, consult_id)
    refused = await chen.post(f"/api/consults/{consult_id}/opinion/sign", {"version": 1})
    assert refused.code == "simulated_data"


async def test_only_the_consults_specialist_signs(served: Served) -> None:
    consult_id = await due(served)
    await drafted(served, consult_id)
    await served.clinic.records.write(lambda ledger: _bring_in(ledger, consult_id, ZHAO.id))
    zhao, nurse = await served.signed_in(ZHAO), await served.signed_in(WU)
    url = f"/api/consults/{consult_id}/opinion/sign"
    assert (await zhao.post(url, {"version": 1})).code == "not_the_specialist"
    assert (await nurse.post(url, {"version": 1})).code == "not_allowed"


async def test_history_lists_what_is_over(served: Served) -> None:
    consult_id = await due(served)
    chen = await drafted(served, consult_id)
    assert (await chen.get("/api/consults/history")).json["consults"] == []
    await chen.post(f"/api/consults/{consult_id}/opinion/sign", {"version": 1})
    (over,) = (await chen.get("/api/consults/history")).json["consults"]
    assert over["id"] == consult_id


def _bring_in(ledger: Ledger, consult_id: str, account_id: AccountId) -> None:
    consult = ledger.consults.get(ConsultId(consult_id))
    changed: Consult = msgspec.structs.replace(
        consult, added_specialist_ids=(account_id,), version=consult.version + 1
    )
    ledger.consults.save(changed)


def _binding(consult_id: str, simulated: bool) -> Binding:
    return Binding(
        id=BindingId("binding"),
        station_id=STATION.id,
        consult_id=ConsultId(consult_id),
        resident_id=WANG_XIUYING.id,
        ecg_stream_id=7,
        ultrasound_stream_id=8,
        bound_by=ZHOU.id,
        bound_at=NOW,
        simulated=simulated,
        ended_at=NOW,
    )


def _ecg_of(consult_id: ConsultId) -> EcgRecording:
    return EcgRecording(
        id=RecordingId("recording"),
        resident_id=WANG_XIUYING.id,
        binding_id=None,
        consult_id=consult_id,
        stream_id=7,
        started_at=NOW,
        rate_hz=500,
        nv_per_lsb=1000,
        leads=LEADS,
        sample_count=300,
        missing_samples=100,
        complete=False,
        simulated=False,
    )


async def _recorded(served: Served) -> dict[int, wire.Wave]:
    """A recording of 300 samples of which 100 to 199 are missing."""
    consult_id = await due(served)
    recording = msgspec.structs.replace(_ecg_of(consult_id), binding_id=BindingId("binding"))

    def add(ledger: Ledger) -> None:
        ledger.bindings.add(_binding(consult_id, False))
        ledger.recordings.add(recording)

    await served.clinic.records.write(add)
    waves = {}
    for first in (0, 200):
        samples = np.arange(first, first + 100, dtype=np.int16)[None, :].repeat(2, axis=0)
        waves[first] = wire.Wave(stream_id=7, first_index=first, captured_us=0, samples=samples)
        await served.clinic.samples.append(BindingId("binding"), wire.encode(waves[first]))
    return waves


async def test_missing_samples_are_sent_as_missing(served: Served) -> None:
    await _recorded(served)
    doctor = await served.signed_in(ZHOU)
    answer = await doctor.get("/api/recordings/recording/samples?first=50&count=200")
    size = int.from_bytes(answer.body[:4], "little")
    wave = wire.decode(answer.body[4:])
    assert isinstance(wave, wire.Wave)
    assert size == len(answer.body) - 4
    expected = [*range(50, 100), *[MISSING] * 100, *range(200, 250)]
    assert wave.first_index == 50
    assert wave.samples.tolist() == [expected, expected]


async def test_stored_samples_have_the_times_the_station_gave_them(served: Served) -> None:
    stored = await _recorded(served)
    drifted = dataclasses.replace(stored[200], first_index=100, captured_us=1_790_000_000_250_000)
    await served.clinic.samples.append(BindingId("binding"), wire.encode(drifted))
    doctor = await served.signed_in(ZHOU)
    for first, after_us in ((110, 20_000), (150, 100_000)):
        answer = await doctor.get(f"/api/recordings/recording/samples?first={first}&count=20")
        wave = wire.decode(answer.body[4:])
        assert isinstance(wave, wire.Wave)
        assert wave.captured_us == drifted.captured_us + after_us


async def test_a_simulated_packet_is_sent_on_as_simulated(served: Served) -> None:
    stored = await _recorded(served)
    made_up = dataclasses.replace(stored[0], first_index=100, flags=wire.Flag.SIMULATED)
    await served.clinic.samples.append(BindingId("binding"), wire.encode(made_up))
    doctor = await served.signed_in(ZHOU)
    answers = [
        await doctor.get(f"/api/recordings/recording/samples?first={first}&count=50") for first in (100, 200)
    ]
    flags = [wire.decode(answer.body[4:]).flags for answer in answers]
    assert [bool(one & wire.Flag.SIMULATED) for one in flags] == [True, False]


@pytest.mark.parametrize(
    "query", ["", "?first=0", "?first=-1&count=5", "?first=0&count=0", "?first=900&count=1"]
)
async def test_a_range_that_cannot_be_is_refused(served: Served, query: str) -> None:
    await _recorded(served)
    doctor = await served.signed_in(ZHOU)
    assert (await doctor.get(f"/api/recordings/recording/samples{query}")).status == 422


async def test_a_recording_is_for_those_who_may_see_its_resident(served: Served) -> None:
    await _recorded(served)
    doctor, zhao = await served.signed_in(ZHOU), await served.signed_in(ZHAO)
    assert (await doctor.get("/api/recordings/recording")).json["rate_hz"] == 500
    for path in ("/api/recordings/recording", "/api/recordings/recording/samples?first=0&count=1"):
        assert (await zhao.get(path)).status == 404


def test_every_problem_has_a_status_of_a_refusal() -> None:
    from web.errors import ProblemCode

    assert all(400 <= status_of(code) < 600 for code in ProblemCode)


async def test_a_consult_that_is_over_opens_the_record_no_more_but_stays_readable(served: Served) -> None:
    consult_id = await due(served)
    await served.clinic.records.write(lambda ledger: ledger.recordings.add(_ecg_of(consult_id)))
    chen = await drafted(served, consult_id)
    assert (await chen.get(f"/api/residents/{WANG_XIUYING.id}")).status == 200
    assert (await chen.post(f"/api/consults/{consult_id}/opinion/sign", {"version": 1})).status == 200
    doctor = await served.clinic.sign_in(ZHOU)
    await doctor.done(m.AcknowledgeOpinion, consult_id=consult_id)
    assert (await chen.get(f"/api/residents/{WANG_XIUYING.id}")).status == 404
    assert (await chen.get("/api/recordings/recording")).status == 200
    assert (await chen.get(f"/api/consults/{consult_id}")).status == 200
    assert (await chen.get(f"/api/consults/{consult_id}/opinion")).status == 200


async def test_a_waiting_request_shows_what_goes_along_and_nothing_older(served: Served) -> None:
    doctor = await served.clinic.sign_in(ZHOU)

    def add(ledger: Ledger) -> None:
        for days, name in enumerate(("oldest", "prior", "along")):
            recording = _ecg_of(ConsultId("earlier"))
            ledger.recordings.add(
                msgspec.structs.replace(
                    recording,
                    id=RecordingId(name),
                    consult_id=None,
                    started_at=NOW + dt.timedelta(days=days - 9),
                )
            )

    await served.clinic.records.write(add)
    consult_id = await ask(doctor)
    zhao = await served.signed_in(ZHAO)
    consult = (await zhao.get(f"/api/consults/{consult_id}")).json
    assert [one["id"] for one in consult["prior_recordings"]] == ["prior"]
    page = (await zhao.get(f"/api/residents/{WANG_XIUYING.id}")).json
    assert {one["id"] for one in page["recordings"]} == {"along", "prior"}
    assert (page["resident"]["identity_number"], page["resident"]["name"]) == ("", WANG_XIUYING.name)
    statuses = [(await zhao.get(f"/api/recordings/{name}")).status for name in ("along", "prior", "oldest")]
    assert statuses == [200, 200, 404]
    whole = (await (await served.signed_in(ZHOU)).get(f"/api/residents/{WANG_XIUYING.id}")).json
    assert len(whole["recordings"]) == 3 and whole["resident"]["identity_number"]


async def test_who_takes_a_due_opinion_over_writes_and_signs_it_and_her_predecessor_does_not(
    served: Served,
) -> None:
    consult_id = await due(served)
    await drafted(served, consult_id, findings="前一位专家的草稿")
    served.clinic.clock.pass_s(25 * 3600)
    await served.clinic.desk.tick()
    colleague = await served.clinic.sign_in(ZHAO)
    zhao = await served.signed_in(ZHAO)
    page = await zhao.get(f"/api/consults/{consult_id}")
    assert page.status == 200 and page.json["opinion"] is None  # a draft is its author's alone
    early = await zhao.put(f"/api/consults/{consult_id}/opinion", DRAFT)
    assert early.code == "not_the_specialist"
    await colleague.done(m.TakeOpinion, consult_id=consult_id, reason="逾期代写")
    assert (await zhao.put(f"/api/consults/{consult_id}/opinion", DRAFT)).status == 200
    signed = await zhao.post(f"/api/consults/{consult_id}/opinion/sign", {"version": 2})
    assert (signed.status, signed.json["author_id"]) == (200, ZHAO.id)
    late = await (await served.signed_in(CHEN)).put(f"/api/consults/{consult_id}/opinion", DRAFT)
    assert late.status == 404
