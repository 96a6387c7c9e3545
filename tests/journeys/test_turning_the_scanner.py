"""The operator lets the specialist turn the scanner: its scale follows, until one press ends it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

SCANNER = "simulator:size=640x480,preset=abdomen"
BEGINS_CM, TURNS, STEP_CM = 15, 3, 1
FROM_PX, TO_PX = (280.0, 160.0), (280.0, 360.0)


class Call(NamedTuple):
    consult_id: str
    doctor: Page
    specialist: Page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Call]:
    directory: Path = tmp_path_factory.mktemp("scanner")
    async with Clinic.open(directory, "--ultrasound", SCANNER) as clinic:
        doctor, specialist = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
        for page in (doctor, specialist):
            await story.press_demo_sign_in(page)
        consult_id = await story.meet(doctor, specialist, "王秀英")
        await story.sees(specialist, "ultrasound")
        yield Call(consult_id, doctor, specialist)


def switch(page: Page) -> Locator:
    return page.get_by_test_id("turning-switch")


def strip(page: Page) -> Locator:
    return page.get_by_test_id("turning-strip")


def last(page: Page) -> Locator:
    return page.get_by_test_id("guiding-pad").get_by_role("status")


def band(page: Page) -> Locator:
    return page.get_by_test_id("guiding-band")


async def asks(call: Call, control: str) -> None:
    pad = call.specialist.get_by_test_id("guiding-pad")
    await pad.get_by_role("button", name=control, exact=True).click()


async def measured_mm(page: Page) -> float:
    """What the same two pixels are apart on the exact picture of this moment, by the file's own scale."""
    await page.keyboard.press("f")

    async def exact() -> bool:
        return bool(await story.room(page, "window.__room.scan().still") == "exact")

    await story.until(exact, "the exact picture")
    still = page.get_by_test_id("still-picture")
    await page.keyboard.press("k")
    row = page.get_by_test_id("picture-measure")
    box, size = await still.bounding_box(), await story.room(page, "window.__room.scan().captured")
    assert box is not None
    places = [
        (box["x"] + x * box["width"] / size["width"], box["y"] + y * box["height"] / size["height"])
        for x, y in (FROM_PX, TO_PX)
    ]
    await page.mouse.move(*places[0])
    await page.mouse.down()
    await page.mouse.move(*places[1], steps=4)
    await page.mouse.up()
    await expect(row).to_contain_text(re.compile(r"[\d.]+ ± [\d.]+ mm"))
    await expect(row).to_contain_text("文件标定")
    found = re.search(r"([\d.]+) ± [\d.]+ mm", await row.inner_text())
    assert found is not None
    await page.keyboard.press("k")
    await page.keyboard.press("f")

    async def live() -> bool:
        return await story.room(page, "window.__room.scan().frozen") is False

    await story.until(live, "the live picture")
    return float(found[1])


async def test_it_is_off_at_first_and_what_is_asked_is_the_operators(call: Call) -> None:
    await call.specialist.keyboard.press("r")
    await expect(switch(call.doctor)).to_have_attribute("aria-checked", "false")
    await expect(switch(call.doctor)).to_contain_text(f"深度 {BEGINS_CM}.0 cm")
    await expect(call.specialist.get_by_test_id("who-turns")).to_contain_text("请求由操作者在仪器上完成")
    await expect(switch(call.specialist)).to_have_count(0)
    await keep_screenshot(call.doctor, "zh-scanner-off-doctor")
    await asks(call, "深度减小")
    await expect(band(call.doctor)).to_contain_text("请在超声仪上操作")
    await call.doctor.keyboard.press("n")
    await call.doctor.get_by_role("button", name="其他", exact=True).click()
    await expect(last(call.specialist)).to_contain_text("做不到：其他")
    await expect(switch(call.doctor)).to_contain_text(f"深度 {BEGINS_CM}.0 cm")  # nothing turned it


