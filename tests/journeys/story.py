"""What people do in a consult, in their words; every step waits for what it causes, never for time."""

import asyncio
import base64
import json
import re
import struct
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Browser, Locator, Page

from ecg.wire import Wave, decode
from tests.journeys.clinic import PATIENCE_S, Clinic, keep_screenshot, sign_in

Seen = TypeVar("Seen")


class Call(NamedTuple):
    """A consult that runs."""

    consult_id: str
    doctor: Page
    specialist: Page


ELSEWHERE = "市第一人民医院"
PASSWORD = "river-stone-bridge-47"

QUESTION = "胸闷 3 小时，活动后加重。请协助判断是否急性冠脉综合征。"
ULTRASOUND = "video[aria-label='超声实时画面']"

GRAB = """(video) => {
  if (video.videoWidth === 0) return null;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


FETCH = """async (path) => {
  const answer = await fetch(path);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return [answer.status, btoa(text)];
}"""


async def until(
    look: Callable[[], Awaitable[Seen | None]], what: str, patience_s: float = PATIENCE_S
) -> Seen:
    """Look again and again until what is seen is true; fails with what was seen last."""
    end = time.monotonic() + patience_s
    while True:
        seen = await look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {patience_s:.0f} s")
        await asyncio.sleep(0.1)


async def goes_to(page: Page, ending: str) -> str:
    """Wait until the page's address ends so; returns its path."""
    await page.wait_for_url(lambda url: url.split("?")[0].endswith(ending))
    return "/" + page.url.split("/", 3)[3]


async def fetched(page: Page, path: str) -> tuple[int, bytes]:
    """Status and body of a path, asked for by the page itself, as whoever is signed in there."""
    status, body = await page.evaluate(FETCH, path)
    return status, base64.b64decode(body)


async def api(page: Page, path: str) -> Any:
    """What the server answers to the page; fails for anything but 200."""
    status, body = await fetched(page, path)
    assert status == 200, f"{path}: {status}"
    return json.loads(body)


# --- signing in -----------------------------------------------------------------------------------------


async def press_demo_sign_in(page: Page) -> None:
    """The demo's own button for the role of this address."""
    await page.locator("button[data-demo]").click()
    await page.locator("header nav, nav").first.wait_for()


async def sign_in_from_elsewhere(browser: Browser, clinic: Clinic, role: str) -> Page:
    """Somebody of another institution, made by the command, who has changed the one-time password."""
    name = f"stranger-{role.replace('_', '-')}"
    printed = await clinic.command(
        *("account", "add", name, "--role", role, "--institution", ELSEWHERE, "--specialty", "respiratory")
    )
    page = await sign_in(browser, clinic, "doctor")
    await page.get_by_role("textbox", name="账号").fill(name)
    await page.get_by_role("textbox", name="密码").fill(printed.split("one-time password: ")[1].strip())
    await page.locator("form button[type=submit]").click()
    await page.locator("input[autocomplete=new-password]").first.wait_for()
    one_time, new, again = await page.locator("input[type=password]").all()
    await one_time.fill(printed.split("one-time password: ")[1].strip())
    for field in (new, again):
        await field.fill(PASSWORD)
    await page.locator("form button[type=submit]").click()
    await page.locator("header nav, nav").first.wait_for()
    return page


async def both_sign_in(browser: Browser, clinic: Clinic) -> tuple[Page, Page]:
    """Doctor and specialist, each in a window of their own."""
    doctor, specialist = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
    for page in (doctor, specialist):
        await press_demo_sign_in(page)
    return doctor, specialist


# --- before the room ------------------------------------------------------------------------------------


async def open_resident(page: Page, name: str) -> str:
    """Find a resident's record; returns its id."""
    await page.get_by_role("link", name="居民", exact=True).first.click()
    await page.locator("td").get_by_text(name).first.click()
    await page.get_by_role("heading", name=name).wait_for()
    return page.url.rsplit("/", 1)[1]


async def ask_for_consult(
    doctor: Page, name: str, *, specialty: str = "心内科", urgency: str = "紧急", question: str = QUESTION
) -> str:
    """From the resident's record, by three clicks and one line, to a waiting request; its id."""
    await open_resident(doctor, name)
    await doctor.get_by_role("link", name="申请会诊").click()
    await doctor.get_by_text(specialty).first.click()
    await doctor.get_by_text(urgency, exact=True).first.click()
    await doctor.get_by_role("textbox").first.fill(question)
    await doctor.get_by_role("textbox").first.press("Enter")
    await doctor.wait_for_url("**/consults/*")
    await doctor.get_by_role("heading", name="会诊前准备").wait_for()
    return doctor.url.rsplit("/", 1)[1]


