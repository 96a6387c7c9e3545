"""Two doctors, an interpreter and an observer on one clock: what each sees, draws, hears, and gets back."""

import base64
import os
import signal
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from playwright.async_api import Browser, Locator, Page

from benchmarks.live import find_pulses
from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in
from tests.journeys.story import scan
from tests.journeys.test_every_page import AXE, RUN_AXE
from ultrasound import timecode

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

STILL = ".still canvas"
CANVAS = "(canvas) => canvas.toDataURL('image/png').split(',')[1]"
SENT = """async () => {
  const stats = await window.__room.stats();
  return stats.filter((one) => one.type === "outbound-rtp").reduce((sum, one) => sum + one.packetsSent, 0);
}"""
VOICE_KBPS = """async () => {
  const stats = await window.__room.stats();
  return stats.find((one) => one.type === "outbound-rtp" && one.kind === "audio").targetBitrate / 1000;
}"""
# What a page asks of cameras and microphones, to see that an observer's asks nothing.
ASKED = """
window.__asked = [];
const plain = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) => { window.__asked.push(wanted); return plain(wanted); };
"""


class People(NamedTuple):
    """Everybody at their places."""

    consult_id: str
    doctor: Page
    specialist: Page
    interpreter: Page
    observer: Page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def synthetic(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Clinic]:
    """The demo with sources that write the capture time into pixels and samples."""
    async with Clinic.open(tmp_path_factory.mktemp("synthetic"), "--synthetic") as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(synthetic: Clinic, browser: Browser) -> AsyncIterator[People]:
    pages = [await sign_in(browser, synthetic, who) for who in ("doctor", "specialist")]
    guests = [await sign_in(browser, synthetic, who) for who in ("interpreter", "observer")]
    for page in (*pages, *guests):
        await page.add_init_script(ASKED)
        await page.reload()
        await page.locator("button[data-demo]").click()
        await page.locator("header nav").wait_for()
    doctor, specialist = pages
    consult_id = await story.meet(doctor, specialist, "王秀英")
    yield People(consult_id, doctor, specialist, *guests)


async def test_guests_are_invited_with_the_residents_agreement_rung_and_named_to_all(people: People) -> None:
    await people.interpreter.get_by_text("目前没有会诊邀请您").wait_for()
    await keep_screenshot(people.interpreter, "zh-invited-nobody")
    await people.doctor.keyboard.press("4")
    for name, guest in (("林悦", people.interpreter), ("何静", people.observer)):
        await invite(people.doctor, name)
        await guest.get_by_role("link", name="进入会诊室").click()
        await story.goes_to(guest, f"/consults/{people.consult_id}/room")
        await story.connected(guest)
    for page in (people.doctor, people.specialist, people.interpreter, people.observer):
        await page.get_by_text("房间内 4 人").first.wait_for()
    await people.doctor.get_by_role("region", name="房间内人员").get_by_text("何静").first.wait_for()
    await keep_screenshot(people.doctor, "zh-room-doctor-five")


async def test_an_observer_sees_and_hears_all_and_sends_nothing(people: People) -> None:
    observer = people.observer
    await story.sees(observer, "face", 10)
    await story.sees(observer, "ultrasound", 10)
    await until_heard(observer, 3)
    assert await observer.evaluate("window.__asked") == []
    assert await observer.evaluate(SENT) == 0
    mine = await participant(observer, "何静")
    for other in (people.doctor, people.specialist, people.interpreter):
        assert mine not in {slot["participant_id"] for slot in await slots(other)}
    await keep_screenshot(observer, "zh-room-observer")


async def test_an_interpreter_speaks_and_hears_and_receives_no_device(people: People) -> None:
    interpreter = people.interpreter
    await story.sees(interpreter, "face", 10)
    await until_heard(interpreter, 2)
    kinds = {slot["kind"] for slot in await slots(interpreter) if slot["participant_id"]}
    assert kinds == {"voice", "face"}
    mine = await participant(interpreter, "林悦")
    for other in (people.doctor, people.specialist, people.observer):
        await until_sent_by(other, mine, {"voice", "face"})
    assert "青霉素" not in await interpreter.inner_text("body")
    await keep_screenshot(interpreter, "zh-room-interpreter")


