"""A specialist guides the hand at the probe: seen, heard and answered at the other side, and kept."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in
from tests.journeys.story import Call, pictures

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]


VOICES = """() => {
  window.spoken = [];
  const voices = [{ lang: "zh-CN", localService: true }, { lang: "en-US", localService: true }];
  const synthesis = new EventTarget();
  Object.assign(synthesis, {
    getVoices: () => voices,
    speak: (one) => window.spoken.push(`${one.lang}: ${one.text}`),
    cancel: () => undefined,
  });
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""
"""A headless browser has no voice: this one writes down what it would say."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
    for page in (doctor, specialist):
        await page.add_init_script(f"({VOICES})()")
        await page.reload()
        await story.press_demo_sign_in(page)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    await story.sees(specialist, "ultrasound")
    yield Call(consult_id, doctor, specialist)


def band(page: Page) -> Locator:
    return page.get_by_test_id("guiding-band")


def pad(page: Page) -> Locator:
    return page.get_by_test_id("guiding-pad")


def on_picture(page: Page) -> Locator:
    return page.get_by_test_id("guiding-on-picture")


async def spoken(page: Page) -> list[str]:
    said: list[str] = await page.evaluate("window.spoken")
    return said


async def until_spoken(page: Page, last: str) -> None:
    async def look() -> bool:
        return (await spoken(page))[-1:] == [last]

    await story.until(look, f"{last} is spoken")


async def test_a_word_is_shown_with_its_arrow_and_spoken_in_the_operators_language(call: Call) -> None:
    await expect(band(call.doctor)).to_have_count(0)
    await call.specialist.keyboard.press("r")
    await pad(call.specialist).get_by_role("group", name="倾斜").get_by_text("声束朝头侧").click()
    await expect(band(call.doctor)).to_contain_text("倾斜 → 声束朝头侧")
    await expect(band(call.doctor)).to_contain_text("探头尾端倒向足侧")
    await expect(call.doctor.get_by_role("alert").filter(has_text="倾斜、声束朝头侧")).to_have_count(1)
    for page in (call.doctor, call.specialist):
        await expect(on_picture(page)).to_contain_text("倾斜 → 声束朝头侧")
    await until_spoken(call.doctor, "zh-CN: 倾斜、声束朝头侧")
    assert set(await spoken(call.doctor)) == {"zh-CN: 倾斜、声束朝头侧"}
    assert await spoken(call.specialist) == []


async def test_microphone_and_camera_stay_in_reach_below_the_band_on_a_small_screen(call: Call) -> None:
    doctor = call.doctor
    await doctor.set_viewport_size({"width": 1366, "height": 768})
    for language, words in (("English", ("Mic on", "Camera on")), ("中文", ("麦克风 开", "摄像头 开"))):
        await doctor.get_by_role("button", name=language, exact=True).click()
        await expect(band(doctor)).to_be_visible()
        for word in words:
            await expect(doctor.get_by_role("button", name=re.compile(f"^{word}"))).to_be_in_viewport(ratio=1)
    await doctor.set_viewport_size({"width": 1600, "height": 900})


async def test_the_operator_answers_by_a_key_and_the_guide_sees_it(call: Call) -> None:
    await call.doctor.keyboard.press("b")
    await expect(pad(call.specialist).get_by_role("status")).to_contain_text("已看到")
    await pictures(call, "guiding-seen")
    await call.doctor.keyboard.press("F8")  # the foot switch
    await expect(pad(call.specialist).get_by_role("status")).to_contain_text("完成")
    await expect(band(call.doctor).get_by_role("button", name="做不到…")).to_have_count(0)


async def test_what_cannot_be_done_comes_back_with_the_reason(call: Call) -> None:
    await pad(call.specialist).get_by_role("button", name="加压", exact=True).click()
    await expect(band(call.doctor)).to_contain_text("加压")
    await call.doctor.keyboard.press("n")
    await keep_screenshot(call.doctor, "zh-guiding-reasons")
    await call.doctor.get_by_role("button", name="患者疼痛").click()
    await expect(pad(call.specialist).get_by_role("status")).to_contain_text("做不到：患者疼痛")


async def test_a_newer_word_takes_the_place_of_one_that_is_not_answered(call: Call) -> None:
    await pad(call.specialist).get_by_role("checkbox", name="少许").check()
    rotate = pad(call.specialist).get_by_role("group", name="旋转")
    await rotate.get_by_role("button", name="顺时针", exact=True).click()
    await expect(band(call.doctor)).to_contain_text("旋转 → 顺时针、少许")
    await pad(call.specialist).get_by_role("button", name="深度减小").click()
    await expect(band(call.doctor)).to_contain_text("深度减小")
    await expect(band(call.doctor)).to_have_count(1)
    await pictures(call, "guiding-control")


async def test_that_nobody_answers_is_said_to_both_sides(call: Call) -> None:
    await expect(pad(call.specialist).get_by_role("status")).to_contain_text("没有回应：请口头提醒")
    await expect(band(call.doctor)).to_contain_text("专家在等回应")
    await until_spoken(call.doctor, "zh-CN: 深度减小")
    await pad(call.specialist).get_by_role("button", name=re.compile("收回")).click()
    await expect(band(call.doctor)).to_contain_text("已收回")


async def test_nothing_is_spoken_into_a_stethoscope_and_nothing_once_it_is_switched_off(call: Call) -> None:
    before = len(await spoken(call.doctor))
    await call.doctor.keyboard.press("s")
    dialog = call.doctor.get_by_role("dialog")
    await dialog.get_by_role("button", name="开始听诊").click()
    await expect(dialog).to_have_count(0)  # behind it the room's keys do nothing
    await expect(call.specialist.get_by_text("正在听诊").first).to_be_visible()
    await pad(call.specialist).get_by_role("button", name="补充耦合剂").click()
    await expect(band(call.doctor)).to_contain_text("补充耦合剂")
    await expect(band(call.doctor)).to_contain_text("听诊中，不播报")
    assert len(await spoken(call.doctor)) == before
    # Before the stethoscope is put away: a word that nobody answers would be said once more.
    await call.doctor.get_by_role("button", name="语音播报 开").click()
    await call.doctor.keyboard.press("s")
    await expect(band(call.doctor)).not_to_contain_text("听诊中")
    await pad(call.specialist).get_by_role("button", name="保持不动").click()
    await expect(band(call.doctor)).to_contain_text("保持不动")
    assert len(await spoken(call.doctor)) == before
    await call.doctor.get_by_role("button", name="语音播报 关").click()


async def test_every_word_has_its_drawing(call: Call) -> None:
    """Looked at by people: one picture of each."""
    words = [
        ("滑动", "朝标记侧"),
        ("滑动", "朝标记对侧"),
        ("扫查", "朝患者右侧"),
        ("摇摆", "声束朝标记侧"),
        ("摇摆", "声束朝标记对侧"),
        ("旋转", "逆时针"),
        ("压力", "减压"),
        ("探头标记指向", "患者右侧"),
        ("患者", "请患者吸气后屏住"),
        ("患者", "请患者左侧卧位"),
    ]
    for number, (group, word) in enumerate(words):
        await (
            pad(call.specialist)
            .get_by_role("group", name=group, exact=True)
            .get_by_role("button", name=word, exact=True)
            .click()
        )
        await expect(band(call.doctor).locator(".title")).to_contain_text(word)
        await expect(band(call.doctor).locator("svg")).not_to_have_count(0)
        await (
            band(call.doctor)
            .locator(".drawing")
            .screenshot(path=f"build/screenshots/guiding-word-{number}.png")
        )


async def test_a_checklist_is_the_same_before_both_sides_and_ticked_from_either(call: Call) -> None:
    lists = {page: page.get_by_test_id("checklists") for page in (call.doctor, call.specialist)}
    await call.specialist.get_by_role("button", name="切面清单").click()
    await lists[call.specialist].get_by_label("打开清单").select_option("FAST 创伤超声")
    for one in lists.values():
        await expect(one.locator("li")).to_have_count(5)
    await lists[call.doctor].get_by_label("右上腹（肝肾隐窝）：状态").select_option("已取得")
    await lists[call.specialist].get_by_label("左上腹（脾肾间隙）：状态").select_option("未取得")
    for one in lists.values():
        await expect(one.locator("summary")).to_contain_text("1 / 5")
        await expect(one.locator("li.not_obtained")).to_contain_text("陈立")
    await pictures(call, "checklist")
    for protocol in ("床旁心脏超声", "产科·中晚孕", "甲状腺", "肝胆"):
        await lists[call.specialist].get_by_label("打开清单").select_option(protocol)
    await expect(lists[call.specialist].locator("li")).to_have_count(35)
    for number, drawn in enumerate(await lists[call.specialist].locator("details").all()):
        await drawn.screenshot(path=f"build/screenshots/checklist-drawings-{number}.png")


async def test_a_score_is_computed_from_what_was_chosen_and_written_into_the_opinion(call: Call) -> None:
    page = call.specialist
    await page.get_by_role("tab", name="会诊意见").click()
    await page.get_by_role("button", name="结构化评分").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_test_id("score")).to_contain_text("请选择全部项目")
    for field, value in (
        ("成分", "实性或几乎完全实性"),
        ("回声（实性部分）", "低回声"),
        ("形态（横切面）", "前后径大于横径"),
        ("边缘", "光整"),
    ):
        await dialog.get_by_label(field).select_option(value)
    await dialog.get_by_label("最大径（mm，可不填）").fill("12")
    await expect(dialog.get_by_test_id("score")).to_contain_text("TR5 高度可疑")
    await expect(dialog.get_by_test_id("score")).to_contain_text("共 7 分")
    await keep_screenshot(page, "zh-score-nodule")
    await dialog.get_by_role("tab", name="乳腺 BI-RADS").click()
    await keep_screenshot(page, "zh-score-breast")
    await dialog.get_by_role("tab", name="甲状腺 TI-RADS").click()
    await dialog.get_by_role("button", name="写入检查所见").click()
    await expect(page.get_by_label("检查所见")).to_have_value(
        re.compile("ACR TI-RADS.*共 7 分、TR5.*请由医师核对")
    )
    await page.keyboard.press("Escape")
    await page.get_by_role("tab", name="引导").click()


async def test_it_is_there_after_a_reload_and_kept_with_the_consult(call: Call) -> None:
    await call.doctor.reload()
    await story.connected(call.doctor)
    await expect(band(call.doctor)).to_contain_text("请患者左侧卧位")
    await call.doctor.keyboard.press("y")
    await expect(pad(call.specialist).get_by_role("status")).to_contain_text("完成")
    await story.end_consult(call.doctor)
    await call.doctor.get_by_role("button", name="会诊详情").click()
    views = call.doctor.locator("details", has_text="FAST 创伤超声")
    await expect(views.locator("summary")).to_contain_text("1 / 5")
    log = call.doctor.locator("details", has_text="引导记录")
    await log.locator("summary").click()
    await expect(log.locator("li").first).to_contain_text("倾斜 → 声束朝头侧")
    await expect(log.locator("li").first).to_contain_text("完成")
    await keep_screenshot(call.doctor, "zh-guiding-log")
