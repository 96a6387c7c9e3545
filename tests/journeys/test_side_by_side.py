"""Pictures over and beside each other, in one window and in two; foot switch and large key of an operator."""

import json
import re
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, FloatRect, Locator, Page, expect

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in
from tests.journeys.story import Call, scan

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

STATION_PHONE = "0571-0000 0147"
HOSPITAL_PHONE = "0571-0000 0120"

PIXELS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i]) >>> 0;
  return [canvas.width, canvas.height, sum];
}"""

# Where what is drawn of a mark's first line begins, in captured pixels: by where the browser painted both.
FIRST_PLACE = """(path, still) => {
  const canvas = path.ownerDocument.querySelector(`[data-testid=${still}]`);
  const picture = canvas.getBoundingClientRect();
  const place = path.getPointAtLength(0).matrixTransform(path.getScreenCTM());
  return [
    (place.x - picture.left) * canvas.width / picture.width - 0.5,
    (place.y - picture.top) * canvas.height / picture.height - 0.5,
  ];
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
    await doctor.set_viewport_size({"width": 1366, "height": 768})
    for page in (doctor, specialist):
        await story.press_demo_sign_in(page)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    yield Call(consult_id, doctor, specialist)


async def until_frozen(page: Page, frozen: bool) -> None:
    async def look() -> bool:
        return bool((await scan(page))["frozen"] is frozen)

    await story.until(look, f"frozen {frozen} at {page.url}")


async def box_of(place: Locator) -> FloatRect:
    box = await place.bounding_box()
    assert box is not None
    return box


async def settled_box(place: Locator) -> FloatRect:
    """Where it stands once it has stopped moving."""
    before: list[FloatRect] = []

    async def look() -> FloatRect | None:
        box = await box_of(place)
        same = bool(before) and before[-1] == box
        before.append(box)
        return box if same else None

    return await story.until(look, "it stands still")


async def test_the_telephone_stands_in_the_room_of_both_sides(call: Call) -> None:
    await story.sees(call.doctor, "ultrasound", 30)
    foot = call.specialist.locator("footer").get_by_test_id("way-out")
    await expect(foot).to_contain_text(f"站点 {STATION_PHONE}")
    await expect(foot).not_to_contain_text(HOSPITAL_PHONE)
    own = call.doctor.locator("footer").get_by_test_id("way-out")
    await expect(own).to_contain_text(f"医院 {HOSPITAL_PHONE}")
    await expect(own).to_contain_text(f"站点 {STATION_PHONE}")
    for page in (call.doctor, call.specialist):  # wholly on the screen, not cut off
        box = await box_of(page.locator("footer").get_by_test_id("way-out"))
        size = page.viewport_size
        assert size is not None and box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
        assert box["y"] + box["height"] <= size["height"]
    await keep_screenshot(call.doctor, "zh-way-out-doctor")
    foot = call.doctor.locator("footer.status")
    for language in ("English", "中文"):  # on the small screen nothing of the foot is cut off
        await foot.get_by_role("button", name=language).click()
        await call.doctor.locator(f"html[lang={'en' if language == 'English' else 'zh-CN'}]").wait_for()
        last = await box_of(foot.locator("button").last)
        await keep_screenshot(call.doctor, f"{'en' if language == 'English' else 'zh'}-way-out-doctor")
        assert last["x"] + last["width"] <= 1366, language
    await keep_screenshot(call.specialist, "zh-way-out-specialist")


async def test_the_probe_camera_stands_over_the_ultrasound_and_can_be_moved_away(call: Call) -> None:
    page = call.specialist
    await page.keyboard.press("z")
    inset = page.get_by_test_id("inset")
    await expect(inset).to_contain_text("探头画面")
    await expect(inset.locator("figure video")).to_be_visible()
    await page.keyboard.press("Shift+Z")  # into a corner: it has a place of its own from here on
    before = await settled_box(inset)
    stage = await box_of(page.locator(".scan:not(.small)"))
    assert before["x"] >= stage["x"] and before["y"] + before["height"] <= stage["y"] + stage["height"] + 1
    await keep_screenshot(page, "zh-inset-camera-specialist")
    await page.mouse.move(before["x"] + 50, before["y"] + 12)
    await page.mouse.down()
    await page.mouse.move(before["x"] + 250, before["y"] - 90, steps=6)
    await page.mouse.up()
    moved = await settled_box(inset)
    assert abs(moved["x"] - before["x"] - 200) <= 1 and abs(before["y"] - moved["y"] - 102) <= 1
    assert not (await scan(page))["frozen"], "the picture below was not touched"
    grip = inset.get_by_role("button", name="移动小画面")
    await grip.focus()
    await page.keyboard.press("ArrowLeft")
    by_key = await settled_box(inset)
    assert abs(moved["x"] - by_key["x"] - 20) <= 1
    await page.keyboard.press("Shift+Z")
    corner = await settled_box(inset)
    stage = await box_of(page.locator(".scan:not(.small)"))
    assert abs(corner["x"] - stage["x"]) <= 1
    assert abs(corner["y"] + corner["height"] - stage["y"] - stage["height"]) <= 1
    await inset.get_by_role("button", name="换大小").click()
    assert (await settled_box(inset))["width"] > corner["width"]


async def test_the_ultrasound_stands_over_the_probe_camera_and_goes_back(call: Call) -> None:
    page = call.specialist
    await page.keyboard.press("z")
    inset = page.get_by_test_id("inset")
    await expect(inset.locator(".scan video")).to_be_visible()
    await expect(page.locator(".image > .picture > figure video")).to_be_visible()
    before = len(await story.room(page, "window.__room.frames()"))
    shown_us = (await scan(page))["shown_us"]

    async def runs() -> bool:
        return bool((await scan(page))["shown_us"] != shown_us)

    await story.until(runs, "the small ultrasound runs")
    assert before > 0
    await keep_screenshot(page, "zh-inset-ultrasound-specialist")
    await page.keyboard.press("z")
    await expect(inset).to_have_count(0)
    await expect(page.locator(".scan:not(.small) video")).to_be_visible()


async def has_picture(page: Page, video: str) -> None:
    """A video of this page has a picture; evaluated, as the page's policy lets no text be made a program."""
    await story.until(
        lambda: page.evaluate("video => document.querySelector(video)?.videoWidth > 0", video),
        f"a picture in {video}",
    )


async def test_a_second_window_shows_the_same_frozen_frame_and_marks(call: Call) -> None:
    page = call.specialist
    async with page.context.expect_page() as opened:
        await page.keyboard.press("Shift+V")
    second = await opened.value
    await second.set_viewport_size({"width": 1280, "height": 900})
    await expect(second.get_by_test_id("second-window")).to_be_visible()
    await expect(second.get_by_text("王秀英").first).to_be_visible()
    assert "王秀英" not in await second.title()
    assert await story.room(page, "window.__room.call().state") == "connected"
    peers = await page.evaluate("() => Object.keys(window.__room.call().slots_list).length")
    assert peers > 0
    await has_picture(second, ".scan video")
    await has_picture(second, ".face video")
    await keep_screenshot(second, "zh-second-window-live")
    await second.keyboard.press("f")  # its keys are the room's
    for side in (call.doctor, call.specialist):
        await until_frozen(side, True)
        await expect(side.get_by_test_id("still")).to_contain_text("EXACT 原始帧")
    await expect(second.get_by_test_id("still")).to_contain_text("EXACT 原始帧")
    await page.keyboard.press("a")
    still = page.get_by_test_id("still-picture")
    box = await box_of(still)
    await page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.55, steps=5)
    await page.mouse.up()
    await page.keyboard.press("Escape")
    await expect(second.locator("path[data-mark]").first).to_be_attached()
    assert await still.evaluate(PIXELS) == await second.get_by_test_id("still-picture-second").evaluate(
        PIXELS
    )
    places = [
        await one.locator("path[data-mark]").first.evaluate(FIRST_PLACE, still_id)
        for one, still_id in ((page, "still-picture"), (second, "still-picture-second"))
    ]
    assert np.abs(np.subtract(*places)).max() <= 1, "the same captured pixel"
    await keep_screenshot(second, "zh-second-window-frozen")


