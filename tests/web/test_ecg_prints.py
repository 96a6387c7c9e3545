"""A kept ECG as PDF and SVG over HTTP: what is on the paper, for whom, and what is refused in words."""

import html
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader

from cloudclinic.ecg_appraisal import appraise
from ecg.files.door import read_any
from records.accounts import Account
from records.audit import Action
from records.ecg_drafts import OF_A_FILE, MachineDraft, Subject
from records.ecg_reading import ReadingSettings
from records.ledger import Ledger
from tests.fakes.ecgs import DATA, InlinePrinter
from tests.fakes.records import BINJIANG, HAN, HOSPITAL, NOW, SHEN_YULAN, SUN, WANG_XIUYING, ZHOU
from tests.fakes.served import Answer, Browser, Served, open_doors
from tests.records.documents.test_pdf import strokes
from tests.web.test_ecg_reports import Reading
from tests.web.test_ecg_studies import appraiser, filed

_PERSON = Subject(sex=WANG_XIUYING.sex, age_years=67)
REAL: MachineDraft = appraise(read_any(DATA / "ludb" / "1.hea"), _PERSON, OF_A_FILE, NOW)
"""What the program makes of the record that is filed."""


@pytest.fixture
async def reading(served: Served) -> Reading:
    appraiser(served).draft = REAL
    return await Reading(served).begin()


@pytest.fixture
async def twice(tmp_path: Path) -> AsyncIterator[Reading]:
    """A site that wants two signatures."""
    async with open_doors(tmp_path, reading=ReadingSettings(two_signatures=True)) as served:
        appraiser(served).draft = REAL
        yield await Reading(served).begin()


def printer(served: Served) -> InlinePrinter:
    assert isinstance(served.parts.printer, InlinePrinter)
    return served.parts.printer


def pdf_of(answer: Answer) -> PdfReader:
    assert answer.status == 200, answer.json
    return PdfReader(io.BytesIO(answer.body))


async def paper(who: Browser, url: str, language: str) -> str:
    """All words of every page, without the spaces between them, which are where lines end. Of the SVG: it is
    drawn from the same list as the PDF, and read in no time."""
    following, text = f"report.svg?language={language}", ""
    while following:
        answer = await who.get(f"{url}/{following}")
        assert answer.status == 200, answer.json
        text += html.unescape(re.sub(r"<[^>]*>", "", answer.body.decode()))
        link = re.match("<(.*)>", answer.headers.get("Link", ""))
        following = link[1] if link else ""
    return re.sub(r"\s", "", text)


def said(text: str, *sentences: str) -> list[str]:
    """Those of the sentences that are not on the paper."""
    return [one for one in sentences if re.sub(r"\s", "", one) not in text]


def name_of(answer: Answer) -> str:
    return answer.headers["Content-Disposition"]


# --- what is on the paper -------------------------------------------------------------------------------


async def test_an_ecg_nobody_signed_is_printed_as_the_machines_draft(reading: Reading) -> None:
    answer = await paper(reading.doctor, reading.url, "en")
    assert said(answer, "DRAFT", "machine draft, not signed", WANG_XIUYING.name, "XD-20261123-0001") == []
    assert said(answer, "Binjiang Community Health Station", "45 /min", "1. Ventricular rate low") == []
    assert "SIGNED" not in answer and "陈立" not in answer
    pdf = await reading.doctor.get(f"{reading.url}/report.pdf?language=en")
    assert "machine draft, not signed" in pdf_of(pdf).pages[0].extract_text()
    assert name_of(pdf) == 'attachment; filename="XD-20261123-0001-draft.pdf"'
    assert pdf.headers["Cache-Control"] == "no-store"


async def test_what_one_is_writing_is_on_nobodys_paper(reading: Reading) -> None:
    await reading.act(reading.chen, "claim")
    await reading.save(reading.chen, text="尚未签发的文字")
    for who in (reading.chen, reading.doctor):
        answer = await paper(who, reading.url, "zh")
        assert said(answer, "机器草稿，未签发") == [] and "尚未签发的文字" not in answer


async def test_a_signed_reading_is_printed_with_terms_corrections_signature_and_digest(
    reading: Reading,
) -> None:
    terms = [{"code": "AHA-145", "leads": ["V2", "V3"], "note": "2 mm"}, {"code": "AHA-22"}]
    corrections = [{"measure": "pr", "value": 210}, {"measure": "p", "value": None}]
    report = await reading.sign(reading.chen, terms=terms, corrections=corrections, text="请结合临床。")
    zh = await paper(reading.doctor, reading.url, "zh")
    wanted = ("已签发", "异常心电图：ST 段偏移（V2 V3） 2 mm；窦性心动过缓", "请结合临床。", "陈立", "210 ms")
    assert said(zh, *wanted, "更正，原 149", "P 波时限 由医师更正：无法测量", report["digest"]) == []
    assert said(zh, f"诊断机构 {HOSPITAL.name_zh}", f"采集机构 {BINJIANG.name_zh}") == []
    en = await paper(reading.doctor, reading.url, "en")
    assert said(en, "Abnormal ECG: ST deviation (V2 V3) 2 mm; Sinus bradycardia", "请结合临床。") == []
    svg = await reading.doctor.get(f"{reading.url}/report.svg?language=en")
    assert name_of(svg) == 'attachment; filename="XD-20261123-0001.svg"'


