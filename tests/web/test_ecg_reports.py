"""Reading ECGs over HTTP: the list, claims, drafts, signatures, addenda, rejections, terms and phrases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from records.accounts import Account
from records.audit import Action
from records.ecg_reading import ReadingSettings
from records.ecg_reports import EcgReport, is_unchanged
from signaling import messages as m
from tests.fakes.clinic import ask
from tests.fakes.records import (
    CHEN,
    HAN,
    LI_JIANGUO,
    RESPIRATORY,
    SUN,
    WANG_XIUYING,
    WU,
    ZHAO,
    ZHOU,
)
from tests.fakes.served import Answer, Browser, Served, open_doors
from tests.records.ecgs import DRAFT, another_study, study
from tests.web.test_ecg_studies import appraiser, filed

TEXT: dict[str, Any] = {"conclusion": "abnormal", "terms": [{"code": "AHA-22"}], "text": "窦性心动过缓。"}


class Reading:
    """A study in the list, and two physicians of its specialty."""

    def __init__(self, served: Served) -> None:
        self.served = served

    async def begin(self) -> "Reading":
        self.doctor = await self.served.signed_in(ZHOU)
        self.chen, self.zhao = await self.served.signed_in(CHEN), await self.served.signed_in(ZHAO)
        self.card = await filed(self.doctor)
        self.url = f"/api/ecg-studies/{self.card['id']}"
        return self

    async def act(self, who: Browser, what: str, body: Any = None) -> Answer:
        return await who.post(f"{self.url}/{what}", body)

    async def save(self, who: Browser, version: int = 0, **fields: Any) -> Answer:
        return await who.put(f"{self.url}/report", {"version": version} | TEXT | fields)

    async def sign(self, who: Browser, **fields: Any) -> dict[str, Any]:
        """Claim, write and sign."""
        assert (await self.act(who, "claim")).status == 200
        saved = await self.save(who, **fields)
        answer = await self.act(who, "report/sign", {"version": saved.json["version"]})
        assert answer.status == 200, answer.json
        report: dict[str, Any] = answer.json
        return report

    async def page(self, who: Browser) -> dict[str, Any]:
        page: dict[str, Any] = (await who.get(self.url)).json
        return page

    async def state(self) -> str:
        return str((await self.page(self.doctor))["study"]["state"])


@pytest.fixture
async def reading(served: Served) -> Reading:
    return await Reading(served).begin()


@pytest.fixture
async def twice(tmp_path: Path) -> AsyncIterator[Reading]:
    """A site that wants two signatures."""
    async with open_doors(tmp_path, reading=ReadingSettings(two_signatures=True)) as served:
        yield await Reading(served).begin()


async def listed(browser: Browser) -> list[str]:
    return [one["id"] for one in (await browser.get("/api/ecg-reading")).json["studies"]]


# --- the list -------------------------------------------------------------------------------------------


async def test_the_list_is_in_order_marks_what_is_late_and_counts(served: Served) -> None:
    doctor, chen = await served.signed_in(ZHOU), await served.signed_in(CHEN)
    routine = await filed(doctor)
    served.clinic.clock.pass_s(60)
    urgent = await filed(doctor, urgency="urgent", confirmed=["filed_already"])
    served.clinic.clock.pass_s(601)
    critical = await filed(doctor, urgency="critical", confirmed=["filed_already"])
    answer = (await chen.get("/api/ecg-reading")).json
    assert [one["id"] for one in answer["studies"]] == [critical["id"], urgent["id"], routine["id"]]
    assert [one["overdue"] for one in answer["studies"]] == [False, True, False]
    assert [one["waited_s"] for one in answer["studies"]] == [0, 601, 661]
    assert [one["target_s"] for one in answer["studies"]] == [300, 600, 1800]
    assert [(one["waiting"], one["overdue"]) for one in answer["figures"]] == [(1, 0), (1, 1), (1, 0)]


async def test_a_possible_critical_value_comes_first(reading: Reading) -> None:
    appraiser(reading.served).hits()
    hit = await filed(reading.doctor, confirmed=["filed_already"])
    assert await listed(reading.chen) == [hit["id"], reading.card["id"]]


async def test_the_figures_alone_name_nobody_and_are_no_look(reading: Reading) -> None:
    before = len(await reading.served.audit())
    await reading.act(reading.zhao, "claim")
    trail = len(await reading.served.audit())
    answer = (await reading.chen.get("/api/ecg-reading/figures")).json
    assert [(one["waiting"], one["being_read"]) for one in answer["figures"]] == [(0, 0), (0, 0), (0, 1)]
    assert (list(answer), answer["two_signatures"]) == (["figures", "two_signatures"], False)
    assert len(await reading.served.audit()) == trail == before + 1
    assert (await reading.doctor.get("/api/ecg-reading/figures")).code == "not_allowed"


async def test_who_was_shown_whom_is_on_the_trail_once_a_day(reading: Reading) -> None:
    for _ in range(3):
        await reading.chen.get("/api/ecg-reading")
    noted = [one for one in await reading.served.audit() if one.object_kind == "ecg_card"]
    assert [(one.actor_id, one.resident_id) for one in noted] == [(CHEN.id, WANG_XIUYING.id)]
    reading.served.clinic.clock.pass_s(86_400)
    again = await reading.served.signed_in(CHEN)
    await again.get("/api/ecg-reading")
    noted = [one for one in await reading.served.audit() if one.object_kind == "ecg_card"]
    assert len(noted) == 2


@pytest.mark.parametrize("account", [ZHOU, WU, HAN], ids=lambda one: one.role.value)
async def test_the_list_is_specialists_alone(served: Served, account: Account) -> None:
    assert (await (await served.signed_in(account)).get("/api/ecg-reading")).code == "not_allowed"


async def test_another_specialtys_studies_are_not_in_it(served: Served) -> None:
    await filed(await served.signed_in(ZHOU), specialty=RESPIRATORY)
    answer = (await (await served.signed_in(CHEN)).get("/api/ecg-reading")).json
    assert (answer["studies"], sum(one["waiting"] for one in answer["figures"])) == ([], 0)


# --- claiming -------------------------------------------------------------------------------------------


async def test_of_two_who_claim_at_once_exactly_one_gets_it(reading: Reading) -> None:
    answers = await asyncio.gather(*(reading.act(who, "claim") for who in (reading.chen, reading.zhao)))
    assert sorted(one.status for one in answers) == [200, 409]
    (loser,) = [one for one in answers if one.status == 409]
    assert loser.code in ("ecg_taken", "changed_meanwhile")


async def test_while_one_reads_it_the_others_neither_list_nor_open_it_and_are_told_why(
    reading: Reading,
) -> None:
    claimed = (await reading.act(reading.chen, "claim")).json
    assert (claimed["state"], claimed["claimed_by"]["id"]) == ("reading", CHEN.id)
    assert (await listed(reading.chen), await listed(reading.zhao)) == ([reading.card["id"]], [])
    assert (await reading.zhao.get(reading.url)).status == 404
    for act, body in (
        ("claim", None),
        ("release", None),
        ("reject", {"kind": "poor_signal"}),
        ("report/sign", {"version": 1}),
    ):
        assert (await reading.act(reading.zhao, act, body)).code == "ecg_taken", act
    assert (await reading.save(reading.zhao)).code == "ecg_taken"
    figures = (await reading.zhao.get("/api/ecg-reading")).json["figures"]
    assert [one["being_read"] for one in figures] == [0, 0, 1]


async def test_a_claim_runs_out_and_what_was_written_stays_its_authors(reading: Reading) -> None:
    await reading.act(reading.chen, "claim")
    await reading.save(reading.chen, text="看到一半")
    reading.served.clinic.clock.pass_s(901)
    chen, zhao = await reading.served.signed_in(CHEN), await reading.served.signed_in(ZHAO)
    assert (await reading.act(zhao, "claim")).json["claimed_by"]["id"] == ZHAO.id
    assert (await reading.save(chen, version=1)).code == "ecg_taken"
    assert (await reading.page(zhao))["own_draft"] is None
    await reading.act(zhao, "release")
    await reading.act(chen, "claim")
    assert (await reading.page(chen))["own_draft"]["text"] == "看到一半"


async def test_saving_keeps_the_claim(reading: Reading) -> None:
    await reading.act(reading.chen, "claim")
    for version in range(3):
        reading.served.clinic.clock.pass_s(600)
        chen = await reading.served.signed_in(CHEN)
        assert (await reading.save(chen, version=version)).status == 200
    assert (await reading.act(await reading.served.signed_in(ZHAO), "claim")).code == "ecg_taken"


async def test_without_a_claim_nothing_is_written(reading: Reading) -> None:
    assert (await reading.save(reading.chen)).code == "ecg_not_claimed"
    assert (await reading.act(reading.chen, "report/sign", {"version": 1})).code == "ecg_not_claimed"
    assert (await reading.act(reading.chen, "reject", {"kind": "too_short"})).code == "ecg_not_claimed"


async def test_the_residents_timeline_has_the_signed_words_and_no_draft(reading: Reading) -> None:
    path = f"/api/residents/{WANG_XIUYING.id}"
    await reading.act(reading.chen, "claim")
    await reading.save(reading.chen)
    assert (await reading.doctor.get(path)).json["ecg_reports"] == []
    signed = (await reading.act(reading.chen, "report/sign", {"version": 1})).json
    page = (await reading.doctor.get(path)).json
    assert page["ecg_reports"] == [signed]
    assert page["ecg_report_authors"][CHEN.id]["display_name"] == CHEN.display_name


# --- the report -----------------------------------------------------------------------------------------


async def test_a_signed_report_is_the_one_that_was_seen_and_the_station_reads_it(reading: Reading) -> None:
    await reading.act(reading.chen, "claim")
    first = (await reading.save(reading.chen)).json
    second = (await reading.save(reading.chen, version=1, text="窦性心动过缓，48 次/分。")).json
    assert (first["version"], second["version"]) == (1, 2)
    assert (await reading.save(reading.chen, version=1)).code == "changed_meanwhile"
    assert (await reading.act(reading.chen, "report/sign", {"version": 1})).code == "changed_meanwhile"
    assert (await reading.page(reading.doctor))["reports"] == []
    signed = (await reading.act(reading.chen, "report/sign", {"version": 2})).json
    page = await reading.page(reading.doctor)
    assert (page["study"]["state"], page["reports"]) == ("final", [signed])
    assert is_unchanged(msgspec.convert(signed, EcgReport))
    assert signed["samples_sha256"] == page["details"]["seal"]["sha256"]
    assert signed["terms"][0]["zh"] == "窦性心动过缓"
    assert page["people"][CHEN.id]["display_name"] == CHEN.display_name


async def test_the_machines_text_stays_a_draft_and_its_values_beside_the_physicians(reading: Reading) -> None:
    signed = await reading.sign(
        reading.chen, corrections=[{"measure": "rate", "value": 47}, {"measure": "pr", "value": None}]
    )
    page = await reading.page(reading.doctor)
    assert page["draft"]["algorithm"] == "fake 1" == signed["algorithm"]
    assert [(one["measure"], one["value"], one["machine_value"]) for one in signed["corrections"]] == [
        ("rate", 47.0, 72.0),
        ("pr", None, None),
    ]
    assert page["draft"]["values"][0]["value"] == 72.0


@pytest.mark.parametrize(
    ("fields", "missing"),
    [({"conclusion": None}, ["conclusion"]), ({"terms": [], "text": "  "}, ["terms"])],
)
async def test_an_incomplete_report_is_not_signed_and_says_what_it_lacks(
    reading: Reading, fields: dict[str, Any], missing: list[str]
) -> None:
    await reading.act(reading.chen, "claim")
    await reading.save(reading.chen, **fields)
    answer = await reading.act(reading.chen, "report/sign", {"version": 1})
    assert (answer.status, answer.code, list(answer.json["fields"])) == (422, "report_incomplete", missing)
    assert await reading.state() == "reading"


async def test_a_hit_needs_the_physicians_own_word(reading: Reading) -> None:
    appraiser(reading.served).hits()
    reading.card = await filed(reading.doctor, confirmed=["filed_already"])
    reading.url = f"/api/ecg-studies/{reading.card['id']}"
    await reading.act(reading.chen, "claim")
    await reading.save(reading.chen)
    refused = await reading.act(reading.chen, "report/sign", {"version": 1})
    assert list(refused.json["fields"]) == ["critical_value"]
    await reading.save(reading.chen, version=1, critical_value=True)
    signed = await reading.act(reading.chen, "report/sign", {"version": 2})
    assert signed.json["critical_value"] is True


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"terms": [{"code": "AHA-1000"}]}, "rule_broken"),
        ({"terms": [{"code": "AHA-145", "leads": ["V10"]}]}, "out_of_range"),
        ({"corrections": [{"measure": "rate", "value": 4000}]}, "out_of_range"),
        ({"corrections": [{"measure": "mood", "value": 1}]}, "bad_fields"),
        ({"text": "长" * 4001}, "out_of_range"),
        ({"conclusion": "fine"}, "bad_fields"),
    ],
)
async def test_what_cannot_be_reported_is_refused(
    reading: Reading, fields: dict[str, Any], code: str
) -> None:
    await reading.act(reading.chen, "claim")
    assert (await reading.save(reading.chen, **fields)).code == code


async def test_a_final_report_is_added_to_and_never_changed(reading: Reading) -> None:
    signed = await reading.sign(reading.chen)
    assert (await reading.save(reading.chen, version=2)).code == "ecg_not_claimed"
    assert (await reading.act(reading.chen, "claim")).code == "ecg_state"
    added = await reading.act(reading.chen, "addenda", {"text": "补充：与前次比较无变化。"})
    page = await reading.page(reading.doctor)
    assert page["reports"] == [signed, added.json]
    assert (added.json["kind"], page["study"]["state"]) == ("addendum", "final")
    empty = await reading.act(reading.chen, "addenda", {"text": " "})
    assert empty.code == "report_incomplete"


async def test_who_has_not_read_it_adds_nothing(reading: Reading) -> None:
    await reading.sign(reading.chen)
    assert (await reading.act(reading.zhao, "addenda", {"text": "我也看了"})).status == 404
    assert (await reading.act(reading.doctor, "addenda", {"text": "我也看了"})).code == "not_allowed"


async def test_nothing_is_added_before_it_is_final(reading: Reading) -> None:
    await reading.act(reading.chen, "claim")
    assert (await reading.act(reading.chen, "addenda", {"text": "补充"})).code == "ecg_state"


# --- two signatures -------------------------------------------------------------------------------------


async def test_two_signatures_are_two_peoples(twice: Reading) -> None:
    report = await twice.sign(twice.chen)
    assert await twice.state() == "signed"
    what = {"report_id": report["id"], "digest": report["digest"]}
    assert (await twice.act(twice.chen, "report/cosign", what)).code == "own_signature"
    assert [one["may_cosign"] for one in (await twice.chen.get("/api/ecg-reading")).json["studies"]] == [
        False
    ]
    (card,) = (await twice.zhao.get("/api/ecg-reading")).json["studies"]
    assert (card["may_cosign"], card["first_signed_by"]["id"]) == (True, CHEN.id)
    wrong = await twice.act(twice.zhao, "report/cosign", what | {"digest": "0" * 64})
    assert wrong.code == "changed_meanwhile"
    signature = (await twice.act(twice.zhao, "report/cosign", what)).json
    page = await twice.page(twice.doctor)
    assert (signature["by"], signature["report_digest"]) == (ZHAO.id, report["digest"])
    assert (page["study"]["state"], page["cosignatures"], page["reports"]) == ("final", [signature], [report])
    assert (await twice.act(twice.zhao, "report/cosign", what)).code == "ecg_state"


async def test_a_second_physician_who_does_not_agree_gives_it_back_and_both_readings_stay(
    twice: Reading,
) -> None:
    first = await twice.sign(twice.chen)
    assert (await twice.act(twice.zhao, "report/return", {"reason": ""})).code == "bad_fields"
    card = (await twice.act(twice.zhao, "report/return", {"reason": "请复核 ST 段"})).json
    assert (card["state"], [one["reason"] for one in card["returned"]]) == ("waiting", ["请复核 ST 段"])
    second = await twice.sign(twice.zhao, text="ST 段抬高，建议复查。")
    stale = {"report_id": first["id"], "digest": first["digest"]}
    assert (await twice.act(twice.chen, "report/cosign", stale)).code == "changed_meanwhile"
    fresh = {"report_id": second["id"], "digest": second["digest"]}
    assert (await twice.act(twice.chen, "report/cosign", fresh)).status == 200
    assert (await twice.page(twice.doctor))["reports"] == [first, second]


async def test_who_signed_first_may_take_it_back(twice: Reading) -> None:
    await twice.sign(twice.chen)
    assert (await twice.act(twice.chen, "report/return", {"reason": "写错一项"})).json["state"] == "waiting"


async def test_a_report_that_was_changed_behind_our_back_is_not_signed_a_second_time(
    twice: Reading, tmp_path: Path
) -> None:
    report = await twice.sign(twice.chen)
    database = twice.served.clinic.records

    def forge(ledger: Any) -> None:
        run = ledger.ecg_reports._rows._connection.exec_driver_sql
        run("DROP TRIGGER ecg_reports_no_update")
        run("UPDATE ecg_reports SET body = replace(body, 'abnormal', 'normal')")

    await database.write(forge)
    answer = await twice.act(
        twice.zhao, "report/cosign", {"report_id": report["id"], "digest": report["digest"]}
    )
    assert (answer.code, await twice.state()) == ("samples_changed", "signed")


async def test_samples_that_were_changed_are_not_signed_a_second_time(twice: Reading, tmp_path: Path) -> None:
    report = await twice.sign(twice.chen)
    (file,) = (tmp_path / "ecgs").glob("*")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    second = {"report_id": report["id"], "digest": report["digest"]}
    assert (await twice.act(twice.zhao, "report/cosign", second)).code == "samples_changed"
    assert (await twice.state(), (await twice.page(twice.doctor))["cosignatures"]) == ("signed", [])
    assert Action.COSIGN not in [one.action for one in await twice.served.audit()]
    file.write_bytes(whole)
    assert (await twice.act(twice.zhao, "report/cosign", second)).status == 200


async def test_nothing_is_added_on_samples_that_were_changed(reading: Reading, tmp_path: Path) -> None:
    signed = await reading.sign(reading.chen)
    (file,) = (tmp_path / "ecgs").glob("*")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    text = {"text": "补充：与前次比较无变化。"}
    assert (await reading.act(reading.chen, "addenda", text)).code == "samples_changed"
    assert (await reading.page(reading.doctor))["reports"] == [signed]
    assert Action.ADDEND not in [one.action for one in await reading.served.audit()]
    file.write_bytes(whole)
    assert (await reading.act(reading.chen, "addenda", text)).status == 200


# --- rejected -------------------------------------------------------------------------------------------


async def test_a_rejected_ecg_says_why_to_who_filed_it(reading: Reading) -> None:
    await reading.act(reading.chen, "claim")
    refused = await reading.act(reading.chen, "reject", {"kind": "other"})
    assert (refused.code, list(refused.json["fields"])) == ("bad_fields", ["reason"])
    await reading.act(reading.chen, "reject", {"kind": "electrodes_swapped", "reason": "左右手反接"})
    study = (await reading.page(reading.doctor))["study"]
    assert (study["state"], study["rejection"]["kind"], study["rejection"]["reason"]) == (
        "rejected",
        "electrodes_swapped",
        "左右手反接",
    )
    assert await listed(reading.zhao) == []
    for act in ("claim", "release"):
        assert (await reading.act(reading.chen, act)).status == 409


@pytest.mark.parametrize(("word", "trail"), [(True, "critical value"), (False, "no critical value")])
async def test_a_possible_critical_value_is_not_rejected_without_the_physicians_word(
    reading: Reading, word: bool, trail: str
) -> None:
    appraiser(reading.served).hits()
    hit = await filed(reading.doctor, confirmed=["filed_already"])
    url = f"/api/ecg-studies/{hit['id']}"
    await reading.chen.post(f"{url}/claim")
    refused = await reading.chen.post(f"{url}/reject", {"kind": "poor_signal"})
    assert (refused.status, refused.code) == (422, "critical_value_needed")
    assert (await reading.chen.get(url)).json["study"]["state"] == "reading"
    assert [one for one in await reading.served.audit() if one.action is Action.REJECT] == []
    mistyped = await reading.chen.post(f"{url}/reject", {"kind": "poor_signal", "critical_value": "yes"})
    assert mistyped.code == "bad_fields"

    await reading.chen.post(f"{url}/reject", {"kind": "poor_signal", "critical_value": word})
    told = (await reading.doctor.get(url)).json["study"]
    assert (told["state"], told["rejection"]["critical_value"]) == ("rejected", word)
    (noted,) = [one for one in await reading.served.audit() if one.action is Action.REJECT]
    assert (noted.object_id, noted.reason) == (hit["id"], f"poor_signal, {trail}")


async def test_a_rejection_with_its_word_is_told_to_the_station_that_asked(reading: Reading) -> None:
    appraiser(reading.served).hits()
    hit = await filed(reading.doctor, confirmed=["filed_already"])
    nurse = await reading.served.clinic.sign_in(WU)
    await reading.chen.post(f"/api/ecg-studies/{hit['id']}/claim")
    answer = await reading.chen.post(
        f"/api/ecg-studies/{hit['id']}/reject", {"kind": "poor_signal", "critical_value": True}
    )
    assert answer.json["rejection"]["critical_value"] is True
    told = [(one.study_id, one.state) for one in nurse.outbox.of(m.EcgStudyChanged)]
    assert told == [(hit["id"], "reading"), (hit["id"], "rejected")]


# --- who may --------------------------------------------------------------------------------------------

ACTS: list[tuple[str, str, Any]] = [
    ("POST", "claim", None),
    ("POST", "release", None),
    ("PUT", "report", {"version": 0}),
    ("POST", "report/sign", {"version": 1}),
    ("POST", "report/cosign", {"report_id": "r", "digest": "d"}),
    ("POST", "report/return", {"reason": "原因"}),
    ("POST", "reject", {"kind": "poor_signal"}),
    ("POST", "addenda", {"text": "补充"}),
]


@pytest.mark.parametrize(("method", "act", "body"), ACTS, ids=[act for _, act, _ in ACTS])
@pytest.mark.parametrize(
    ("account", "code"),
    [(ZHOU, "not_allowed"), (WU, "not_allowed"), (HAN, "not_allowed"), (SUN, "not_allowed")],
    ids=["doctor", "nurse", "administrator", "another station"],
)
async def test_nobody_reads_without_the_right(
    reading: Reading, account: Account, code: str, method: str, act: str, body: Any
) -> None:
    browser = await reading.served.signed_in(account)
    assert (await browser.ask(method, f"{reading.url}/{act}", body)).code == code
    assert await reading.state() == "waiting"


@pytest.mark.parametrize(("method", "act", "body"), ACTS, ids=[act for _, act, _ in ACTS])
async def test_a_specialist_of_another_field_finds_nothing(
    served: Served, method: str, act: str, body: Any
) -> None:
    card = await filed(await served.signed_in(ZHOU), specialty=RESPIRATORY)
    chen = await served.signed_in(CHEN)
    found = await chen.ask(method, f"/api/ecg-studies/{card['id']}/{act}", body)
    missing = await chen.ask(method, f"/api/ecg-studies/missing/{act}", body)
    assert (found.status, found.body) == (missing.status, missing.body) == (404, missing.body)


async def test_what_she_read_stays_readable_to_her_and_opens_no_more_of_the_record(reading: Reading) -> None:
    await reading.sign(reading.chen)
    assert (await reading.chen.get(reading.url)).status == 200
    assert (await reading.chen.get(f"{reading.url}/samples")).status == 200
    assert (await reading.zhao.get(reading.url)).status == 404
    assert (await reading.chen.get(f"/api/residents/{WANG_XIUYING.id}")).status == 404


async def test_the_ecg_before_goes_along_with_the_one_she_reads_and_no_older_one(served: Served) -> None:
    doctor, chen = await served.signed_in(ZHOU), await served.signed_in(CHEN)
    oldest, before, now = [
        await filed(
            doctor, taken_at=f"2026-11-{day}T09:00:00+08:00", confirmed=["filed_already"], specialty=specialty
        )
        for day, specialty in ((20, RESPIRATORY), (21, RESPIRATORY), (22, None))
    ]
    page = (await chen.get(f"/api/ecg-studies/{now['id']}")).json
    assert page["prior"]["id"] == before["id"]
    statuses = [(await chen.get(f"/api/ecg-studies/{one['id']}/samples")).status for one in (before, oldest)]
    assert statuses == [200, 404]


async def test_the_specialist_of_the_consult_reads_its_ecg_whatever_her_field(served: Served) -> None:
    doctor = await served.clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    one = study(consult_id=consult_id, specialty=RESPIRATORY)
    await served.clinic.records.write(lambda ledger: ledger.ecg_studies.add(one, DRAFT))
    chen = await served.signed_in(CHEN)
    assert await listed(chen) == []
    await (await served.clinic.sign_in(CHEN)).done(m.AcceptConsult, consult_id=consult_id)
    assert await listed(chen) == [one.id]
    assert (await chen.post(f"/api/ecg-studies/{one.id}/claim")).status == 200


async def test_a_study_that_was_moved_is_its_consults_no_more(served: Served) -> None:
    doctor = await served.clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    await (await served.clinic.sign_in(CHEN)).done(m.AcceptConsult, consult_id=consult_id)
    one = another_study("b", 2, consult_id=consult_id, specialty=RESPIRATORY, resident_id=LI_JIANGUO.id)
    await served.clinic.records.write(lambda ledger: ledger.ecg_studies.add(one, DRAFT))
    chen = await served.signed_in(CHEN)
    assert (await listed(chen), (await chen.get(f"/api/ecg-studies/{one.id}")).status) == ([], 404)


async def test_every_act_is_one_entry_on_the_trail(reading: Reading) -> None:
    before = len(await reading.served.audit())
    await reading.sign(reading.chen)
    await reading.act(reading.chen, "addenda", {"text": "补充"})
    noted = [(one.action, one.object_kind) for one in (await reading.served.audit())[before:]]
    assert noted == [
        (Action.CLAIM, "ecg_study"),
        (Action.CHANGE, "ecg_report"),
        (Action.SIGN, "ecg_report"),
        (Action.ADDEND, "ecg_report"),
    ]
    assert all(one.actor_id == CHEN.id for one in (await reading.served.audit())[before:])


async def test_every_act_is_told_to_the_lists(reading: Reading) -> None:
    nurse = await reading.served.clinic.sign_in(WU)
    await reading.sign(reading.chen)
    states = [one.state for one in nurse.outbox.of(m.EcgStudyChanged)]
    assert states == ["reading", "final"]


# --- terms and phrases ----------------------------------------------------------------------------------


async def test_terms_and_phrases_come_in_both_languages_and_are_the_institutions_to_edit(
    served: Served,
) -> None:
    chen = await served.signed_in(CHEN)
    terms = (await chen.get("/api/ecg-terms")).json
    assert (len(terms["terms"]), terms["phrases"]["version"]) == (113, 0)
    own = [{"name_zh": "本院常用", "name_en": "Ours", "text_zh": "窦性心律。", "terms": [{"code": "AHA-20"}]}]
    saved = await chen.put("/api/ecg-phrases", {"version": 0, "phrases": own})
    assert (saved.json["version"], saved.json["changed_by"]) == (1, CHEN.id)
    assert (await chen.put("/api/ecg-phrases", {"version": 0, "phrases": []})).code == "changed_meanwhile"
    administrator = await served.signed_in(HAN)  # of the same hospital
    found = (await administrator.get("/api/ecg-terms")).json["phrases"]
    assert [one["name_zh"] for one in found["phrases"]] == ["本院常用"]
    wrong = [{"name_zh": "", "name_en": "x"}]
    assert (await chen.put("/api/ecg-phrases", {"version": 1, "phrases": wrong})).code == "out_of_range"
    assert (await (await served.signed_in(ZHOU)).get("/api/ecg-terms")).code == "not_allowed"
