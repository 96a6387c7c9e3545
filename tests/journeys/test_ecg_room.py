"""The ECG as it is read in the room: frozen, turned back over a cut line, laid out and filtered otherwise."""

import re
from collections.abc import AsyncIterator
from typing import Any

import cv2
import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from playwright.async_api import Browser, Page, expect

from cloudclinic.demo_station import bundled_ecg
from ecg.dicom import open_dicom
from ecg.source import RecordingLoop
from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot
from tests.journeys.story import Call

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

GAP_INK = (0x7D, 0x90, 0x9B)
TRACE_INK = (0x14, 0x23, 0x2D)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = await story.both_sign_in(browser, clinic)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    await story.drawn_ecg(specialist, 2000)
    yield Call(consult_id, doctor, specialist)


# --- what is looked at ----------------------------------------------------------------------------------


async def status(page: Page) -> dict[str, Any]:
    """What the drawing worker says of itself."""
    told: dict[str, Any] = await story.room(page, "window.__room.ecgStatus()")
    return told


async def still(page: Page) -> dict[str, Any] | None:
    """The page that stands still."""
    told: dict[str, Any] | None = (await status(page))["still"]
    return told


async def freeze(page: Page) -> dict[str, Any]:
    """By its key; the page that stands then."""
    await page.keyboard.press("h")
    return await story.until(lambda: still(page), "a still page")


async def go_live(page: Page) -> None:
    """By the same key."""
    await page.keyboard.press("h")
    await page.locator(".ecg[data-still=false]").wait_for()


async def turned(page: Page, key: str, times: int = 1) -> dict[str, Any]:
    """The page after a key was pressed so often."""
    before = await still(page)
    for _ in range(times):
        await page.keyboard.press(key)

    async def look() -> dict[str, Any] | None:
        now = await still(page)
        return now if now and before and now["end"] != before["end"] else None

    return await story.until(look, f"turned by {key}")


async def choose(page: Page, what: str, value: str) -> None:
    await page.locator(".ecg").get_by_label(what, exact=True).select_option(value)


async def printed(page: Page) -> str:
    return await page.get_by_test_id("ecg-printed").inner_text()


async def paper(page: Page) -> NDArray[np.uint8]:
    """The pixels of paper and traces: uint8 (height, width, 3)."""
    encoded = await page.locator(".ecg .paper").screenshot()
    picture = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def inked(picture: NDArray[np.uint8], ink: tuple[int, int, int]) -> NDArray[np.bool_]:
    """Which pixels have this colour, or very nearly."""
    near = np.abs(picture.astype(int) - ink).max(axis=2) <= 6
    return np.asarray(near)


