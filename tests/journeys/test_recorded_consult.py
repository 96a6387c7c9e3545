"""A consult that is recorded by consent, ended by a withdrawal, and played back frame by frame."""

import base64
import datetime as dt
import io
import re
import struct
from collections.abc import AsyncIterator
from typing import NamedTuple

import av
import cv2
import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in
from tests.journeys.test_every_page import AXE, is_clean
from tests.journeys.test_whole_consult import cine_frames, resized
from ultrasound.fidelity import psnr_db

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

RESIDENT = "王秀英"
STRIP = "[data-testid=recording][data-state=running]"
ULTRASOUND = ".sender:not([hidden]) figure[data-kind=ultrasound]"
INK = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) dark += data[i] < 80;
  return dark;
}"""
SEEK = """(slider, at_us) => {
  slider.value = String(at_us);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""
SAME_FRAME_US = 8_000  # what two clients may reckon apart for one frame
CANVAS = """(canvas) => canvas.toDataURL("image/png").split(",")[1]"""


class Visit(NamedTuple):
    """Both doctors, and a consult of theirs that was recorded."""

    consult_id: str
    doctor: Page
    specialist: Page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visit(clinic: Clinic, browser: Browser) -> AsyncIterator[Visit]:
    doctor, specialist = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
    await doctor.add_init_script(path=AXE)
    for page in (doctor, specialist):
        await story.press_demo_sign_in(page)
    yield Visit(await story.meet(doctor, specialist, RESIDENT), doctor, specialist)


async def test_it_is_recorded_by_a_consent_of_its_own_and_everyone_sees_it(visit: Visit) -> None:
    doctor, specialist = visit.doctor, visit.specialist
    await story.sees(specialist, "ultrasound")
    await specialist.get_by_role("button", name="录像", exact=True).click()
    await specialist.get_by_text("居民还没有同意录像").wait_for()
    await specialist.keyboard.press("Escape")
    await doctor.get_by_role("button", name="录像", exact=True).click()
    dialog = doctor.get_by_role("dialog")
    await dialog.get_by_text("口头同意（需见证人）").click()
    await dialog.get_by_label("见证人姓名").fill("吴倩")
    await keep_screenshot(doctor, "zh-recording-consent")
    await dialog.get_by_role("button", name="记录录像同意").click()
    await dialog.get_by_role("button", name="开始录像").click()
    for page in (doctor, specialist):
        await page.locator(STRIP).wait_for()
    await keep_screenshot(doctor, "zh-room-doctor-recorded")
    await keep_screenshot(specialist, "zh-room-specialist-recorded")


async def test_what_happens_in_the_room_goes_onto_it_until_the_consent_is_withdrawn(visit: Visit) -> None:
    doctor, specialist = visit.doctor, visit.specialist
    await story.sees(doctor, "ultrasound", 40)
    await specialist.keyboard.press("p")
    box = await specialist.locator(story.ULTRASOUND).bounding_box()
    assert box is not None
    for step in range(12):
        await specialist.mouse.move(
            box["x"] + box["width"] * (0.7 + step / 100), box["y"] + box["height"] / 2
        )
    await story.sees(doctor, "ultrasound", 10)
    await specialist.keyboard.press("p")
    await doctor.keyboard.press("f")
    await story.sees(specialist, "ultrasound", 40)
    await doctor.keyboard.press("f")
    await draw_an_arrow(specialist)
    await doctor.get_by_role("button", name="拔线 10 秒").click()
    await specialist.get_by_text("不在线").first.wait_for()
    await story.sees(specialist, "ultrasound", 1)  # the line is back
    await story.sees(specialist, "ultrasound", 90)
    await send_a_capture_card(doctor, specialist)
    strip = specialist.locator(STRIP)
    await strip.get_by_role("button", name="撤回录像同意").click()
    await specialist.get_by_role("dialog").get_by_role("button", name="撤回录像同意").click()
    for page in (doctor, specialist):
        await page.locator(STRIP).wait_for(state="detached")
    await story.end_consult(specialist)


async def test_it_is_played_back_frame_by_frame_beside_its_ecg(visit: Visit) -> None:
    doctor = visit.doctor
    await doctor.get_by_role("button", name="返回").first.click()
    await doctor.goto(
        doctor.url.split("/", 3)[0] + "//" + doctor.url.split("/")[2] + f"/consults/{visit.consult_id}"
    )
    await doctor.get_by_role("link", name="回放").click()
    await shown(doctor)
    await doctor.get_by_text("内容与封存时一致").wait_for()
    cine = cine_frames()
    seen = [await shown(doctor)]
    first = await picture(doctor)
    assert max(psnr_db(first, frame) for frame in cine) >= 30
    for key in ["ArrowRight"] * 8:
        await doctor.keyboard.press(key)
        seen.append(await shown(doctor, other_than=seen[-1]))
    steps = np.diff(seen)
    assert (steps > 0).all() and np.median(steps) < 60_000  # the cine has 25 to 50 pictures a second
    await doctor.keyboard.press("ArrowLeft")
    assert await shown(doctor, other_than=seen[-1]) == seen[-2]
    back = await picture(doctor)
    for face in await doctor.locator("figure[data-kind=face] canvas").all():
        seen_there = await picture_on(face)
        assert max(psnr_db(resized(seen_there, frame), frame) for frame in cine) < 20  # a face, no ultrasound
    assert max(psnr_db(back, frame) for frame in cine) >= 30
    await keep_screenshot(doctor, "zh-tape")


async def test_the_ecg_under_the_frame_is_of_its_own_capture_time(visit: Visit) -> None:
    doctor = visit.doctor
    page = await tape_page(doctor)
    recording = page["ecgs"][0]["recording"]
    figure = doctor.locator(ULTRASOUND)
    capture_us = int(await figure.get_attribute("data-capture-us") or 0)
    sample = float(await doctor.get_by_test_id("tape-ecg").get_attribute("data-sample") or "nan")
    started_us = story_us(recording["started_at"])
    assert sample == pytest.approx((capture_us - started_us) * recording["rate_hz"] / 1e6, abs=0.01)
    ink = await doctor.get_by_test_id("tape-ecg").locator("canvas").evaluate(INK)
    assert ink > 2000  # traces, not paper alone


async def test_it_jumps_to_r_waves_a_pointer_and_a_freeze(visit: Visit) -> None:
    doctor = visit.doctor
    page = await tape_page(doctor)
    await doctor.get_by_label("位置").press("Home")
    await doctor.get_by_test_id("position").filter(has_text="00:00.000").wait_for()
    waves = [await sample_after(doctor, None)]
    await doctor.keyboard.press("r")  # the first may lie so near to the beginning that it looks the same
    await doctor.get_by_test_id("position").filter(has_not_text="00:00.000").wait_for()
    for _ in range(3):
        await doctor.keyboard.press("r")
        waves.append(await sample_after(doctor, waves[-1]))
    beats_s = np.diff(waves[1:]) / page["ecgs"][0]["recording"]["rate_hz"]
    # The frame is drawn a moment after the slider moved: a late look sees two beats of a second each as one.
    assert ((beats_s > 0.3) & (beats_s < 2.5)).all()
    acts = page["contents"]["acts"]
    for key, kind in (("d", "pointer_moved"), ("f", "picture_frozen")):
        wanted = next(one["at_us"] for one in acts if one["message"]["type"] == kind)
        frame = await last_frame_by(doctor, page, wanted)
        await doctor.get_by_label("位置").press("Home")
        await doctor.keyboard.press(key)

        async def there(frame: int = frame) -> bool:
            return await doctor.locator(ULTRASOUND).get_attribute("data-at-us") == str(frame)

        await story.until(there, f"the frame of the {kind}")
        if key == "d":
            await doctor.locator(f"{ULTRASOUND} svg text").filter(has_text="陈立").wait_for()
            await keep_screenshot(doctor, "zh-tape-pointer")
    await doctor.get_by_text("冻结了画面").wait_for()
    await keep_screenshot(doctor, "zh-tape-freeze")


async def test_a_drawing_is_shown_on_the_frame_it_was_made_on(visit: Visit) -> None:
    doctor = visit.doctor
    page = await tape_page(doctor)
    acts, times = page["contents"]["acts"], await frame_times(doctor, page)
    (mark,) = [one["message"]["mark"] for one in acts if one["message"]["type"] == "mark_drawn"]
    await doctor.get_by_label("位置").press("Home")
    lines = doctor.locator(f"{ULTRASOUND} svg g path")

    async def jumped() -> bool:
        """The frame of the player's moment is on the stage; the slider tells it to the millisecond."""
        moment = page["contents"]["begin_us"] + int(await doctor.get_by_label("位置").input_value())
        told = int(await doctor.locator(ULTRASOUND).get_attribute("data-at-us") or 0)
        return told in {times[np.searchsorted(times, moment + more) - 1] for more in (-999, 1, 1000)}

    for _ in range(6):  # pointers are jumped to by the same key
        await doctor.keyboard.press("d")
        await story.until(jumped, "the frame that was jumped to")
        if await lines.count():
            break
    await expect(lines).to_have_count(2)  # the line and its halo
    assert abs(await shown(doctor) - mark["capture_us"]) <= SAME_FRAME_US
    await keep_screenshot(doctor, "zh-tape-drawing")
    await doctor.keyboard.press("ArrowRight")
    await lines.first.wait_for(state="detached")


async def test_after_a_gap_the_picture_is_shown_from_its_first_frame(visit: Visit) -> None:
    doctor = visit.doctor
    page = await tape_page(doctor)
    times = await frame_times(doctor, page)
    at = int(np.argmax(np.diff(times)))
    assert times[at + 1] - times[at] > 3_000_000  # the cable was out
    slider = doctor.get_by_label("位置")
    for wanted, seen in (
        ((times[at] + times[at + 1]) // 2, None),
        (times[at + 1] + 20_000, times[at + 1]),
        (times[at + 1] + 1_000_000, times[np.searchsorted(times, times[at + 1] + 1_000_000) - 1]),
        (times[at] + 1_000, times[at]),
    ):
        await slider.evaluate(SEEK, wanted - page["contents"]["begin_us"])

        async def there(seen: int | None = seen) -> bool:
            told = await doctor.locator(ULTRASOUND).get_attribute("data-at-us")
            return told == ("" if seen is None else str(seen)) or (
                seen is not None and bool(told) and abs(int(told or 0) - seen) < 60_000
            )

        await story.until(there, f"the frame of {wanted}")


async def test_a_capture_cards_picture_is_played_with_the_error_of_its_clock(visit: Visit) -> None:
    doctor = visit.doctor
    contents = (await tape_page(doctor))["contents"]
    station, card = [one for one in contents["tracks"] if one["kind"] == "ultrasound"]
    slider, ecg = doctor.get_by_label("位置"), doctor.get_by_test_id("tape-ecg")
    await slider.evaluate(SEEK, (card["begin_us"] + card["end_us"]) // 2 - contents["begin_us"])
    await doctor.locator("[data-testid=tape-ecg][data-alignment=two_clocks]").wait_for()
    await ecg.get_by_text("与心电不在同一时钟：时钟误差").wait_for()
    await doctor.locator(f"{ULTRASOUND} figcaption").filter(has_text="周敏").wait_for()
    await keep_screenshot(doctor, "zh-tape-capture-card")
    await slider.evaluate(SEEK, station["keys_us"][0] + 1_000_000 - contents["begin_us"])
    await doctor.locator("[data-testid=tape-ecg][data-alignment=one_clock]").wait_for()
    await expect(ecg.get_by_text("与心电不在同一时钟")).to_have_count(0)


async def test_nothing_on_it_is_later_than_the_withdrawal(visit: Visit) -> None:
    page = await tape_page(visit.doctor)
    contents = page["contents"]
    stopped_us = next(one["at_us"] for one in contents["acts"] if one["message"]["type"] == "tape_stopped")
    assert page["tape"]["end"] == "withdrawn" and page["tape"]["simulated"]
    assert max(one["end_us"] for one in contents["tracks"]) <= stopped_us + 2_000_000
    assert {one["kind"] for one in contents["tracks"]} == {"ultrasound", "face", "voice"}


async def test_it_is_exported_as_it_was_forwarded(visit: Visit) -> None:
    page = await tape_page(visit.doctor)
    for track in page["contents"]["tracks"]:
        path = f"/api/tapes/{page['tape']['id']}/tracks/{track['number']}/export"
        status, body = await story.fetched(visit.doctor, path)
        assert status == 200
        with av.open(io.BytesIO(body)) as container:
            assert container.metadata["title"] == "SIMULATED"
            decoded = sum(1 for _ in container.decode(container.streams[0]))
        assert decoded >= 30, track["kind"]


async def test_it_plays(visit: Visit) -> None:
    doctor = visit.doctor
    await doctor.get_by_label("位置").press("Home")
    await doctor.get_by_test_id("position").filter(has_text="00:00.000").wait_for()
    await doctor.get_by_role("button", name="播放").click()
    await doctor.get_by_role("button", name="暂停").wait_for()
    before: int | None = None
    for _ in range(5):
        before = await shown(doctor, other_than=before)
    await (
        doctor.get_by_role("button", name="暂停").or_(doctor.get_by_role("button", name="播放")).first.click()
    )
    assert doctor.faults == [] and visit.specialist.faults == []  # type: ignore[attr-defined]


async def test_the_player_is_clean_in_both_languages(visit: Visit) -> None:
    await visit.doctor.set_viewport_size({"width": 1366, "height": 768})
    await is_clean(visit.doctor, "tape-doctor")


async def shown(page: Page, other_than: int | None = None) -> int:
    """The capture time of the ultrasound frame that is on the player's stage."""

    async def look() -> int | None:
        told = await page.locator(ULTRASOUND).get_attribute("data-capture-us")
        return int(told) if told and int(told) != other_than else None

    return await story.until(look, "an ultrasound frame on the player's stage")


async def last_frame_by(page: Page, tape: dict, at_us: int) -> int:  # type: ignore[type-arg]
    """Where the ultrasound frame stands that was on the screens at a moment."""
    number = next(one["number"] for one in tape["contents"]["tracks"] if one["kind"] == "ultrasound")
    path = f"/api/tapes/{tape['tape']['id']}/tracks/{number}/frames?from_us={at_us}&to_us={at_us}"
    status, body = await story.fetched(page, path)
    assert status == 200
    at, last = 0, 0
    while at < len(body):
        size, last = struct.unpack_from("<I", body, at)[0], struct.unpack_from("<Q", body, at + 12)[0]
        at += 28 + size
    return last


async def frame_times(page: Page, tape: dict) -> list[int]:  # type: ignore[type-arg]
    """Where every ultrasound frame of the tape stands, as the server gives them."""
    track = next(one for one in tape["contents"]["tracks"] if one["kind"] == "ultrasound")
    path = f"/api/tapes/{tape['tape']['id']}/tracks/{track['number']}/frames"
    found: set[int] = set()
    for from_us in range(track["begin_us"], track["end_us"], 20_000_000):
        status, body = await story.fetched(page, f"{path}?from_us={from_us}&to_us={from_us + 20_000_000}")
        assert status == 200
        at = 0
        while at < len(body):
            found.add(struct.unpack_from("<Q", body, at + 12)[0])
            at += 28 + struct.unpack_from("<I", body, at)[0]
    return sorted(found)


async def draw_an_arrow(page: Page) -> None:
    """Stop the picture, draw on it, and let it move again."""

    async def keeps_frames() -> bool:
        return bool(await story.room(page, "window.__room.scan().kept_us.length >= 20"))

    async def drawn() -> bool:
        return bool(await story.room(page, "window.__room.scan().marks.length === 1"))

    async def live() -> bool:
        return bool(await story.room(page, "!window.__room.scan().frozen"))

    await story.until(keeps_frames, "frames to look back at")
    await story.until(live, "the picture that the other side let go")
    await page.keyboard.press("f")
    await page.get_by_role("slider", name="回看的画面").wait_for()
    await page.keyboard.press("a")
    box = await page.locator(".scan:not(.small)").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 60, y + 40, steps=4)
    await page.mouse.up()
    await story.until(drawn, "the arrow on the frame")
    await page.keyboard.press("Escape")
    await page.keyboard.press("f")


async def send_a_capture_card(doctor: Page, specialist: Page) -> None:
    """For a while the picture comes from another clock than the ECG's."""
    await story.sign_card_mask(doctor)
    await doctor.keyboard.press("1")
    await doctor.get_by_role("button", name="采集卡：").click()
    dialog = doctor.get_by_role("dialog")
    await dialog.get_by_role("checkbox", name=f"画面是 {RESIDENT} 的，我已核对").check()
    await dialog.get_by_role("button", name="开始发送").click()
    await specialist.get_by_text("与心电不在同一时钟：时钟误差").first.wait_for()
    await story.sees(specialist, "ultrasound", 60)
    await doctor.get_by_role("button", name="停止发送采集卡").click()
    await specialist.get_by_text("超声来自 周敏 的采集卡").first.wait_for(state="detached")


async def sample_after(page: Page, other: float | None) -> float:
    async def look() -> float | None:
        told = await page.get_by_test_id("tape-ecg").get_attribute("data-sample")
        return float(told) if told and (other is None or float(told) > other + 50) else None

    return await story.until(look, "a later ECG sample under the frame")


async def picture(page: Page) -> NDArray[np.uint8]:
    return await picture_on(page.locator(f"{ULTRASOUND} canvas"))


async def picture_on(canvas: Locator) -> NDArray[np.uint8]:
    encoded = await canvas.evaluate(CANVAS)
    image = cv2.imdecode(np.frombuffer(base64.b64decode(encoded), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert image is not None
    return np.asarray(image, np.uint8)


async def tape_page(page: Page) -> dict:  # type: ignore[type-arg]
    tape_id = re.search(r"/tapes/(\w+)", page.url)
    assert tape_id is not None
    return dict(await story.api(page, f"/api/tapes/{tape_id[1]}"))


def story_us(iso: str) -> int:
    """Microseconds since 1970 of a moment as the server writes it."""
    return round(dt.datetime.fromisoformat(iso).timestamp() * 1_000_000)