async def prepare(doctor: Page, *, witness: str = "吴倩") -> None:
    """Two identifiers and the consent, on the consult's page."""
    for identifier in ("姓名", "出生日期"):
        await doctor.get_by_role("checkbox", name=identifier).first.check()
    await doctor.get_by_role("button", name="确认身份").click()
    await doctor.get_by_text("口头同意（需见证人）").click()
    await doctor.get_by_label("见证人姓名").fill(witness)
    await doctor.get_by_role("button", name="记录同意").click()
    await doctor.get_by_text("已记录：").wait_for()


async def to_device_check(doctor: Page) -> None:
    """From the consult's page to the device check."""
    link = doctor.get_by_role("button", name="设备检查").or_(doctor.get_by_role("link", name="设备检查"))
    await link.first.click()
    await goes_to(doctor, "/check")
    await doctor.get_by_role("heading", name="站点设备").wait_for()
    assert await doctor.locator("main").evaluate("main => main.scrollTop") == 0, "it opens scrolled down"


async def bind_station(doctor: Page) -> None:
    """Say whose body the devices are on, and confirm it."""
    await doctor.get_by_role("button", name="将这些设备绑定到患者").click()
    await doctor.get_by_role("dialog").get_by_role("button", name="确认绑定").click()
    await doctor.get_by_role("button", name="解除绑定").wait_for()


async def accept(specialist: Page) -> None:
    """Take the consult that rings on the worklist."""
    await specialist.get_by_role("button", name=re.compile("^接受会诊")).click()
    await goes_to(specialist, "/room")


async def enter(page: Page, consult_id: str) -> None:
    """Be in the room, with a connection that carries."""
    if not page.url.endswith("/room"):
        await (
            page.get_by_role("button", name="进入会诊室")
            .or_(page.get_by_role("link", name="进入会诊室"))
            .first.click()
        )
    await goes_to(page, f"/consults/{consult_id}/room")
    await connected(page)


async def meet(doctor: Page, specialist: Page, name: str) -> str:
    """All of it: asked, prepared, bound, accepted, both in the room. Returns the consult's id."""
    consult_id = await ask_for_consult(doctor, name)
    await prepare(doctor)
    await to_device_check(doctor)
    await bind_station(doctor)
    await accept(specialist)
    await enter(doctor, consult_id)
    await connected(specialist)
    return consult_id


# --- a capture card -------------------------------------------------------------------------------------

SIGN_CARD_MASK = """async ([keep, known]) => {
  const cards = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
  const deviceId = { exact: cards.at(-1).deviceId };  // the one that is offered first
  const wanted = { deviceId, width: { ideal: 1280 }, height: { ideal: 960 }, resizeMode: "none" };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
  const [track] = stream.getVideoTracks();
  const { width, height } = track.getSettings();
  const source = track.label;
  track.stop();
  const px = (share, side) => Math.round(share * side);
  const box = ([x, y, w, h]) => ({
    shape: "rectangle",
    left_px: px(x, width), top_px: px(y, height), width_px: px(w, width), height_px: px(h, height),
  });
  const [keeps, known_text] = [keep.map(box), known.map(box)];
  const profile = { source, layout: "whole", width_px: width, height_px: height, keep: keeps, known_text };
  const answer = await fetch("/api/card-profiles", {
    method: "PUT", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ version: 0, names_nobody: true, profile }),
  });
  return [answer.status, await answer.text()];
}"""
Share = tuple[float, float, float, float]


async def sign_card_mask(
    doctor: Page, keep: tuple[Share, ...] = ((0, 0, 1, 1),), known_text: tuple[Share, ...] = ()
) -> None:
    """Sign off what of the browser's card may be seen: boxes as shares of the picture, all unless told."""
    status, text = await doctor.evaluate(SIGN_CARD_MASK, [keep, known_text])
    assert status == 200, text


# --- in the room ----------------------------------------------------------------------------------------


async def room(page: Page, expression: str) -> Any:
    """Read what the demo's room shows of itself; None while the page is not there."""
    return await page.evaluate(f"async () => window.__room ? await ({expression}) : null")


async def scan(page: Page) -> dict[str, Any]:
    """What stands on the ultrasound's stage."""
    shown: dict[str, Any] = await room(page, "window.__room.scan()")
    return shown


async def pictures(call: Call, name: str) -> None:
    """Keep both sides, in both languages, at two sizes."""
    for language, code in (("English", "en"), ("中文", "zh")):
        for page, who in ((call.doctor, "doctor"), (call.specialist, "specialist")):
            await page.get_by_role("button", name=language, exact=True).click()
            await page.set_viewport_size({"width": 1366, "height": 768})
            await keep_screenshot(page, f"{code}-{name}-{who}-1366")
            await page.set_viewport_size({"width": 1600, "height": 900})
            await keep_screenshot(page, f"{code}-{name}-{who}")


