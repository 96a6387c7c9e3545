"""ECGs come in: files with a resident, ten seconds out of a consult; what is told, asked and refused."""

import datetime as dt
import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from aiohttp import FormData

from ecg.annotations import Annotation, AnnotationCode
from ecg.files.door import read_any
from ecg.files.wfdb import write_wfdb
from ecg.leads import Electrode
from ecg.packets import Mark, MarkKind
from records.accounts import Account
from records.audit import Action
from records.ecg_drafts import Acquisition, MachineDraft, QualityNote, QualityVerdict
from records.ecg_studies import EcgStudy
from records.ids import EcgStudyId
from records.ledger import Ledger
from signaling import messages as m
from tests.ecg.files.samples import dicom_bytes
from tests.fakes.clinic import ask, bind, prepare
from tests.fakes.ecgs import LUDB, PHILIPS, FakeAppraiser, ecg_file
from tests.fakes.records import (
    CHEN,
    LI_JIANGUO,
    NOW,
    RESPIRATORY,
    SHEN_YULAN,
    SUN,
    WANG_XIUYING,
    WU,
    ZHAO,
    ZHOU,
)
from tests.fakes.served import Answer, Browser, Served, open_doors
from tests.signaling.test_ecg_excerpts import Bound
from tests.signaling.test_late_samples import ramp
from tests.web.test_hostile_requests import raw
from web import ecg_filing

AT = "2026-11-23T09:00:00+08:00"
PATH = f"/api/residents/{WANG_XIUYING.id}/ecg-studies"
_counted = iter(range(10_000))


def about(**fields: Any) -> dict[str, Any]:
    return {"request_id": f"request-{next(_counted)}", "taken_at": AT} | fields


async def upload(browser: Browser, files: dict[str, bytes] = LUDB, path: str = PATH, **fields: Any) -> Answer:
    return await browser.upload(path, about(**fields), files)


async def filed(browser: Browser, files: dict[str, bytes] = LUDB, **fields: Any) -> dict[str, Any]:
    """The card of a study that must have been kept."""
    answer = await upload(browser, files, **fields)
    assert answer.status == 200 and answer.json["study"], answer.json
    card: dict[str, Any] = answer.json["study"]
    return card


async def kept(served: Served) -> list[EcgStudy]:
    return list(await served.clinic.records.read(lambda ledger: ledger.ecg_studies.open()))


def appraiser(served: Served) -> FakeAppraiser:
    assert isinstance(served.parts.appraiser, FakeAppraiser)
    return served.parts.appraiser


def samples_of(body: bytes) -> tuple[dict[str, Any], list[np.ndarray[Any, Any]]]:
    """Read the answer as a client does that knows nothing but the documentation."""
    (length,) = struct.unpack_from("<I", body)
    head = json.loads(body[4 : 4 + length])
    at = 4 + length + -(4 + length) % 4
    rows = []
    for channel in head["channels"]:
        size = head["count"] * channel["bits"] // 8
        rows.append(np.frombuffer(body[at : at + size], f"<i{channel['bits'] // 8}"))
        at += size + -size % 4
    assert at == len(body)
    return head, rows


# --- a file ---------------------------------------------------------------------------------------------


async def test_a_record_is_kept_and_comes_back_sample_for_sample(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    card = await filed(browser, urgency="urgent", indication=" 胸闷 2 h ")
    assert (card["state"], card["urgency"], card["indication"]) == ("waiting", "urgent", "胸闷 2 h")
    assert (card["number"], card["quality"], card["duration_s"]) == ("XD-20261123-0001", "good", 10.0)
    answer = await browser.get(f"/api/ecg-studies/{card['id']}/samples")
    head, rows = samples_of(answer.body)
    stored = read_any(Path(__file__).parents[1] / "data" / "ecg" / "ludb" / "1.hea")
    assert [one["lead"] for one in head["channels"]] == [one.lead for one in stored.channels]
    assert [one["nv_per_step"] for one in head["channels"]] == [one.nv_per_step for one in stored.channels]
    assert all(np.array_equal(row, one.samples) for row, one in zip(rows, stored.channels, strict=True))


async def test_a_part_of_the_samples_is_that_part(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    card = await filed(browser)
    whole = samples_of((await browser.get(f"/api/ecg-studies/{card['id']}/samples")).body)[1]
    url = f"/api/ecg-studies/{card['id']}/samples?first=1001&count=333"
    head, rows = samples_of((await browser.get(url)).body)
    assert (head["first"], head["count"], head["sample_count"]) == (1001, 333, 5000)
    assert all(np.array_equal(part, row[1001:1334]) for part, row in zip(rows, whole, strict=True))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("first=-1", "out_of_range"),
        ("first=5000", "out_of_range"),
        ("count=0", "out_of_range"),
        ("count=60001", "out_of_range"),
        ("first=a", "bad_fields"),
    ],
)
async def test_a_range_that_cannot_be_is_refused(served: Served, query: str, code: str) -> None:
    browser = await served.signed_in(ZHOU)
    card = await filed(browser)
    assert (await browser.get(f"/api/ecg-studies/{card['id']}/samples?{query}")).code == code


