"""The set-up page answers to this machine and to who has its address, to nobody else."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import cv2
import msgspec
import numpy as np
import pytest
import pytest_asyncio

from station.clock import StationClock
from station.picture_profiles import read_profiles
from station.setup.page import TOKEN_HEADER, SetupPage
from station.setup.seen_frames import SeenFrames
from ultrasound.privacy.profile import DeviceProfile


class Opened:
    """A page over a simulated scanner, and one who has its address."""

    def __init__(self, page: SetupPage, client: aiohttp.ClientSession) -> None:
        self.client = client
        self.base, self.token = page.address.split("/#")

    async def asked(self, what: str, body: Any = None, **headers: str) -> tuple[int, bytes, str]:
        given = {TOKEN_HEADER: self.token, **headers}
        url = f"{self.base}/api/setup/{what}"
        if body is None:
            request = self.client.get(url, headers=given)
        else:
            request = self.client.post(url, headers=given, data=msgspec.json.encode(body))
        async with request as answer:
            return answer.status, await answer.read(), answer.headers.get("X-Frame", "")


@pytest_asyncio.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "setup.html").write_text("<!doctype html>")
    frames = SeenFrames("simulator:size=640x480", StationClock().now_us)
    page = SetupPage("simulator", frames, tmp_path / "profiles", static)
    await asyncio.to_thread(frames.start)
    await page.open()
    async with aiohttp.ClientSession() as client:
        yield Opened(page, client)
    await page.close()
    await asyncio.to_thread(frames.close)
    assert frames.newest() is None


async def until_seen(opened: Opened, frames: int) -> None:
    """Wait for so many frames of those that are kept: one in four of the simulator's."""
    newest: int | None = None
    while newest is None or newest < 4 * frames:
        newest = msgspec.json.decode((await opened.asked("state"))[1])["frame"]
        await asyncio.sleep(0.05)


async def test_without_the_token_or_by_another_name_nothing_is_given(opened: Opened) -> None:
    await until_seen(opened, 1)
    for headers in ({TOKEN_HEADER: "wrong"}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: opened.token[:-1]}):
        for what in ("state", "frames/newest", "frames/0"):
            status, body, _ = await opened.asked(what, **headers)
            assert status == 403 and b"PNG" not in body
        for what in ("propose", "calibrate", "sign"):
            assert (await opened.asked(what, {}, **headers))[0] == 403
    for host in ("clinic.example", "127.0.0.1", f"evil.example:{opened.base.rsplit(':', 1)[1]}"):
        status, body, _ = await opened.asked("frames/newest", Host=host)
        assert status == 421 and b"PNG" not in body


async def test_it_listens_on_the_loopback_alone(opened: Opened) -> None:
    port = int(opened.base.rsplit(":", 1)[1])
    outside = socket.gethostbyname(socket.gethostname())
    if not outside.startswith("127."):
        with pytest.raises(OSError):
            await asyncio.wait_for(asyncio.open_connection(outside, port), 5)
    assert opened.base.startswith("http://127.0.0.1:")


async def test_the_page_is_given_without_leave_to_be_framed_or_to_send_elsewhere(opened: Opened) -> None:
    async with opened.client.get(f"{opened.base}/") as answer:
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    for path in ("/assets/%2e%2e/setup.html", "/api/setup/frames/-1", "/index.html"):
        async with opened.client.get(f"{opened.base}{path}", headers={TOKEN_HEADER: opened.token}) as answer:
            assert answer.status in (404, 409)


async def test_a_person_sees_the_picture_and_signs_what_may_be_seen_of_it(
    opened: Opened, tmp_path: Path
) -> None:
    await until_seen(opened, 14)
    status, png, number = await opened.asked("frames/newest")
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert status == 200 and pixels is not None and pixels.shape == (480, 640) and number.isdecimal()
    status, body, _ = await opened.asked("propose", {})
    found = msgspec.json.decode(body)
    assert status == 200 and found["keep"]["shape"] in ("fan", "rectangle", "polygon")
    draft = DeviceProfile(source="simulator", layout="B mode", width_px=640, height_px=480)
    asked = msgspec.to_builtins(draft) | {"keep": [found["keep"]]}
    status, body, _ = await opened.asked("sign", {"draft": asked, "by": "Li Wen", "looked": False})
    assert status == 409 and msgspec.json.decode(body)["why"] == "nameless"
    status, body, _ = await opened.asked("sign", {"draft": asked, "by": "Li Wen", "looked": True})
    assert status == 200, body
    (signed,) = read_profiles(tmp_path / "profiles", "simulator").signed
    assert signed.layout == "B mode" and signed.signed_off is not None and signed.signed_off.by == "Li Wen"
    state = msgspec.json.decode((await opened.asked("state"))[1])
    assert [one["layout"] for one in state["layouts"]] == ["B mode"]


@pytest.mark.parametrize("what", ["calibrate", "sign"])
async def test_what_is_no_draft_is_refused_in_words(opened: Opened, what: str) -> None:
    bodies: list[Any] = [{}, {"draft": {"source": 1}}, []]
    for body in bodies:
        status, answer, _ = await opened.asked(what, body)
        assert status == 409 and msgspec.json.decode(answer)["why"] == "not_plausible"
