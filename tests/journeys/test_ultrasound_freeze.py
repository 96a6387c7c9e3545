"""One frozen picture for both sides: the same frame, EXACT pixels, marks to the pixel, calipers on it.

What is kept of it is found afterwards by whoever may read the record, and by nobody else.
"""

import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in
from tests.journeys.story import scan

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

CLIP_PATIENCE_S = 240.0
STILLS = 3
"""So many are kept in the course of this file."""

PIXELS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let grey = "";
  for (let i = 0; i < data.length; i += 4) grey += String.fromCharCode(data[i]);
  return [canvas.width, canvas.height, btoa(grey)];
}"""

# Where what is drawn of a mark's first line begins, in captured pixels: by where the browser painted both.
FIRST_PLACE = """(path) => {
  const canvas = document.querySelector("[data-testid=still-picture]");
  const picture = canvas.getBoundingClientRect();
  const place = path.getPointAtLength(0).matrixTransform(path.getScreenCTM());
  return [
    (place.x - picture.left) * canvas.width / picture.width - 0.5,
    (place.y - picture.top) * canvas.height / picture.height - 0.5,
  ];
}"""


class Call(NamedTuple):
    """A consult that runs: on a large screen of fine pixels, and on a small one."""

    consult_id: str
    doctor: Page
    specialist: Page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
    await doctor.set_viewport_size({"width": 1366, "height": 768})
    fine = await specialist.context.new_cdp_session(specialist)
    metrics = {"width": 1600, "height": 900, "deviceScaleFactor": 1.5, "mobile": False}
    await fine.send("Emulation.setDeviceMetricsOverride", metrics)
    for page in (doctor, specialist):
        await story.press_demo_sign_in(page)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    yield Call(consult_id, doctor, specialist)


async def until_scan(page: Page, what: str, **wanted: object) -> dict[str, Any]:
    """What stands on the stage, once it is so."""

    async def look() -> dict[str, Any] | None:
        shown = await scan(page)
        return shown if all(shown[name] == value for name, value in wanted.items()) else None

    return await story.until(look, f"{what} at {page.url}")


async def both_exact(call: Call) -> float:
    """Both sides show the exact pixels of one frame; its capture time."""
    shown = [
        await until_scan(page, "an exact picture", still="exact") for page in (call.doctor, call.specialist)
    ]
    assert shown[0]["shown_us"] == shown[1]["shown_us"] and shown[0]["still_id"] == shown[1]["still_id"]
    return float(shown[0]["shown_us"])


async def another_exact(call: Call, before_us: float) -> float:
    """Both sides show the exact pixels of another frame than before; its capture time."""
    for page in (call.doctor, call.specialist):

        async def look(page: Page = page) -> bool:
            shown = await scan(page)
            return bool(shown["still"] == "exact" and shown["shown_us"] != before_us)

        await story.until(look, f"another exact frame at {page.url}")
    return await both_exact(call)


async def pixels(page: Page) -> tuple[int, int, str]:
    """Size and pixels of the still picture, read back from its canvas."""
    width, height, grey = await page.get_by_test_id("still-picture").evaluate(PIXELS)
    return width, height, hashlib.sha256(grey.encode()).hexdigest()


async def page_point(page: Page, x: float, y: float) -> tuple[float, float]:
    """The point of the page over a captured pixel of the still picture."""
    box = await page.get_by_test_id("still-picture").bounding_box()
    size = (await scan(page))["captured"]
    assert box is not None
    across, down = box["width"] / size["width"], box["height"] / size["height"]
    return box["x"] + (x + 0.5) * across, box["y"] + (y + 0.5) * down


async def drag(page: Page, *places: tuple[float, float]) -> None:
    """Press on the first captured pixel, drag over the others, let go."""
    first, *others = [await page_point(page, *place) for place in places]
    await page.mouse.move(*first)
    await page.mouse.down()
    for other in others:
        await page.mouse.move(*other, steps=4)
    await page.mouse.up()


async def first_place(page: Page, mark_id: str) -> tuple[float, float]:
    """The captured pixel that a mark's line is painted from."""
    x, y = await page.locator(f"path[data-mark='{mark_id}']").evaluate(FIRST_PLACE)
    return x, y