async def test_every_frame_looked_back_at_is_of_its_time_and_of_the_ecg_sample_laid_under_it(
    people: People,
) -> None:
    specialist = people.specialist
    await until_kept(specialist, 12)
    await specialist.keyboard.press("f")
    slider = specialist.get_by_role("slider", name="回看的画面")
    await slider.wait_for()
    seen = []
    for _ in range(12):
        before = (await scan(specialist))["shown_us"]
        await specialist.keyboard.press(",")
        await until_another_exact_frame(specialist, before)
        seen.append(await looked_back(specialist))
    captures = [capture_us for capture_us, _ in seen]
    assert captures == sorted(set(captures), reverse=True)
    for capture_us, burnt_ms in seen:
        assert abs(capture_us / 1000 - burnt_ms) <= 2
    await specialist.get_by_text("该画面时刻的心电").wait_for()
    await keep_screenshot(specialist, "zh-look-back")
    await the_sample_is_of_that_moment(specialist)
    await specialist.keyboard.press("f")
    residual = await story.room(specialist, "window.__room.residual()")
    assert residual["frames"] > 30 and residual["p95_ms"] <= 2


async def test_a_mark_is_seen_by_all_on_its_frame_and_on_no_other(people: People) -> None:
    specialist, doctor = people.specialist, people.doctor
    await story.sees(doctor, "ultrasound", 5)
    await specialist.keyboard.press("f")
    for page in (specialist, doctor, people.observer):
        await until_scan(page, "still", "exact")
    await specialist.keyboard.press("a")
    await drag_over(specialist.locator(".scan:not(.small)"))
    for page in (specialist, doctor, people.observer):
        await until_scan(page, "kept_marks", 1)
        await page.locator("path[data-mark]").first.wait_for(state="attached")
    (mine, burnt_ms), (theirs, burnt_there_ms) = [await looked_back(page) for page in (specialist, doctor)]
    assert mine == theirs and burnt_ms == burnt_there_ms and abs(burnt_ms - mine / 1000) <= 2
    await keep_screenshot(doctor, "zh-drawing-doctor")
    await keep_screenshot(specialist, "zh-drawing-specialist")
    await doctor.keyboard.press(",")
    for page in (specialist, doctor):
        await until_another_exact_frame(page, mine)
        assert (await scan(page))["marks"] == []
    await specialist.keyboard.press(".")
    for page in (specialist, doctor):
        await until_marks(page, 1)
    await doctor.keyboard.press("f")
    await specialist.locator("path[data-mark]").wait_for(state="detached")
    await specialist.keyboard.press("Escape")


async def test_what_is_measured_is_told(people: People) -> None:
    specialist = people.specialist
    await specialist.keyboard.press("i")
    shown = specialist.get_by_test_id("diagnostics")
    await shown.locator("[data-residual]:not([data-residual=''])").wait_for()
    await shown.get_by_text("超声与心电同一时钟").wait_for()

    async def every_stream() -> bool:
        mids = await shown.locator("tr[data-mid]").evaluate_all("all => all.map(one => one.dataset.mid)")
        return {"8", "9", "0", "1"} <= set(mids)

    await story.until(every_stream, "every stream has its figures")
    await keep_screenshot(specialist, "zh-diagnostics")
    await specialist.keyboard.press("Escape")


async def test_auscultation_sends_one_microphone_unprocessed_and_all_are_told(people: People) -> None:
    doctor = people.doctor
    await doctor.keyboard.press("s")
    dialog = doctor.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="听诊用的麦克风").wait_for()
    await keep_screenshot(doctor, "zh-auscultation-choose")
    await dialog.get_by_role("button", name="开始听诊").click()
    mine = doctor.get_by_text("您正在听诊：麦克风声音未经处理")
    await mine.wait_for()
    await dialog.wait_for(state="detached")
    for page in (people.specialist, people.interpreter, people.observer):
        await page.get_by_text("周敏 正在听诊").first.wait_for()
    asked = (await doctor.evaluate("window.__asked"))[-1]["audio"]
    processed = ("echoCancellation", "noiseSuppression", "autoGainControl")
    assert [asked[name] for name in processed] == [False, False, False]

    async def at_full_band() -> bool:
        return await voice_kbps(doctor) > 100

    await story.until(at_full_band, "the encoder aims higher, as far as its own estimate of the line lets it")
    await keep_screenshot(people.specialist, "zh-auscultation-heard")
    await doctor.keyboard.press("s")
    await mine.wait_for(state="detached")
    await people.specialist.get_by_text("周敏 正在听诊").first.wait_for(state="detached")

    async def as_before() -> bool:
        return await voice_kbps(doctor) < 60

    await story.until(as_before, "the voice is as before")


