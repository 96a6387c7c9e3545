"""A whole consult, from the question to the opinion that is read."""

import itertools
import json
from collections.abc import AsyncIterator
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from playwright.async_api import Browser, Page

from cloudclinic.demo_people import RESIDENTS
from cloudclinic.demo_station import CINE, bundled_ecg
from ecg.dicom import open_dicom as open_ecg
from ecg.source import RecordingLoop
from station.picture_mask import PictureMask
from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in
from ultrasound.captured import CapturedFrame
from ultrasound.dicom import open_dicom as open_cine
from ultrasound.fidelity import psnr_db
from ultrasound.pixels import of_array

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

RESIDENT = "王秀英"
FINDINGS = "窦性心律，ST 段无明显抬高；左室收缩功能正常。"
IMPRESSION = "目前不支持急性 ST 段抬高型心肌梗死。"


class Visit(NamedTuple):
    """Everybody at their places, both doctors in the room."""

    consult_id: str
    doctor: Page
    specialist: Page
    administrator: Page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visit(clinic: Clinic, browser: Browser) -> AsyncIterator[Visit]:
    doctor, specialist, administrator = [
        await sign_in(browser, clinic, role) for role in ("doctor", "specialist", "admin")
    ]
    await keep_screenshot(doctor, "zh-sign-in")
    for page in (doctor, specialist, administrator):
        await story.press_demo_sign_in(page)
    await keep_screenshot(doctor, "zh-worklist-doctor")
    consult_id = await story.ask_for_consult(doctor, RESIDENT)
    await keep_screenshot(doctor, "zh-waiting")
    await story.prepare(doctor)
    await story.to_device_check(doctor)
    await story.bind_station(doctor)
    await doctor.get_by_text("十二导联都有信号").wait_for()
    await keep_screenshot(doctor, "zh-device-check")
    await specialist.get_by_text("会诊呼叫", exact=True).wait_for()
    await keep_screenshot(specialist, "zh-worklist-ringing")
    await story.accept(specialist)
    await story.enter(doctor, consult_id)
    await story.connected(specialist)
    yield Visit(consult_id, doctor, specialist, administrator)


async def test_both_see_each_other_and_the_ultrasound(visit: Visit) -> None:
    for page in (visit.doctor, visit.specialist):
        await story.sees(page, "face")
        await story.sees(page, "ultrasound")
    await keep_screenshot(visit.doctor, "zh-room-doctor")
    await keep_screenshot(visit.specialist, "zh-room-specialist")


async def test_the_ultrasound_shown_is_a_frame_of_the_cine_and_not_a_camera(visit: Visit) -> None:
    frames = cine_frames()
    for page in (visit.doctor, visit.specialist):
        shown = await story.picture(page.locator(story.ULTRASOUND))
        assert max(psnr_db(shown, frame) for frame in frames) >= 30
        camera = await story.picture(page.locator("figure video").first)
        assert psnr_db(shown, resized(camera, shown)) < 20


async def test_the_ecg_that_is_drawn_is_the_file_sample_by_sample(visit: Visit) -> None:
    file = RecordingLoop(open_ecg(bundled_ecg()))
    count = int(2.5 * file.rate_hz)
    for page in (visit.doctor, visit.specialist):
        drawn, first = await story.drawn_ecg(page, count)
        expected = file.samples(first, count)
        assert set(drawn) == {str(lead) for lead in file.leads}
        for lead, row in zip(file.leads, expected, strict=True):
            np.testing.assert_array_equal(drawn[str(lead)], row, err_msg=str(lead))


async def test_the_administrator_sees_the_viewers_own_figures_and_no_resident(visit: Visit) -> None:
    row = visit.administrator.locator(f"[data-testid=live-row][data-consult='{visit.consult_id}']")
    await row.wait_for()

    async def look() -> bool:
        shown = await row.locator("[data-figure]").evaluate_all(
            "all => Object.fromEntries(all.map(one => [one.dataset.figure, one.dataset.value]))"
        )
        # On a busy machine the dashboard is some reports behind.
        told = [reports(page)[-10:] for page in (visit.specialist, visit.doctor)]
        return any(agree(shown, *pair) for pair in itertools.product(*told))

    await story.until(look, "the dashboard's figures equal to the viewers' own")
    await own_reports_are_what_the_browser_measures(visit.specialist)
    await row.get_by_role("button").click()
    await visit.administrator.locator("#session-drawer canvas").first.wait_for()
    await keep_screenshot(visit.administrator, "zh-dashboard")
    content = await visit.administrator.content()
    assert not [one.name for one in RESIDENTS if one.name in content]


