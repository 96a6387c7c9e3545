"""An ECG comes in, waits, is claimed, read, signed by two physicians, and stands in the resident's record."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from ecg.annotations import Annotation, AnnotationCode
from ecg.files.door import read_any
from ecg.files.wfdb import write_wfdb
from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in
from tests.journeys.test_every_page import AXE, is_clean_now, speak

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

RESIDENT = "王秀英"
DATA = Path(__file__).resolve().parents[1] / "data" / "ecg"
HEADER, SIGNAL = DATA / "ludb" / "1.hea", DATA / "ludb" / "1.dat"
SWAPPED = [DATA / "ludb" / name for name in ("101.hea", "101.dat")]
ANEW = [DATA / "ludb" / name for name in ("74.hea", "74.dat")]
FAST = DATA / "mitdb" / "203_45s.hea"
OF_ANOTHER = DATA / "philips" / "pagewriter-touch-1.04.xml"
INDICATION = "头晕 1 周，自测心率偏慢"
TEXT = "窦性心动过缓，请结合临床。"
ADDENDUM = "与 2026-10-08 心电图比较无明显改变。"
REASON = "I 导联全部倒置，请核对左右手电极。"

INK = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) dark += data[i] < 60 && data[i + 1] < 70 && data[i + 2] < 80;
  return dark;
}"""
# Across the row above the first calibration step's foot: where its upright lines stand, in CSS pixels.
STEP = """(canvas) => {
  const scale = canvas.width / canvas.clientWidth;
  const across = Math.floor(8 * parseFloat(canvas.dataset.pxPerMm) * scale);
  const { data } = canvas.getContext("2d").getImageData(0, 0, across, canvas.height / 4);
  const isDark = (x, y) => data[4 * (y * across + x)] < 100 && data[4 * (y * across + x) + 1] < 110;
  const runs = Array.from({ length: across }, (_, x) => {
    let longest = 0;
    for (let y = 0, run = 0; y < canvas.height / 4; y++) {
      run = isDark(x, y) ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  });
  const high = Math.max(...runs);
  const edges = runs.flatMap((run, x) => (run > 0.9 * high ? [x] : []));
  return { high: high / scale, wide: (edges.at(-1) - edges[0]) / scale };
}"""


class Desk(NamedTuple):
    """Who is there: the station's doctor, and two physicians who read ECGs."""

    doctor: Page
    chen: Page
    zhao: Page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def two_signatures(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Clinic]:
    """A site that wants two signatures."""
    config = tmp_path_factory.mktemp("settings") / "site.toml"
    config.write_text("ecg_two_signatures = true\n")
    async with Clinic.open(tmp_path_factory.mktemp("clinic"), "--config", str(config)) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(two_signatures: Clinic, browser: Browser) -> AsyncIterator[Desk]:
    roles = ("doctor", "specialist", "specialist2")
    pages = [await sign_in(browser, two_signatures, role) for role in roles]
    for page in pages:
        await page.add_init_script(path=AXE)
        await page.reload()
        await story.press_demo_sign_in(page)
    yield Desk(*pages)


def row(page: Page, name: str = RESIDENT) -> Locator:
    """The line of a resident's ECG in the reading list."""
    return page.locator("tr[data-study]").filter(has_text=name)


async def to_list(page: Page) -> None:
    await page.get_by_role("link", name="心电图诊断").first.click()
    await story.goes_to(page, "/ecg-reading")


async def in_both_languages(page: Page, name: str) -> None:
    """Clean for everybody, and a picture of it, in English and in Chinese."""
    for language in ("English", "中文"):
        await speak(page, language)
        await is_clean_now(page, f"{'en' if language == 'English' else 'zh'}-{name}")


async def open_upload(doctor: Page) -> Locator:
    await doctor.get_by_role("button", name="上传心电图").click()
    dialog = doctor.get_by_role("dialog")
    await dialog.get_by_text("选择文件").wait_for()
    return dialog


async def hand_in(dialog: Locator, files: list[Path], indication: str) -> None:
    """A WFDB record with its time, for the open resident."""
    await dialog.locator("input[type=file]").set_input_files(files)
    await dialog.get_by_label("检查目的与症状").fill(indication)
    await dialog.get_by_label("采集时间").fill("2026-11-21T10:05")
    await dialog.get_by_role("button", name="上传并送诊断").click()
    await dialog.get_by_test_id("ecg-kept").wait_for()
    await dialog.get_by_role("button", name="完成").click()