async def test_marks_on_the_live_picture_fade_on_both_sides(call: Call) -> None:
    specialist, doctor = call.specialist, call.doctor
    await story.sees(doctor, "ultrasound", 40)
    await specialist.keyboard.press("a")
    box = await specialist.locator(".scan:not(.small)").bounding_box()
    assert box is not None
    await specialist.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.4)
    await specialist.mouse.down()
    await specialist.mouse.move(box["x"] + box["width"] * 0.65, box["y"] + box["height"] * 0.6, steps=5)
    await specialist.mouse.up()
    for page in (specialist, doctor):  # its maker's fades first
        await page.locator("path[data-mark]").first.wait_for(state="attached")
    await keep_screenshot(doctor, "zh-mark-live-doctor")
    for page in (doctor, specialist):
        await page.locator("path[data-mark]").first.wait_for(state="detached")
        await until_scan(page, "no mark is kept", kept_marks=0)
    await specialist.keyboard.press("Escape")


async def test_either_side_freezes_both_at_one_frame_with_equal_exact_pixels(call: Call) -> None:
    await call.doctor.keyboard.press("f")
    await both_exact(call)
    for page in (call.doctor, call.specialist):  # of the ring's own time for this frame
        await expect(page.locator(".moment canvas")).to_be_visible()
    here, there = [await pixels(page) for page in (call.doctor, call.specialist)]
    assert here == there
    for page in (call.doctor, call.specialist):
        await expect(page.get_by_test_id("still")).to_contain_text("EXACT 原始帧")
        await expect(page.get_by_text("无损 · 校验一致")).to_be_visible()
    await expect(call.specialist.get_by_text("周敏 冻结", exact=True)).to_be_visible()
    await keep_screenshot(call.specialist, "zh-freeze-specialist")
    await keep_screenshot(call.doctor, "zh-freeze-doctor")


async def test_a_step_by_frame_and_by_beat_moves_both(call: Call) -> None:
    frozen_us = await both_exact(call)
    before = await pixels(call.doctor)
    await call.specialist.keyboard.press(",")
    once_us = await another_exact(call, frozen_us)
    assert 4_000 <= frozen_us - once_us <= 500_000  # a station that was held up leaves frames out
    assert await pixels(call.doctor) == await pixels(call.specialist)
    await call.specialist.keyboard.press(",")
    back_us = await another_exact(call, once_us)
    # The cine has some of its frames twice, none three times.
    assert await pixels(call.doctor) == await pixels(call.specialist) != before
    await call.doctor.keyboard.press("Shift+Comma")
    beat_us = await another_exact(call, back_us)
    assert 300_000 <= back_us - beat_us <= 2_000_000
    assert await pixels(call.doctor) == await pixels(call.specialist)


async def test_marks_land_on_their_pixel_at_two_windows_two_screens_and_zoomed(call: Call) -> None:
    specialist, doctor = call.specialist, call.doctor
    await specialist.keyboard.press("d")
    await drag(specialist, (300, 200), (340, 220), (360, 260))
    await doctor.keyboard.press("a")
    await drag(doctor, (250, 150), (310, 190))
    for page in (doctor, specialist):
        await until_scan(page, "both marks", kept_marks=2)
    for key, times in (("0", 1), ("+", 4)):
        for _ in range(times):
            await specialist.keyboard.press(key)
        by_shape = {mark["shape"]: mark for mark in (await scan(specialist))["marks"]}
        for shape, meant in (("freehand", (300, 200)), ("arrow", (250, 150))):
            mark = by_shape[shape]
            assert mark["points"][0] == pytest.approx(meant, abs=1)
            for page in (doctor, specialist):
                assert await first_place(page, mark["id"]) == pytest.approx(mark["points"][0], abs=0.1)
    assert (await scan(specialist))["zoom"] > 4 and (await scan(doctor))["zoom"] == 1
    await keep_screenshot(specialist, "zh-marks-zoomed")
    await specialist.keyboard.press("0")


