"""What the room says of itself is true: keys, language, what stands still, what is out of reach."""

import os
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot
from tests.journeys.story import Call

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

LIVE = "实时 LIVE"
BESIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => [...document.querySelectorAll("button, footer.status")]
  .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.className} ${one.textContent.trim()}: ${one.scrollWidth} of ${one.clientWidth}`)"""
# What lies on, or out of, what: the small live picture, its badge, what is written beside it, the ECG's bar.
COVERED = """async () => {
  const laidOut = () => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));
  await laidOut();
  const named = (selector) => (one) => [selector, one.getBoundingClientRect()];
  const boxes = (selector) => [...document.querySelectorAll(selector)].map(named(selector));
  const faults = [];
  const within = ([what, a], [around, b]) => {
    const across = a.left >= b.left - 1 && a.right <= b.right + 1;
    if (!across || a.top < b.top - 1 || a.bottom > b.bottom + 1) faults.push(`${what} leaves ${around}`);
  };
  const apart = ([what, a], [from, b]) => {
    const beside = a.right <= b.left + 1 || b.right <= a.left + 1;
    if (!beside && a.bottom > b.top + 1 && b.bottom > a.top + 1) faults.push(`${what} lies on ${from}`);
  };
  const [scan] = boxes(".scan:not(.small)");
  const written = [...boxes(".scan:not(.small) .cap"), ...boxes(".scan:not(.small) .figures")];
  written.forEach((one) => within(one, scan));
  for (const inset of boxes(".inset")) {
    within(inset, scan);
    boxes(".inset .badge").forEach((badge) => within(badge, inset));
    written.forEach((one) => apart(inset, one));
  }
  boxes(".lookback").forEach((one) => apart(one, scan));
  const [[, bar]] = boxes(".ecg .bar");
  for (const part of [0.02, 0.25, 0.5, 0.75, 0.98]) {
    const top = document.elementFromPoint(bar.left + part * bar.width, bar.top + bar.height / 2);
    if (!top?.closest(".ecg .bar")) faults.push(`${top?.className} lies on the ECG's bar`);
  }
  return faults;
}"""
PICTURE_PX = "document.querySelector('.scan:not(.small)').clientHeight"
SIZES = ((1366, 768), (1600, 900), (1920, 1080))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = await story.both_sign_in(browser, clinic)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    for page in (doctor, specialist):
        await story.sees(page, "ultrasound", 10)
    yield Call(consult_id, doctor, specialist)


async def test_the_keys_work_while_a_chinese_input_method_is_on(call: Call) -> None:
    page = call.specialist
    await press_under_input_method(page, "KeyF")
    await page.get_by_text("已冻结").wait_for()
    await press_under_input_method(page, "KeyF")
    await page.get_by_text("已冻结").wait_for(state="detached")
    await press_under_input_method(page, "KeyM")
    await page.get_by_role("button", name="麦克风 关").wait_for()
    await press_under_input_method(page, "KeyM")
    await page.get_by_role("button", name="麦克风 开").wait_for()


async def test_the_language_is_switched_in_the_room_and_nothing_is_cut_off_at_any_size(call: Call) -> None:
    for language, code, word in (("English", "en", "Freeze"), ("中文", "zh", "冻结")):
        for page, who in ((call.doctor, "doctor"), (call.specialist, "specialist")):
            await page.get_by_role("button", name=language, exact=True).click()
            # Where the tools stand close, a button goes without its key.
            await page.get_by_role("button", name=re.compile(f"^{word}( F)?$")).wait_for()
            for width, height in SIZES:
                await page.set_viewport_size({"width": width, "height": height})
                await keep_screenshot(page, f"{code}-room-{who}-{width}")
                await whole(page, f"{who} {language} {width}")
    for page in (call.doctor, call.specialist):
        await page.set_viewport_size({"width": 1366, "height": 768})
        await story.sees(page, "ultrasound", 5)


@pytest.mark.parametrize("leads", ["3x4+1", "12x1"])
async def test_nothing_covers_the_small_live_picture_or_the_ecgs_bar_at_any_size(
    call: Call, leads: str
) -> None:
    for page, who in ((call.doctor, "doctor"), (call.specialist, "specialist")):
        await (
            page.locator(".ecg")
            .get_by_label(re.compile("^(布局|Layout)$"))
            .select_option(f"standard {leads}")
        )
        for code, language in (("en", "English"), ("zh", "中文")):
            await page.get_by_role("button", name=language, exact=True).click()
            for width, height in SIZES:
                where = f"{who} {leads} {code} {width}"
                await page.set_viewport_size({"width": width, "height": height})
                await uncovered(page, where)
                moving_px = await page.evaluate(PICTURE_PX)
                await page.keyboard.press("f")
                await page.locator(".inset .badge").wait_for()
                await uncovered(page, f"{where} frozen")
                await whole(page, f"{where} frozen")
                still_px = await page.evaluate(PICTURE_PX)
                assert still_px >= moving_px - 64, f"{where}: freezing took {moving_px - still_px} px"
                await keep_screenshot(page, f"{code}-room-{who}-{leads.replace('+', '-')}-frozen-{width}")
                await page.keyboard.press("f")
                await page.locator(".inset").wait_for(state="detached")
                await story.until(the_room_is_live(call), "both sides are live")
        await page.locator(".ecg").get_by_label(re.compile("^(布局|Layout)$")).select_option("standard 3x4+1")


def the_room_is_live(call: Call) -> Callable[[], Awaitable[bool]]:
    """Before the picture is frozen again: a page goes live by itself, and the other by the room's word."""

    async def look() -> bool:
        return not any([(await story.scan(page))["frozen"] for page in (call.doctor, call.specialist)])

    return look