@pytest.mark.parametrize(
    ("files", "leads"),
    [
        ({"x.edf": ecg_file("edf/pyedflib_plus.edf")}, ["ECG I", "ECG II"]),
        ({"100.hea": ecg_file("mitdb/100.hea"), "100.dat": ecg_file("mitdb/100.dat")}, ["MLII", "V5"]),
    ],
    ids=["EDF+", "leads that are not standard"],
)
async def test_other_kinds_and_other_leads_are_kept_too(
    served: Served, files: dict[str, bytes], leads: list[str]
) -> None:
    browser = await served.signed_in(ZHOU)
    confirmed = ["time", "time_unlikely"]
    card = await filed(browser, files, confirmed=confirmed)
    assert card["leads"] == leads


async def test_the_appraiser_is_told_age_and_sex_and_nothing_else_of_the_person(served: Served) -> None:
    await filed(await served.signed_in(ZHOU))
    ((tracing, subject, _),) = appraiser(served).shown
    assert (subject.sex, subject.age_years, tracing.sample_count) == (WANG_XIUYING.sex, 67, 5000)


async def test_pacing_marks_of_a_file_go_along_to_whoever_measures(served: Served) -> None:
    record = read_any(Path(__file__).parents[1] / "data" / "ecg" / "mitdb" / "100.hea")
    marked = (Annotation(700, AnnotationCode.PACING_SPIKE), Annotation(720, AnnotationCode.NORMAL))
    files = write_wfdb(replace(record, annotations=marked), "r")
    await filed(await served.signed_in(ZHOU), dict(files), confirmed=["time", "time_unlikely"])
    ((_, _, acquisition),) = appraiser(served).shown
    assert acquisition == Acquisition(paces=(700,))
    (study,) = await kept(served)
    assert (study.paces, study.device_states) == ((700,), ())


async def test_of_more_pacing_marks_than_a_heart_has_none_is_kept_and_it_says_so(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ecg_filing, "MOST_PACES", 2)
    record = read_any(Path(__file__).parents[1] / "data" / "ecg" / "mitdb" / "100.hea")
    marked = tuple(Annotation(at, AnnotationCode.PACING_SPIKE) for at in (700, 900, 1100))
    files = write_wfdb(replace(record, annotations=marked), "r")
    await filed(await served.signed_in(ZHOU), dict(files), confirmed=["time", "time_unlikely"])
    (study,) = await kept(served)
    assert (study.paces, study.notes[-1]) == ((), "3 pacing marks; more than 2 are not kept")


async def test_a_possible_critical_value_makes_it_critical_whatever_was_asked(served: Served) -> None:
    appraiser(served).hits("bradycardia")
    card = await filed(await served.signed_in(WU), urgency="routine")
    assert (card["urgency"], card["critical_rules"]) == ("critical", ["bradycardia"])


async def test_who_may_read_is_told_at_once(served: Served) -> None:
    zhao = await served.clinic.sign_in(ZHAO)
    card = await filed(await served.signed_in(ZHOU))
    assert [one.study_id for one in zhao.outbox.of(m.EcgStudyChanged)] == [card["id"]]


# --- whose it is ----------------------------------------------------------------------------------------


