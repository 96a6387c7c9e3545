"""A source is set up in a browser on its own computer: seen, proposed, allowed, looked at masked, signed."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Browser, Page, expect

from station.picture_mask import PictureMask
from station.picture_profiles import read_profiles
from tests.journeys import story
from tests.journeys.clinic import keep_screenshot
from tests.journeys.test_every_page import AXE, BESIDE, RUN_AXE
from ultrasound.captured import CapturedFrame
from ultrasound.dicom import open_dicom
from ultrasound.pixels import of_array

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

CINE = Path(__file__).resolve().parents[2] / "cloudclinic" / "demo_data" / "cardiac_a4c_120_frames.dcm"


@asynccontextmanager
async def setting_up(data: Path, source: str) -> AsyncIterator[str]:
    """`cloudclinic station setup`, running; gives the address it prints."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cloudclinic", "station", "setup"),
        *("--ultrasound", source, "--data", str(data)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    try:
        async with asyncio.timeout(30):
            while True:
                line = (await program.stdout.readline()).decode().strip()
                assert line, "the set-up ended without an address"
                if line.startswith("http://127.0.0.1:"):
                    break
        yield line
    finally:
        program.terminate()
        await program.wait()


GREY = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at + 1]);
}"""


async def shown(page: Page) -> np.ndarray:
    """What the editor shows, its green."""
    return np.array(await page.get_by_test_id("setup-picture").evaluate(GREY), np.uint8).reshape(480, 640)


async def test_a_person_signs_a_scanner_off_and_the_station_shows_what_was_signed(
    browser: Browser, tmp_path: Path
) -> None:
    context = await browser.new_context(locale="en-GB", viewport={"width": 1366, "height": 900})
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    async with setting_up(tmp_path, f"dicom:{CINE}") as address:
        await page.goto(address)
        await expect(page.get_by_text("Source: dicom:cardiac_a4c_120_frames.dcm")).to_be_visible()

        async def proposed() -> bool:
            """Pressed until enough of the moving picture was seen."""
            if await page.get_by_text("A shape is proposed; it agrees with what moves by 9").is_visible():
                return True
            propose = page.get_by_role("button", name="Propose the shape")
            if await propose.get_attribute("aria-busy") is None:
                await propose.click()
            return False

        await story.until(proposed, "a shape is proposed")
        sign = page.get_by_role("button", name="Sign off and keep")
        await expect(sign).to_have_attribute("aria-disabled", "true")

        await page.get_by_role("button", name="Add text that may be seen").click()
        await page.get_by_role("button", name=re.compile("Text that may be seen 1, lower right")).focus()
        for key in ["Shift+ArrowRight"] * 27 + ["Shift+ArrowDown"] * 16:
            await page.keyboard.press(key)
        await page.get_by_role("button", name=re.compile("Text that may be seen 1, upper left")).focus()
        for key in ["Shift+ArrowRight"] * 29 + ["Shift+ArrowUp"] * 19:
            await page.keyboard.press(key)
        await expect(page.get_by_text("Text is allowed, but no mark tells").first).to_be_visible()
        await page.get_by_role("button", name="Add Marks of this layout").click()
        mark = page.get_by_role("button", name="Marks of this layout 1", exact=True).first
        await mark.focus()
        for key in ["Shift+ArrowLeft"] * 40 + ["Shift+ArrowUp"] * 30:
            await page.keyboard.press(key)
        await page.get_by_label("Name of the layout").fill("apical four chamber")
        await page.get_by_label("Name of the layout").press("Tab")
        await page.evaluate(AXE.read_text())
        found = await page.evaluate(RUN_AXE)
        assert found == []
        assert await page.evaluate(BESIDE) == ""
        await keep_screenshot(page, "setup-edit")

        await page.get_by_role("button", name="Look at the masked picture").click()

        async def is_masked() -> bool:
            seen = await shown(page)
            return bool(seen[100:380, 250:420].any()) and not seen[450:].any() and not seen[:20, :80].any()

        await story.until(is_masked, "the masked picture")
        await keep_screenshot(page, "setup-masked")
        await page.get_by_label("Name of who signs").fill("Li Wen")
        await page.get_by_label(re.compile("I have looked at the masked")).check()
        await sign.click()
        await expect(page.get_by_text("“apical four chamber” is signed off and kept")).to_be_visible()
    await context.close()
    assert faults == []

    (profile,) = read_profiles(tmp_path / "profiles", f"dicom:{CINE.name}").signed
    assert profile.signed_off is not None and profile.signed_off.by == "Li Wen" and len(profile.anchors) == 1
    mask = PictureMask(f"dicom:{CINE}", tmp_path / "profiles")
    sent = mask(CapturedFrame.of(0, 1, of_array(open_dicom(CINE).frame(3)))).picture[:, :, 1]
    assert mask.troubles(1) == frozenset() and not sent[450:].any()
    assert sent[35:415, 596:602].any()  # the depth ruler
