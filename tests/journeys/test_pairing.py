"""From a question to one specialist: returned and supplied, declined, cancelled, and two who race."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]


class People(NamedTuple):
    """Who asks, and the two who can answer."""

    doctor: Page
    first: Page
    second: Page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(clinic: Clinic, browser: Browser) -> AsyncIterator[People]:
    pages = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist", "specialist2")]
    for page in pages:
        await story.press_demo_sign_in(page)
    yield People(*pages)


async def test_a_returned_request_is_supplied_and_rings_again(people: People) -> None:
    consult_id = await story.ask_for_consult(people.doctor, "李建国", question="头晕 2 天")
    await rings(people.first, consult_id)
    await people.first.get_by_role("button", name="退回补充资料").click()
    await give_reason(people.first, "请说明会诊目的", "退回")
    await people.doctor.get_by_role("heading", name="专家退回，请补充资料").wait_for()
    await people.doctor.get_by_text("请说明会诊目的").first.wait_for()
    await keep_screenshot(people.doctor, "zh-returned")
    await people.doctor.get_by_label("补充后的会诊目的").fill("头晕 2 天，是否需要动态血压")
    await people.doctor.get_by_role("button", name="提交补充").click()
    await rings(people.first, consult_id)
    await people.first.get_by_text("是否需要动态血压").first.wait_for()


async def test_who_declines_is_not_rung_any_more_but_the_other_is(people: People) -> None:
    consult_id = people.doctor.url.rsplit("/", 1)[1]
    await people.first.get_by_role("button", name="谢绝").click()
    await give_reason(people.first, "正在处理急危患者", "谢绝")
    await rings_no_more(people.first)
    await rings(people.second, consult_id)


async def test_the_asker_is_told_who_declined_and_why(people: People) -> None:
    declines = people.doctor.get_by_role("region", name="已谢绝")
    await declines.get_by_text("陈立").wait_for()
    await declines.get_by_text("正在处理急危患者").wait_for()


async def test_when_nobody_is_left_she_is_told_what_she_can_do_and_rings_everyone_anew(
    people: People,
) -> None:
    consult_id = people.doctor.url.rsplit("/", 1)[1]
    await people.second.get_by_role("button", name="谢绝").click()
    await give_reason(people.second, "即将下班或离岗", "谢绝")
    await people.doctor.get_by_text("所有可以接受的专家都已谢绝").wait_for()
    await people.doctor.get_by_text("改向其他专科申请").wait_for()
    await keep_screenshot(people.doctor, "zh-all-declined")
    await people.doctor.get_by_role("link", name="居民", exact=True).first.click()
    await story.goes_to(people.doctor, "/residents")
    strip = people.doctor.locator("p.strip")  # whatever she looks at
    await strip.get_by_text("无专家可接受", exact=True).wait_for()
    await people.doctor.get_by_role("link", name="查看", exact=True).click()
    await story.goes_to(people.doctor, f"/consults/{consult_id}")
    await people.doctor.get_by_role("button", name="再次呼叫").click()
    for page in (people.first, people.second):
        await rings(page, consult_id)
    await people.doctor.get_by_text("所有可以接受的专家都已谢绝").wait_for(state="detached")


async def test_a_second_request_beside_an_open_one_is_asked_about_first(people: People) -> None:
    consult_id = people.doctor.url.rsplit("/", 1)[1]
    await story.open_resident(people.doctor, "李建国")
    await people.doctor.get_by_role("link", name="申请会诊").click()
    await people.doctor.get_by_text("心内科").first.click()
    await people.doctor.get_by_role("textbox").first.fill("再问一次")
    await people.doctor.get_by_role("button", name="发送申请").click()
    warned = people.doctor.get_by_role("alert").filter(has_text="已有未结束的申请")
    await warned.get_by_role("button", name="仍要另行申请").wait_for()
    await keep_screenshot(people.doctor, "zh-asked-already")
    await warned.get_by_role("link", name="查看已有申请").click()
    await story.goes_to(people.doctor, f"/consults/{consult_id}")


async def test_a_cancelled_request_leaves_every_worklist(people: People) -> None:
    consult_id = people.doctor.url.rsplit("/", 1)[1]
    await people.doctor.get_by_role("button", name="取消申请").click()
    await give_reason(people.doctor, "患者已转诊", "取消申请")
    await people.doctor.get_by_role("heading", name="会诊已取消").wait_for()
    for page in (people.first, people.second):
        await rings_no_more(page)
        await page.locator(f"tr[data-consult='{consult_id}']").wait_for(state="detached")
        await page.get_by_role("alert").filter(has_text="申请方已取消该会诊").wait_for()


async def test_a_deferred_consent_is_shown_as_open_until_it_is_made_up_for(people: People) -> None:
    doctor = people.doctor
    await story.ask_for_consult(doctor, "王秀英")
    await doctor.get_by_text("紧急情况，事后补签", exact=True).click()
    await doctor.get_by_label("事后补签的原因").fill("昏迷")
    await doctor.get_by_role("button", name="记录同意").click()
    await doctor.get_by_text("已记录：紧急情况，事后补签").wait_for()
    await doctor.get_by_role("button", name="取消申请").click()
    await give_reason(doctor, "患者已转诊", "取消申请")
    await doctor.get_by_role("heading", name="知情同意待补").wait_for()
    await keep_screenshot(doctor, "zh-consent-open")
    await doctor.get_by_text("无法补办（需写明原因）").click()
    await doctor.get_by_label("无法补办的原因").fill("已转院抢救")
    await doctor.get_by_role("button", name="记录同意").click()
    await doctor.get_by_role("heading", name="知情同意待补").wait_for(state="detached")


async def test_of_two_who_accept_in_the_same_moment_one_wins_and_the_other_is_told(people: People) -> None:
    consult_id = await story.ask_for_consult(people.doctor, "沈玉兰")
    racers = (people.first, people.second)
    for page in racers:
        await rings(page, consult_id)
    buttons = [await accept_button(page).element_handle() for page in racers]
    await asyncio.gather(*(button.evaluate("(one) => one.click()") for button in buttons if button))

    async def look() -> list[str]:
        answers = [await answer(page, consult_id) for page in racers]
        return answers if all(answers) else []

    answers = await story.until(look, "both are answered")
    assert sorted(answers) == ["told", "won"]
    loser = racers[answers.index("told")]
    await keep_screenshot(loser, "zh-race-lost")
    card = await story.api(people.doctor, f"/api/consults/{consult_id}")
    winner = "陈立" if answers[0] == "won" else "赵敏"
    assert card["consult"]["specialist"]["display_name"] == winner


async def test_who_accepted_before_identity_and_consent_waits_at_the_door_and_then_goes_in(
    people: People,
) -> None:
    consult_id = people.doctor.url.rsplit("/", 1)[1]
    winner = next(page for page in people[1:] if page.url.endswith("/room"))
    await winner.get_by_text("等待周敏核对身份并记录知情同意").wait_for()
    await keep_screenshot(winner, "zh-room-waiting-for-consent")
    await story.prepare(people.doctor)
    await story.connected(winner)
    await story.enter(people.doctor, consult_id)
    await story.sees(winner, "face")


async def test_nothing_went_wrong_on_any_page(people: People) -> None:
    for page in people:
        assert page.faults == []  # type: ignore[attr-defined]


def accept_button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^接受会诊"))


async def rings(page: Page, consult_id: str) -> None:
    await page.locator(f"section.case[data-consult='{consult_id}']").wait_for()
    await page.get_by_role("heading", name="会诊呼叫").wait_for()


async def rings_no_more(page: Page) -> None:
    await page.get_by_role("heading", name="会诊呼叫").wait_for(state="detached")


async def give_reason(page: Page, reason: str, action: str) -> None:
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text(reason, exact=True).click()
    await dialog.get_by_role("button", name=action, exact=True).click()
    await dialog.wait_for(state="hidden")


async def answer(page: Page, consult_id: str) -> str:
    """Whether this specialist is in the room, or was told that another has it."""
    if page.url.endswith(f"/consults/{consult_id}/room"):
        return "won"
    told = await page.get_by_text("该会诊已被其他专家接受").count()
    return "told" if told else ""
