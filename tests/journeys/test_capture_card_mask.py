"""A capture card in a browser with nothing installed: black until signed, and no frame ever shows a name."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from playwright.async_api import Page

from tests.journeys import story
from tests.journeys.clinic import Clinic, chromium, keep_screenshot, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

WIDTH, HEIGHT, FRAMES = 640, 480, 60
CORNER = (0, 0, 150, 60)  # the patient's name stands here
SECTOR = (200, 120, 240, 220)
BLACK = 24
"""What a codec leaves of black, of 255: 16 where it is taken for one of full range. A letter leaves more
than 150.
"""

# Notes of every decoded frame of every incoming track, from the first, how bright its corner and sector are.
NOTE_FRAMES = """
window.__noted = [];
const Plain = window.RTCPeerConnection;
const brightest = (context, [x, y, w, h]) => {
  const { data } = context.getImageData(x, y, w, h);
  let most = 0;
  for (let at = 0; at < data.length; at += 4) most = Math.max(most, data[at], data[at + 1], data[at + 2]);
  return most;
};
async function note(mid, track) {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const frames = new MediaStreamTrackProcessor({ track: track.clone(), maxBufferSize: 100 });
  const reader = frames.readable.getReader();
  for (;;) {
    const { value: frame, done } = await reader.read();
    if (done) return;
    const [width, height] = [frame.displayWidth, frame.displayHeight];
    canvas.width = width; canvas.height = height;
    context.drawImage(frame, 0, 0);
    frame.close();
    const scales = [width / 640, height / 480, width / 640, height / 480];
    const scaled = (box) => box.map((side, k) => Math.floor(side * scales[k]) || +(k > 1));
    const most = (box) => brightest(context, scaled(box));
    const [corner, sector, whole] = [CORNER, SECTOR, [0, 0, 640, 480]].map(most);
    window.__noted.push({ mid, width, height, corner, sector, whole });
  }
}
window.RTCPeerConnection = class extends Plain {
  constructor(...all) {
    super(...all);
    this.addEventListener("track", ({ track, transceiver }) => {
      if (track.kind === "video") note(transceiver.mid, track);
    });
  }
};
""".replace("CORNER", json.dumps(CORNER)).replace("SECTOR", json.dumps(SECTOR))

# The card's own track, to pull it out; and another card in its place, whose picture is drawn.
KEEP_CARD = """
const asked = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const is_card = wanted.video && wanted.video.deviceId;
  const stream = is_card && window.__drawn ? window.__drawn : await asked(wanted);
  if (is_card) window.__card = stream.getVideoTracks()[0];
  return stream;
};
"""
DRAW_CARD = """(label) => {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { alpha: false });
  window.__size = [640, 480];
  setInterval(() => {
    const [width, height] = window.__size;
    if (canvas.width !== width) [canvas.width, canvas.height] = [width, height];
    const fill = (grey, x, y, w, h) => {
      context.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
      context.fillRect(x * width, y * height, w * width, h * height);
    };
    fill(0, 0, 0, 1, 1);
    fill(240, 0.02, 0.02, 0.2, 0.08);
    fill(120 + Math.random() * 100, 0.35, 0.3, 0.3, 0.4);
  }, 33);
  window.__drawn = canvas.captureStream(30);
  Object.defineProperty(window.__drawn.getVideoTracks()[0], "label", { value: label });
}"""


class Frame(NamedTuple):
    """One decoded frame: its size, and the brightest of its corner, its sector, all of it."""

    width: int
    height: int
    corner: int
    sector: int
    whole: int


class Call(NamedTuple):
    consult_id: str
    doctor: Page
    specialist: Page


def screens() -> list[NDArray[np.uint8]]:
    """A made scanner's screen that runs: a name in the corner, speckle in a sector; luma (480, 640)."""
    random = np.random.default_rng(5)
    made = []
    x, y, wide, tall = SECTOR
    for _ in range(FRAMES):
        luma = np.full((HEIGHT, WIDTH), 16, np.uint8)
        speckle = random.integers(60, 220, (tall // 4, wide // 4), np.uint8)
        luma[y : y + tall, x : x + wide] = cv2.resize(speckle, (wide, tall), interpolation=cv2.INTER_LINEAR)
        for line, text in enumerate(("WANG XIUYING", "1958-03-02")):
            cv2.putText(luma, text, (8, 24 + 24 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.55, 235, 1, cv2.LINE_AA)
        made.append(luma)
    return made


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the fake capture card gives, as Y4M."""
    path = tmp_path_factory.mktemp("card") / "screen.y4m"
    colour = np.full(WIDTH * HEIGHT // 2, 128, np.uint8).tobytes()
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420jpeg\n".encode())
        for luma in screens():
            file.write(b"FRAME\n" + luma.tobytes() + colour)
    return path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, capture: Path) -> AsyncIterator[Call]:
    """Both in the room; the doctor's computer has no station, only a card."""
    async with chromium(f"--use-file-for-fake-video-capture={capture}") as browser:
        doctor, specialist = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
        await doctor.add_init_script(KEEP_CARD)
        await specialist.add_init_script(NOTE_FRAMES)
        for page in (doctor, specialist):
            await page.reload()
            await story.press_demo_sign_in(page)
        consult_id = await story.ask_for_consult(doctor, "王秀英")
        await story.prepare(doctor)
        await story.to_device_check(doctor)
        await story.accept(specialist)
        yield Call(consult_id, doctor, specialist)


async def noted(call: Call, least: int, what: str) -> list[Frame]:
    """Every frame so far on the line that carries the ultrasound, once there are so many."""

    async def look() -> list[Frame] | None:
        slots = await story.room(call.specialist, "window.__room.call().slots_list") or []
        mids = {one["mid"] for one in slots if one["kind"] == "ultrasound" and one["participant_id"]}
        every: list[dict[str, Any]] = await call.specialist.evaluate("window.__noted")
        frames = [Frame(*(one[name] for name in Frame._fields)) for one in every if one["mid"] in mids]
        return frames if len(frames) >= least else None

    return await story.until(look, what)


async def enter(call: Call) -> None:
    """From the device check into the room, whatever else is not ready."""
    await call.doctor.get_by_role("button", name="仍然进入").click()
    await story.goes_to(call.doctor, "/room")
    for page in (call.doctor, call.specialist):
        await story.connected(page)


async def begin(call: Call) -> None:
    """Send the card's picture as ultrasound."""
    await call.doctor.keyboard.press("1")
    await call.doctor.get_by_role("button", name="采集卡：").click()
    await confirm(call)
    await call.doctor.get_by_role("button", name="停止发送采集卡").wait_for()
    await call.specialist.get_by_text("超声来自 周敏 的采集卡").first.wait_for()


async def confirm(call: Call) -> None:
    """Say whose picture it is."""
    dialog = call.doctor.get_by_role("dialog")
    await dialog.get_by_role("checkbox", name="画面是 王秀英 的，我已核对").check()
    await dialog.get_by_role("button", name="开始发送").click()
    await dialog.wait_for(state="detached")


async def end(call: Call) -> None:
    await call.doctor.get_by_role("button", name="停止发送采集卡").click()
    await call.specialist.get_by_text("超声来自 周敏 的采集卡").first.wait_for(state="detached")


def named(frames: list[Frame]) -> list[tuple[int, Frame]]:
    """Frames whose corner is not black, with their place in the row."""
    levels = sorted({one.corner for one in frames})
    print(f"{len(frames)} frames, brightest pixel of their corners: {levels}")
    return [(at, one) for at, one in enumerate(frames) if one.corner > BLACK]


async def forget(call: Call) -> None:
    await call.specialist.evaluate("window.__noted = []")


async def test_a_card_that_nobody_signed_is_black_for_everybody_who_says_what_to_do(call: Call) -> None:
    doctor, specialist = call.doctor, call.specialist
    await doctor.get_by_text("用本机采集卡作为超声").click()
    await doctor.get_by_role("button", name="打开采集卡").click()
    await doctor.get_by_text("画面为黑：此采集卡还没有遮盖设置").wait_for()
    # This computer has no other camera: the card is not sent as the doctor's face either.
    await doctor.get_by_text("演示中以绘制的头像代替").wait_for()
    await keep_screenshot(doctor, "zh-card-unsigned")
    await enter(call)
    await begin(call)
    frames = await noted(call, 60, "two seconds of the card")
    assert max(one.whole for one in frames) <= BLACK
    await specialist.get_by_text("尚未有人为此采集卡的画面签核遮盖设置").first.wait_for()
    await doctor.get_by_text("画面为黑：此采集卡还没有遮盖设置").first.wait_for()
    await keep_screenshot(specialist, "zh-card-hidden")
    await end(call)


async def test_a_person_draws_the_mask_in_the_device_check_and_signs_it(call: Call) -> None:
    doctor = call.doctor
    await doctor.goto(f"{doctor.url.rsplit('/', 1)[0]}/check")
    await doctor.get_by_text("用本机采集卡作为超声").click()
    await doctor.get_by_role("button", name="打开采集卡").click()
    await doctor.get_by_role("button", name="设置遮盖并签核").click()
    setup = doctor.get_by_role("region", name="设置遮盖并签核")
    await setup.get_by_role("button", name="添加矩形").click()
    await setup.get_by_label("版式名称").fill("心脏 B 模式")
    sign = setup.get_by_role("button", name="签核并保存")
    assert await sign.get_attribute("aria-disabled") == "true", "nobody signs what was not looked at"
    await setup.get_by_role("button", name="查看遮盖后的画面").click()
    await setup.get_by_role("checkbox", name="我已查看遮盖后的活动画面").check()
    await keep_screenshot(doctor, "zh-card-set-up")
    await sign.click()
    await setup.get_by_text("已签核“心脏 B 模式”").wait_for()
    await doctor.get_by_text("按遮盖设置“心脏 B 模式”显示（周敏").first.wait_for()
    await keep_screenshot(doctor, "zh-card-signed")
    (kept,) = (await story.api(doctor, "/api/card-profiles"))["profiles"]
    assert kept["profile"]["signed_off"]["by"] == "周敏" and len(kept["profile"]["known_text"]) >= 2
    assert (kept["profile"]["width_px"], kept["profile"]["height_px"]) == (WIDTH, HEIGHT)


async def test_no_received_frame_shows_the_corner_and_every_one_the_sector(call: Call) -> None:
    await forget(call)
    await enter(call)
    await begin(call)
    frames = await noted(call, 150, "seconds of the masked card")
    assert named(frames) == []
    assert min(one.sector for one in frames) >= 100
    rate = (await story.room(call.specialist, "window.__room.delay()"))["fps"]
    sizes = sorted({(one.width, one.height) for one in frames})
    print(f"masked card: {rate} frames/s at the specialist's; {len(frames)} frames of {sizes} looked at")
    seen = await story.picture(call.doctor.locator(story.ULTRASOUND))
    x, y, wide, tall = CORNER
    assert seen[y : y + tall, x : x + wide].max() <= BLACK, "the doctor sees what the others see"
    await call.doctor.get_by_text("遮盖后的画面，与他人所见相同").first.wait_for()
    assert await call.specialist.get_by_text("遮盖区内出现新的文字").count() == 0
    await keep_screenshot(call.specialist, "zh-card-masked")
    await keep_screenshot(call.doctor, "zh-card-masked-own")


async def test_another_card_of_another_size_is_black_until_the_signed_size_comes_back(call: Call) -> None:
    await end(call)
    (kept,) = (await story.api(call.doctor, "/api/card-profiles"))["profiles"]
    await call.doctor.evaluate(DRAW_CARD, kept["profile"]["source"])
    await forget(call)
    await begin(call)
    frames = await noted(call, 60, "frames of the other card")
    assert max(one.sector for one in frames[-30:]) >= 100
    await call.doctor.evaluate("window.__size = [320, 240]")
    await call.specialist.get_by_text("采集卡的这个屏幕未经签核").first.wait_for()
    await call.doctor.get_by_text("采集卡给出的画面尺寸没有签核的遮盖设置").first.wait_for()

    async def black() -> bool:
        newest = (await noted(call, 15, "frames"))[-15:]
        return max(one.whole for one in newest) <= BLACK

    await story.until(black, "frames of the other size")
    await forget(call)
    frames = await noted(call, 30, "frames of the other size alone")
    assert max(one.whole for one in frames) <= BLACK
    await call.doctor.evaluate("window.__size = [640, 480]")
    await call.specialist.get_by_text("采集卡的这个屏幕未经签核").first.wait_for(state="detached")
    frames = await noted(call, len(frames) + 60, "the signed size again")
    assert named(frames) == []
    assert max(one.sector for one in frames[-30:]) >= 100


async def test_a_card_that_is_pulled_out_is_told_as_lost_until_it_is_opened_anew(call: Call) -> None:
    doctor, specialist = call.doctor, call.specialist
    await doctor.evaluate("window.__card.stop()")
    await doctor.evaluate("window.__drawn = null")
    await doctor.get_by_text("采集卡已断开：没有画面可发送").wait_for()
    await specialist.get_by_text("超声设备没有画面传出").first.wait_for()
    assert await specialist.get_by_text("超声来自 周敏 的采集卡").count() > 0, (
        "nothing was switched in silence"
    )
    await keep_screenshot(specialist, "zh-card-pulled-out")
    await keep_screenshot(doctor, "zh-card-pulled-out-own")
    await doctor.get_by_role("button", name="打开采集卡").click()
    await confirm(call)
    await doctor.get_by_text("采集卡已断开").wait_for(state="detached")
    await specialist.get_by_text("超声设备没有画面传出").first.wait_for(state="detached")
    await forget(call)
    frames = await noted(call, 60, "frames of the card that is plugged in again")
    assert named(frames) == [] and max(one.sector for one in frames[-30:]) >= 100
    await end(call)


async def test_new_text_under_the_mask_is_told_to_both(call: Call) -> None:
    kept = (await story.api(call.doctor, "/api/card-profiles"))["profiles"]
    await call.doctor.evaluate(
        "(id) => fetch(`/api/card-profiles/${id}`, { method: 'DELETE' })", kept[0]["id"]
    )
    await story.sign_card_mask(call.doctor, keep=((0.25, 0.2, 0.5, 0.6),))  # no text was known then
    await forget(call)
    await begin(call)
    for page in (call.doctor, call.specialist):
        await page.get_by_text("采集卡画面的遮盖区内出现新的文字").first.wait_for()
    frames = await noted(call, 60, "frames under which the text stands")
    assert named(frames) == []
    await keep_screenshot(call.specialist, "zh-card-new-text")
    await end(call)


async def test_a_browser_without_streams_of_frames_masks_on_a_canvas(call: Call) -> None:
    doctor = call.doctor
    await doctor.add_init_script("delete window.MediaStreamTrackGenerator")
    await doctor.reload()
    await story.connected(doctor)
    await forget(call)
    await begin(call)
    frames = await noted(call, 60, "frames masked on a canvas")
    assert named(frames) == []
    assert max(one.sector for one in frames[-30:]) >= 100
    await end(call)


async def test_nothing_went_wrong_on_either_page(call: Call) -> None:
    for page in (call.doctor, call.specialist):
        assert page.faults == []  # type: ignore[attr-defined]