async def test_the_second_window_is_emptied_and_filled_again_when_the_room_is_loaded_anew(call: Call) -> None:
    page = call.specialist
    second = next(one for one in page.context.pages if one is not page)
    await page.reload()
    await story.connected(page)
    await expect(second.get_by_test_id("second-window")).to_have_count(1)
    await has_picture(second, ".scan video")
    await expect(second.get_by_test_id("still")).to_contain_text("EXACT 原始帧")
    assert len(page.context.pages) == 2, "no third window"
    await page.keyboard.press("f")
    await until_frozen(page, False)
    await expect(second.get_by_test_id("still")).to_have_count(0)
    async with second.expect_event("close"):
        await page.keyboard.press("Shift+V")
    assert not page.faults, page.faults  # type: ignore[attr-defined]


async def test_a_pedal_is_learnt_in_the_settings_and_freezes_in_the_room(call: Call) -> None:
    doctor = call.doctor
    settings = await doctor.context.new_page()
    await settings.goto(doctor.url.split("/consults/")[0] + "/settings")
    row = settings.locator("[data-testid=pedal-row][data-act=freeze]")
    await row.get_by_role("button", name="学习").click()
    await settings.keyboard.press("Enter")
    await expect(settings.get_by_test_id("pedal-said")).to_contain_text("此键浏览器或页面操作要用")
    await settings.keyboard.press("b")
    await expect(settings.get_by_test_id("pedal-said")).to_contain_text("会诊室内此键原有的作用")
    await expect(row.locator("kbd")).to_have_text("B")
    await settings.get_by_text("用一个大按键走完所有操作").click()
    await expect(settings.get_by_text("按住多久执行")).to_be_visible()
    await row.scroll_into_view_if_needed()
    await keep_screenshot(settings, "zh-settings-pedals")
    kept = await settings.evaluate(
        "() => Object.entries(localStorage).filter(([key]) => key.startsWith('cloud-clinic.pedals'))"
    )
    assert len(kept) == 1 and json.loads(kept[0][1])["bindings"]["freeze"]["code"] == "KeyB"
    await settings.close()

    await doctor.reload()
    await story.connected(doctor)
    await story.sees(doctor, "ultrasound", 10)
    await doctor.keyboard.press("b")
    await until_frozen(doctor, True)
    await until_frozen(call.specialist, True)
    await doctor.get_by_role("button", name="消息").click()
    words = doctor.get_by_role("textbox", name="输入消息")
    await words.focus()
    await doctor.keyboard.press("b")
    await expect(words).to_have_value("b")
    assert (await scan(doctor))["frozen"], "a pedal does nothing while one types"
    await words.fill("")
    await words.blur()


