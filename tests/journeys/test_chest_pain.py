"""A patient with chest pain: the clock both sides see, and where the electrode sits that is off."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot
from tests.journeys.story import Call, pictures

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]


ON_A_TRACE = """() => {
  const paper = document.querySelector('.ecg .paper').getBoundingClientRect();
  const column = document.querySelector('#signal-care').getBoundingClientRect();
  return column.left < paper.right - 1 && column.right > paper.left + 1
    && column.top < paper.bottom - 1 && column.bottom > paper.top + 1;
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clinic(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Clinic]:
    """The demo with an ECG whose electrode V4 shows nothing."""
    directory = tmp_path_factory.mktemp("clinic")
    async with Clinic.open(directory, "--ecg", "simulator:noise=flat-electrode,flat=V4") as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = await story.both_sign_in(browser, clinic)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    await story.drawn_ecg(specialist, 1000)
    yield Call(consult_id, doctor, specialist)


def care(page: Page) -> Locator:
    return page.locator("#signal-care")


# --- electrodes -----------------------------------------------------------------------------------------


async def test_what_is_wrong_with_the_signal_is_said_on_both_sides_with_what_to_do(call: Call) -> None:
    for page in (call.doctor, call.specialist):
        await expect(page.locator(".ecg .bar .badge.note", has_text="直线：V4")).to_be_visible()
        await expect(care(page)).to_have_count(0)
    await call.doctor.keyboard.press("e")
    await expect(care(call.doctor)).to_contain_text("检查该导联的电极和导联线")
    await expect(care(call.doctor)).to_contain_text("第 5 肋间，左锁骨中线")
    await keep_screenshot(call.doctor, "zh-signal-care-doctor")
    await call.doctor.keyboard.press("e")
    await expect(care(call.doctor)).to_have_count(0)


async def test_an_electrode_that_comes_off_is_shown_on_the_body_on_both_sides_and_never_on_a_trace(
    call: Call,
) -> None:
    await call.doctor.get_by_role("button", name="V2 电极脱落").click()
    for page in (call.doctor, call.specialist):
        await expect(care(page)).to_contain_text("第 4 肋间，胸骨左缘")
        await expect(
            page.get_by_role("status").filter(has_text="V2 电极脱落：第 4 肋间，胸骨左缘")
        ).to_have_count(1)
        assert not await page.evaluate(ON_A_TRACE)
    await pictures(call, "electrode-off")
    await call.doctor.set_viewport_size({"width": 1366, "height": 768})
    await expect(care(call.doctor)).to_contain_text("下面还有")  # beside a low paper
    await care(call.doctor).evaluate("column => column.scrollTo(0, column.scrollHeight)")
    await expect(care(call.doctor)).not_to_contain_text("下面还有")
    await call.doctor.set_viewport_size({"width": 1600, "height": 900})


PLACED = "V2 电极脱落：第 4 肋间，胸骨左缘"


async def paper_width(page: Page) -> float:
    box = await page.locator(".ecg .paper").bounding_box()
    assert box is not None
    return box["width"]


async def test_beside_a_frozen_page_the_map_stays_and_is_folded_by_the_key(call: Call) -> None:
    page = call.specialist
    width = await paper_width(page)
    await page.keyboard.press("h")
    await expect(page.locator(".ecg .badge.frozen")).to_be_visible()
    await expect(care(page)).to_contain_text("心电画面停在先前")
    await expect(care(page)).to_contain_text("第 4 肋间，胸骨左缘")
    assert await paper_width(page) == width, "the page did not move"
    await keep_screenshot(page, "zh-electrode-off-frozen")
    await page.keyboard.press("e")
    await expect(care(page)).to_have_count(0)
    await expect(page.locator(".ecg .bar .badge.off", has_text=PLACED)).to_be_visible()
    await page.keyboard.press("e")
    await expect(care(page)).to_have_count(1)
    await page.keyboard.press("h")
    await expect(page.locator(".ecg .badge.frozen")).to_have_count(0)
    await expect(care(page)).to_have_count(1)


async def test_the_map_is_folded_by_a_key_and_stays_so_while_the_electrode_is_off(call: Call) -> None:
    await call.specialist.keyboard.press("e")
    await expect(care(call.specialist)).to_have_count(0)
    before = await story.room(call.specialist, "window.__room.ecgStatus().end")

    async def two_seconds_on() -> bool:
        return bool(await story.room(call.specialist, "window.__room.ecgStatus().end") > before + 1000)

    await story.until(two_seconds_on, "the ECG goes on")
    await expect(care(call.specialist)).to_have_count(0)
    await expect(care(call.doctor)).to_have_count(1)


async def test_once_it_is_on_again_the_map_is_gone_and_that_is_said(call: Call) -> None:
    await call.doctor.get_by_role("button", name="V2 电极接好").click()
    for page in (call.doctor, call.specialist):
        await expect(page.get_by_text("▲▲ V2 电极脱落")).to_have_count(0)
        await expect(care(page)).to_have_count(0)
        await expect(page.get_by_role("status").filter(has_text="电极已全部接好")).to_have_count(1)


async def test_one_that_comes_off_while_a_page_is_frozen_is_named_with_its_place_and_moves_nothing(
    call: Call,
) -> None:
    page = call.specialist
    await page.keyboard.press("h")
    await expect(page.locator(".ecg .badge.frozen")).to_be_visible()
    width = await paper_width(page)
    await call.doctor.get_by_role("button", name="V2 电极脱落").click()
    await expect(page.locator(".ecg .bar .badge.off", has_text=PLACED)).to_be_visible()
    await expect(care(page)).to_have_count(0)
    assert await paper_width(page) == width, "the page did not move"
    await page.keyboard.press("e")
    await expect(care(page)).to_contain_text("第 4 肋间，胸骨左缘")
    assert not await page.evaluate(ON_A_TRACE)
    await call.doctor.get_by_role("button", name="V2 电极接好").click()
    await page.keyboard.press("h")
    await expect(care(page)).to_have_count(0)


# --- the chest-pain clock -------------------------------------------------------------------------------


def strip(page: Page) -> Locator:
    return page.get_by_test_id("chest-pain")


async def enter(page: Page, moment: str, minutes_ago: int, reason: str = "") -> None:
    """In the open dialog: the time of a moment, so many minutes ago."""
    row = page.locator(f"li[data-moment={moment}]")
    await row.get_by_role("button", name=re.compile("填写时刻|更正")).click()
    at = await page.evaluate(
        """(ago) => {
          const at = new Date(Date.now() - ago * 60_000);
          return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
        }""",
        minutes_ago,
    )
    await row.get_by_label("时刻").fill(at)
    if reason:
        await row.get_by_label("更正原因").fill(reason)
    await row.get_by_role("button", name="保存").click()
    await expect(row.locator("form")).to_have_count(0)


async def test_either_side_starts_the_clock_and_both_see_it_run(call: Call) -> None:
    for page in (call.doctor, call.specialist):
        await expect(strip(page)).to_have_count(0)
    await call.doctor.get_by_role("button", name="胸痛计时").click()
    await enter(call.doctor, "onset", 180)
    await enter(call.doctor, "first_contact", 14)
    await keep_screenshot(call.doctor, "zh-chest-pain-dialog")
    await call.doctor.keyboard.press("Escape")
    for page in (call.doctor, call.specialist):
        await expect(strip(page)).to_contain_text(re.compile(r"发作 .*已 3:0\d:\d\d"))
        await expect(strip(page)).to_contain_text(re.compile(r"首份心电：待采集\s*! ?1[45]:\d\d"))
        await expect(strip(page)).to_contain_text(re.compile(r"目标 ≤ 10 分钟\s*· 超时 0[45]:\d\d"))
    await pictures(call, "chest-pain")


async def test_a_correction_by_the_other_side_asks_why_and_keeps_what_stood_before(call: Call) -> None:
    await call.specialist.keyboard.press("t")
    await enter(call.specialist, "first_contact", 5, reason="看表，站里时钟快")
    log = call.specialist.get_by_role("dialog").locator("details")
    await log.locator("summary").click()
    await expect(log.locator("li")).to_have_count(3)
    await expect(log).to_contain_text("原因：看表，站里时钟快")
    await keep_screenshot(call.specialist, "zh-chest-pain-corrected")
    await call.specialist.keyboard.press("Escape")
    for page in (call.doctor, call.specialist):
        await expect(strip(page)).to_contain_text(re.compile(r"首份心电：待采集\s*0[567]:\d\d"))


async def test_it_survives_a_reload_and_a_kept_ecg_stops_it(call: Call) -> None:
    await call.specialist.reload()
    await story.connected(call.specialist)
    await expect(strip(call.specialist)).to_contain_text("待采集")
    await call.doctor.get_by_role("button", name="采集 10 秒").click()
    await call.doctor.get_by_role("button", name=re.compile("保存并送诊断$")).click()
    for page in (call.doctor, call.specialist):
        await expect(strip(page)).to_contain_text("✓ 达标")
        await expect(strip(page)).to_contain_text("判读：待判读")
    await call.specialist.get_by_role("button", name="记为已判读").click()
    for page in (call.doctor, call.specialist):
        await expect(strip(page).get_by_text("✓ 达标")).to_have_count(2)


async def test_it_is_kept_with_the_consult_and_in_the_residents_record(call: Call) -> None:
    await story.end_consult(call.doctor)
    await call.doctor.get_by_role("button", name="会诊详情").click()
    kept = call.doctor.get_by_role("region", name="胸痛计时")
    await expect(kept).to_contain_text("来自存档心电图")
    await expect(kept).to_contain_text("填写记录 4")
    await keep_screenshot(call.doctor, "zh-chest-pain-consult")
    await call.doctor.get_by_role("link", name="打开居民档案").click()
    await expect(call.doctor.locator("article", has_text="胸痛计时").first).to_contain_text("症状发作")
    await keep_screenshot(call.doctor, "zh-chest-pain-record")


async def test_the_opinion_is_signed_with_the_clock_as_it_stands(call: Call) -> None:
    await call.specialist.goto(
        call.specialist.url.split("/consults/")[0] + f"/consults/{call.consult_id}/opinion"
    )
    await story.write_opinion(call.specialist, findings="窦性心律", impression="请转诊", advice="立即转诊")
    await story.sign(call.specialist, reads=("首次医疗接触", "随意见一并签名"))
    await call.specialist.get_by_role("link", name="阅读意见").click()
    signed = call.specialist.get_by_test_id("signed-chest-pain")
    await expect(signed).to_contain_text("心电图判读")
    await expect(signed).not_to_contain_text("签名后计时有填写或更正")
    await keep_screenshot(call.specialist, "zh-chest-pain-signed")