async def test_an_empty_list_says_so(desk: Desk) -> None:
    await to_list(desk.chen)
    await desk.chen.get_by_test_id("no-studies").wait_for()
    await in_both_languages(desk.chen, "ecg-list-empty")


async def test_a_record_is_handed_in_and_what_is_missing_is_asked_for(desk: Desk) -> None:
    doctor = desk.doctor
    await story.open_resident(doctor, RESIDENT)
    dialog = await open_upload(doctor)
    files = dialog.locator("input[type=file]")
    await files.set_input_files(HEADER)
    await dialog.get_by_text("只有 .hea 头文件").wait_for()
    await files.set_input_files(SIGNAL)
    await dialog.get_by_text("已选 2 个文件").wait_for()
    await dialog.get_by_role("radio", name=re.compile("^紧急")).check()
    await dialog.get_by_label("检查目的与症状").fill(INDICATION)
    await dialog.get_by_role("button", name="上传并送诊断").click()
    await dialog.get_by_text("文件没有注明采集时间").wait_for()
    await keep_screenshot(doctor, "zh-ecg-upload")
    await dialog.get_by_label("采集时间").fill("2026-11-20T09:52")
    await dialog.get_by_role("button", name="上传并送诊断").click()
    await dialog.get_by_test_id("ecg-kept").wait_for()
    await keep_screenshot(doctor, "zh-ecg-upload-kept")
    await dialog.get_by_role("button", name="完成").click()
    await doctor.locator("article").filter(has_text="待诊断").wait_for()


async def test_a_file_of_another_patient_is_kept_only_item_by_item(desk: Desk) -> None:
    doctor = desk.doctor
    dialog = await open_upload(doctor)
    await dialog.locator("input[type=file]").set_input_files(OF_ANOTHER)
    await dialog.get_by_role("button", name="上传并送诊断").click()
    differences = dialog.get_by_test_id("ecg-differences")
    await differences.get_by_text("ZZDEMOPTONLY ADULT").wait_for()
    await is_clean_now(doctor, "zh-ecg-upload-differs")
    confirm = differences.get_by_role("button", name="确认无误")
    assert await confirm.get_attribute("aria-disabled") == "true"
    await differences.get_by_role("button", name="不是该居民的").click()
    await dialog.wait_for(state="detached")
    record = await story.api(doctor, f"/api/residents/{doctor.url.rsplit('/', 1)[1]}")
    assert len(record["ecg_studies"]) == 1


async def test_it_stands_in_both_physicians_lists_at_once_and_is_counted(desk: Desk) -> None:
    for page in (desk.chen, desk.zhao):
        await page.get_by_role("link", name=re.compile("心电图诊断.*待诊断 1 份")).wait_for()
    await row(desk.chen).get_by_text(INDICATION).wait_for()  # it was open: nobody reloaded it
    await in_both_languages(desk.chen, "ecg-list")


async def test_the_one_who_claims_it_has_it_alone(desk: Desk) -> None:
    await to_list(desk.zhao)
    await row(desk.zhao).get_by_role("button", name="领取诊断").wait_for()
    await row(desk.chen).get_by_role("button", name="领取诊断").click()
    await desk.chen.wait_for_url("**/ecg-studies/*")
    await desk.chen.get_by_test_id("claim").get_by_text("领取剩余").wait_for()
    await desk.zhao.get_by_text("另有 1 份正由其他医师诊断").wait_for()
    await expect(row(desk.zhao)).to_have_count(0)
    await desk.zhao.goto(desk.chen.url.replace("specialist.", "specialist2."))
    await desk.zhao.get_by_text("没有找到，或不在您可查看的范围内").wait_for()