async def test_text_circle_and_target_and_taking_back(call: Call) -> None:
    specialist, doctor = call.specialist, call.doctor
    await specialist.keyboard.press("l")
    await drag(specialist, (200, 300), (200, 300))
    await specialist.get_by_label("标注文字").fill("前间壁运动减弱")
    await specialist.keyboard.press("Enter")
    await specialist.keyboard.press("o")
    await drag(specialist, (330, 240), (360, 250))
    await until_scan(specialist, "four marks", kept_marks=4)
    await doctor.get_by_text("前间壁运动减弱 · 陈立").wait_for()
    await doctor.keyboard.press("g")  # by keys alone
    for _ in range(3):
        await doctor.keyboard.press("Shift+ArrowLeft")
    await doctor.keyboard.press("Enter")
    for page in (specialist, doctor):
        await until_scan(page, "a target", kept_marks=5)
    await expect(specialist.get_by_test_id("picture-spoken")).to_contain_text("周敏 标注：目标")
    size = (await scan(doctor))["captured"]
    target = next(mark for mark in (await scan(doctor))["marks"] if mark["shape"] == "target")
    # From the middle; the first press of an arrow shows the cross there.
    assert target["points"] == [[size["width"] // 2 - 20, size["height"] // 2]]
    await keep_screenshot(specialist, "zh-marks-specialist")
    await keep_screenshot(doctor, "zh-marks-doctor")
    await doctor.keyboard.press("Control+z")
    await until_scan(specialist, "the target is taken back", kept_marks=4)
    await specialist.keyboard.press("u")
    left = await until_scan(doctor, "the circle is taken back", kept_marks=3)
    assert {mark["shape"] for mark in left["marks"]} == {"freehand", "arrow", "text"}
    for page in (doctor, specialist):
        await page.keyboard.press("Escape")


async def measures_beside_the_picture(page: Page) -> None:
    """On a large screen what is measured stands beside the picture, which keeps all of the height."""
    screen = await page.context.new_cdp_session(page)
    metrics = {"deviceScaleFactor": 1.5, "mobile": False}
    large = {"width": 1920, "height": 1080} | metrics
    await screen.send("Emulation.setDeviceMetricsOverride", large)
    await expect(page.get_by_test_id("work")).to_have_class(re.compile(r"\bbeside\b"))
    places = [
        page.get_by_test_id("work"),
        page.get_by_test_id("still-picture"),
        page.locator(".scan:not(.small)"),
    ]
    work, still, box = [await place.bounding_box() for place in places]
    assert work is not None and still is not None and box is not None
    assert work["x"] + work["width"] <= still["x"] and still["height"] == pytest.approx(box["height"], abs=1)
    await screen.send("Emulation.setDeviceMetricsOverride", {"width": 1600, "height": 900} | metrics)
    await expect(page.get_by_test_id("work")).not_to_have_class(re.compile(r"\bbeside\b"))


async def test_calipers_say_their_unit_doubt_and_origin_and_both_sides_read_them(call: Call) -> None:
    specialist, doctor = call.specialist, call.doctor
    await specialist.keyboard.press("k")
    await drag(specialist, (250, 200), (350, 260))
    await measures_beside_the_picture(specialist)
    row = specialist.get_by_test_id("picture-measure")
    await expect(row).to_contain_text(re.compile(r"距离\s*\d+(\.\d)? ± \d+(\.\d)? (mm|px)"))
    read = re.search(r"[\d.]+ ± [\d.]+ (mm|px)", await row.inner_text())
    assert read is not None
    await expect(row).to_contain_text("文件标定" if read[1] == "mm" else "未标定")
    await expect(doctor.get_by_test_id("picture-theirs")).to_contain_text(read[0])
    await keep_screenshot(specialist, "zh-measure-specialist")
    await keep_screenshot(doctor, "zh-measure-doctor")
    await specialist.keyboard.press("w")
    for page in (specialist, doctor):
        await expect(page.get_by_test_id("still-kept")).to_contain_text(re.compile(r"已存入病历 CS-\d+-\d+"))
    kept = await story.api(specialist, f"/api/consults/{call.consult_id}/kept-stills")
    assert [(len(one["mark_ids"]), len(one["measurements"])) for one in kept["stills"]] == [(3, 1)]
    await specialist.keyboard.press("a")
    await drag(specialist, (250, 300), (280, 320))
    for page in (specialist, doctor):
        await expect(page.get_by_test_id("still-lacks")).to_contain_text("存入后的改动未存，请再存")
        await expect(page.get_by_test_id("still-lacks")).to_be_in_viewport(ratio=0.8)
    await keep_screenshot(doctor, "zh-still-lacks-a-mark")
    await specialist.keyboard.press("u")
    for page in (specialist, doctor):
        await expect(page.get_by_test_id("still-kept")).to_contain_text("已存入病历 CS-")
    await specialist.keyboard.press("q")
    findings = specialist.locator("section.editor textarea").first
    await expect(findings).to_have_value(re.compile(re.escape(read[0])))
    await specialist.keyboard.press("Escape")


async def test_one_key_binds_the_still_to_the_next_view_of_the_open_checklist(call: Call) -> None:
    specialist, doctor = call.specialist, call.doctor
    await specialist.keyboard.press("5")
    await specialist.get_by_role("button", name="切面清单").click()
    await specialist.get_by_label("打开清单").select_option("fast")
    for page in (specialist, doctor):
        await page.get_by_text("存图并绑定：右上腹").or_(page.get_by_text("绑定到：右上腹")).wait_for()
    await specialist.get_by_test_id(
        "still-picture"
    ).click()  # keys belong to the room again, not to the choice
    await specialist.keyboard.press("Shift+W")
    for page in (specialist, doctor):
        await expect(page.get_by_test_id("still-bound")).to_have_text("✓ 切面：右上腹（肝肾隐窝）")
        bound = page.get_by_test_id("checklists").get_by_test_id("bound-still")
        await expect(bound).to_have_text(re.compile(r"CS-\d+-0001"))
    await keep_screenshot(specialist, "zh-still-bound-specialist")
    await keep_screenshot(doctor, "zh-still-bound-doctor")
    await doctor.get_by_label("绑定到其他切面").select_option(label="左上腹（脾肾间隙）")
    await expect(specialist.get_by_test_id("still-bound")).to_contain_text(
        "右上腹（肝肾隐窝）、左上腹（脾肾间隙）"
    )
    kept = await story.api(specialist, f"/api/consults/{call.consult_id}/kept-stills")
    assert len(kept["stills"]) == 1  # it was kept before: bound, not kept once more
    await specialist.keyboard.press("a")
    await drag(specialist, (250, 300), (280, 320))
    await specialist.get_by_role("button", name=re.compile("存图并绑定：右上腹.*左上腹")).wait_for()
    await specialist.keyboard.press("u")
    await expect(specialist.get_by_test_id("still-kept")).to_contain_text("CS-")
    await specialist.keyboard.press("Escape")
    await specialist.keyboard.press("2")


async def test_one_key_asks_for_the_last_ten_seconds_and_both_sides_see_it(call: Call) -> None:
    specialist, doctor = call.specialist, call.doctor
    await expect(doctor.get_by_role("button", name="存冻结前 10 秒")).to_be_enabled()
    await specialist.keyboard.press("j")
    for page in (specialist, doctor):
        await expect(page.get_by_test_id("clip")).to_contain_text("陈立 存")
    await keep_screenshot(doctor, "zh-clip-asked-doctor")
    await keep_screenshot(specialist, "zh-clip-asked-specialist")


async def test_what_was_marked_on_a_frame_is_on_no_other_and_there_again_on_it(call: Call) -> None:
    at_us = await both_exact(call)
    await call.doctor.keyboard.press(".")
    await another_exact(call, at_us)
    for page in (call.doctor, call.specialist):
        assert (await scan(page))["marks"] == []
    await expect(call.specialist.get_by_test_id("picture-measure")).to_have_count(0)
    await call.doctor.keyboard.press(",")
    for page in (call.doctor, call.specialist):
        shown = await until_scan(page, "the frame before", shown_us=at_us, still="exact")
        assert len(shown["marks"]) == 3
    await expect(call.specialist.get_by_test_id("picture-measure")).to_have_count(1)


async def kept_stills(call: Call) -> list[tuple[int, int]]:
    """How many marks and measurements each kept still has."""
    kept = await story.api(call.specialist, f"/api/consults/{call.consult_id}/kept-stills")
    return [(len(one["mark_ids"]), len(one["measurements"])) for one in kept["stills"]]


async def until_kept(call: Call, *wanted: tuple[int, int]) -> None:
    """These stills are in the record."""

    async def look() -> bool:
        return sorted(await kept_stills(call)) == sorted(wanted)

    await story.until(look, f"stills kept with {wanted}")


async def test_a_spectrums_tool_says_its_steps_and_reads_nothing_off_a_plane(call: Call) -> None:
    specialist = call.specialist
    await specialist.keyboard.press("k")
    tools = specialist.get_by_label("心腔、M 型、频谱…")
    await tools.select_option("resistive_index")
    await specialist.get_by_text("按在收缩期峰值上").wait_for()
    await drag(specialist, (280, 180), (320, 220))
    refused = specialist.get_by_test_id("picture-measure").nth(1)
    await expect(refused).to_contain_text("请在频谱多普勒区域内测量")
    await tools.select_option("velocity")
    await specialist.get_by_label("多普勒角度").fill("45")
    await drag(specialist, (420, 300), (420, 300))
    await expect(specialist.get_by_test_id("picture-measure").nth(2)).to_contain_text(
        "请在频谱多普勒区域内测量"
    )
    await keep_screenshot(specialist, "zh-measure-off-a-spectrum")
    for _ in range(2):
        await specialist.get_by_test_id("picture-measure").last.get_by_role("button").click()
    await tools.select_option("chamber_area")
    await specialist.get_by_text("点击瓣环的一侧").wait_for()
    for x, y in (
        (330, 300),
        (322, 250),
        (338, 205),
        (360, 190),
        (382, 205),
        (398, 250),
        (390, 300),
        (390, 300),
    ):
        await drag(specialist, (x, y), (x, y))
    contour = specialist.get_by_test_id("picture-measure").nth(1)
    await expect(contour).to_contain_text(re.compile(r"心腔面积\s*[\d.]+ ± [\d.]+ (cm²|mm²)"))
    await expect(contour).to_contain_text(re.compile(r"心腔长轴\s*[\d.]+ ± [\d.]+ mm"))
    await keep_screenshot(specialist, "zh-measure-chamber")
    await contour.get_by_role("button").click()
    await specialist.get_by_role("button", name="距离", exact=True).click()


async def test_a_volume_is_made_of_lengths_on_two_frames_and_cited_with_them(call: Call) -> None:
    specialist, doctor = call.specialist, call.doctor
    at_us = await both_exact(call)
    await drag(specialist, (300, 150), (300, 230))
    await specialist.keyboard.press("w")
    await until_kept(call, (3, 1), (3, 2))
    await doctor.keyboard.press(".")
    await another_exact(call, at_us)
    await drag(specialist, (260, 180), (330, 180))
    await specialist.keyboard.press("w")
    await until_kept(call, (3, 1), (3, 2), (0, 1))
    await specialist.keyboard.press("Shift+KeyK")
    panel = specialist.get_by_test_id("derive")
    await panel.get_by_text("还没有存图的心腔轮廓").wait_for()
    await panel.get_by_role("combobox", name="计算").select_option("ellipsoid")
    await panel.get_by_text("先选长径").wait_for()
    page = await story.api(specialist, f"/api/consults/{call.consult_id}/measured")
    whole, last = [one["kept_id"] for one in page["stills"]][1:]
    for part, key in (("长径", f"{whole}#0"), ("横径", f"{whole}#1"), ("前后径", f"{whole}#1")):
        await panel.get_by_role("combobox", name=part).select_option(key)
    await panel.get_by_text("同一项测量用了两次").wait_for()
    await panel.get_by_role("combobox", name="前后径").select_option(f"{last}#0")
    now = panel.get_by_test_id("derived-now")
    await expect(now).to_have_text(re.compile(r"椭球体积 [\d.]+ ± [\d.]+ mL \(文件标定\)"))
    figures = re.search(r"[\d.]+ ± [\d.]+ mL", await now.inner_text())
    assert figures is not None
    await panel.get_by_label("名称（可不填）").fill("膀胱容积")
    await keep_screenshot(specialist, "zh-derive-ellipsoid")
    await panel.get_by_role("button", name="保存").click()
    await doctor.keyboard.press("Shift+KeyK")
    for one in (specialist, doctor):
        kept = one.get_by_test_id("derived")
        await expect(kept).to_contain_text(figures[0])
        await expect(kept).to_contain_text(re.compile(r"膀胱容积.*由 距离 .*CS-\d+-\d+.* 得出 · CJ-\d+-\d+"))
    await keep_screenshot(doctor, "zh-derived-doctor")
    await specialist.get_by_test_id("derived").get_by_role("button").click()
    findings = specialist.locator("section.editor textarea").first
    await expect(findings).to_have_value(re.compile(re.escape(figures[0]) + r".*由 距离"))
    await keep_screenshot(specialist, "zh-derived-specialist")
    for one in (specialist, doctor):
        await one.keyboard.press("Shift+KeyK")
        await expect(one.get_by_test_id("derive")).to_have_count(0)
    later_us = await both_exact(call)
    await doctor.keyboard.press(",")
    assert await another_exact(call, later_us) == at_us
    await specialist.keyboard.press("Escape")


async def test_the_station_is_cut_off_while_frozen_and_the_original_comes_when_it_is_back(call: Call) -> None:
    doctor, specialist = call.doctor, call.specialist
    await doctor.keyboard.press("f")
    for page in (doctor, specialist):
        await until_scan(page, "live again", frozen=False)
    await story.sees(specialist, "ultrasound", 60)
    await doctor.get_by_role("button", name="拔线 10 秒").click()
    await specialist.get_by_text("不在线").first.wait_for()
    await specialist.keyboard.press("f")
    for page in (doctor, specialist):
        await expect(page.get_by_test_id("still")).to_contain_text("LIVE 压缩画面")
        await page.get_by_text("站点断线，恢复后自动取原始帧").wait_for()
    await specialist.keyboard.press("j")
    await specialist.get_by_role("alert").filter(has_text="站点断线，恢复后再存").wait_for()
    button = specialist.get_by_role("button", name="存冻结前 10 秒")
    await expect(button).to_have_attribute("aria-disabled", "true")
    await expect(button).to_have_attribute("title", "站点断线，恢复后再存")
    await keep_screenshot(specialist, "zh-freeze-station-lost")
    await both_exact(call)
    assert await pixels(doctor) == await pixels(specialist)


async def test_it_is_as_good_in_english(call: Call) -> None:
    specialist = call.specialist
    await specialist.keyboard.press("Escape")
    await specialist.get_by_role("button", name="English").first.click()
    await specialist.keyboard.press("k")
    await drag(specialist, (250, 200), (350, 260))
    await expect(specialist.get_by_test_id("still")).to_contain_text("EXACT original")
    await keep_screenshot(specialist, "en-measure-specialist")
    await specialist.keyboard.press("Shift+Slash")
    await specialist.get_by_role("dialog").get_by_text("heart beat before / after").wait_for()
    await keep_screenshot(specialist, "en-keys")
    await expect(specialist.get_by_text("1–5", exact=True)).to_be_visible()
    await specialist.keyboard.press("Escape")
    await specialist.get_by_role("button", name="中文").first.click()


# --- afterwards ----------------------------------------------------------------------------------------


async def test_the_opinion_is_written_reviewed_and_signed_with_what_was_kept(call: Call) -> None:
    specialist = call.specialist
    await story.end_consult(call.doctor)

    # It goes on behind the consult: while pictures run it takes a fifth of their line.
    async def clip_is_kept() -> bool:
        kept = await story.api(specialist, f"/api/consults/{call.consult_id}/kept-clips")
        return [one["asked_by"]["display_name"] for one in kept["clips"]] == ["陈立"]

    await story.until(clip_is_kept, "the clip with the record", CLIP_PATIENCE_S)
    await specialist.goto(specialist.url.replace("/room", "/opinion"))
    await finds_both(specialist)
    await keep_screenshot(specialist, "zh-kept-opinion-editor")
    await specialist.get_by_role("button", name=re.compile("把 CS-.*-0001 写入意见")).click()
    findings = specialist.locator("section.editor textarea").first
    await expect(findings).to_have_value(re.compile(r"超声图像 CS-\d+-0001（.*第 \d+ 帧）：距离"))
    await story.write_opinion(
        specialist, findings="见超声图像", impression="室间隔运动减弱", advice="门诊随访"
    )
    await specialist.get_by_role("button", name=re.compile("^签发 ?Ctrl")).click()
    await finds_both(specialist.get_by_test_id("signing-review"))
    await keep_screenshot(specialist, "zh-kept-signing-review")
    await specialist.keyboard.press("Escape")
    await story.sign(specialist)


async def test_a_kept_still_is_found_on_the_consult_page_exact_with_what_is_drawn_and_measured(
    call: Call,
) -> None:
    doctor = call.doctor
    await doctor.set_viewport_size({"width": 1600, "height": 900})
    await doctor.goto(doctor.url.split("/consults/")[0] + f"/consults/{call.consult_id}")
    await finds_both(doctor)
    await doctor.get_by_text("切面清单").first.wait_for()
    await doctor.locator("details summary").filter(has_text="FAST").click()
    await expect(doctor.get_by_test_id("bound-still")).to_have_count(2)
    await keep_screenshot(doctor, "zh-kept-consult")
    await first_still(doctor).get_by_role("button", name=re.compile("放大查看 CS-")).click()
    large = doctor.get_by_test_id("kept-still-large")
    await expect(large.get_by_test_id("kept-exact")).to_contain_text("EXACT 原始帧")
    await expect(large.get_by_test_id("kept-measurement")).to_contain_text(re.compile(r"距离 .*± .*(mm|px)"))
    await expect(large.get_by_test_id("kept-mark")).to_have_count(3)
    await expect(large.get_by_text("陈立：前间壁运动减弱")).to_be_visible()
    shown = await doctor.get_by_test_id("kept-picture").evaluate(PIXELS)
    still = await kept_still(doctor, call.consult_id)
    pixels_sha256 = hashlib.sha256(shown[2].encode()).hexdigest()
    assert shown[:2] == [still["width"], still["height"]] and pixels_sha256 == await png_pixels(doctor, still)
    place = await doctor.locator("path[data-mark]").first.evaluate(
        FIRST_PLACE.replace("still-picture", "kept-picture")
    )
    details = await story.api(doctor, f"/api/kept-stills/{still['id']}")
    assert place == pytest.approx(details["details"]["marks"][0]["points"][0], abs=0.1)
    await keep_screenshot(doctor, "zh-kept-large")
    await doctor.keyboard.press("Escape")


async def test_a_kept_clip_is_checked_and_played_frame_by_frame(call: Call) -> None:
    doctor = call.doctor
    await doctor.get_by_role("button", name=re.compile("播放 CD-")).click()
    large = doctor.get_by_test_id("kept-clip-large")
    await expect(large).to_have_attribute("data-state", "ready")
    await expect(large.get_by_text("与保存时一致，已校验")).to_be_visible()
    (kept,) = (await story.api(doctor, f"/api/consults/{call.consult_id}/kept-clips"))["clips"]
    frames, seconds = kept["clip"]["frames"], (kept["clip"]["until_us"] - kept["clip"]["from_us"]) / 1e6
    await expect(large.get_by_test_id("clip-at")).to_have_text(
        f"0.00 / {seconds:.2f} 秒 · 第 1 / {frames} 帧"
    )

    async def drawn() -> list[Any] | None:
        shown: list[Any] = await doctor.get_by_test_id("clip-picture").evaluate(PIXELS)
        return shown if shown[:2] == [still["width"], still["height"]] else None

    still = await kept_still(doctor, call.consult_id)
    first = await story.until(drawn, "the clip's first frame")
    for at in (2, 3):  # the cine has some of its frames twice, none three times
        await doctor.keyboard.press("ArrowRight")
        await expect(large.get_by_test_id("clip-at")).to_contain_text(f"第 {at} / {frames} 帧")

    async def is_another() -> bool:
        return bool(await doctor.get_by_test_id("clip-picture").evaluate(PIXELS) != first)

    await story.until(is_another, "another frame of the clip")
    await doctor.keyboard.press("Space")
    await expect(large.get_by_role("button", name="暂停")).to_be_visible()

    async def runs() -> bool:
        return int(await doctor.get_by_test_id("clip-picture").get_attribute("data-at") or 0) > 10

    await story.until(runs, "the clip to run")
    await keep_screenshot(doctor, "zh-kept-clip")
    await doctor.keyboard.press("Escape")


async def test_both_are_on_the_residents_timeline_with_a_filter_of_their_own(call: Call) -> None:
    doctor = call.doctor
    await story.open_resident(doctor, "王秀英")
    await finds_both(doctor)
    line = doctor.locator("aside label").filter(has_text="超声图像")
    await expect(line).to_contain_text(str(STILLS + 1))
    await doctor.get_by_test_id("kept-still").first.scroll_into_view_if_needed()
    await keep_screenshot(doctor, "zh-kept-timeline")
    await line.locator("input").uncheck()
    await expect(doctor.get_by_test_id("kept-still")).to_have_count(0)


async def test_both_stand_under_the_signed_opinion(call: Call) -> None:
    doctor = call.doctor
    await doctor.goto(doctor.url.split("/residents/")[0] + f"/consults/{call.consult_id}/opinion")
    await finds_both(doctor)
    await keep_screenshot(doctor, "zh-kept-opinion-signed")


async def test_a_doctor_of_another_institution_is_refused_and_learns_nothing(
    clinic: Clinic, browser: Browser, call: Call
) -> None:
    still = await kept_still(call.doctor, call.consult_id)
    (clip,) = (await story.api(call.doctor, f"/api/consults/{call.consult_id}/kept-clips"))["clips"]
    stranger = await story.sign_in_from_elsewhere(browser, clinic, "community_doctor")
    for path, there in (
        ("/api/kept-stills/{}", still["id"]),
        ("/api/kept-stills/{}/picture", still["id"]),
        ("/api/kept-clips/{}", clip["clip"]["id"]),
        ("/api/kept-clips/{}/parts/0", clip["clip"]["id"]),
        ("/api/consults/{}/kept-stills", call.consult_id),
        ("/api/consults/{}/kept-clips", call.consult_id),
    ):
        answers = [await story.fetched(stranger, path.format(one)) for one in (there, "f" * 32)]
        assert [status for status, _ in answers] == [404, 404], path
        found, missing = [{**json.loads(body), "id": ""} for _, body in answers]
        assert found == missing, path
    await stranger.goto(f"{clinic.addresses['doctor']}/consults/{call.consult_id}")
    await stranger.get_by_role("alert").or_(stranger.locator("main")).first.wait_for()
    await expect(stranger.get_by_test_id("kept-pictures")).to_have_count(0)
    await stranger.context.close()
    for page in (call.doctor, call.specialist):
        assert page.faults == []  # type: ignore[attr-defined]


async def finds_both(where: Page | Locator) -> None:
    """Every still and the clip stand there, the first one with its very picture and what was measured."""
    await expect(where.get_by_test_id("kept-still")).to_have_count(STILLS)
    still = first_still(where)
    await expect(still).to_contain_text(
        re.compile(r"距离 [\d.]+ ± [\d.]+ (mm|px) \((文件标定|标尺|手动|未标定)\)")
    )
    await still.locator("img").scroll_into_view_if_needed()
    await expect(still.locator("img")).to_have_js_property("complete", True)
    assert await still.locator("img").evaluate("image => image.naturalWidth") > 0
    await expect(where.get_by_test_id("kept-clip")).to_have_attribute(
        "data-number", re.compile(r"^CD-\d+-0001$")
    )


def first_still(where: Page | Locator) -> Locator:
    """The still that was kept first."""
    return where.locator("[data-testid=kept-still][data-number$='-0001']")


async def kept_still(page: Page, consult_id: str) -> dict[str, Any]:
    """The same as the server tells of it."""
    stills = (await story.api(page, f"/api/consults/{consult_id}/kept-stills"))["stills"]
    assert len(stills) == STILLS
    shown: dict[str, Any] = next(one for one in stills if one["number"].endswith("-0001"))
    return shown


async def png_pixels(page: Page, still: dict[str, Any]) -> str:
    """The hash of a kept picture's pixels as another decoder reads them, packed as `PIXELS` packs them."""
    _, png = await story.fetched(page, f"/api/kept-stills/{still['id']}/picture")
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert image is not None
    return hashlib.sha256(base64.b64encode(image[:, :, 0].tobytes())).hexdigest()