async def test_a_first_of_two_signatures_is_preliminary_and_the_second_final(twice: Reading) -> None:
    report = await twice.sign(twice.chen)
    first = await paper(twice.doctor, twice.url, "en")
    assert said(first, "PRELIMINARY", "preliminary, not signed", "陈立", "Verified by", "not signed") == []
    given = {"report_id": report["id"], "digest": report["digest"]}
    assert (await twice.act(twice.zhao, "report/cosign", given)).status == 200
    second = await paper(twice.doctor, twice.url, "en")
    assert said(second, "SIGNED", "赵敏") == [] and "PRELIMINARY" not in second


async def test_a_returned_reading_does_not_stand_and_an_addendum_does(twice: Reading) -> None:
    await twice.sign(twice.chen, text="第一次的结论")
    assert (await twice.act(twice.zhao, "report/return", {"reason": "请重读"})).status == 200
    answer = await paper(twice.doctor, twice.url, "en")
    assert said(answer, "DRAFT", "1 signed readings were returned") == []
    assert "第一次的结论" not in answer


async def test_an_addendum_is_on_the_paper_beside_what_it_adds_to(reading: Reading) -> None:
    await reading.sign(reading.chen)
    added = {
        "text": "已电话告知。",
        "terms": [{"code": "AHA-82"}],
        "corrections": [{"measure": "pr", "value": 210}],
    }
    assert (await reading.act(reading.chen, "addenda", added)).status == 200
    answer = await paper(reading.doctor, reading.url, "en")
    assert said(answer, "Addendum 1", "已电话告知。", "Prolonged PR interval") == []
    assert said(answer, "PR interval corrected by the physician to 210 ms", "PR interval 149 ms") == []


async def test_the_demo_says_on_every_page_that_no_patient_made_it(tmp_path: Path) -> None:
    async with open_doors(tmp_path, demo=True) as served:
        appraiser(served).draft = REAL
        card = await filed(await served.signed_in(ZHOU))
        answer = await (await served.signed_in(ZHOU)).get(
            f"/api/ecg-studies/{card['id']}/report.pdf?language=en"
        )
        assert all("SIMULATED, NO PATIENT" in page.extract_text() for page in pdf_of(answer).pages)


async def test_on_the_paper_one_second_is_25_mm_and_one_millivolt_10_mm(reading: Reading) -> None:
    answer = await reading.doctor.get(f"{reading.url}/report.pdf")
    page = pdf_of(answer).pages[0]
    assert [round(float(one) * 25.4 / 72) for one in page.mediabox[2:]] == [297, 210]
    steps = [line for line in strokes(page) if len(line) == 6]
    assert len(steps) == 4  # one before every row: 1 mV for 200 ms
    for step in steps:
        assert (round(float(np.ptp(step[:, 1])), 2), round(float(step[3, 0] - step[2, 0]), 2)) == (10, 5)
    rhythm = max(strokes(page), key=lambda line: float(np.ptp(line[:, 0])) if len(line) > 500 else 0.0)
    assert np.ptp(rhythm[:, 0]) == pytest.approx(250, abs=0.1)  # ten seconds of lead II, end to end


async def test_the_ecg_before_it_is_compared_with_and_named(reading: Reading) -> None:
    earlier = await filed(reading.doctor, taken_at="2026-11-01T09:00:00+08:00", confirmed=["filed_already"])
    answer = await paper(reading.doctor, reading.url, "en")
    assert said(answer, f"Compared with ECG {earlier['number']} of 2026-11-01", "Earlier 2026-11-01") == []


# --- SVG ------------------------------------------------------------------------------------------------


async def test_an_svg_is_one_page_and_names_the_next(reading: Reading) -> None:
    await reading.sign(reading.chen, text="很长的意见。\n" * 30)
    first = await reading.doctor.get(f"{reading.url}/report.svg?language=zh")
    assert first.headers["Content-Type"] == "image/svg+xml"
    assert first.body.startswith(b"<") and WANG_XIUYING.name in first.body.decode()
    assert first.headers["Link"] == '<report.svg?language=zh&page=2>; rel="next"'
    last = await reading.doctor.get(f"{reading.url}/report.svg?language=zh&page=2")
    assert "Link" not in last.headers and last.body.decode().count("很长的意见。") >= 30
    beyond = await reading.doctor.get(f"{reading.url}/report.svg?language=zh&page=3")
    assert (beyond.code, beyond.json["fields"]) == ("out_of_range", {"page": "1 to 2"})


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("page=0", "out_of_range", "page"),
        ("page=a", "bad_fields", "page"),
        ("language=de", "bad_fields", "language"),
    ],
)
async def test_what_cannot_be_printed_so_is_said(reading: Reading, query: str, code: str, field: str) -> None:
    answer = await reading.doctor.get(f"{reading.url}/report.svg?{query}")
    assert (answer.code, list(answer.json["fields"])) == (code, [field])