async def test_the_sheet_is_the_file_in_its_own_millimetres(desk: Desk) -> None:
    canvas = desk.chen.locator("canvas[data-drawn=true]").first
    await canvas.wait_for()
    assert await canvas.evaluate(INK) > 2000
    paper, frame = await canvas.bounding_box(), await desk.chen.locator(".sheet").first.bounding_box()
    assert paper and frame and frame["height"] > paper["height"], (
        "the whole sheet is to be seen, at any height"
    )
    px_per_mm = float(await canvas.get_attribute("data-px-per-mm") or 0)
    step = await canvas.evaluate(STEP)
    assert abs(step["high"] / px_per_mm - 10) < 0.5, "1 mV is 10 mm"
    assert abs(step["wide"] / px_per_mm - 5) < 0.5, "200 ms are 5 mm"
    printed = await desk.chen.get_by_test_id("sheet-printed").first.inner_text()
    assert [one for one in ("25 mm/s", "10 mm/mV", "0.05–150 Hz", "未按比例") if one not in printed] == []
    await desk.chen.get_by_text("本页无缺失").wait_for()
    await desk.chen.get_by_text("机器草稿，未签署").wait_for()
    for layout, name in (("standard 12x1", "12x1"), ("standard 3x4+1", "3x4")):
        await desk.chen.get_by_label("布局").select_option(layout)
        await keep_screenshot(desk.chen, f"zh-ecg-study-{name}")


async def test_it_is_written_saved_by_itself_and_signed_after_a_last_look(desk: Desk) -> None:
    chen = desk.chen
    await chen.get_by_role("radio", name="异常心电图", exact=True).check()
    search = chen.get_by_role("combobox", name=re.compile("查找术语"))
    await search.fill("窦缓")
    await chen.get_by_role("option", name=re.compile("^窦性心动过缓")).wait_for()
    await search.press("Enter")
    await chen.get_by_label("诊断描述").fill(TEXT)
    await chen.get_by_label("PR 间期，修正值").fill("216")
    await chen.get_by_text("草稿已保存").wait_for()
    await in_both_languages(chen, "ecg-study-editor")
    await chen.keyboard.press("Control+Enter")  # shows it once more, and signs nothing yet
    review = await chen.get_by_test_id("signing-review").inner_text()
    reads = (RESIDENT, "女", "67 岁", INDICATION, "异常心电图", "窦性心动过缓", TEXT, "医师 216 ms")
    assert [text for text in reads if text not in review] == []
    await chen.get_by_role("dialog").get_by_text("还须另一位医师审核").wait_for()
    await keep_screenshot(chen, "zh-ecg-signing")
    assert (await story.api(chen, "/api/ecg-reading"))["studies"][0]["state"] == "reading"
    await chen.keyboard.press("Control+Enter")
    await chen.get_by_text("待审核签字，尚未生效").wait_for()
    await chen.get_by_text("报告由您签发，须由另一位医师审核").wait_for()
    await expect(chen.get_by_role("button", name="审核签字", exact=True)).to_have_count(0)


async def test_another_physician_signs_the_same_content(desk: Desk) -> None:
    zhao = desk.zhao
    await to_list(zhao)
    await row(zhao).get_by_text("已签，待审核").wait_for()
    await row(zhao).get_by_role("link", name="审核").click()
    await zhao.get_by_role("button", name="审核签字", exact=True).click()
    dialog = zhao.get_by_role("dialog")
    review = await dialog.get_by_test_id("signing-review").inner_text()
    assert [text for text in (RESIDENT, "异常心电图", TEXT, "医师 216 ms") if text not in review] == []
    await keep_screenshot(zhao, "zh-ecg-second-signature")
    await dialog.get_by_role("button", name="审核签字", exact=True).click()
    for page in (zhao, desk.chen):  # the first who signed sees it without a click
        report = page.locator("article[data-report=reading]")
        await report.get_by_text("审核医师").wait_for()
        assert [name for name in ("陈", "赵") if name not in await report.inner_text()] == []
    await in_both_languages(zhao, "ecg-study-signed")


async def test_what_is_signed_is_added_to_and_never_written_over(desk: Desk) -> None:
    chen = desk.chen
    before = await chen.locator("article[data-report=reading]").inner_text()
    await expect(chen.get_by_label("诊断描述")).to_have_count(0)
    await chen.get_by_role("button", name="书写补充报告").click()
    dialog = chen.get_by_role("dialog")
    await dialog.get_by_role("button", name="签发补充报告").click()
    await dialog.get_by_text("请填写内容").wait_for()
    await dialog.get_by_label("诊断描述").fill(ADDENDUM)
    await dialog.get_by_role("button", name="签发补充报告").click()
    await chen.locator("article[data-report=addendum]").get_by_text(ADDENDUM).wait_for()
    assert await chen.locator("article[data-report=reading]").inner_text() == before