async def test_the_large_key_walks_through_the_acts_and_does_the_one_it_is_held_on(call: Call) -> None:
    doctor = call.doctor
    large = doctor.get_by_test_id("large-key")
    await expect(large).to_contain_text("恢复实时画面")
    await keep_screenshot(doctor, "zh-large-key-doctor")
    does = large.locator(".does b")

    async def next_act() -> str | None:
        """Press shortly until another act is shown: a press right behind another is taken for a bounce."""
        before = await does.inner_text()
        await doctor.keyboard.press("F9")
        shown = await does.inner_text()
        return None if shown == before else shown

    seen = [await story.until(next_act, "another act")]
    while seen[-1] != "恢复实时画面" and len(seen) < 12:
        seen.append(await story.until(next_act, "another act"))
    assert seen[-1] == "恢复实时画面" and "呼叫急救" in seen and "保存最近 10 秒" in seen
    assert (await scan(doctor))["frozen"], "short presses do nothing"
    box = await box_of(doctor.locator("button.emergency"))
    assert box["y"] + box["height"] <= 768, "120 stays on the screen"
    await doctor.keyboard.down("F9")
    await until_frozen(doctor, False)
    await doctor.keyboard.up("F9")
    await until_frozen(call.specialist, False)
    await expect(doctor.get_by_test_id("operator-said")).to_contain_text("恢复实时画面")
    assert not doctor.faults, doctor.faults  # type: ignore[attr-defined]


