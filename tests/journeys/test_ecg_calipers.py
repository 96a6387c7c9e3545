"""Calipers on the ECG: both sides read the same milliseconds while they move, and they reach the report."""

import json
import math
import re
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from playwright.async_api import Browser, Page, expect

from ecg.leads import MISSING
from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot
from tests.journeys.story import Call

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]


QT_MS = 366
"""What `cloudclinic ecg measure` says of the recording that plays, over all leads and beats."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = await story.both_sign_in(browser, clinic)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    await story.drawn_ecg(specialist, 3000)
    yield Call(consult_id, doctor, specialist)


async def test_both_sides_read_the_same_while_the_calipers_move(call: Call) -> None:
    own, theirs = (
        call.specialist.get_by_test_id("ecg-calipers"),
        call.doctor.get_by_test_id("ecg-calipers-theirs"),
    )
    await call.specialist.keyboard.press("c")
    await expect(own).to_contain_text(re.compile(r"II: 400 ms · 150 次/分 · -?\d\.\d\d mV"))
    await expect(theirs).to_contain_text("II: 400 ms")
    for _ in range(5):
        await call.specialist.keyboard.press("Shift+ArrowRight")
    moved = await own.inner_text()
    assert re.search(r"II: (\d+) ms", moved)[1] != "400"  # type: ignore[index]
    await expect(theirs).to_contain_text(moved)
    await call.doctor.keyboard.press("h")
    await expect(call.doctor.locator(".ecg svg .other").first).to_be_attached()
    await expect(call.doctor.get_by_test_id("ecg-calipers-theirs")).to_contain_text(moved)
    await keep_screenshot(call.specialist, "ecg-calipers-specialist")
    await keep_screenshot(call.doctor, "ecg-calipers-doctor")


async def test_the_measurement_is_written_into_the_report_by_one_key(call: Call) -> None:
    text = await call.specialist.get_by_test_id("ecg-calipers").inner_text()
    await call.specialist.keyboard.press("Enter")
    findings = call.specialist.locator("section.editor textarea").first
    await expect(findings).to_have_value(re.compile(re.escape(f"心电图手工测量：{text}")))


async def own_limbs(page: Page) -> dict[str, Any]:
    """The calipers as the page last told the others of them, once they measure a QT."""

    async def look() -> dict[str, Any] | None:
        told = (json.loads(one) for one in reversed(page.sent))  # type: ignore[attr-defined]
        last = next((one["calipers"] for one in told if one["type"] == "measure_ecg"), None)
        return last if last is not None and last["kind"] == "qt" else None

    return await story.until(look, "calipers that measure a QT")


async def samples_around(page: Page, at: int, reach: int) -> tuple[NDArray[np.int16], int]:
    """Lead II around a sample, as far as the still page goes, and the index of its first."""
    still = (await story.room(page, "window.__room.ecgStatus()"))["still"]
    first, end = max(math.ceil(still["first"]), at - reach), min(still["end"], at + reach)
    dump = await story.room(page, f"window.__room.dumpEcg({first}, {end - first})")
    rows = np.array(dump["samples"], np.int16).reshape(len(dump["leads"]), end - first)
    return rows[dump["leads"].index("II")], first


def whole_beats(ii: NDArray[np.int16]) -> list[int]:
    """Where an R stands with its QT and the RR before it whole: no seam of the recording that plays in it."""
    values = ii.astype(int)
    swing = np.abs(2 * values[20:-20] - values[:-40] - values[40:])
    swing[[(ii[k : k + 41] == MISSING).any() for k in range(len(swing))]] = 0
    high = np.flatnonzero(swing > swing.max() / 2) + 20
    peaks = [k for k in high if swing[k - 20] == swing[max(k - 270, 0) : k + 230].max()]
    return [
        k for k in peaks if k >= 1100 and k + 650 <= len(ii) and not (ii[k - 1100 : k + 650] == MISSING).any()
    ]


async def first_limb_on_a_qrs(page: Page) -> None:
    """Move the first limb by its keys to 40 ms before the R of lead II that is nearest."""
    limb = (await own_limbs(page))["first"]
    ii, first = await samples_around(page, limb, 5000)  # 1000 Hz
    onset = min((first + r - 40 for r in whole_beats(ii)), key=lambda at: abs(at - limb))
    key = "ArrowLeft" if onset < limb else "ArrowRight"
    await page.keyboard.press("Space")
    for _ in range(abs(onset - limb) // 10):
        await page.keyboard.press(f"Shift+{key}")
    for _ in range(abs(onset - limb) % 10):
        await page.keyboard.press(key)


async def test_the_tangent_ends_t_from_a_qrs_only_and_both_sides_read_it(call: Call) -> None:
    page = call.specialist
    panel, own = page.get_by_role("group", name="分规测量"), page.get_by_test_id("ecg-calipers")
    await panel.focus()
    await page.keyboard.press("Escape")
    await page.keyboard.press("c")
    await page.get_by_label("测量项目").select_option("qt")
    await expect(own).to_contain_text("QT 400 ms")
    await panel.focus()
    await first_limb_on_a_qrs(page)
    await page.get_by_role("button", name="切线法定 T 波终点").click()
    await expect(page.get_by_test_id("ecg-no-tangent")).to_be_empty()
    read = await own.inner_text()
    found = re.fullmatch(r"II: QT (\d+) ms · QTc（Fridericia）(\d+) ms", read)
    assert found and abs(int(found[1]) - QT_MS) <= 40, read
    await expect(call.doctor.get_by_test_id("ecg-calipers-theirs")).to_contain_text(read)
    await keep_screenshot(page, "zh-ecg-tangent")
    await panel.focus()
    for _ in range(12):  # out of QRS, into ST
        await page.keyboard.press("Shift+ArrowRight")
    await page.get_by_role("button", name="切线法定 T 波终点").click()
    await expect(page.get_by_test_id("ecg-no-tangent")).to_contain_text("先把左边一脚放在 QRS 起点")
    assert "QT" in await own.inner_text(), "the calipers stay where they are"
    await keep_screenshot(page, "zh-ecg-no-tangent")


async def test_a_qt_names_its_formula_and_calipers_put_away_are_gone_on_both_sides(call: Call) -> None:
    await call.specialist.get_by_label("测量项目").select_option("qt")
    await expect(call.specialist.get_by_test_id("ecg-calipers")).to_contain_text(
        re.compile(r"QT \d+ ms · (QTc（Fridericia）\d+ ms|前面没有 R-R，未校正)")
    )
    await call.specialist.get_by_role("group", name="分规测量").focus()
    await call.specialist.keyboard.press("Escape")
    await expect(call.specialist.get_by_test_id("ecg-calipers")).to_have_count(0)
    await expect(call.doctor.get_by_test_id("ecg-calipers-theirs")).to_have_count(0)