async def connected(page: Page) -> None:
    """The media connection stands."""

    async def look() -> bool:
        return bool(await room(page, "window.__room.call().state") == "connected")

    await until(look, f"{page.url} connected")


async def frames_of(page: Page, kind: str) -> int:
    """Video frames decoded so far of the first bound slot of a kind: `face`, `ultrasound`."""
    slots = await room(page, "window.__room.call().slots_list") or []
    mids = {one["mid"] for one in slots if one["kind"] == kind and one["participant_id"]}
    stats = await room(page, "window.__room.stats()") or []
    inbound = (one for one in stats if one["type"] == "inbound-rtp" and one.get("mid") in mids)
    return max((one.get("framesDecoded", 0) for one in inbound), default=0)


async def sees(page: Page, kind: str, frames: int = 30) -> None:
    """So many more frames of a kind are decoded than at this moment."""
    before = await frames_of(page, kind)

    async def look() -> bool:
        return await frames_of(page, kind) >= before + frames

    await until(look, f"{frames} frames of {kind} at {page.url}")


async def loses_the_path(page: Page, frames_before: int) -> None:
    """The media connection of before is gone: the room says so, or counts from nothing."""

    async def look() -> bool:
        state = await room(page, "window.__room.call().state")
        return state != "connected" or await frames_of(page, "ultrasound") < frames_before

    await until(look, f"{page.url} loses the path")


async def picture(video: Locator) -> NDArray[np.uint8]:
    """What a video shows at this moment: uint8 (height, width, 3), RGB."""
    encoded = await until(lambda: video.evaluate(GRAB), "a picture")
    image = cv2.imdecode(np.frombuffer(base64.b64decode(encoded), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert image is not None
    return np.asarray(image, np.uint8)


async def drawn_ecg(page: Page, count: int) -> tuple[dict[str, NDArray[np.int16]], int]:
    """The newest `count` samples of every lead in the ring that is drawn, and the index of the first."""

    async def look() -> dict[str, Any] | None:
        status = await room(page, "window.__room.ecgStatus()")
        if not status or status["end"] < count or status["missing"]:
            return None
        dumped: dict[str, Any] = await room(page, f"window.__room.dumpEcg({status['end'] - count}, {count})")
        return dumped

    dump = await until(look, f"{count} samples drawn")
    rows = np.array(dump["samples"], np.int16).reshape(len(dump["leads"]), dump["count"])
    return dict(zip(dump["leads"], rows, strict=True)), dump["first"]


async def stored_ecg(page: Page, recording: dict[str, Any]) -> NDArray[np.int16]:
    """Every sample of a stored recording: int16 (leads, samples), -32768 = missing."""
    pieces, step = [], round(10 * recording["rate_hz"])
    for first in range(0, recording["sample_count"], step):
        path = f"/api/recordings/{recording['id']}/samples?first={first}&count={step}"
        status, body = await fetched(page, path)
        assert status == 200, f"{path}: {status}"
        pieces += [wave.samples for wave in waves(body)]
    return np.concatenate(pieces, axis=1)


def waves(body: bytes) -> Iterator[Wave]:
    """The E1 packets of an answer, each behind its length."""
    at = 0
    while at < len(body):
        (length,) = struct.unpack_from("<I", body, at)
        packet = decode(body[at + 4 : at + 4 + length])
        assert isinstance(packet, Wave)
        yield packet
        at += 4 + length


# --- after it -------------------------------------------------------------------------------------------


async def end_consult(page: Page) -> None:
    """End the call for everybody."""
    await page.get_by_role("button", name="结束会诊").click()
    await page.get_by_role("dialog").get_by_role("button", name="确认结束").click()


async def write_opinion(specialist: Page, *, findings: str, impression: str, advice: str) -> None:
    """Fill in what must be filled in, and see that the draft is kept."""
    await specialist.get_by_label("检查所见").fill(findings)
    await specialist.get_by_label("会诊意见 必填").fill(impression)
    await specialist.get_by_text(advice, exact=True).click()
    await specialist.get_by_text("草稿已保存").wait_for()


async def sign(specialist: Page, *, reads: tuple[str, ...] = ()) -> None:
    """Sign the opinion that is written, once all of this was read over the signature."""
    await (
        specialist.get_by_role("button", name="签发 Ctrl+Enter")
        .or_(specialist.get_by_role("button", name="签发Ctrl+Enter"))
        .click()
    )
    review = await specialist.get_by_test_id("signing-review").inner_text()
    assert [text for text in reads if text not in review] == []
    await specialist.get_by_role("dialog").get_by_role("button", name=re.compile("^签发")).click()
    await specialist.get_by_text("意见已签发").first.wait_for()
    await specialist.get_by_role("heading", name="专家已签发意见").wait_for()