async def whole(page: Page, where: str) -> None:
    """Nothing is cut off and nothing wider than the screen, once the page is laid out."""

    async def look() -> bool:
        return bool(await page.evaluate(BESIDE) <= 0 and await page.evaluate(CUT_OFF) == [])

    await story.until(look, f"{where}: nothing cut off or wider than the screen")


async def uncovered(page: Page, where: str) -> None:
    """Nothing covers what must be seen, once the page is laid out."""

    async def look() -> bool:
        return bool(await page.evaluate(COVERED) == [])

    await story.until(look, f"{where}: nothing covered")


async def test_a_face_goes_to_the_stage_and_is_seen_there(call: Call) -> None:
    tile = call.doctor.locator("figure.tile").first
    await tile.hover()
    await tile.get_by_role("button", name="放到主画面").click()
    await story.picture(call.doctor.locator("section[aria-label=超声] figure video"))
    await call.doctor.get_by_role("button", name="把“超声”放到主画面").click()
    await story.picture(call.doctor.locator("figure video").first)
    await story.sees(call.doctor, "ultrasound", 5)


async def test_whose_picture_it_is_stands_on_it_also_where_it_fills_the_screen(call: Call) -> None:
    for name in ("“12 导联心电”全屏", "全屏"):
        await call.specialist.get_by_role("button", name=name, exact=True).click()
        banner = call.specialist.locator(":fullscreen > [role=group][aria-label=患者信息]")
        await expect(banner).to_contain_text("王秀英")
        await expect(banner).to_contain_text("青霉素")
        await call.specialist.evaluate("document.exitFullscreen()")
        await banner.wait_for(state="detached")


async def test_a_station_that_hangs_leaves_no_picture_that_is_called_live(clinic: Clinic, call: Call) -> None:
    pages = (call.doctor, call.specialist)
    os.kill(clinic.pids["station"], signal.SIGSTOP)
    try:
        for page in pages:
            await page.get_by_text("画面停住").first.wait_for()
            await expect(page.get_by_text(LIVE, exact=True)).to_have_count(0)
            await page.get_by_text("心电中断").first.wait_for()
        # Also once the server has taken the silent stream away.
        await story.until(
            lambda: story.room(call.specialist, "window.__room.delay().fps === null"), "no stream"
        )
        for page in pages:
            await expect(page.get_by_text(LIVE, exact=True)).to_have_count(0)
        await keep_screenshot(call.specialist, "zh-room-station-hangs")
    finally:
        os.kill(clinic.pids["station"], signal.SIGCONT)
    for page in pages:
        await story.sees(page, "ultrasound")
        await page.get_by_text(LIVE, exact=True).first.wait_for()


