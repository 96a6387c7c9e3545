"""An earlier ECG over a later one: on the page of a kept one, on the frozen and the taken seconds of a call;
and the report as PDF, by one press."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.fakes.ecgs import FONT
from tests.journeys import story
from tests.journeys.clinic import Clinic, sign_in
from tests.journeys.test_every_page import AXE, is_clean_now, speak

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

RESIDENT = "王秀英"
LUDB = Path(__file__).resolve().parents[1] / "data" / "ecg" / "ludb"
# The upload's own form, filled in by the page: what is looked at here comes after it.
UPLOAD = """async ([path, about, files]) => {
  const form = new FormData();
  form.append("about", new Blob([JSON.stringify(about)], { type: "application/json" }));
  for (const [name, bytes] of files) form.append("file", new Blob([new Uint8Array(bytes)]), name);
  const answer = await fetch(path, { method: "POST", body: form });
  return [answer.status, await answer.json()];
}"""


class Desk(NamedTuple):
    """The station's doctor and the cardiologist, and the two ECGs of their patient."""

    doctor: Page
    chen: Page
    earlier: str
    later: str


async def hand_in(page: Page, resident_id: str, record: str, taken_at: str) -> str:
    """Keep a record of the tests with a resident; its number."""
    about = {"request_id": f"journey-{record}-{taken_at}", "taken_at": taken_at}
    files = [[f"{record}.{kind}", list((LUDB / f"{record}.{kind}").read_bytes())] for kind in ("hea", "dat")]
    path = f"/api/residents/{resident_id}/ecg-studies"
    status, answer = await page.evaluate(UPLOAD, [path, about, files])
    assert status == 200 and answer["study"], answer
    return str(answer["study"]["number"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def with_font(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Clinic]:
    """A site that has a font."""
    config = tmp_path_factory.mktemp("settings") / "site.toml"
    config.write_text(f'report_font = "{FONT}"\n')
    async with Clinic.open(tmp_path_factory.mktemp("clinic"), "--config", str(config)) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(with_font: Clinic, browser: Browser) -> AsyncIterator[Desk]:
    doctor, chen = [await sign_in(browser, with_font, role) for role in ("doctor", "specialist")]
    for page in (doctor, chen):
        await page.add_init_script(path=AXE)
        await page.reload()
        await story.press_demo_sign_in(page)
    resident_id = await story.open_resident(doctor, RESIDENT)
    earlier = await hand_in(doctor, resident_id, "101", "2026-10-01T08:30:00+08:00")
    later = await hand_in(doctor, resident_id, "1", "2026-11-20T09:52:00+08:00")
    yield Desk(doctor, chen, earlier, later)


async def in_both_languages(page: Page, name: str) -> None:
    """Clean for everybody, and a picture of it, in English and in Chinese."""
    for language in ("English", "中文"):
        await speak(page, language)
        await is_clean_now(page, f"{'en' if language == 'English' else 'zh'}-{name}")


def comparison(page: Page) -> Locator:
    return page.get_by_test_id("ecg-comparison")


async def is_named(page: Page, number: str, later: str) -> None:
    """Both sides by name, twelve leads, one scale, and that a median beat is no rhythm."""
    shown = comparison(page)
    await expect(shown.locator("[data-side=earlier]")).to_contain_text(number)
    await expect(shown.locator("[data-side=earlier]")).to_contain_text("2026-")
    await expect(shown.locator("[data-side=later]")).to_contain_text(later)
    await expect(shown).to_contain_text("中位心搏（推算），不是节律")
    await expect(shown.get_by_test_id("overlay-printed")).to_contain_text(
        "25 mm/s · 10 mm/mV · 各导联同一比例"
    )
    await expect(shown.locator("g[data-lead]")).to_have_count(12)


async def test_the_study_page_lays_the_earlier_one_over_it(desk: Desk) -> None:
    chen = desk.chen
    await chen.get_by_role("link", name=re.compile("心电图诊断")).first.click()
    await (
        chen.locator("tr[data-study]")
        .filter(has_text="2026-11-20")
        .get_by_role("button", name="领取诊断")
        .click()
    )
    await chen.wait_for_url("**/ecg-studies/*")
    await chen.get_by_role("button", name="叠加对照").click()
    await comparison(chen).wait_for()
    await is_named(chen, desk.earlier, desk.later)
    rate = comparison(chen).locator("tr[data-measure=rate]")
    await expect(rate).to_contain_text("超出测量误差")
    await comparison(chen).scroll_into_view_if_needed()
    await in_both_languages(chen, "ecg-overlay-study")


async def test_the_overlay_is_in_the_millimetres_it_says(desk: Desk) -> None:
    """The grid of one lead: 5 mm between its bold lines, at the scale that is told."""
    sheet = comparison(desk.chen).locator("svg[data-px-per-mm]")
    px_per_mm = float(await sheet.get_attribute("data-px-per-mm") or 0)
    box = await sheet.locator("g[data-lead=II] rect.ground").bounding_box()
    assert box is not None
    width_mm = float(await sheet.locator("g[data-lead=II] rect.ground").get_attribute("width") or 0)
    assert abs(box["width"] / px_per_mm - width_mm) < 0.2
    await comparison(desk.chen).get_by_label("纸速").select_option("50")
    wider = float(await sheet.locator("g[data-lead=II] rect.ground").get_attribute("width") or 0)
    assert wider >= 1.5 * width_mm


async def test_one_press_hands_out_the_report_marked_as_a_draft_while_nobody_signed(desk: Desk) -> None:
    async with desk.chen.expect_download() as waited:
        await desk.chen.get_by_role("button", name="PDF 草稿").click()
    download = await waited.value
    assert download.suggested_filename == f"{desk.later}-draft.pdf"
    content = await asyncio.to_thread(Path(await download.path()).read_bytes)
    assert content.startswith(b"%PDF-1.4")
    await desk.chen.get_by_text(f"已下载 {desk.later}-draft.pdf").wait_for()


async def test_in_the_room_the_frozen_seconds_lie_under_it(desk: Desk) -> None:
    doctor, chen = desk.doctor, desk.chen
    await chen.get_by_role("link", name="工作列表").first.click()
    await story.meet(doctor, chen, RESIDENT)
    await story.drawn_ecg(chen, 12_000)
    await chen.keyboard.press("h")
    await chen.locator(".ecg[data-still=true]").wait_for()
    await chen.locator(".ecg").get_by_role("button", name="与既往对照").click()
    await comparison(chen).wait_for()
    await is_named(chen, desk.later, "起 10 秒，未存档")
    await chen.keyboard.press("Escape")
    await expect(comparison(chen)).to_have_count(0)
    await expect(chen.locator(".ecg")).to_have_attribute("data-still", "true")
    await chen.locator(".ecg").get_by_role("button", name="与既往对照").click()
    await comparison(chen).wait_for()
    await in_both_languages(chen, "ecg-overlay-room")
    await chen.keyboard.press("Escape")  # the focus is on the language's button
    await expect(comparison(chen)).to_have_count(0)


async def test_either_side_compares_the_ten_seconds_just_taken(desk: Desk) -> None:
    doctor = desk.doctor
    await doctor.get_by_role("button", name="采集 10 秒").click()
    strip = doctor.locator("[data-stage=looked]")
    await strip.wait_for()
    await strip.get_by_role("button", name="与既往对照").click()
    await comparison(doctor).wait_for()
    await is_named(doctor, desk.later, "起 10 秒，未存档")
    await in_both_languages(doctor, "ecg-overlay-taken")
    other = (
        await doctor.get_by_label("选择既往心电图")
        .locator("option")
        .filter(has_text=desk.earlier)
        .get_attribute("value")
    )
    await doctor.get_by_label("选择既往心电图").select_option(other)
    named = comparison(doctor).locator("[data-side=earlier]")
    await expect(named).to_contain_text(desk.earlier)


async def test_nothing_went_wrong_on_any_page(desk: Desk) -> None:
    for page in (desk.doctor, desk.chen):
        assert page.faults == []  # type: ignore[attr-defined]
