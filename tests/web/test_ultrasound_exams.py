"""Earlier exams beside today's: kept stills and clips, frame by frame, to who may see them."""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest

from records.ids import ResidentId
from records.stills import Calibration
from tests.cloudclinic.test_archive_exams import STILL as PRIOR
from tests.cloudclinic.test_archive_exams import ecg as prior_ecg
from tests.cloudclinic.test_archive_exams import still as prior_still
from tests.fakes.clips import STEP_US, picture, png_clip
from tests.fakes.query_archive import query_archive
from tests.fakes.records import CHEN, HAN, LI_JIANGUO, WANG_XIUYING, ZHOU
from tests.fakes.served import Answer, Browser, Served, open_doors
from tests.signaling.stills import AT
from tests.web.test_clips import clip
from tests.web.test_kept_stills import SCALE, shelf
from ultrasound.measuring.measured import CalibrationSource

FRAMES = 5


def decoded(answer: Answer) -> Any:
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "no-store"
    return cv2.imdecode(np.frombuffer(answer.body, np.uint8), cv2.IMREAD_UNCHANGED)


async def kept_clip(
    served: Served, tmp_path: Path, scale: Calibration = SCALE
) -> tuple[ResidentId, str, str]:
    """A consult with a clip of five frames: the resident, the consult, the clip."""
    one = await clip(served, tmp_path)
    content = png_clip(FRAMES, first_us=AT, calibration=scale)
    about: dict[str, Any] = {
        "frames": FRAMES,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "parts": 1,
    }
    assert (await one.put(0, content, **about)).status == 204
    (kept,) = await one.kept()
    return kept.resident_id, kept.consult_id, kept.id


async def exams(browser: Browser, resident_id: str) -> Any:
    answer = await browser.get(f"/api/residents/{resident_id}/ultrasound-exams")
    assert answer.status == 200
    return answer.json


async def test_a_kept_clip_is_shown_frame_by_frame_at_its_own_times(served: Served, tmp_path: Path) -> None:
    resident_id, consult_id, clip_id = await kept_clip(served, tmp_path)
    browser = await served.signed_in(ZHOU)
    (exam,) = (await exams(browser, resident_id))["exams"]
    assert (exam["id"], exam["source"], exam["stills"], exam["clips"]) == (consult_id, "consult", 0, 1)
    at = f"/api/residents/{resident_id}/ultrasound-exams/{consult_id}"
    page = (await browser.get(at)).json
    assert page["exam"]["state"] == "here"
    ((cine,),) = [series["pictures"] for series in page["series"]]
    assert (cine["kind"], cine["width"], cine["height"], cine["frames"]) == ("cine", 96, 64, FRAMES)
    assert cine["frame_times_ms"] == [number * STEP_US / 1000 for number in range(FRAMES)]
    assert (cine["calibration"], len(cine["regions"])) == ("file", 1)
    for number in range(FRAMES):
        shown = decoded(await browser.get(f"{at}/{clip_id}/frames/{number + 1}.png"))
        assert np.array_equal(shown, picture(number))
    for text in ("0", "6", "x", "-1", "1.5"):
        answer = await browser.get(f"{at}/{clip_id}/frames/{text}.png")
        assert answer.status in (404, 422), text


async def test_a_kept_still_is_shown_with_its_scale(served: Served) -> None:
    one = await shelf(served)
    card = (await one.keep()).json
    (kept,) = await one.kept()
    browser = await served.signed_in(ZHOU)
    at = f"/api/residents/{kept.resident_id}/ultrasound-exams/{kept.consult_id}"
    ((still,),) = [series["pictures"] for series in (await browser.get(at)).json["series"]]
    assert (still["kind"], still["number"], still["calibration"]) == ("still", card["number"], "file")
    assert still["regions"][0]["delta_x"] == SCALE.regions[0].delta_x
    assert decoded(await browser.get(f"{at}/{kept.id}/frames/1.png")).shape == (
        still["height"],
        still["width"],
    )
    assert (await browser.get(f"{at}/{kept.id}/frames/2.png")).status == 404