async def test_without_the_server_the_emergency_key_still_tells_what_to_read_out(
    clinic: Clinic, call: Call
) -> None:
    doctor = call.doctor
    os.kill(clinic.pids["server"], signal.SIGSTOP)
    try:
        await doctor.get_by_text("与服务器失去联系").wait_for()
        # Pictures still come from the media worker: nothing may say that they stopped.
        await story.sees(doctor, "ultrasound", 5)
        await expect(doctor.get_by_text("画面停在")).to_have_count(0)
        await doctor.keyboard.press("F2")
        panel = doctor.get_by_role("dialog", name="急救")
        for told in (
            "120",
            "滨江区江边路 18 号",
            "王秀英",
            "青霉素",
            story.QUESTION,
            "脉搏",
            "0571-0000 0120",
        ):
            await expect(panel).to_contain_text(told)
        await keep_screenshot(doctor, "zh-room-emergency-offline")
        await doctor.keyboard.press("Escape")
    finally:
        os.kill(clinic.pids["server"], signal.SIGCONT)
    await doctor.get_by_text("与服务器失去联系").wait_for(state="detached")


async def test_the_line_of_another_that_is_cut_is_told_on_that_face_in_words(call: Call) -> None:
    doctor, specialist = call.doctor, call.specialist
    face = specialist.locator("figure", has_text="周敏")
    await expect(face.get_by_text("画面停在")).to_have_count(0)
    await doctor.get_by_role("button", name="本机线路…").click()
    await doctor.get_by_role("dialog").get_by_role("button", name="断线 10 秒").click()
    await face.get_by_text("画面停在").wait_for()
    assert await story.room(specialist, "window.__room.call().state") == "connected"
    await doctor.get_by_text("正在重连").first.wait_for()
    await keep_screenshot(specialist, "zh-room-the-others-line-is-cut")
    await expect(doctor.get_by_text("画面已全部恢复")).to_have_count(0)
    await story.connected(doctor)
    await face.get_by_text("画面停在").wait_for(state="detached")
    await story.sees(specialist, "face", 5)
    await expect(doctor.get_by_text("画面已全部恢复")).to_have_count(0)
    await expect(specialist.get_by_text("画面已全部恢复")).to_have_count(0)


async def test_one_key_signs_and_goes_on(call: Call) -> None:
    specialist = call.specialist
    await story.write_opinion(
        specialist, findings="窦性心律。", impression="未见急性改变。", advice="门诊随访"
    )
    await story.end_consult(specialist)
    button = specialist.get_by_role("button", name="签发并下一份")
    await expect(button).not_to_have_attribute("aria-disabled", "true")
    await specialist.keyboard.press("Control+Shift+Enter")
    await specialist.get_by_test_id("signing-review").wait_for()
    card = (await story.api(call.doctor, f"/api/consults/{call.consult_id}"))["consult"]
    assert card["state"] == "opinion_due", "the key shows it once more, and signs nothing yet"
    await specialist.keyboard.press("Control+Shift+Enter")
    await specialist.get_by_text("意见已签发").first.wait_for()
    await story.goes_to(specialist, "/")
    card = (await story.api(call.doctor, f"/api/consults/{call.consult_id}"))["consult"]
    assert card["state"] == "signed"


async def press_under_input_method(page: Page, code: str) -> None:
    """A key as Chromium tells it while an input method is on: virtual key 229, no letter."""
    session = await page.context.new_cdp_session(page)
    key = {"code": code, "key": "Process", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
    await session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    await session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    await session.detach()