def hatched_columns(picture: NDArray[np.uint8]) -> int:
    """Columns in which a gap is hatched: its ink comes again and again down the column."""
    return int((inked(picture, GAP_INK).sum(axis=0) >= picture.shape[0] // 20).sum())


async def settled(page: Page, what: str) -> NDArray[np.uint8]:
    """The paper, once two looks at it are the same: only what stands still settles."""
    seen: list[NDArray[np.uint8]] = [await paper(page)]

    async def look() -> bool:
        seen.append(await paper(page))
        return bool(np.array_equal(seen[-1], seen[-2]))

    await story.until(look, what)
    return seen[-1]


# --- the journey ----------------------------------------------------------------------------------------


async def test_what_is_shown_is_said_on_the_live_strip(call: Call) -> None:
    line = call.specialist.get_by_test_id("ecg-printed")
    for part in ("25 mm/s", "10 mm/mV", "滤波 0.05–150 Hz", "设备滤波 0.05–300 Hz", "各列同时", "未按比例"):
        await expect(line).to_contain_text(part)
    await expect(call.specialist.locator(".ecg").get_by_text("非监护仪，不报警", exact=True)).to_be_visible()
    spoken = await call.specialist.locator("#ecg-spoken").text_content() or ""
    for part in ("3×4 + 1", "采样率 1000 Hz", "滤波 0.05–150 Hz", "实时", "非监护仪"):
        assert part in spoken


async def test_it_stands_still_while_live_goes_on_beside_it(call: Call) -> None:
    page = call.specialist
    frozen = await freeze(page)
    await expect(page.locator(".ecg").get_by_role("status").filter(has_text="心电已冻结")).to_be_visible()
    await expect(page.locator(".ecg .stillbar").get_by_text("实时仍在继续")).to_be_visible()
    before = await settled(page, "the frozen paper")

    async def went_on() -> bool:
        now = await still(page)
        return bool(now and now["newest"] > frozen["newest"] + 1000)

    await story.until(went_on, "a second more of live samples")
    assert np.array_equal(await paper(page), before)
    now = await still(page)
    assert now and (now["end"], now["missing"]) == (frozen["end"], 0)
    await keep_screenshot(page, "zh-ecg-frozen")
    await go_live(page)


async def test_a_cut_line_is_told_and_whole_when_one_turns_back_to_it(call: Call) -> None:
    """The gap itself is filled too soon to be looked at here; how it is hatched has tests of the drawing."""
    page, file = call.specialist, RecordingLoop(open_dicom(bundled_ecg()))
    await call.doctor.get_by_role("button", name="拔线 10 秒").click()
    # Silence, or what the server says of the station: whichever is known first.
    await page.locator(".ecg .bar").get_by_text(re.compile("心电中断|不在线")).first.wait_for()
    cut_from = (await status(page))["end"]
    await page.get_by_text("补传中").first.wait_for()
    await freeze(page)

    async def filled() -> bool:
        await page.keyboard.press("End")
        now = await still(page)
        return bool(now and now["missing"] == 0 and now["end"] > cut_from + 11 * file.rate_hz)

    await story.until(filled, "the gap filled on the still page")
    assert hatched_columns(await settled(page, "the paper without the gap")) == 0
    await turned(page, "End")
    await turned(page, "PageUp")
    count = 2000
    dump = await story.room(page, f"window.__room.dumpEcg({cut_from - count // 2}, {count})")
    expected = file.samples(cut_from - count // 2, count)
    rows = np.array(dump["samples"], np.int16).reshape(len(dump["leads"]), count)
    for lead, row in zip(file.leads, expected, strict=True):
        np.testing.assert_array_equal(rows[dump["leads"].index(str(lead))], row, err_msg=str(lead))
    await go_live(page)


async def test_one_turns_back_to_the_start_of_the_consult(call: Call) -> None:
    """Whoever comes in later has none of it: it is fetched."""
    page, file = call.specialist, RecordingLoop(open_dicom(bundled_ecg()))
    await page.reload()
    await story.connected(page)
    await story.drawn_ecg(page, 1000)
    await freeze(page)
    await turned(page, "Home")

    async def whole() -> dict[str, Any] | None:
        now = await still(page)
        return now if now and now["first"] == 0 and now["missing"] == 0 else None

    first = await story.until(whole, "the first page, fetched")
    await page.get_by_text("已是会诊心电的开始").wait_for()
    dump = await story.room(page, f"window.__room.dumpEcg(0, {first['end']})")
    rows = np.array(dump["samples"], np.int16).reshape(len(dump["leads"]), first["end"])
    expected = file.samples(0, first["end"])
    for lead, row in zip(file.leads, expected, strict=True):
        np.testing.assert_array_equal(rows[dump["leads"].index(str(lead))], row, err_msg=str(lead))
    assert inked(await settled(page, "the first page"), TRACE_INK).sum() > 5000
    await turned(page, "ArrowRight", 3)
    await go_live(page)


async def test_layouts_gains_and_filters_are_drawn_and_named(call: Call) -> None:
    page = call.specialist
    usual = page.viewport_size
    assert usual
    await page.set_viewport_size({"width": 1920, "height": 1080})  # the longest line of it stays one line
    await freeze(page)
    whole = await settled(page, "3x4+1")
    await choose(page, "布局", "cabrera 6x2")
    await choose(page, "增益", "half 10")
    await expect(page.locator(".ecg").get_by_test_id("ecg-printed")).to_contain_text("胸导联 5 mm/mV")
    cabrera = await settled(page, "Cabrera 6x2")
    assert cabrera.shape != whole.shape or (cabrera != whole).any()
    await keep_screenshot(page, "zh-ecg-cabrera-half")
    await page.locator(".ecg details summary").click()
    await choose(page, "高通", "0.5")
    await choose(page, "工频陷波", "50")
    await page.keyboard.press("Escape")
    line = page.locator(".ecg").get_by_test_id("ecg-printed")
    for part in ("滤波 0.5–150 Hz · 陷波 50 Hz", "监护滤波：ST 段不可判读"):
        await expect(line).to_contain_text(part)
    monitor = await settled(page, "the monitor band")
    moved = (inked(monitor, TRACE_INK) != inked(cabrera, TRACE_INK)).sum()
    assert moved > 1000, "another high-pass shifts every ST segment"
    await keep_screenshot(page, "zh-ecg-monitor-band")
    await page.get_by_role("button", name="English", exact=True).click()
    await page.get_by_text("Monitor filter: ST not valid").first.wait_for()
    await keep_screenshot(page, "en-ecg-monitor-band")
    await go_live(page)
    await choose(page, "Layout", "standard 12x1")
    await choose(page, "Paper speed", "scroll 25")
    await expect(page.locator(".ecg").get_by_test_id("ecg-printed")).to_contain_text("scroll 25 mm/s")
    await keep_screenshot(page, "en-ecg-scroll")
    await page.get_by_role("button", name="中文", exact=True).click()


async def test_another_page_keeps_its_own_filters(call: Call) -> None:
    assert "滤波 0.05–150 Hz" in await printed(call.doctor)


async def test_a_calibration_is_to_scale_until_the_screen_is_another(call: Call) -> None:
    page = call.specialist
    await page.locator(".ecg").get_by_role("button", name="校准").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("方框宽度").fill("428")
    await dialog.get_by_role("button", name="保存校准").click()

    async def to_scale() -> bool:
        return "未按比例" not in await printed(page)

    await story.until(to_scale, "to scale")
    size = page.viewport_size
    assert size
    session = await page.context.new_cdp_session(page)
    other = {"width": size["width"], "height": size["height"], "deviceScaleFactor": 1.25, "mobile": False}
    await session.send("Emulation.setDeviceMetricsOverride", other)

    async def voided() -> bool:
        return "未按比例" in await printed(page)

    await story.until(voided, "another scale of the pixels voids it")
    await session.detach()
    for width in (size["width"] - 1, size["width"]):
        await page.set_viewport_size({"width": width, "height": size["height"]})
    await story.until(to_scale, "back on the calibrated screen")