async def test_the_report_stands_in_the_residents_record(desk: Desk) -> None:
    entry = desk.doctor.locator("article").filter(has_text=INDICATION)
    for text in ("已签发", "异常心电图", TEXT, ADDENDUM):  # it was open: nobody reloaded it
        await entry.get_by_text(text).first.wait_for()
    await expect(entry.get_by_text("待诊断")).to_have_count(0)
    await in_both_languages(desk.doctor, "ecg-in-the-record")


async def test_what_cannot_be_read_goes_back_with_its_reason_and_comes_anew(desk: Desk) -> None:
    doctor, zhao = desk.doctor, desk.zhao
    await hand_in(await open_upload(doctor), SWAPPED, "复查")
    await to_list(zhao)
    await row(zhao).get_by_role("button", name="领取诊断").click()
    await zhao.get_by_role("button", name="要求重新采集…").click()
    dialog = zhao.get_by_role("dialog")
    await dialog.get_by_role("button", name="要求重新采集", exact=True).click()
    await dialog.get_by_text("请选择原因").wait_for()
    await dialog.get_by_role("radio", name="电极接反或位置错误").check()
    await dialog.get_by_label("说明").fill(REASON)
    await keep_screenshot(zhao, "zh-ecg-reject")
    await dialog.get_by_role("button", name="要求重新采集", exact=True).click()
    await zhao.get_by_text("于").filter(has_text="要求重新采集").first.wait_for()
    entry = doctor.locator("article").filter(has_text=REASON)
    await entry.get_by_text("需重新采集").first.wait_for()
    await keep_screenshot(doctor, "zh-ecg-rejected-in-the-record")
    await entry.get_by_role("button", name="上传重新采集的心电图").click()
    await hand_in(doctor.get_by_role("dialog"), ANEW, "复查")
    await to_list(zhao)
    await row(zhao).get_by_text("重采", exact=True).wait_for()


def paced(directory: Path) -> list[Path]:
    """A tracing with a possible critical value, with two pacing pulses marked in its annotations."""
    marks = tuple(Annotation(at, AnnotationCode.PACING_SPIKE) for at in (600, 1500))
    files = write_wfdb(replace(read_any(FAST), annotations=marks), "paced")
    for name, data in files.items():
        (directory / name).write_bytes(data)
    return [directory / name for name in files]


async def test_a_possible_critical_value_goes_back_only_with_the_physicians_word(
    desk: Desk, tmp_path: Path
) -> None:
    doctor, zhao = desk.doctor, desk.zhao
    await hand_in(await open_upload(doctor), paced(tmp_path), "心悸")
    await to_list(zhao)
    await row(zhao).filter(has_text="疑似危急值").get_by_role("button", name="领取诊断").click()
    await zhao.get_by_test_id("sheet-paced").get_by_text("起搏脉冲标记 2 处").wait_for()
    await keep_screenshot(zhao, "zh-ecg-study-paced")
    await zhao.get_by_role("button", name="要求重新采集…").click()
    dialog = zhao.get_by_role("dialog")
    await dialog.get_by_role("radio", name="导联不全").check()
    await dialog.get_by_role("button", name="要求重新采集", exact=True).click()
    await dialog.get_by_text("请先判断是否危急值").wait_for()
    study_id = zhao.url.rsplit("/", 1)[1]
    assert (await story.api(zhao, f"/api/ecg-studies/{study_id}"))["study"]["state"] == "reading"
    await dialog.get_by_role("radio", name="是，危急值").check()
    await dialog.get_by_text("请立即电话通知采集机构").wait_for()
    await is_clean_now(zhao, "zh-ecg-reject-critical")
    await dialog.get_by_role("button", name="要求重新采集", exact=True).click()
    await zhao.get_by_text("医师判断：危急值").wait_for()
    entry = doctor.locator("article").filter(has_text="导联不全")  # it was open: nobody reloaded it
    await entry.get_by_text("医师判断：危急值").wait_for()
    await keep_screenshot(doctor, "zh-ecg-rejected-critical-in-the-record")