async def test_once_it_is_allowed_the_specialist_turns_the_depth_and_the_scale_follows(call: Call) -> None:
    before_mm = await measured_mm(call.specialist)
    await switch(call.doctor).click()
    for page in (call.doctor, call.specialist):
        await expect(strip(page)).to_contain_text("可直接调节超声仪")
    await expect(call.specialist.get_by_test_id("who-turns")).to_contain_text("直接调节超声仪")
    for turn in range(1, TURNS + 1):
        await asks(call, "深度减小")
        stands = f"深度 {BEGINS_CM - turn * STEP_CM}.0 cm"
        await expect(last(call.specialist)).to_contain_text("超声仪已执行")
        await expect(last(call.specialist)).to_contain_text(f"仪器回报 {stands}")
        await expect(strip(call.doctor)).to_contain_text(stands)
    await expect(strip(call.doctor)).to_contain_text("深度减小：超声仪已执行")
    await expect(band(call.doctor)).to_have_count(0)  # nothing comes and goes over the picture
    for language, code in (("English", "en"), ("中文", "zh")):
        for page, who in ((call.doctor, "doctor"), (call.specialist, "specialist")):
            await page.get_by_role("button", name=language, exact=True).click()
            await page.set_viewport_size({"width": 1366, "height": 768})
            await keep_screenshot(page, f"{code}-scanner-on-{who}-1366")
            await page.set_viewport_size({"width": 1600, "height": 900})
            await keep_screenshot(page, f"{code}-scanner-on-{who}")
    after_mm = await measured_mm(call.specialist)
    wanted = (BEGINS_CM - TURNS * STEP_CM) / BEGINS_CM
    assert abs(after_mm / before_mm - wanted) < 0.01


async def test_gain_freeze_and_mode_are_turned_too_and_what_the_scanner_refuses_is_said(call: Call) -> None:
    for control, stands in (("增益加大", "增益 +3 dB"), ("M 型", "M 型"), ("冻结", "仪器已冻结")):
        await asks(call, control)
        await expect(strip(call.specialist)).to_contain_text(stands)
    await asks(call, "深度减小")
    await expect(last(call.specialist)).to_contain_text("超声仪未执行：当前状态不允许")
    for control, gone in (("解除冻结", "仪器已冻结"), ("B 型（二维）", "M 型")):
        await asks(call, control)
        await expect(strip(call.specialist)).not_to_contain_text(gone)


async def test_one_press_takes_it_back_and_the_next_is_only_a_request(call: Call) -> None:
    await call.doctor.keyboard.press("Shift+R")
    for page in (call.doctor, call.specialist):
        await expect(strip(page)).to_have_count(0)
    await expect(switch(call.doctor)).to_have_attribute("aria-checked", "false")
    stands = f"深度 {BEGINS_CM - TURNS * STEP_CM}.0 cm"
    await asks(call, "深度加大")
    await expect(band(call.doctor)).to_contain_text("请在超声仪上操作")
    await expect(band(call.doctor).get_by_role("button", name="完成")).to_be_visible()
    await expect(switch(call.doctor)).to_contain_text(stands)
    await call.doctor.keyboard.press("y")
    await expect(last(call.specialist)).to_contain_text("完成")
    await expect(switch(call.doctor)).to_contain_text(stands)


async def test_a_reload_of_the_operators_page_ends_it(call: Call) -> None:
    await switch(call.doctor).click()
    await expect(strip(call.specialist)).to_be_visible()
    await call.doctor.reload()
    await story.connected(call.doctor)
    await expect(strip(call.specialist)).to_have_count(0)
    await expect(switch(call.doctor)).to_have_attribute("aria-checked", "false")


async def test_all_of_it_is_kept_with_the_consult(call: Call) -> None:
    await story.end_consult(call.doctor)
    await call.doctor.get_by_role("button", name="会诊详情").click()
    log = call.doctor.locator("details", has_text="引导记录")
    await log.locator("summary").click()
    for line in (
        "允许专家调节超声仪",
        "收回了专家对超声仪的控制",
        "操作方离开或断线",
    ):
        await expect(log.locator("li").filter(has_text=line).first).to_be_visible()
    turned = log.locator("li").filter(has_text="深度减小").filter(has_text="超声仪已执行")
    await expect(turned).to_have_count(TURNS)
    await keep_screenshot(call.doctor, "zh-scanner-log")
    for page in (call.doctor, call.specialist):
        assert page.faults == []  # type: ignore[attr-defined]