# --- the font -------------------------------------------------------------------------------------------


async def test_without_the_font_the_refusal_says_in_words_who_does_what_and_an_svg_is_made_all_the_same(
    reading: Reading,
) -> None:
    printer(reading.served).font = Path("/nowhere/at-all.ttc")
    before = len(await reading.served.audit())
    answer = await reading.doctor.get(f"{reading.url}/report.pdf")
    assert (answer.status, answer.code) == (503, "report_font")
    assert "fonts-wqy-microhei" in answer.json["sentence"]
    assert len(await reading.served.audit()) == before  # nothing left the house
    assert (await reading.doctor.get(f"{reading.url}/report.svg")).status == 200


async def test_a_letter_the_font_lacks_is_named_alone(reading: Reading) -> None:
    await reading.sign(reading.chen, text="龘先生的心电图")
    answer = await reading.doctor.get(f"{reading.url}/report.pdf")
    assert (answer.code, answer.json["fields"]) == ("report_letter", {"letter": "龘"})


# --- who, and what is written down ----------------------------------------------------------------------


async def test_printing_is_an_export_on_the_trail_and_the_earlier_one_a_reading(reading: Reading) -> None:
    earlier = await filed(reading.doctor, taken_at="2026-11-01T09:00:00+08:00", confirmed=["filed_already"])
    before = len(await reading.served.audit())
    await reading.doctor.get(f"{reading.url}/report.pdf")
    await reading.sign(reading.chen)
    await reading.doctor.get(f"{reading.url}/report.svg")
    trail = [one for one in (await reading.served.audit())[before:] if one.actor_id == ZHOU.id]
    told = [(one.action, one.object_id, one.resident_id, one.reason) for one in trail]
    whom = WANG_XIUYING.id
    assert told == [
        (Action.EXPORT, reading.card["id"], whom, "pdf, draft"),
        (Action.READ, earlier["id"], whom, ""),
        (Action.EXPORT, reading.card["id"], whom, "svg"),
        (Action.READ, earlier["id"], whom, ""),
    ]


@pytest.mark.parametrize("account", [SUN, HAN], ids=lambda one: one.role.value)
async def test_whoever_may_not_see_the_study_prints_nothing(reading: Reading, account: Account) -> None:
    browser = await reading.served.signed_in(account)
    for kind in ("pdf", "svg"):
        assert (await browser.get(f"{reading.url}/report.{kind}")).status in (403, 404)
    assert printer(reading.served).asked == []


async def test_who_reads_sees_no_older_one_than_the_one_before_it(reading: Reading) -> None:
    """The comparison on the paper is with the ECG that goes along with the reading, and no other."""
    await filed(reading.doctor, taken_at="2026-10-01T09:00:00+08:00", confirmed=["filed_already"])
    middle = await filed(reading.doctor, taken_at="2026-11-01T09:00:00+08:00", confirmed=["filed_already"])
    await reading.act(reading.chen, "claim")
    await reading.chen.get(f"{reading.url}/report.pdf")
    (asked,) = printer(reading.served).asked
    assert asked.earlier is not None and asked.earlier.study.id == middle["id"]


async def test_a_rejected_ecg_is_not_printed(reading: Reading) -> None:
    await reading.act(reading.chen, "claim")
    await reading.act(reading.chen, "reject", {"kind": "poor_signal"})
    assert (await reading.doctor.get(f"{reading.url}/report.pdf")).code == "ecg_state"


async def test_samples_or_a_report_that_were_changed_are_not_printed(
    reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reading.sign(reading.chen)
    (file,) = (tmp_path / "ecgs").glob("*")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert (await reading.doctor.get(f"{reading.url}/report.pdf")).code == "samples_changed"
    file.write_bytes(whole)
    monkeypatch.setattr("records.ecg_prints.is_unchanged", lambda report: False)
    assert (await reading.doctor.get(f"{reading.url}/report.pdf")).code == "samples_changed"


async def test_no_name_and_no_number_of_a_person_is_in_address_or_file_name(reading: Reading) -> None:
    def resident(ledger: Ledger) -> Any:
        return ledger.residents.get(WANG_XIUYING.id)

    person = await reading.served.clinic.records.read(resident)
    answer = await reading.doctor.get(f"{reading.url}/report.pdf")
    told = f"{reading.url} {name_of(answer)} {pdf_of(answer).metadata}"
    for secret in (person.name, person.record_number, person.identity_number, SHEN_YULAN.name, person.phone):
        assert secret not in told