async def test_the_last_ten_seconds_and_the_frozen_picture_are_kept_from_the_room(call: Call) -> None:
    doctor = call.doctor
    await doctor.keyboard.press("j")
    says = doctor.get_by_test_id("clip")
    await expect(says).to_have_attribute("data-state", re.compile("asked|coming|kept"))
    await doctor.keyboard.press("f")
    await expect(doctor.get_by_test_id("still")).to_contain_text("EXACT 原始帧")
    await doctor.keyboard.press("w")
    await expect(doctor.get_by_test_id("still-kept")).to_contain_text("CS-")
    await keep_screenshot(doctor, "zh-clip-coming-doctor")
    await doctor.keyboard.press("f")
    await until_frozen(doctor, False)


async def test_an_exam_of_this_very_consult_is_no_earlier_one(call: Call) -> None:
    await call.specialist.keyboard.press("Shift+J")
    earlier = call.specialist.get_by_test_id("earlier-exam")
    await expect(earlier).to_contain_text("该居民没有既往超声检查")
    await call.specialist.keyboard.press("Shift+J")
    await expect(earlier).to_have_count(0)


async def test_the_telephone_stays_after_the_end(call: Call) -> None:
    await call.doctor.get_by_role("button", name="结束会诊").click()
    await call.doctor.get_by_role("dialog").get_by_role("button", name="确认结束").click()
    strip = call.doctor.locator("header p.strip")
    await expect(strip).to_contain_text(STATION_PHONE)
    for page in (call.doctor, call.specialist):
        await expect(page.locator("footer").get_by_test_id("way-out")).to_contain_text(STATION_PHONE)
    await keep_screenshot(call.doctor, "zh-way-out-ended")


