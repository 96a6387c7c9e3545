"""Whatever breaks off in a consult comes back by itself, and nothing that was taken is lost."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from cloudclinic.demo_station import bundled_ecg
from ecg.dicom import open_dicom
from ecg.leads import MISSING
from ecg.source import RecordingLoop
from tests.journeys import story
from tests.journeys.clinic import STORED_ECG, Clinic, keep_screenshot, sign_in
from tests.journeys.story import Call

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

KEPT = ("number", "state", "urgency", "question", "asked_at", "place", "ring_deadline_at")


async def test_a_restarted_server_still_has_the_queue_its_places_and_deadlines(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("restarted")
    config = tmp_path_factory.mktemp("settings") / "site.toml"
    config.write_text("ring_timeout_s = 3600\n")  # no deadline passes while the test is on its way
    options = (*STORED_ECG, "--config", str(config))
    async with Clinic.open(directory, *options) as clinic:
        doctor, specialist = await story.both_sign_in(browser, clinic)
        first = await story.ask_for_consult(doctor, "李建国", urgency="加急")
        second = await story.ask_for_consult(doctor, "沈玉兰", urgency="紧急")
        await specialist.get_by_text("会诊呼叫", exact=True).wait_for()
        before = [await card(doctor, one) for one in (first, second)]
    await close(doctor, specialist)  # once the server is down: where nobody can be rung the circle widens
    assert [one["place"] for one in before] == [2, 1]
    assert all(one["ring_deadline_at"] for one in before)
    async with Clinic.open(directory, *options) as clinic:
        specialist, doctor = [await sign_in(browser, clinic, role) for role in ("specialist", "doctor")]
        for page in (specialist, doctor):
            await story.press_demo_sign_in(page)
        after = [await card(doctor, one) for one in (first, second)]
        for was, now in zip(before, after, strict=True):
            assert {name: now[name] for name in KEPT} == {name: was[name] for name in KEPT}
        await story.accept(specialist)
        await story.goes_to(specialist, f"/consults/{second}/room")
        await close(doctor, specialist)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = await story.both_sign_in(browser, clinic)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    for page in (doctor, specialist):
        await story.sees(page, "ultrasound", 10)
    yield Call(consult_id, doctor, specialist)


async def test_a_reloaded_page_is_back_in_the_room_and_muted_as_before(call: Call) -> None:
    doctor, specialist = call.doctor, call.specialist
    await doctor.get_by_role("button", name="麦克风 开").click()
    await specialist.get_by_text("已静音").wait_for()
    await doctor.reload()
    await story.connected(doctor)
    assert doctor.url.endswith(f"/consults/{call.consult_id}/room")
    await doctor.get_by_role("button", name="麦克风 关").wait_for()
    await specialist.get_by_text("已静音").wait_for()
    for page in (doctor, specialist):
        await story.sees(page, "face")
        await story.sees(page, "ultrasound")


async def test_after_the_media_worker_was_killed_the_pictures_come_back(clinic: Clinic, call: Call) -> None:
    pages = (call.doctor, call.specialist)
    before = [await story.frames_of(page, "ultrasound") for page in pages]
    os.kill(clinic.pids["worker"], signal.SIGKILL)
    await asyncio.gather(*map(story.loses_the_path, pages, before))
    for page in pages:
        await story.connected(page)
        await story.sees(page, "face")
        await story.sees(page, "ultrasound")


async def test_after_the_station_was_killed_pictures_and_ecg_go_on_and_no_sample_taken_is_lost(
    clinic: Clinic, call: Call
) -> None:
    file = RecordingLoop(open_dicom(bundled_ecg()))
    count = int(2 * file.rate_hz)
    _, first = await story.drawn_ecg(call.specialist, count)
    taken = first + count
    os.kill(clinic.pids["station"], signal.SIGKILL)
    await call.doctor.get_by_text("不在线").first.wait_for()
    await keep_screenshot(call.specialist, "zh-room-station-away")
    for page in (call.doctor, call.specialist):
        await story.sees(page, "ultrasound")
        drawn, first = await newest_without_gap(page, file, count, taken)
        expected = file.samples(first, count)
        for lead, row in zip(file.leads, expected, strict=True):
            np.testing.assert_array_equal(drawn[str(lead)], row, err_msg=str(lead))
    await stored_is_the_file_but_for_one_gap(call, file, taken)


async def stored_is_the_file_but_for_one_gap(call: Call, file: RecordingLoop, taken: int) -> None:
    resident_id = (await card(call.doctor, call.consult_id))["resident"]["id"]
    await story.end_consult(call.specialist)

    async def look() -> dict[str, Any] | None:
        page = await story.api(call.doctor, f"/api/residents/{resident_id}")
        mine = [one for one in page["recordings"] if one["consult_id"] == call.consult_id]
        assert len(mine) <= 1
        return mine[0] if mine and mine[0]["complete"] else None

    recording = await story.until(look, "the recording complete")
    stored = await story.stored_ecg(call.doctor, recording)
    expected = file.samples(0, stored.shape[1])
    differs = np.flatnonzero((stored != expected).any(axis=0))
    assert differs.size > 0 and differs[0] >= taken
    gap = stored[:, differs[0] : differs[-1] + 1]
    assert (gap == MISSING).all()


async def newest_without_gap(
    page: Page, file: RecordingLoop, count: int, after: int
) -> tuple[dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int16]]], int]:
    """The newest samples, once `count` were taken since the station is back: whole, as the file is."""

    async def look() -> tuple[dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int16]]], int] | None:
        drawn, first = await story.drawn_ecg(page, count)
        rows = zip(file.leads, file.samples(first, count), strict=True)
        whole = all(np.array_equal(drawn[str(lead)] == MISSING, row == MISSING) for lead, row in rows)
        return (drawn, first) if first > after and whole else None

    return await story.until(look, "ECG since the station is back")


async def close(*pages: Page) -> None:
    for page in pages:
        await page.context.close()


async def card(page: Page, consult_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await story.api(page, f"/api/consults/{consult_id}"))["consult"]
    return shown
