"""Residents over HTTP: registering, searching, opening, readings, emergency access."""

from typing import Any

import pytest

from records.audit import Action
from tests.fakes.records import HAN, SHEN_YULAN, WANG_XIUYING, ZHOU
from tests.fakes.served import PASSWORD, Served

NEW = {
    "name": "单雄信",
    "sex": "male",
    "birth_date": "1950-02-03",
    "identity_kind": "other",
    "identity_number": "TEST-0100",
    "allergy_status": "none_known",
}


async def test_a_registered_resident_is_found_by_name_initials_and_number(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    made = (await browser.post("/api/residents", NEW)).json
    for query in ("单雄信", "sxx", made["record_number"]):
        found = (await browser.post("/api/residents/search", {"query": query})).json["residents"]
        assert [one["id"] for one in found] == [made["id"]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"name": "  "}, "name"),
        ({"allergy_status": "listed"}, "allergies"),
        ({"identity_kind": "resident_id_card", "identity_number": "110101195002031234"}, "identity_number"),
        ({"phone": "not a number"}, "phone"),
    ],
)
async def test_a_wrong_field_is_named_and_not_repeated(
    served: Served, wrong: dict[str, Any], field: str
) -> None:
    browser = await served.signed_in(ZHOU)
    answer = await browser.post("/api/residents", NEW | wrong)
    assert (answer.status, list(answer.json["fields"])) == (422, [field])
    assert str(wrong.get(field, "-")) not in answer.json["fields"][field] or wrong.get(field) == "  "


async def test_a_wrong_type_is_named_by_its_field(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    answer = await browser.post("/api/residents", NEW | {"birth_date": "yesterday"})
    assert (answer.code, list(answer.json["fields"])) == ("bad_fields", ["birth_date"])


async def test_opening_a_resident_makes_exactly_one_audit_entry(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    before = await served.audit()
    page = (await browser.get(f"/api/residents/{WANG_XIUYING.id}")).json
    (event,) = (await served.audit())[len(before) :]
    assert page["resident"]["name"] == WANG_XIUYING.name
    assert (event.action, event.actor_id, event.resident_id) == (Action.READ, ZHOU.id, WANG_XIUYING.id)


async def test_a_change_keeps_number_and_registration_and_is_audited_once(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    before = await served.audit()
    changed = (await browser.put(f"/api/residents/{WANG_XIUYING.id}", NEW)).json
    assert changed["record_number"] == WANG_XIUYING.record_number
    assert changed["registered_at"].startswith("2026-11-23T01:30")
    assert [event.action for event in (await served.audit())[len(before) :]] == [Action.CHANGE]


async def test_typed_readings_are_stored_as_typed(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    typed = {"kind": "pulse_rate", "value": 72, "measured_at": "2026-11-23T01:00:00Z"}
    kept = await browser.post(f"/api/residents/{WANG_XIUYING.id}/readings", {"readings": [typed]})
    assert [one["source"] for one in kept.json["readings"]] == ["typed"]
    page = (await browser.get(f"/api/residents/{WANG_XIUYING.id}")).json
    assert [(one["kind"], one["value"]) for one in page["latest_readings"]] == [("pulse_rate", 72.0)]


@pytest.mark.parametrize("value", [7200, -1])
async def test_an_impossible_reading_stores_none_of_them(served: Served, value: float) -> None:
    browser = await served.signed_in(ZHOU)
    readings = [
        {"kind": "pulse_rate", "value": 72, "measured_at": "2026-11-23T01:00:00Z"},
        {"kind": "pulse_rate", "value": value, "measured_at": "2026-11-23T01:00:00Z"},
    ]
    answer = await browser.post(f"/api/residents/{WANG_XIUYING.id}/readings", {"readings": readings})
    assert answer.code == "out_of_range"
    assert (await browser.get(f"/api/residents/{WANG_XIUYING.id}")).json["readings"] == []


async def ask_emergency(served: Served, **fields: str) -> Any:
    browser = await served.signed_in(ZHOU)
    asked = {"reason": "昏迷抢救，家属同意", "password": PASSWORD} | fields
    return browser, await browser.post(f"/api/residents/{SHEN_YULAN.id}/emergency-access", asked)


async def test_emergency_access_opens_one_resident_for_60_minutes(served: Served) -> None:
    browser, granted = await ask_emergency(served)
    assert granted.json["expires_at"].startswith("2026-11-23T02:30")
    page = (await browser.get(f"/api/residents/{SHEN_YULAN.id}")).json
    assert page["emergency_access"]["id"] == granted.json["id"]
    for _ in range(5):
        served.clinic.clock.pass_s(720)
        last = await browser.get(f"/api/residents/{SHEN_YULAN.id}")
    assert last.status == 404


async def test_emergency_access_needs_the_password_again(served: Served) -> None:
    browser, refused = await ask_emergency(served, password="wrong wrong wrong")
    assert refused.code == "wrong_password"
    assert (await browser.get(f"/api/residents/{SHEN_YULAN.id}")).status == 404


async def test_emergency_access_needs_a_reason(served: Served) -> None:
    _, refused = await ask_emergency(served, reason=" ")
    assert (refused.status, refused.json["fields"]) == (409, {"rule": "reason_needed"})


async def test_emergency_access_by_record_number(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    asked = {"reason": "昏迷抢救", "password": PASSWORD, "record_number": SHEN_YULAN.record_number}
    granted = (await browser.post("/api/emergency-accesses", asked)).json
    assert granted["resident_id"] == SHEN_YULAN.id
    missing = await browser.post("/api/emergency-accesses", asked | {"record_number": "1"})
    assert missing.status == 404


async def test_an_emergency_access_is_audited_listed_and_reviewed_without_content(served: Served) -> None:
    _, granted = await ask_emergency(served)
    assert [event.action for event in await served.audit()].count(Action.EMERGENCY_ACCESS) == 1
    administrator = await served.signed_in(HAN)
    (row,) = (await administrator.get("/api/emergency-accesses")).json["accesses"]
    assert row["resident_record_number"] == SHEN_YULAN.record_number
    assert SHEN_YULAN.name not in str(row)
    url = f"/api/emergency-accesses/{granted.json['id']}/review"
    assert (await administrator.post(url, {"note": "justified"})).json["reviewed_by"] == HAN.id
    assert (await administrator.post(url, {"note": "again"})).code == "changed_meanwhile"