async def test_the_signed_opinion_is_read_in_the_residents_record(visit: Visit) -> None:
    doctor, specialist = visit.doctor, visit.specialist
    await story.write_opinion(specialist, findings=FINDINGS, impression=IMPRESSION, advice="门诊随访")
    await story.end_consult(specialist)
    await doctor.get_by_role("button", name="麦克风").wait_for(state="detached")
    await doctor.get_by_text("通话共").wait_for()
    await story.sign(
        specialist, reads=(RESIDENT, "女", "67 岁", story.QUESTION, FINDINGS, IMPRESSION, "门诊随访")
    )
    # Told, with the advice, to whoever stayed in the room that has ended.
    await doctor.get_by_role("alert").filter(has_text="签发会诊意见：门诊随访").wait_for()
    await keep_screenshot(doctor, "zh-room-signed")
    await keep_screenshot(specialist, "zh-opinion-signed")
    await doctor.get_by_role("button", name="返回").first.click()
    resident_id = await story.open_resident(doctor, RESIDENT)
    await doctor.get_by_text(IMPRESSION).wait_for()
    await doctor.get_by_text(FINDINGS).wait_for()
    await keep_screenshot(doctor, "zh-resident")
    assert doctor.url.endswith(resident_id)
    await doctor.locator(f"a[href='/consults/{visit.consult_id}/opinion']").click()
    await doctor.get_by_role("button", name="已阅读").click()
    await doctor.get_by_text("邀请方已阅读").wait_for()
    await keep_screenshot(doctor, "zh-opinion-read")
    await doctor.get_by_role("link", name="会诊详情").click()
    await doctor.get_by_role("img", name="会诊中采集心电").locator("canvas").wait_for()
    await keep_screenshot(doctor, "zh-consult-read")


async def test_nothing_went_wrong_on_any_page(visit: Visit) -> None:
    for page in (visit.doctor, visit.specialist, visit.administrator):
        assert page.faults == []  # type: ignore[attr-defined]


def cine_frames() -> list[NDArray[np.uint8]]:
    """As the station shows them: masked by the profile that lies beside the cine."""
    with as_file(files("cloudclinic.demo_data") / CINE) as path:
        cine, mask = open_cine(path), PictureMask(f"dicom:{path}", path.parent / "profiles")
        try:
            return [
                mask(CapturedFrame.of(index, index, of_array(cine.frame(index)))).picture
                for index in range(cine.frame_count)
            ]
        finally:
            cine.close()


def resized(image: NDArray[np.uint8], like: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = like.shape[:2]
    return np.asarray(cv2.resize(image, (width, height)), np.uint8)


def reports(page: Page) -> list[dict[str, Any]]:
    """The figures this page has told the server, oldest first."""
    sent = (json.loads(text) for text in page.sent)  # type: ignore[attr-defined]
    return [one for one in sent if one["type"] == "report_quality"]


WORST = {"round_trip_ms": max, "loss_percent": max, "freezes": max, "ecg_missing_samples": max} | {
    "ultrasound_fps": min
}
OF_THE_LATEST_PICTURE = ("ultrasound_delay_ms", "ultrasound_delay_uncertainty_ms")


def agree(shown: dict[str, str], specialist: dict[str, Any], doctor: dict[str, Any]) -> bool:
    """Every figure is known of both viewers, and shown is that of whoever has it worst, within 10 %."""
    names = (*WORST, *OF_THE_LATEST_PICTURE, "down_mbps", "up_mbps")
    if any(one[name] is None or shown.get(name, "") == "" for name in names for one in (specialist, doctor)):
        return False
    latest = max(specialist, doctor, key=lambda one: float(one["ultrasound_delay_ms"]))
    expected = {name: worst(specialist[name], doctor[name]) for name, worst in WORST.items()}
    expected |= {name: latest[name] for name in OF_THE_LATEST_PICTURE} | {
        "down_mbps": specialist["down_mbps"]
    }
    return (
        all(float(shown[name]) == pytest.approx(own, rel=0.1) for name, own in expected.items())
        # up is the doctor's and the station's together, so more than the doctor's alone
        and float(shown["up_mbps"]) > doctor["up_mbps"]
    )


async def own_reports_are_what_the_browser_measures(page: Page) -> None:
    async def look() -> bool:
        seen = await story.room(page, "window.__room.delay()")
        ecg = await story.room(page, "window.__room.ecgStatus()")
        told = reports(page)[-1]
        return bool(
            told["ultrasound_fps"] == pytest.approx(seen["fps"], rel=0.1)
            and told["ultrasound_delay_ms"] == pytest.approx(seen["delay_ms"], rel=0.1)
            and told["ecg_missing_samples"] == ecg["missing"]
        )

    await story.until(look, "the reports equal what the browser measures")