async def test_with_the_path_cut_it_comes_back_by_itself_and_everything_is_as_it_was(
    synthetic: Clinic, people: People
) -> None:
    """The worker stands still: nothing arrives, nothing is closed, ICE hears of nothing."""
    doctor, specialist = people.doctor, people.specialist
    await doctor.get_by_role("button", name="麦克风 开").click()
    await specialist.get_by_text("已静音").first.wait_for()
    await specialist.keyboard.press("f")
    await until_scan(specialist, "still", "exact")
    await specialist.keyboard.press("a")
    await drag_over(specialist.locator(".scan:not(.small)"))
    await until_marks(specialist, 1)
    await specialist.keyboard.press("Escape")
    before = await scan(specialist)
    sample = (await story.room(specialist, "window.__room.ecgStatus()"))["end"]
    os.kill(synthetic.pids["worker"], signal.SIGSTOP)
    try:
        for page in (doctor, specialist):
            await page.get_by_text("正在重连").first.wait_for()
        await keep_screenshot(specialist, "zh-reconnecting")
        assert await story.room(specialist, "window.__room.call().state") == "reconnecting"
        assert (await scan(specialist))["shown_us"] == before["shown_us"]
    finally:
        os.kill(synthetic.pids["worker"], signal.SIGCONT)
    for page in (doctor, specialist, people.interpreter, people.observer):
        await story.connected(page)
        await story.sees(page, "face", 5)
    for page in (doctor, specialist, people.observer):
        await story.sees(page, "ultrasound", 5)
    after = await scan(specialist)
    same = ("frozen", "shown_us", "still", "marks")
    assert [after[name] for name in same] == [before[name] for name in same]
    await doctor.get_by_role("button", name="麦克风 关").wait_for()
    await specialist.get_by_text("已静音").first.wait_for()
    assert await people.observer.evaluate(SENT) == 0

    async def complete() -> bool:
        status = await story.room(specialist, "window.__room.ecgStatus()")
        return status["end"] > sample + 1000 and status["missing"] == 0

    await story.until(complete, "no ECG sample is missing over the cut")


async def test_a_capture_card_is_shown_as_not_on_the_ecgs_clock(people: People) -> None:
    doctor, specialist = people.doctor, people.specialist
    await specialist.keyboard.press("f")  # live again
    await story.sign_card_mask(doctor)
    await doctor.keyboard.press("1")
    await doctor.get_by_role("button", name="采集卡：").click()
    dialog = doctor.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="采集卡或摄像头").wait_for()
    await dialog.get_by_role("checkbox", name="画面是 王秀英 的，我已核对").check()
    await keep_screenshot(doctor, "zh-capture-card-choose")
    await dialog.get_by_role("button", name="开始发送").click()
    for page in (specialist, people.observer):
        await page.get_by_text("超声来自 周敏 的采集卡").first.wait_for()
        await page.get_by_text("与心电不在同一时钟：时钟误差").first.wait_for()
        await story.sees(page, "ultrasound", 10)
    assert await story.room(specialist, "window.__room.underFrame()") is None
    await keep_screenshot(specialist, "zh-capture-card-seen")
    await keep_screenshot(doctor, "zh-capture-card-sent")
    await doctor.get_by_role("button", name="停止发送采集卡").click()
    await specialist.get_by_text("超声来自 周敏 的采集卡").first.wait_for(state="detached")

    async def stations_again() -> bool:
        return await story.room(specialist, "window.__room.underFrame()") is not None

    await story.until(stations_again, "the station's picture and its sample again")


async def test_what_is_new_in_the_room_is_readable_by_everybody(people: People) -> None:
    doctor, specialist = people.doctor, people.specialist
    faults = {
        "interpreter": await unreadable(people.interpreter),
        "observer": await unreadable(people.observer),
    }
    await until_kept(specialist, 5)
    await specialist.keyboard.press("f")
    await specialist.get_by_role("slider", name="回看的画面").wait_for()
    faults["looking back"] = await unreadable(specialist)
    await specialist.keyboard.press("i")
    await specialist.get_by_test_id("diagnostics").wait_for()
    faults["diagnostics"] = await unreadable(specialist)
    await specialist.keyboard.press("Escape")
    await doctor.keyboard.press("m")  # auscultation needs the microphone
    await doctor.keyboard.press("s")
    await doctor.get_by_role("combobox", name="听诊用的麦克风").wait_for()
    faults["auscultation"] = await unreadable(doctor)
    await doctor.keyboard.press("Escape")
    assert {where: found for where, found in faults.items() if found} == {}


async def test_a_guest_who_is_asked_to_leave_is_out_at_once(people: People) -> None:
    await people.doctor.keyboard.press("4")
    await people.doctor.get_by_role("button", name="请其离开 何静").click()
    await people.doctor.get_by_role("dialog").get_by_role("button", name="请其离开").click()
    await people.observer.get_by_text("您不再参与本次会诊").wait_for()
    await people.observer.get_by_role("button", name="我的邀请").click()
    await people.observer.get_by_text("目前没有会诊邀请您").wait_for()


async def test_nothing_went_wrong_on_any_page(people: People) -> None:
    for page in people[1:]:
        assert page.faults == []  # type: ignore[attr-defined]


