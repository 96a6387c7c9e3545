"""The demo's fault panel, pressed by the doctor: what the room says of her line, and that it comes back."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page

from tests.journeys import story
from tests.journeys.clinic import Clinic
from tests.journeys.story import Call

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

OWN_LINE = "本机带宽不足："


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = await story.both_sign_in(browser, clinic)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    for page in (doctor, specialist):
        await story.sees(page, "ultrasound", 10)
    yield Call(consult_id, doctor, specialist)


async def spoil(page: Page, fault: str) -> None:
    """Choose what happens to one's own line."""
    await page.get_by_role("group", name="故障演示").get_by_role("button", name="本机线路…").click()
    await page.get_by_role("dialog").get_by_role("button", name=fault).click()


def said(page: Page) -> Locator:
    """What the room says aloud of weak lines."""
    return page.locator("footer.status [role=status]")


async def says(page: Page, words: str, patience_s: float) -> str:
    async def look() -> str | None:
        text = await said(page).text_content() or ""
        return text if words in text else None

    return await story.until(look, f"the room says {words}", patience_s)


async def says_no_more(page: Page, words: str, patience_s: float) -> None:
    async def look() -> bool:
        return words not in (await said(page).text_content() or "")

    await story.until(look, f"the room says {words} no more", patience_s)


def lost(page: Page) -> Locator:
    """The line of words of a lost media path, with its tries."""
    return page.get_by_role("region", name="连接中断").get_by_text(re.compile("正在重连（第 \\d+ 次）"))


async def goes_on(page: Page) -> None:
    """Pictures come, and no lost path is told of."""
    await lost(page).wait_for(state="detached")
    await story.connected(page)
    for kind in ("ultrasound", "face"):
        await story.sees(page, kind)
    assert await lost(page).count() == 0


async def test_a_line_that_is_cut_is_told_with_its_tries_and_comes_back(call: Call) -> None:
    await spoil(call.doctor, "断线 10 秒")  # her first fault: her media go to the relay before it
    await lost(call.doctor).wait_for()
    await goes_on(call.doctor)
    await story.sees(call.specialist, "face")


async def test_after_another_address_the_pictures_go_on(call: Call) -> None:
    """The worker follows it with the browser's next check of the path, or it is told as a lost one."""
    await spoil(call.doctor, "更换网络地址")
    await call.doctor.get_by_text("已执行").first.wait_for()
    await goes_on(call.doctor)
    await story.sees(call.specialist, "face")


async def test_a_line_of_384_kbit_a_second_says_that_faces_are_given_up_and_when_they_are_back(
    call: Call,
) -> None:
    await spoil(call.doctor, "限制为 384 kbit/s")
    assert (await says(call.doctor, "已关闭人像", 60)).startswith(OWN_LINE)
    await story.sees(call.doctor, "ultrasound", 3)  # a picture after the other, and never none
    await story.sees(call.specialist, "ultrasound")
    await spoil(call.doctor, "恢复正常")
    await says_no_more(call.doctor, "已关闭人像", 90)
    await story.sees(call.doctor, "face")