async def test_ten_seconds_are_judged_first_then_kept_and_measured(desk: Desk) -> None:
    page, other = desk.chen, desk.doctor
    await page.get_by_role("link", name=re.compile("^会诊工作列表")).first.click()
    consult_id = await story.meet(other, page, RESIDENT)
    await story.drawn_ecg(page, 1000)
    await page.locator(".ecg").get_by_role("button", name="采集 10 秒").click()
    strip = page.get_by_role("region", name="10 秒心电图")
    await strip.get_by_text("正在采集").wait_for()
    told = other.get_by_test_id("ecg-other-takes")  # the patient is on this side
    await told.get_by_text("陈立 正在采集 10 秒心电图").wait_for()
    await told.get_by_text("请患者平卧勿动").wait_for()
    await keep_screenshot(other, "zh-ecg-ten-seconds-of-the-other")
    await keep_screenshot(page, "zh-ecg-ten-seconds-collecting")
    await strip.get_by_role("button", name="不保存").wait_for()
    await strip.get_by_text("无缺失").wait_for()
    await strip.get_by_text("质量").first.wait_for()
    await keep_screenshot(page, "zh-ecg-ten-seconds-judged")
    kept_under = f"/api/consults/{consult_id}/ecg-studies"
    kept = await story.api(page, kept_under)
    assert kept["studies"] == [], "nothing is kept before somebody wants it"
    await strip.get_by_role("button", name=re.compile("保存并送诊断")).click()
    await strip.get_by_text("已保存并进入待诊断列表").wait_for()
    for side in (page, other):
        await side.get_by_role("list", name="本次会诊的心电图").get_by_role("link").wait_for()
    await keep_screenshot(other, "zh-ecg-ten-seconds-kept")
    (study,) = (await story.api(page, kept_under))["studies"]
    assert (study["state"], study["missing_samples"], study["duration_s"]) == ("waiting", 0, 10)
    measured = (await story.api(page, f"/api/ecg-studies/{study['id']}"))["draft"]["values"]
    assert {"rate", "qrs", "qt"} <= {one["measure"] for one in measured if one.get("value") is not None}


async def test_an_electrode_that_was_off_is_named_on_the_kept_tracing(desk: Desk) -> None:
    page, other = desk.chen, desk.doctor
    await other.get_by_role("button", name="V2 电极脱落").click()
    await other.get_by_text("▲▲ V2 电极脱落").first.wait_for()
    await page.locator(".ecg").get_by_role("button", name="采集 10 秒").click()
    await page.get_by_role("region", name="10 秒心电图").get_by_text("正在采集").wait_for()
    end = "window.__room.ecgStatus().end"
    before = await story.room(page, end)

    async def four_seconds_on() -> bool:
        return bool(await story.room(page, end) > before + 2000)

    await story.until(four_seconds_on, "a part of the ten seconds is collected")
    await other.get_by_role("button", name="V2 电极接好").click()
    await page.get_by_role("button", name=re.compile("保存并送诊断")).click()
    links = page.get_by_role("list", name="本次会诊的心电图").get_by_role("link")
    await links.nth(1).wait_for()
    consult_id = page.url.rsplit("/", 2)[1]
    study = (await story.api(page, f"/api/consults/{consult_id}/ecg-studies"))["studies"][-1]
    (span,) = (await story.api(page, f"/api/ecg-studies/{study['id']}"))["details"]["device_states"]
    assert (span["first"], span["electrodes_off"], span["unusable"]) == (0, ["V2"], ["V2"])
    assert 500 < span["count"] < 5000
    await to_list(desk.zhao)
    await desk.zhao.goto(f"{desk.zhao.url.rsplit('/', 1)[0]}/ecg-studies/{study['id']}")
    await desk.zhao.get_by_test_id("sheet-said").get_by_text("V2 电极脱落，第 0.0–").wait_for()
    await desk.zhao.get_by_label("布局").select_option("standard 12x1")
    await in_both_languages(desk.zhao, "ecg-study-electrode-off")


async def test_nothing_went_wrong_on_any_page(desk: Desk) -> None:
    for page in desk:
        assert page.faults == []  # type: ignore[attr-defined]