async def unreadable(page: Page) -> list[str]:
    """What axe finds on a page."""
    await page.evaluate(AXE.read_text())
    found: list[str] = await page.evaluate(RUN_AXE)
    return found


async def invite(doctor: Page, name: str) -> None:
    await doctor.get_by_role("button", name="邀请翻译或观摩人员").click()
    dialog = doctor.get_by_role("dialog")
    await dialog.get_by_role("radio", name=name).check()
    await dialog.get_by_role("checkbox").check()
    await dialog.get_by_role("button", name="邀请", exact=True).click()
    await dialog.wait_for(state="hidden")


async def slots(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await story.room(page, "window.__room.call().slots_list")
    return found


async def until_heard(page: Page, voices: int) -> None:
    """So many voices arrive."""

    async def look() -> bool:
        found = [slot for slot in await slots(page) if slot["kind"] == "voice" and slot["participant_id"]]
        return len(found) == voices

    await story.until(look, f"{voices} voices at {page.url}")


async def until_sent_by(page: Page, participant_id: str, kinds: set[str]) -> None:
    """What a participant sends arrives: these kinds, and no other."""

    async def look() -> bool:
        return {one["kind"] for one in await slots(page) if one["participant_id"] == participant_id} == kinds

    await story.until(look, f"{kinds} at {page.url}")


async def participant(page: Page, name: str) -> str:
    """The participant that somebody is, by the consult's number and the account."""
    view = await story.room(page, "window.__room.people()")
    return next(one["id"] for one in view if one["name"] == name)


async def until_scan(page: Page, name: str, value: object) -> None:
    async def look() -> bool:
        return bool((await scan(page))[name] == value)

    await story.until(look, f"{name} is {value} at {page.url}")


async def until_kept(page: Page, frames: int) -> None:
    async def look() -> bool:
        return len((await scan(page))["kept_us"]) >= frames

    await story.until(look, f"{frames} frames to look back at")


async def until_another_exact_frame(page: Page, before_us: float) -> None:
    """The room's picture stands at another frame, and its exact pixels are shown."""

    async def look() -> bool:
        shown = await scan(page)
        return bool(shown["shown_us"] != before_us and shown["still"] == "exact")

    await story.until(look, f"another exact frame at {page.url}")


async def until_marks(page: Page, count: int) -> None:
    """So many marks stand on the shown frame."""

    async def look() -> bool:
        return len((await scan(page))["marks"]) == count

    await story.until(look, f"{count} marks at {page.url}")


async def looked_back(page: Page) -> tuple[float, int]:
    """The capture time the room names for the still picture, and the one written into its pixels."""
    shown_us = (await scan(page))["shown_us"]
    image = await still(page.locator(STILL).first)
    code = timecode.read(image)
    assert code is not None
    return shown_us, timecode.unwrap(code, round(shown_us / 1000))


async def still(canvas: Locator) -> NDArray[np.uint8]:
    encoded = await canvas.evaluate(CANVAS)
    image = cv2.imdecode(np.frombuffer(base64.b64decode(encoded), np.uint8), cv2.IMREAD_COLOR_RGB)
    return np.asarray(image, np.uint8)


async def the_sample_is_of_that_moment(page: Page) -> None:
    """Counted from the pulses in the signal itself, the sample under the picture is of its instant."""

    async def under() -> dict[str, Any] | None:
        found: dict[str, Any] | None = await story.room(page, "window.__room.underFrame()")
        shown = (await scan(page))["shown_us"]
        return found if found and abs(found["taken_us"] - shown) < 1 else None

    found = await story.until(under, "a sample under the still picture")
    rate_hz = (await story.room(page, "window.__room.ecgStatus()"))["meta"]["rate_hz"]
    first = found["index"] - 2 * rate_hz
    dump = await story.room(page, f"window.__room.dumpEcg({first}, {4 * rate_hz})")
    pulses = find_pulses(dump)
    at, second = next(iter(pulses.items()))
    by_signal_us = second * 1e6 + (found["index"] - at) * 1e6 / rate_hz
    modulo_us = 1000 * 1e6
    apart = (by_signal_us - found["taken_us"] + modulo_us / 2) % modulo_us - modulo_us / 2
    assert abs(apart) <= 5000


async def drag_over(picture: Locator) -> None:
    box = await picture.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.72, box["y"] + box["height"] * 0.4
    mouse = picture.page.mouse
    await mouse.move(x, y)
    await mouse.down()
    await mouse.move(x + 40, y + 30, steps=4)
    await mouse.move(x + 90, y + 60, steps=4)
    await mouse.up()


async def voice_kbps(page: Page) -> float:
    """The bit rate the voice's encoder aims at."""
    rate: float = await page.evaluate(VOICE_KBPS)
    return rate
