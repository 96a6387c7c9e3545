"""The next resident at the same station: nothing of one is ever shown or stored under the other."""

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from cloudclinic.demo_station import bundled_ecg
from ecg.dicom import open_dicom
from ecg.source import RecordingLoop
from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]


class People(NamedTuple):
    doctor: Page
    specialist: Page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(clinic: Clinic, browser: Browser) -> AsyncIterator[People]:
    pages = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
    for page in pages:
        await story.press_demo_sign_in(page)
    yield People(*pages)


async def test_with_the_cable_out_between_two_residents_nothing_crosses(people: People) -> None:
    doctor, specialist = people
    first = await story.meet(doctor, specialist, "王秀英")
    await story.sees(specialist, "ultrasound")
    _, shown = await story.drawn_ecg(specialist, 1000)
    await doctor.get_by_role("button", name="拔线 10 秒").click()
    await specialist.get_by_text("不在线").first.wait_for()
    await story.end_consult(specialist)
    await leave_what_has_ended(people)

    second = await story.ask_for_consult(doctor, "李建国", question="心悸 1 周")
    await story.prepare(doctor)
    await story.accept(specialist)
    await story.connected(specialist)
    await nothing_is_shown(specialist)
    await keep_screenshot(specialist, "zh-room-next-resident-unbound")

    await story.to_device_check(doctor)
    await story.bind_station(doctor)
    await story.enter(doctor, second)
    await story.sees(specialist, "ultrasound")
    await story.drawn_ecg(specialist, 2000)
    await story.end_consult(specialist)
    await stored_apart(doctor, first, second, shown + 1000)


async def leave_what_has_ended(people: People) -> None:
    for page in people:
        await page.get_by_text("会诊已结束").first.wait_for()
        await page.get_by_role("button", name="返回").first.click()


async def nothing_is_shown(page: Page) -> None:
    """The room of the next resident: no frame, no sample, no reading that is live."""
    await page.get_by_text("尚未绑定站点设备").first.wait_for()
    status = await story.room(page, "window.__room.ecgStatus()")
    assert status is None or (status["stream_id"], status["end"]) == (None, 0)
    assert await story.room(page, "window.__room.frames()") == []
    assert await page.locator(story.ULTRASOUND).evaluate(story.GRAB) is None
    assert await page.get_by_text("实时 · 演示").count() == 0


async def stored_apart(page: Page, first: str, second: str, shown: int) -> None:
    """Each recording is the file from its own beginning, under its own resident, stream and time."""
    file = RecordingLoop(open_dicom(bundled_ecg()))
    one, other = await recording_of(page, first), await recording_of(page, second)
    assert one["sample_count"] >= shown
    assert len({one["stream_id"], other["stream_id"]}) == 2
    assert len({one["binding_id"], other["binding_id"]}) == 2
    length = dt.timedelta(seconds=one["sample_count"] / one["rate_hz"])
    assert (
        dt.datetime.fromisoformat(other["started_at"]) > dt.datetime.fromisoformat(one["started_at"]) + length
    )
    for recording in (one, other):
        stored = await story.stored_ecg(page, recording)
        np.testing.assert_array_equal(stored, file.samples(0, stored.shape[1]))


async def recording_of(page: Page, consult_id: str) -> dict[str, Any]:
    """The one recording of a consult, once all of it is delivered; it is with the consult's resident."""
    card = (await story.api(page, f"/api/consults/{consult_id}"))["consult"]

    async def look() -> dict[str, Any] | None:
        resident = await story.api(page, f"/api/residents/{card['resident']['id']}")
        mine = [one for one in resident["recordings"] if one["consult_id"] == consult_id]
        assert len(mine) <= 1
        return mine[0] if mine and mine[0]["complete"] else None

    return await story.until(look, f"the recording of {card['number']} complete")