async def test_at_the_next_consult_the_kept_cine_plays_beside_the_running_picture(call: Call) -> None:
    doctor, specialist = call.doctor, call.specialist
    await the_clip_is_kept(call)
    for page in (doctor, specialist):
        await page.get_by_role("button", name="返回").first.click()
    await meet_once_more(doctor, specialist)
    await story.sees(specialist, "ultrasound", 30)
    answered: list[str] = []
    specialist.on("response", lambda one: answered.append(one.url))
    await specialist.keyboard.press("Shift+J")
    earlier = specialist.get_by_test_id("earlier-exam")
    shown = earlier.get_by_test_id("earlier-picture")
    await expect(shown).to_have_attribute("data-frame", re.compile(r"^\d+$"))
    await expect(earlier.locator("header")).to_contain_text("既往检查")
    await expect(earlier.locator("header")).to_contain_text("HZ-")
    await expect(earlier.locator(".plate")).to_contain_text("既往检查")
    await expect(earlier).to_contain_text("按原始帧时间播放")
    first = await shown.get_attribute("data-frame")
    await expect(shown).not_to_have_attribute("data-frame", first or "")
    await expect(specialist.locator(".scan:not(.small) .live").first).to_be_visible()
    resident_id = (await story.api(specialist, f"/api/consults/{specialist.url.split('/')[4]}"))["consult"][
        "resident"
    ]["id"]
    asked = [one for one in answered if "/ultrasound-exams" in one]
    assert asked and all(f"/residents/{resident_id}/" in one for one in asked)
    await keep_screenshot(specialist, "zh-earlier-cine-specialist")

    await earlier.get_by_role("button", name="暂停").click()
    body = earlier.get_by_role("application")
    await body.focus()
    await expect(earlier.get_by_text("尚未到达")).to_have_count(0)
    await body.press("Home")  # a step from the last frame would go round
    await expect(shown).to_have_attribute("data-frame", "1")
    at = int(await shown.get_attribute("data-frame") or 0)
    await specialist.keyboard.press("ArrowRight")
    await expect(shown).to_have_attribute("data-frame", str(at + 1))
    await specialist.keyboard.press("ArrowLeft")
    await expect(shown).to_have_attribute("data-frame", str(at))
    assert not (await scan(specialist))["frozen"], "the running picture runs on"
    exact = await pixels_of_frame(specialist, asked, at)
    assert await shown.evaluate(PIXELS) == exact

    await earlier.get_by_role("button", name="测量既往画面").click()
    box = await box_of(shown)
    await specialist.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.3)
    await specialist.mouse.down()
    await specialist.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.5, steps=5)
    await specialist.mouse.up()
    line = earlier.get_by_test_id("earlier-measure")
    await expect(line).to_contain_text("距离")
    await expect(line).to_contain_text("既往检查")
    assert not any('"measure_picture"' in one for one in specialist.sent)  # type: ignore[attr-defined]
    await keep_screenshot(specialist, "zh-earlier-measured-specialist")
    await doctor.keyboard.press("Shift+J")
    await expect(doctor.get_by_test_id("earlier-picture")).to_have_attribute(
        "data-frame", re.compile(r"^\d+$")
    )
    await keep_screenshot(doctor, "zh-earlier-cine-doctor")
    await specialist.keyboard.press("Escape")
    await specialist.keyboard.press("Shift+J")
    await expect(earlier).to_have_count(0)
    for page in (doctor, specialist):
        assert not page.faults, page.faults  # type: ignore[attr-defined]


async def the_clip_is_kept(call: Call) -> None:
    """With nobody receiving the picture any more, the station sends it as fast as may be."""

    async def look() -> bool:
        return bool((await story.api(call.doctor, f"/api/consults/{call.consult_id}/kept-clips"))["clips"])

    await story.until(look, "the clip is kept", patience_s=150)


async def meet_once_more(doctor: Page, specialist: Page) -> None:
    """A second consult about the same resident, beside the one whose opinion is still due."""
    await story.open_resident(doctor, "王秀英")
    await doctor.get_by_role("link", name="申请会诊").click()
    await doctor.get_by_text("心内科").first.click()
    await doctor.get_by_text("紧急", exact=True).first.click()
    await doctor.get_by_role("textbox").first.fill("复查：与上次比较。")
    await doctor.get_by_role("textbox").first.press("Enter")
    await doctor.get_by_role("button", name="仍要另行申请").click()
    await doctor.get_by_role("heading", name="会诊前准备").wait_for()
    consult_id = doctor.url.rsplit("/", 1)[1]
    await story.prepare(doctor)
    await story.to_device_check(doctor)
    await story.bind_station(doctor)
    await story.accept(specialist)
    await story.enter(doctor, consult_id)
    await story.connected(specialist)


async def pixels_of_frame(page: Page, asked: list[str], frame: int) -> list[int]:
    """The checksum of a frame as the server gives it, decoded by the page."""
    address = next(one for one in asked if one.endswith(".png")).rsplit("/", 1)[0]
    checksum: list[int] = await page.evaluate(
        """async (path) => {
          const png = await (await fetch(path)).blob();
          const asIs = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
          const picture = await createImageBitmap(png, asIs);
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [picture.width, picture.height];
          canvas.getContext("2d").drawImage(picture, 0, 0);
          return ("""
        + PIXELS
        + """)(canvas);
        }""",
        f"{address}/{frame}.png",
    )
    return checksum
