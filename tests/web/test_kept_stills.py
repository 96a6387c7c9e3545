"""An exact still is kept with its marks and measurements as the server reckons them, or not at all."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError

from records.audit import Outcome
from records.ids import KeptStillId
from records.ledger import Ledger
from records.picture_regions import as_value
from records.stills import Calibration, PictureTool
from records.ultrasound_stills import UltrasoundStill
from signaling import messages as m
from signaling import station_messages as s
from tests.fakes.records import CHEN, HE, LI_JIANGUO, SUN, ZHAO, ZHOU
from tests.fakes.served import Answer, Browser, Served, open_doors
from tests.signaling.stills import AT, Scanned, grey_png, scanned
from tests.ultrasound.measuring.frames import plane
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.unit import Unit

SCALE = Calibration(source=CalibrationSource.FILE, regions=(as_value(plane(0, 0, 3, 2, 0.1)),))
LENGTH: dict[str, Any] = {
    "tool": PictureTool.DISTANCE,
    "points": [[0.0, 0.0], [3.0, 0.0]],
    "value": 3.0,
    "unit": Unit.MM,
    "label": "左室",
}


class Shelf:
    """A room with an exact still in it, and a browser of its specialist."""

    def __init__(self, served: Served, room: Scanned, browser: Browser, still_id: str) -> None:
        self.served, self.room, self.browser, self.still_id = served, room, browser, still_id

    async def keep(
        self, *measurements: dict[str, Any], request_id: str = "request-1", **other: Any
    ) -> Answer:
        asked = {"request_id": request_id, "still_id": self.still_id, "measurements": list(measurements)}
        return await self.browser.post(f"/api/consults/{self.room.consult_id}/stills", asked | other)

    async def kept(self) -> tuple[UltrasoundStill, ...]:
        def read(ledger: Ledger) -> tuple[UltrasoundStill, ...]:
            return ledger.ultrasound_stills.of_consult(self.room.consult_id)

        return await self.served.clinic.records.read(read)

    def files(self, tmp_path: Path) -> list[Path]:
        return list((tmp_path / "stills").glob("*")) if (tmp_path / "stills").exists() else []


async def shelf(served: Served, simulated: bool = False) -> Shelf:
    room = await scanned(served.clinic)
    await room.say(s.StationProbeClock(sent_us=1, offset_us=0, uncertainty_us=500))
    await room.freeze(room.chen)
    still_id = room.asked()[0].still_id
    await room.found(still_id)
    room.put(still_id, calibration=SCALE, simulated=simulated)
    mark = {"shape": m.MarkShape.TARGET, "points": ((1.0, 1.0),), "capture_us": AT}
    await room.doctor.done(m.DrawMark, consult_id=room.consult_id, **mark)
    return Shelf(served, room, await served.signed_in(CHEN), still_id)


async def test_a_still_is_kept_with_marks_and_measurements_and_read_bit_for_bit(served: Served) -> None:
    one = await shelf(served)
    answer = await one.keep(LENGTH)
    assert answer.status == 200
    card = answer.json
    assert (len(card["mark_ids"]), card["frame_number"], card["number"][:3]) == (1, 7, "CS-")
    (listed_length,) = card["measurements"]
    assert (listed_length["value"], listed_length["unit"]) == (pytest.approx(3.0), "mm")
    for client in (one.room.doctor, one.room.chen):
        told = client.outbox.last(m.StillKept)
        assert (told.kept_id, told.still_id, told.number) == (card["id"], one.still_id, card["number"])
        assert list(told.mark_ids) == card["mark_ids"]
    for browser in (one.browser, await served.signed_in(ZHOU)):
        page = (await browser.get(f"/api/kept-stills/{card['id']}")).json
        (length,) = page["details"]["measurements"]
        assert (length["value"], length["unit"], length["label"]) == (pytest.approx(3.0), "mm", "左室")
        (mark,) = page["details"]["marks"]
        assert mark["points"] == [[1.0, 1.0]]
        drawn_by = {name: person["display_name"] for name, person in page["drawn_by"].items()}
        assert drawn_by == {mark["participant_id"]: ZHOU.display_name}
        picture = await browser.get(f"/api/kept-stills/{card['id']}/picture")
        assert (picture.body, picture.headers["Cache-Control"]) == (grey_png(), "no-store")
        listed = await browser.get(f"/api/consults/{one.room.consult_id}/kept-stills")
        assert [still["id"] for still in listed.json["stills"]] == [card["id"]]


async def test_it_is_on_the_residents_page_and_on_the_trail(served: Served) -> None:
    one = await shelf(served)
    kept_id = (await one.keep()).json["id"]
    (kept,) = await one.kept()
    page = (await (await served.signed_in(ZHOU)).get(f"/api/residents/{kept.resident_id}")).json
    assert [still["id"] for still in page["ultrasound_stills"]] == [kept_id]
    await one.browser.get(f"/api/kept-stills/{kept_id}/picture")
    noted = [(e.action.value, e.object_kind) for e in await served.audit() if e.object_id == kept_id]
    assert noted == [("create", "ultrasound_still"), ("read", "ultrasound_still_picture")]


async def test_the_same_request_keeps_nothing_twice(served: Served, tmp_path: Path) -> None:
    one = await shelf(served)
    first, again = await one.keep(LENGTH), await one.keep(LENGTH)
    assert first.json["id"] == again.json["id"]
    other = await one.keep(LENGTH, request_id="request-2")
    assert other.json["id"] != first.json["id"]
    assert len(await one.kept()) == len(one.files(tmp_path)) == 2


async def test_a_request_that_was_another_one_is_not_said_to_be_kept(served: Served, tmp_path: Path) -> None:
    one = await shelf(served)
    assert (await one.keep(LENGTH)).status == 200
    assert (await one.keep()).code == "bad_fields"
    await one.room.freeze(one.room.chen, AT + 40_000)
    one.still_id = one.room.asked()[-1].still_id
    one.room.put(one.still_id, AT + 40_000, calibration=SCALE, simulated=False)
    assert (await one.keep(LENGTH)).code == "bad_fields"
    assert len(await one.kept()) == len(one.files(tmp_path)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": 3.001}, "measured_otherwise"),
        ({"value": 0.3, "unit": "cm"}, "measured_otherwise"),
        ({"unit": "px"}, "measured_otherwise"),
        ({"points": [[0.0, 0.0], [4.0, 0.0]]}, "not_measured"),
        ({"points": [[0.0, 0.0]]}, "not_measured"),
        ({"tool": "velocity"}, "not_measured"),
        ({"label": "x" * 61}, "bad_fields"),
    ],
    ids="value unit pixels outside one_point wrong_tool long_label".split(),
)
async def test_where_a_measurement_does_not_hold_nothing_is_kept(
    served: Served, tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    one = await shelf(served)
    assert (await one.keep(LENGTH, LENGTH | change)).code == code
    assert await one.kept() == () and one.files(tmp_path) == []


async def test_only_an_exact_still_of_this_room_is_kept(served: Served) -> None:
    one = await shelf(served)
    assert (await one.keep(still_id="f" * 32)).code == "not_found"
    assert (await one.keep(request_id="short")).code == "bad_fields"
    await one.room.chen.done(m.LeaveRoom, consult_id=one.room.consult_id)
    assert (await one.keep()).code == "not_in_room"
    stranger = await served.signed_in(HE)
    asked = {"request_id": "request-1", "still_id": one.still_id}
    assert (await stranger.post(f"/api/consults/{one.room.consult_id}/stills", asked)).code == "not_allowed"


async def test_a_simulated_picture_is_kept_in_the_demo_only(served: Served, tmp_path: Path) -> None:
    one = await shelf(served, simulated=True)
    assert (await one.keep()).code == "simulated_data"
    (tmp_path / "demo").mkdir()
    async with open_doors(tmp_path / "demo", demo=True) as demo:
        assert (await (await shelf(demo, simulated=True)).keep()).status == 200


async def test_a_file_that_was_changed_is_refused(served: Served, tmp_path: Path) -> None:
    one = await shelf(served)
    kept_id = (await one.keep()).json["id"]
    (file,) = one.files(tmp_path)
    content = bytearray(file.read_bytes())
    assert grey_png() not in content
    content[40] ^= 1
    file.write_bytes(content)
    assert (await one.browser.get(f"/api/kept-stills/{kept_id}/picture")).code == "samples_changed"


async def test_a_kept_still_is_never_deleted(served: Served) -> None:
    one = await shelf(served)
    kept_id = KeptStillId((await one.keep()).json["id"])

    def delete(ledger: Any) -> None:
        ledger.ultrasound_stills._connection.exec_driver_sql(
            "DELETE FROM ultrasound_stills WHERE id = ?", (kept_id,)
        )

    with pytest.raises(IntegrityError, match="stays kept"):
        await served.clinic.records.write(delete)


async def test_who_may_not_read_the_record_learns_not_even_that_it_is_there(served: Served) -> None:
    one = await shelf(served)
    kept_id = (await one.keep()).json["id"]
    observer = await served.signed_in(HE)
    of_another_institution, of_another_specialty = await served.signed_in(SUN), await served.signed_in(ZHAO)
    for path in (f"/api/kept-stills/{kept_id}", f"/api/kept-stills/{kept_id}/picture"):
        assert (await observer.get(path)).code == "not_allowed"
        missing = await one.browser.get(path.replace(kept_id, "f" * 32))
        for stranger in (of_another_institution, of_another_specialty):
            answer = await stranger.get(path)
            assert (answer.status, answer.code) == (missing.status, missing.code) == (404, "not_found")
    listed = f"/api/consults/{one.room.consult_id}/kept-stills"
    assert [(await browser.get(listed)).status for browser in (of_another_institution, observer)] == [
        404,
        403,
    ]
    strangers = {HE.id, SUN.id, ZHAO.id}
    noted = [e for e in await served.audit() if e.actor_id in strangers and e.object_id == kept_id]
    assert [e.outcome for e in noted] == [Outcome.REFUSED] * 6


async def test_one_that_turned_out_to_be_another_residents_is_in_that_record_alone(served: Served) -> None:
    one = await shelf(served)
    kept_id = (await one.keep()).json["id"]
    (kept,) = await one.kept()
    moved = msgspec.structs.replace(kept, resident_id=LI_JIANGUO.id)
    await served.clinic.records.write(lambda ledger: ledger.ultrasound_stills.save(moved))
    doctor = await served.signed_in(ZHOU)  # who may read both records
    listed = await doctor.get(f"/api/consults/{one.room.consult_id}/kept-stills")
    pages = [(await doctor.get(f"/api/residents/{of}")).json for of in (kept.resident_id, LI_JIANGUO.id)]
    assert listed.json["stills"] == []
    assert [[still["id"] for still in page["ultrasound_stills"]] for page in pages] == [[], [kept_id]]
    assert (await doctor.get(f"/api/kept-stills/{kept_id}/picture")).body == grey_png()
    assert (await one.browser.get(f"/api/kept-stills/{kept_id}")).status == 404
