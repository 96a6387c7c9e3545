"""The administrator's pages: accounts, CSV import, institutions, the audit trail."""

from typing import Any

from records.audit import Action
from tests.fakes.records import BINJIANG, HAN, HOSPITAL, STATION, WANG_XIUYING, ZHOU
from tests.fakes.served import Served

NEW = {
    "sign_in_name": "lifang",
    "display_name": "李芳",
    "role": "nurse",
    "institution_id": BINJIANG.id,
}
HEADER = "sign_in_name,display_name,role,institution,department,title,specialties,languages\n"


async def test_a_new_account_signs_in_by_its_one_time_password(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    made = (await administrator.post("/api/accounts", NEW)).json
    browser = served.browser()
    signed_in = await browser.post("/api/session", {"sign_in_name": "lifang", "password": made["password"]})
    assert signed_in.json["password_change_needed"] is True


async def test_a_taken_name_is_refused(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    refused = await administrator.post("/api/accounts", NEW | {"sign_in_name": ZHOU.sign_in_name})
    assert (refused.code, refused.json["fields"]) == ("name_taken", {"sign_in_name": "taken"})


async def test_making_an_account_is_audited_exactly_once(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    before = len(await served.audit())
    made = (await administrator.post("/api/accounts", NEW)).json
    (event,) = (await served.audit())[before:]
    assert (event.action, event.object_id) == (Action.CREATE, made["account"]["id"])
    assert made["password"] not in repr(event)


async def test_the_last_administrator_cannot_be_disabled(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    change = {
        "display_name": "韩雪",
        "institution_id": HOSPITAL.id,
        "department_id": None,
        "title": "",
        "specialties": [],
        "languages": ["zh"],
        "disabled": True,
    }
    refused = await administrator.put(f"/api/accounts/{HAN.id}", change)
    assert (refused.status, refused.json["fields"]) == (409, {"rule": "last_administrator"})
    assert (await administrator.get("/api/accounts")).status == 200


def changed(role: str) -> dict[str, Any]:
    return {
        "display_name": "周敏",
        "institution_id": BINJIANG.id,
        "department_id": None,
        "title": "",
        "specialties": [],
        "languages": ["zh"],
        "disabled": False,
        "role": role,
    }


async def test_another_role_signs_its_owner_out(served: Served) -> None:
    administrator, doctor = await served.signed_in(HAN), await served.signed_in(ZHOU)
    answer = await administrator.put(f"/api/accounts/{ZHOU.id}", changed("nurse"))
    assert (answer.status, answer.json["role"]) == (200, "nurse")
    assert (await doctor.get("/api/session")).status == 401


async def test_the_same_role_signs_nobody_out(served: Served) -> None:
    administrator, doctor = await served.signed_in(HAN), await served.signed_in(ZHOU)
    assert (await administrator.put(f"/api/accounts/{ZHOU.id}", changed(ZHOU.role))).status == 200
    assert (await doctor.get("/api/session")).status == 200


async def test_nobody_becomes_a_station_and_no_station_somebody(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    for account, role in ((ZHOU, "station"), (STATION, "nurse")):
        refused = await administrator.put(f"/api/accounts/{account.id}", changed(role))
        assert (refused.status, list(refused.json["fields"])) == (422, ["role"])


async def test_the_last_administrator_stays_one(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    refused = await administrator.put(f"/api/accounts/{HAN.id}", changed("nurse"))
    assert refused.status == 409


async def import_(served: Served, csv: str, dry_run: bool = False) -> Any:
    administrator = await served.signed_in(HAN)
    return (await administrator.post("/api/accounts/import", {"csv": csv, "dry_run": dry_run})).json


async def names(served: Served) -> set[str]:
    accounts = await served.clinic.records.read(lambda ledger: ledger.accounts.all())
    return {one.sign_in_name for one in accounts}


async def test_a_dry_run_names_every_fault_by_line_and_makes_nothing(served: Served) -> None:
    csv = (
        HEADER
        + "anna,安娜,nurse,滨江社区卫生服务站,,护士,,zh;en\n"
        + "zhou,周二,nurse,滨江社区卫生服务站,,,,\n"
        + "bob,鲍勃,pilot,无此机构,,,,\n"
        + '"anna","安娜二",nurse,滨江社区卫生服务站,,,,xx\n'
        + "carl,卡尔,specialist,First People's Hospital,Cardiology,,flying,\n"
    )
    result = await import_(served, csv, dry_run=True)
    assert [(one["line"], one["message"].split(":")[0]) for one in result["faults"]] == [
        (3, "sign_in_name"),
        (4, "role"),
        (4, "institution"),
        (5, "languages"),
        (6, "specialties"),
    ]
    assert (result["made"], result["rows"]) == ([], 5)


async def test_one_fault_imports_nobody(served: Served) -> None:
    before = await names(served)
    csv = HEADER + "anna,安娜,nurse,滨江社区卫生服务站,,,,\nbob,,nurse,滨江社区卫生服务站,,,,\n"
    result = await import_(served, csv)
    assert len(result["faults"]) == 1
    assert await names(served) == before


async def test_a_good_file_imports_everybody_with_an_audit_entry_each(served: Served) -> None:
    csv = (
        "\ufeff" + HEADER + "anna,安娜,nurse,滨江社区卫生服务站,,护士,,zh;en\n\n"
        "carl,卡尔,specialist,市第一人民医院,心内科,主治医师,cardiology;ultrasound,zh\n"
    )
    result = await import_(served, csv)
    assert result["faults"] == [] and len({one["password"] for one in result["made"]}) == 2
    assert {"anna", "carl"} <= await names(served)
    created = [event for event in await served.audit() if event.action is Action.CREATE]
    assert len(created) == 2
    carl = result["made"][1]
    browser = served.browser()
    answer = await browser.post("/api/session", {"sign_in_name": "carl", "password": carl["password"]})
    assert answer.status == 200


async def test_a_file_without_the_header_is_refused_as_a_whole(served: Served) -> None:
    for csv in ("", "a,b,c\n1,2,3\n", HEADER + 'x,"y\n', HEADER + "only,two\n"):
        result = await import_(served, csv)
        assert (len(result["faults"]), result["made"]) == (1, []), csv


async def test_institutions_departments_and_specialties_are_made_and_audited(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    before = len(await served.audit())
    made = await administrator.post(
        "/api/institutions", {"kind": "hospital", "name_zh": "二院", "name_en": "Second Hospital"}
    )
    ward = {"institution_id": made.json["id"], "name_zh": "内科", "name_en": "Medicine"}
    assert (await administrator.post("/api/departments", ward)).status == 200
    specialty = {"code": "neurology", "name_zh": "神经内科", "name_en": "Neurology"}
    assert (await administrator.post("/api/specialties", specialty)).status == 200
    changed = {"kind": "hospital", "name_zh": "第二医院", "name_en": "Second Hospital"}
    url = f"/api/institutions/{made.json['id']}"
    assert (await administrator.put(url, changed)).json["name_zh"] == "第二医院"
    directory = (await administrator.get("/api/directory")).json
    assert "neurology" in {one["code"] for one in directory["specialties"]}
    assert directory["ecg_target_s"] == {"critical": 300, "urgent": 600, "routine": 1800}
    actions = [event.action for event in (await served.audit())[before:]]
    assert actions == [Action.CREATE, Action.CREATE, Action.CREATE, Action.CHANGE]


async def test_the_trail_is_searched_by_person_and_resident(served: Served) -> None:
    doctor, administrator = await served.signed_in(ZHOU), await served.signed_in(HAN)
    await doctor.get(f"/api/residents/{WANG_XIUYING.id}")
    by_both = {"sign_in_name": "zhou", "record_number": WANG_XIUYING.record_number}
    found = (await administrator.post("/api/audit/search", by_both)).json
    assert [(one["actor"], one["action"]) for one in found["entries"]] == [("zhou", "read")]
    assert (found["chain_ok"], found["more"]) == (True, False)
    assert WANG_XIUYING.name not in str(found)


async def test_a_search_for_nobody_finds_nothing_not_everything(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    for query in ({"sign_in_name": "nobody"}, {"record_number": "1"}):
        assert (await administrator.post("/api/audit/search", query)).json["entries"] == []


async def test_no_curves_for_a_session_that_is_not_live(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    curves = (await administrator.get("/api/live/missing/curves")).json
    assert curves["at"] == [] and all(one["values"] == [] for one in curves["curves"])