async def test_another_residents_pictures_are_not_there(served: Served, tmp_path: Path) -> None:
    resident_id, consult_id, clip_id = await kept_clip(served, tmp_path)
    browser = await served.signed_in(ZHOU)
    at = f"/api/residents/{LI_JIANGUO.id}/ultrasound-exams"
    assert (await exams(browser, LI_JIANGUO.id))["exams"] == []
    for path in (f"{at}/{consult_id}", f"{at}/{consult_id}/{clip_id}/frames/1.png"):
        assert (await browser.get(path)).status == 404
    other = f"/api/residents/{resident_id}/ultrasound-exams/{'f' * 32}/{clip_id}/frames/1.png"
    assert (await browser.get(other)).status == 404


async def test_an_administrator_sees_none(served: Served, tmp_path: Path) -> None:
    resident_id, _, _ = await kept_clip(served, tmp_path)
    browser = await served.signed_in(HAN)
    assert (await browser.get(f"/api/residents/{resident_id}/ultrasound-exams")).status == 403


async def test_opening_one_is_on_the_trail_once(served: Served, tmp_path: Path) -> None:
    resident_id, consult_id, clip_id = await kept_clip(served, tmp_path)
    browser = await served.signed_in(CHEN)
    at = f"/api/residents/{resident_id}/ultrasound-exams/{consult_id}"
    for number in (1, 2, 3):
        await browser.get(f"{at}/{clip_id}/frames/{number}.png")
    noted = [e for e in await served.audit() if e.object_kind == "ultrasound_exam"]
    assert [(e.object_id, e.resident_id) for e in noted] == [(consult_id, resident_id)]


@pytest.mark.timeout(120)
async def test_an_archives_exam_comes_while_it_is_asked_for(tmp_path: Path) -> None:
    with query_archive(prior_still(), prior_ecg()) as there:
        async with open_doors(tmp_path, archives=(there.name,)) as served:
            browser = await served.signed_in(ZHOU)
            told = await exams(browser, WANG_XIUYING.id)
            ((exam,), (search,)) = told["exams"], told["archives"]
            assert (exam["source"], exam["state"], search["trouble"]) == ("archive", "elsewhere", None)
            at = f"/api/residents/{WANG_XIUYING.id}/ultrasound-exams/{exam['id']}"
            page = (await browser.get(at)).json
            assert (page["exam"]["state"], page["series"]) == ("coming", [])
            while page["exam"]["state"] == "coming":
                await asyncio.sleep(0.1)
                page = (await browser.get(at)).json
            assert page["exam"]["state"] == "here", page
            ((picture,),) = [series["pictures"] for series in page["series"]]
            shown = decoded(await browser.get(f"{at}/{picture['id']}/frames/1.png"))
            assert np.array_equal(shown[:, :, ::-1], PRIOR)
            (ecg,) = page["ecgs"]
            samples = await browser.get(f"{at}/ecgs/{ecg['id']}/samples")
            assert samples.status == 200
            length = int.from_bytes(samples.body[:4], "little")
            head = json.loads(samples.body[4 : 4 + length])
            assert (head["rate_hz"], head["count"], len(head["channels"])) == (500.0, 5000, 12)
            other = at.replace(WANG_XIUYING.id, LI_JIANGUO.id)
            for path in (other, f"{other}/{picture['id']}/frames/1.png", f"{other}/ecgs/{ecg['id']}/samples"):
                assert (await browser.get(path)).status == 404
            chen = await served.signed_in(CHEN)  # of no consult of hers: the record is not open
            assert (await chen.get(f"/api/residents/{WANG_XIUYING.id}/ultrasound-exams")).status == 404


async def test_every_answer_says_whose_exams_these_are(served: Served, tmp_path: Path) -> None:
    resident_id, consult_id, _ = await kept_clip(served, tmp_path)
    browser = await served.signed_in(ZHOU)
    assert (await exams(browser, resident_id))["resident_id"] == resident_id
    page = await browser.get(f"/api/residents/{resident_id}/ultrasound-exams/{consult_id}")
    assert page.json["resident_id"] == resident_id


async def test_how_far_a_scale_may_be_off_is_told_with_it(served: Served, tmp_path: Path) -> None:
    off = msgspec.structs.replace(SCALE, source=CalibrationSource.RULER, scale_uncertainty=0.01)
    resident_id, consult_id, _ = await kept_clip(served, tmp_path, off)
    browser = await served.signed_in(ZHOU)
    page = (await browser.get(f"/api/residents/{resident_id}/ultrasound-exams/{consult_id}")).json
    ((cine,),) = [series["pictures"] for series in page["series"]]
    assert (cine["calibration"], cine["scale_uncertainty"]) == ("ruler", 0.01)
