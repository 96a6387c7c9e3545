"""The examination is chosen beside the patient and read on both sides; so is a picture that stands still."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

SCANNER = "simulator:size=640x480,preset=abdomen,for=30/change=frozen,for=30"
"""Frozen for half of every minute: whenever somebody looks, it will be, and will move again."""

A_ROUND_MS = 120_000


class People(NamedTuple):
    doctor: Page
    specialist: Page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[People]:
    directory: Path = tmp_path_factory.mktemp("scanner")
    async with Clinic.open(directory, "--ultrasound", SCANNER) as clinic:
        pages = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
        for page in pages:
            await story.press_demo_sign_in(page)
        yield People(*pages)


async def test_the_examination_and_a_frozen_picture_are_told_to_both(people: People) -> None:
    doctor, specialist = people
    await story.meet(doctor, specialist, "王秀英")
    await story.sees(specialist, "ultrasound")
    await specialist.get_by_text("未选择：流畅优先").first.wait_for()
    await doctor.get_by_label("检查类型").select_option(label="腹部：清晰优先")
    await specialist.get_by_text("腹部：清晰优先").first.wait_for()
    await doctor.locator(".figures").get_by_text("腹部：清晰优先").wait_for()
    await keep_screenshot(doctor, "zh-room-exam-preset")
    await doctor.get_by_text("超声画面静止").first.wait_for(timeout=A_ROUND_MS)
    await specialist.get_by_text("超声画面静止").first.wait_for()
    await expect(specialist.get_by_text("实时 LIVE")).to_have_count(0)
    await keep_screenshot(specialist, "zh-room-picture-frozen")
    gone = specialist.get_by_text("超声画面静止").first
    await gone.wait_for(state="hidden", timeout=A_ROUND_MS)