async def test_a_file_of_another_patient_is_told_and_not_kept_until_each_difference_is_confirmed(
    served: Served,
) -> None:
    browser = await served.signed_in(ZHOU)
    answer = (await upload(browser, PHILIPS)).json
    assert answer["study"] is None
    assert answer["differences"] == ["patient_id", "name", "birth_date", "sex", "time"]
    assert answer["stated"]["name"] == "ZZDEMOPTONLY ADULT"
    assert answer["stated_taken_at"].startswith("2010-01-19T15:19:22")
    half = (await upload(browser, PHILIPS, confirmed=["patient_id", "name", "time"])).json
    assert (half["study"], half["differences"]) == (None, ["birth_date", "sex"])
    assert (await kept(served), appraiser(served).shown) == ([], [])
    await filed(browser, PHILIPS, confirmed=answer["differences"])
    (study,) = await kept(served)
    assert study.confirmed_differences == tuple(answer["differences"])
    assert "ZZDEMO" not in repr(study) and "9999" not in repr(study)


async def test_the_time_of_the_file_is_taken_unless_a_person_says_otherwise(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    confirmed = ["patient_id", "name", "birth_date", "sex"]
    await filed(browser, PHILIPS, taken_at=None, confirmed=confirmed)
    await filed(browser, PHILIPS, confirmed=[*confirmed, "time", "filed_already"])
    by_file, by_person = await kept(served)
    assert (by_file.taken_at.year, by_file.taken_at_by) == (2010, "file")
    assert (by_person.taken_at, by_person.taken_at_by) == (dt.datetime.fromisoformat(AT), "person")


async def test_a_file_without_a_time_needs_one(served: Served) -> None:
    answer = await upload(await served.signed_in(ZHOU), taken_at=None)
    assert (answer.code, list(answer.json["fields"])) == ("bad_fields", ["taken_at"])


@pytest.mark.parametrize("wrong", ["2999-01-01T00:00:00Z", "1950-01-01T00:00:00Z", "2026-11-23T09:00:00"])
async def test_a_time_that_cannot_be_is_refused(served: Served, wrong: str) -> None:
    answer = await upload(await served.signed_in(ZHOU), taken_at=wrong)
    assert (answer.code, list(answer.json["fields"])) == ("bad_fields", ["taken_at"])


async def test_whoever_hands_in_a_poor_one_is_told_why_also_when_asked_again(served: Served) -> None:
    note = QualityNote(code="muscle_noise", advice="relax", leads=("V1",), electrodes=("V1",))
    poor = MachineDraft(
        algorithm="fake 1",
        made_at=NOW,
        quality=QualityVerdict.POOR,
        quality_score=31,
        quality_notes=(note,),
    )
    appraiser(served).draft = poor
    browser = await served.signed_in(ZHOU)
    for _ in range(2):
        answer = (await upload(browser, LUDB, request_id="request-of-mine")).json
        assert (answer["study"]["quality"], answer["quality_score"]) == ("poor", 31)
        assert msgspec.convert(answer["quality_notes"], list[QualityNote]) == [note]


async def test_the_same_file_again_is_told(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    card = await filed(browser)
    again = (await upload(browser)).json
    assert (again["differences"], again["filed_as"]) == (["filed_already"], card["id"])
    other = await upload(browser, path=f"/api/residents/{LI_JIANGUO.id}/ecg-studies")
    assert other.json["study"]["resident"]["id"] == LI_JIANGUO.id  # a record that names nobody: as chosen


async def test_the_same_request_keeps_nothing_twice(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    first = await filed(browser, request_id="request-of-mine")
    again = await filed(browser, request_id="request-of-mine")
    assert (again["id"], len(await kept(served))) == (first["id"], 1)
    nurse = await filed(await served.signed_in(WU), request_id="request-of-mine", confirmed=["filed_already"])
    assert nurse["id"] != first["id"]


async def test_a_repeat_names_the_rejected_ecg_it_was_taken_anew_for(served: Served) -> None:
    doctor, chen = await served.signed_in(ZHOU), await served.signed_in(CHEN)
    bad = await filed(doctor)
    refused = await upload(doctor, repeats=bad["id"], confirmed=["filed_already"])
    assert list(refused.json["fields"]) == ["repeats"]
    await chen.post(f"/api/ecg-studies/{bad['id']}/claim")
    await chen.post(f"/api/ecg-studies/{bad['id']}/reject", {"kind": "poor_signal"})
    again = await filed(doctor, repeats=bad["id"], confirmed=["filed_already"])
    assert again["repeats"] == bad["id"]


# --- what is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "said", "why"),
    [
        ({"王秀英.bin": b"\0" * 64}, "of no kind that is read", "other_kind"),
        ({"1.hea": LUDB["1.hea"]}, "signal file 1.dat is not beside it", "faulty"),
        ({"1.hea": LUDB["1.hea"], "1.dat": LUDB["1.dat"][:30_000]}, "byte 30000: ends there", "faulty"),
        ({"a.pdf": b"%PDF-1.7 ..."}, "a picture of an ECG", "picture"),
        ({"a.zip": b"PK\x03\x04 ..."}, "unpack it first", "packed"),
    ],
)
async def test_a_file_that_is_no_ecg_is_refused_with_its_place_and_without_its_name(
    served: Served, files: dict[str, bytes], said: str, why: str
) -> None:
    answer = await upload(await served.signed_in(ZHOU), files)
    assert (answer.status, answer.code) == (422, "not_an_ecg")
    assert answer.json["fields"]["why"] == why
    assert said in answer.json["fields"]["file"] and "王" not in answer.body.decode()
    assert await kept(served) == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"request_id": "short"}, "request_id"),
        ({"indication": "长" * 501}, "indication"),
        ({"specialty": "astrology"}, "specialty"),
        ({"repeats": "nothing"}, "repeats"),
        ({"urgency": "soon"}, "urgency"),
        ({"colour": "red"}, "body"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_left_on_the_disk(
    served: Served, tmp_path: Path, fields: dict[str, Any], wrong: str
) -> None:
    answer = await upload(await served.signed_in(ZHOU), **fields)
    assert (answer.code, list(answer.json["fields"])) == ("bad_fields", [wrong])
    assert list((tmp_path / "ecgs").glob("*")) == []


async def test_a_form_that_is_none_is_refused(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    assert (await browser.post(PATH, about())).code == "not_a_form"
    headers = browser.headers(Content_Type="multipart/form-data; boundary=x")
    for body, code in (
        (b"", "unreadable"),
        (b"nonsense", "unreadable"),
        (b"--x\r\n\r\n--x--\r\n", "bad_fields"),
        (b'--x\r\nContent-Disposition: form-data; name="about"\r\n\r\nno json\r\n--x--\r\n', "unreadable"),
        (
            b'--x\r\nContent-Disposition: form-data; name="about"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\ne30=\r\n--x--\r\n",
            "unreadable",
        ),
        (b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n", "unreadable"),
    ):
        async with browser._http.post(browser.url + PATH, data=body, headers=headers) as answer:
            assert (answer.status < 500, (await answer.json())["code"]) == (True, code), body


async def test_files_before_what_they_are_about_and_too_many_are_refused(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    assert (await upload(browser, {f"{n}.dat": b"x" for n in range(9)})).code == "bad_fields"
    assert (await upload(browser, {})).code == "bad_fields"
    form = FormData()
    form.add_field("file", b"x", filename="x")
    form.add_field("about", json.dumps(about()))
    async with browser._http.post(browser.url + PATH, data=form, headers=browser.headers()) as answer:
        assert (await answer.json())["code"] == "bad_fields"


async def test_a_file_over_the_limit_is_refused_before_it_is_read(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    told = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str((32 << 20) + 1)}
    head = "".join(f"{name}: {value}\r\n" for name, value in (browser.headers() | told).items())
    request = f"POST {PATH} HTTP/1.1\r\n{head}\r\n--x"
    answer = await raw(served, request.encode())
    assert answer.startswith(b"HTTP/1.1 413") and b"too_large" in answer


async def test_another_site_cannot_upload(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    browser.origin = "http://elsewhere.example"
    assert (await upload(browser)).code == "wrong_origin"


# --- who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "resident", "code"),
    [
        (CHEN, WANG_XIUYING, "not_allowed"),
        (SUN, WANG_XIUYING, "not_found"),
        (ZHOU, SHEN_YULAN, "not_found"),
    ],
)
async def test_only_the_residents_own_station_files_for_her(
    served: Served, account: Account, resident: Any, code: str
) -> None:
    browser = await served.signed_in(account)
    answer = await upload(browser, path=f"/api/residents/{resident.id}/ecg-studies")
    assert (answer.code, await kept(served)) == (code, [])


async def test_keeping_and_opening_are_each_one_entry_on_the_trail(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    before = len(await served.audit())
    card = await filed(browser)
    await browser.get(f"/api/ecg-studies/{card['id']}")
    await browser.get(f"/api/ecg-studies/{card['id']}/samples")
    noted = [(one.action, one.object_kind, one.resident_id) for one in (await served.audit())[before:]]
    assert noted == [
        (Action.CREATE, "ecg_study", WANG_XIUYING.id),
        (Action.READ, "ecg_study", WANG_XIUYING.id),
        (Action.READ, "ecg_study_samples", WANG_XIUYING.id),
    ]


async def test_the_residents_timeline_shows_it(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    card = await filed(browser)
    page = (await browser.get(f"/api/residents/{WANG_XIUYING.id}")).json
    assert [one["id"] for one in page["ecg_studies"]] == [card["id"]]


async def test_a_foreign_study_answers_like_a_missing_one(served: Served) -> None:
    card = await filed(await served.signed_in(ZHOU), specialty=RESPIRATORY)
    for account in (SUN, CHEN, ZHAO):
        browser = await served.signed_in(account)
        for path in ("", "/samples"):
            foreign = await browser.get(f"/api/ecg-studies/{card['id']}{path}")
            missing = await browser.get(f"/api/ecg-studies/missing{path}")
            assert (foreign.status, foreign.body) == (missing.status, missing.body) == (404, missing.body)


# --- what lies on the disk ------------------------------------------------------------------------------


async def test_a_changed_sample_file_is_refused_in_words_and_cannot_be_signed(
    served: Served, tmp_path: Path
) -> None:
    browser, chen = await served.signed_in(ZHOU), await served.signed_in(CHEN)
    card = await filed(browser)
    path = tmp_path / "ecgs" / f"{card['id']}.ecg"
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    answer = await browser.get(f"/api/ecg-studies/{card['id']}/samples")
    assert (answer.status, answer.code) == (500, "samples_changed")
    url = f"/api/ecg-studies/{card['id']}"
    await chen.post(f"{url}/claim")
    await chen.put(f"{url}/report", {"version": 0, "conclusion": "normal", "text": "正常心电图。"})
    assert (await chen.post(f"{url}/report/sign", {"version": 1})).code == "samples_changed"


async def test_simulated_data_is_kept_in_the_demo_only_and_says_so(tmp_path: Path) -> None:
    async with open_doors(tmp_path, demo=True) as served:
        card = await filed(await served.signed_in(ZHOU))
        assert card["simulated"]


# --- moved ----------------------------------------------------------------------------------------------


async def test_an_ecg_under_the_wrong_resident_is_moved_and_stays_readable(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    card = await filed(browser)
    url = f"/api/ecg-studies/{card['id']}"
    assert (
        await browser.post(f"{url}/move", {"to_resident_id": SHEN_YULAN.id, "reason": "选错"})
    ).status == 404
    assert (
        await browser.post(f"{url}/move", {"to_resident_id": LI_JIANGUO.id, "reason": ""})
    ).code == "bad_fields"
    before = len(await served.audit())
    moved = await browser.post(f"{url}/move", {"to_resident_id": LI_JIANGUO.id, "reason": "选错居民"})
    assert moved.json["resident"]["id"] == LI_JIANGUO.id
    assert [one.resident_id for one in (await served.audit())[before:]] == [WANG_XIUYING.id, LI_JIANGUO.id]
    assert (await browser.get(f"{url}/samples")).status == 200  # sealed under the first one's key
    page = (await browser.get(f"/api/residents/{WANG_XIUYING.id}")).json
    assert page["ecg_studies"] == []


# --- out of a consult -----------------------------------------------------------------------------------


async def test_ten_seconds_of_a_consult_are_kept_with_its_resident(served: Served) -> None:
    bound = await Bound(served.clinic).begin()
    await bound.samples(0, 7000)
    doctor = await served.signed_in(ZHOU)
    asked = {"request_id": "request-1", "binding_id": bound.binding_id}
    url = f"/api/consults/{bound.consult_id}/ecg-studies"
    card = (await doctor.post(url, asked)).json
    assert (card["resident"]["id"], card["consult_id"]) == (WANG_XIUYING.id, bound.consult_id)
    assert (card["indication"], card["missing_samples"], card["source"]) == ("胸闷两小时", 0, "consult")
    _, rows = samples_of((await doctor.get(f"/api/ecg-studies/{card['id']}/samples")).body)
    assert np.array_equal(np.stack(rows), ramp(2000, 5000))
    again = (await doctor.post(url, asked)).json
    listed = (await doctor.get(url)).json["studies"]
    assert [one["id"] for one in listed] == [card["id"]] == [again["id"]]
    (study,) = await kept(served)
    assert (study.binding_id, study.taken_at, study.taken_at_by) == (
        bound.binding_id,
        NOW + dt.timedelta(seconds=4),
        "station",
    )


async def test_either_side_takes_it_and_an_outsider_does_not(served: Served) -> None:
    bound = await Bound(served.clinic).begin()
    await bound.samples(0, 7000)
    chen = await served.clinic.sign_in(CHEN)
    await chen.done(m.AcceptConsult, consult_id=bound.consult_id)
    url = f"/api/consults/{bound.consult_id}/ecg-studies"

    async def take(account: Account) -> Answer:
        browser = await served.signed_in(account)
        return await browser.post(url, {"request_id": "request-1", "binding_id": bound.binding_id})

    assert (await take(CHEN)).json["filed_by"]["id"] == CHEN.id
    assert ((await take(SUN)).status, (await take(ZHAO)).status) == (404, 404)


async def test_too_few_samples_are_said(served: Served) -> None:
    bound = await Bound(served.clinic).begin()
    await bound.samples(0, 1000)
    doctor = await served.signed_in(ZHOU)
    asked = {"request_id": "request-1", "binding_id": bound.binding_id}
    answer = await doctor.post(f"/api/consults/{bound.consult_id}/ecg-studies", asked)
    assert (answer.status, answer.code, await kept(served)) == (409, "too_few_samples", [])


async def test_a_binding_that_turns_out_to_be_anothers_while_it_is_measured_files_nothing(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = await Bound(served.clinic).begin()
    await bound.samples(0, 7000)
    await bound.doctor.done(m.ReleaseStation, binding_id=bound.binding_id)
    fake = appraiser(served)
    say = fake.appraise

    async def move_meanwhile(*shown: Any) -> Any:
        recording = await served.clinic.records.read(
            lambda ledger: ledger.recordings.by_binding(bound.binding_id)
        )
        assert recording is not None
        await bound.doctor.done(
            m.MoveRecording, recording_id=recording.id, to_resident_id=LI_JIANGUO.id, reason="选错居民"
        )
        return await say(*shown)

    monkeypatch.setattr(fake, "appraise", move_meanwhile)
    doctor = await served.signed_in(ZHOU)
    asked = {"request_id": "request-1", "binding_id": bound.binding_id}
    answer = await doctor.post(f"/api/consults/{bound.consult_id}/ecg-studies", asked)
    assert (answer.status, await kept(served)) == (404, [])
    assert list((tmp_path / "ecgs").glob("*")) == []


async def test_a_consults_ecg_moves_with_its_recording_alone(served: Served) -> None:
    bound = await Bound(served.clinic).begin()
    await bound.samples(0, 7000)
    doctor = await served.signed_in(ZHOU)
    asked = {"request_id": "request-1", "binding_id": bound.binding_id}
    card = (await doctor.post(f"/api/consults/{bound.consult_id}/ecg-studies", asked)).json
    move = {"to_resident_id": LI_JIANGUO.id, "reason": "选错居民"}
    assert (await doctor.post(f"/api/ecg-studies/{card['id']}/move", move)).code == "bad_fields"


async def test_the_whole_12_lead_of_a_dicom_file_is_kept(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    answer = await upload(browser, {"x.dcm": dicom_bytes()})
    card = await filed(browser, {"x.dcm": dicom_bytes()}, confirmed=answer.json["differences"])
    assert len(card["leads"]) == 12
    stored = await served.clinic.records.read(lambda ledger: _get(ledger, card["id"]))
    assert (stored.rate_hz, stored.file_kind) == (1000, "DICOM")


def _get(ledger: Ledger, study_id: str) -> EcgStudy:
    return ledger.ecg_studies.get(EcgStudyId(study_id))


async def test_only_whoever_takes_part_in_the_consult_lists_its_ecgs(served: Served) -> None:
    doctor = await served.clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    await served.clinic.station()
    await bind(doctor, consult_id)
    for account, status in ((ZHOU, 200), (CHEN, 200), (SUN, 404)):
        browser = await served.signed_in(account)
        assert (await browser.get(f"/api/consults/{consult_id}/ecg-studies")).status == status


async def test_ten_seconds_are_judged_before_they_are_kept_and_those_are_kept(served: Served) -> None:
    bound = await Bound(served.clinic).begin()
    await bound.samples(0, 7000)
    doctor = await served.signed_in(ZHOU)
    url, asked = f"/api/consults/{bound.consult_id}", {"binding_id": bound.binding_id}
    look = (await doctor.post(f"{url}/ecg-look", asked)).json
    assert (look["first"], look["sample_count"], look["quality"]) == (2000, 5000, "good")
    assert (look["missing_samples"], look["simulated"], await kept(served)) == (0, False, [])
    await bound.samples(7000, 9000)
    taken = asked | {"request_id": "request-1", "first": look["first"]}
    card = (await doctor.post(f"{url}/ecg-studies", taken)).json
    _, rows = samples_of((await doctor.get(f"/api/ecg-studies/{card['id']}/samples")).body)
    assert np.array_equal(np.stack(rows), ramp(2000, 5000))


async def test_a_look_of_an_outsider_or_at_too_few_samples_is_refused(served: Served) -> None:
    bound = await Bound(served.clinic).begin()
    await bound.samples(0, 1000)
    url, asked = f"/api/consults/{bound.consult_id}/ecg-look", {"binding_id": bound.binding_id}
    assert (await (await served.signed_in(ZHOU)).post(url, asked)).code == "too_few_samples"
    assert (await (await served.signed_in(SUN)).post(url, asked)).status == 404


async def test_what_the_device_said_is_kept_with_the_study(served: Served) -> None:
    bound = await Bound(served.clinic).begin()
    await bound.samples(0, 3000)
    await bound.send(bound.stream.wave(3000, 500, electrodes_off=Electrode.V2))
    await bound.send(bound.stream.wave(3500, 500, clipped=1, marks=(Mark(7, MarkKind.PACE),)))
    await bound.samples(4000, 7000)
    doctor = await served.signed_in(ZHOU)
    asked = {"request_id": "request-1", "binding_id": bound.binding_id}
    card = (await doctor.post(f"/api/consults/{bound.consult_id}/ecg-studies", asked)).json
    told = (await doctor.get(f"/api/ecg-studies/{card['id']}")).json["details"]
    nothing = {"electrodes_off": [], "unusable": [], "clipped": [], "calibration": False}
    assert told["device_states"] == [
        nothing | {"first": 1000, "count": 500, "electrodes_off": ["V2"], "unusable": ["V2"]},
        nothing | {"first": 1500, "count": 500, "clipped": ["I"]},
    ]
    assert (told["paces"], told["unusable_leads"]) == ([1507], ["V2"])
    printed = (await doctor.get(f"/api/ecg-studies/{card['id']}/report.svg?language=en")).body.decode()
    assert "V2: electrode V2 off, 2.0–3.0 s, not to be read" in printed
    assert "1 pacing pulses marked" in printed


async def test_a_study_says_where_its_source_broke_off(served: Served) -> None:
    bound = await Bound(served.clinic).begin()
    await bound.samples(0, 3000)
    mark = Mark(0, MarkKind.RESUME)
    await bound.send(bound.stream.wave(3000, 100, marks=(mark,)))
    await bound.samples(3100, 7000)
    doctor = await served.signed_in(ZHOU)
    asked = {"request_id": "request-1", "binding_id": bound.binding_id}
    card = (await doctor.post(f"/api/consults/{bound.consult_id}/ecg-studies", asked)).json
    page = (await doctor.get(f"/api/ecg-studies/{card['id']}")).json
    assert page["details"]["breaks"] == [1000]
