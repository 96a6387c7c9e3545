"""What is derived is made of kept measurements of one consult and one resident, or is not kept."""

import math
from typing import Any

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError

from records.derived_measurements import DerivedMeasurement
from records.ids import BindingId, KeptStillId
from records.ledger import Ledger
from records.picture_regions import as_region, as_value
from records.stills import Calibration
from signaling import messages as m
from signaling import station_messages as s
from tests.fakes.clinic import ask
from tests.fakes.records import CHEN, HE, LI_JIANGUO, LIN, ZHOU
from tests.fakes.served import Answer, Browser, Served, open_doors
from tests.signaling.stills import AT, Scanned, scanned
from tests.signaling.test_stations import meta, recording
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.simpson import Contour, biplane_volume
from ultrasound.regions import DataType, PhysicalUnit, Region, SpatialFormat


def scale(cm: float, source: CalibrationSource = CalibrationSource.FILE) -> Calibration:
    """Of a plane over the whole small picture."""
    region = Region(
        left_px=0,
        top_px=0,
        right_px=3,
        bottom_px=2,
        spatial_format=SpatialFormat.TWO_D,
        data_type=DataType.TISSUE,
        unit_x=PhysicalUnit.CM,
        unit_y=PhysicalUnit.CM,
        delta_x=cm,
        delta_y=cm,
    )
    return Calibration(source=source, regions=(as_value(region),))


def distance(*points: tuple[float, float], mm_per_px: float = 1.0) -> dict[str, Any]:
    value = math.dist(*points) * mm_per_px
    return {"tool": "distance", "points": points, "value": value, "unit": "mm"}


WIDE, HIGH = distance((0, 0), (3, 0)), distance((0, 0), (0, 2))
CONTOUR = ((0.5, 2.0), (0.2, 1.2), (0.8, 0.4), (1.5, 0.0), (2.2, 0.4), (2.8, 1.2), (2.5, 2.0))
"""A ventricle 2 px long and up to 2.6 wide."""


class Shelf:
    """A room, its specialist's browser, and stills that are kept of it."""

    def __init__(self, served: Served, room: Scanned, browser: Browser, simulated: bool) -> None:
        self.served, self.room, self.browser, self.simulated = served, room, browser, simulated
        self.stills = 0

    async def keep_still(self, *measurements: dict[str, Any], calibration: Calibration | None = None) -> str:
        """Freeze another frame, measure on it and keep it; its id."""
        self.stills += 1
        capture_us = AT + 40_000 * self.stills
        await self.room.freeze(self.room.chen, capture_us)
        still_id = self.room.asked()[-1].still_id
        await self.room.found(still_id, capture_us)
        shown = calibration or scale(0.1)
        self.room.put(still_id, capture_us, calibration=shown, simulated=self.simulated)
        asked = {
            "request_id": f"still-request-{self.stills}",
            "still_id": still_id,
            "measurements": list(measurements),
        }
        answer = await self.browser.post(f"/api/consults/{self.room.consult_id}/stills", asked)
        assert answer.status == 200, answer.json
        return str(answer.json["id"])

    async def derive(
        self,
        derivation: str,
        value: float,
        *parts: tuple[str, int] | str,
        unit: str = "mL",
        request_id: str = "request-1",
        browser: Browser | None = None,
        **other: Any,
    ) -> Answer:
        """Ask for something derived; a part is a measurement of a still, or a derived one."""
        names = [
            {"derived_id": one} if isinstance(one, str) else {"kept_id": one[0], "index": one[1]}
            for one in parts
        ]
        asked = {
            "request_id": request_id,
            "derivation": derivation,
            "parts": names,
            "value": value,
            "unit": unit,
        }
        path = f"/api/consults/{self.room.consult_id}/derived"
        return await (browser or self.browser).post(path, asked | other)

    async def derived(self) -> tuple[DerivedMeasurement, ...]:
        def read(ledger: Ledger) -> tuple[DerivedMeasurement, ...]:
            return ledger.derived_measurements.of_consult(self.room.consult_id)

        return await self.served.clinic.records.read(read)

    async def listed(self, browser: Browser | None = None) -> list[dict[str, Any]]:
        """As it stands beside the consult's kept stills."""
        path = f"/api/consults/{self.room.consult_id}/derived"
        return list((await (browser or self.browser).get(path)).json["derived"])

    async def ellipsoid(self, value: float, **other: Any) -> Answer:
        """Of 3 x 2 mm on one still and 3 mm on another."""
        one = await self.keep_still(WIDE, HIGH)
        two = await self.keep_still(WIDE)
        return await self.derive("ellipsoid", value, (one, 0), (one, 1), (two, 0), **other)


async def shelf(served: Served, simulated: bool = False) -> Shelf:
    room = await scanned(served.clinic)
    await room.say(s.StationProbeClock(sent_us=1, offset_us=0, uncertainty_us=500))
    return Shelf(served, room, await served.signed_in(CHEN), simulated)


ELLIPSOID_ML = math.pi / 6 * 3 * 2 * 3 / 1000


async def test_a_volume_names_what_it_is_made_of_and_both_sides_are_told(served: Served) -> None:
    one = await shelf(served)
    answer = await one.ellipsoid(ELLIPSOID_ML, label=" 膀胱 ")
    assert answer.status == 200, answer.json
    whole = answer.json
    assert (whole["unit"], whole["label"], whole["number"][:3]) == ("mL", "膀胱", "CJ-")
    assert (whole["calibration"], whole["scales_differ"], whole["simulated"]) == ("file", False, False)
    assert whole["value"] == pytest.approx(ELLIPSOID_ML) and whole["uncertainty"] > 0
    assert [(part["tool"], part["value"], part["unit"]) for part in whole["parts"]] == [
        ("distance", pytest.approx(3.0), "mm"),
        ("distance", pytest.approx(2.0), "mm"),
        ("distance", pytest.approx(3.0), "mm"),
    ]
    assert len(set(whole["still_ids"])) == 2
    for client in (one.room.doctor, one.room.chen):
        told = client.outbox.last(m.MeasurementDerived)
        assert (told.derived_id, told.number) == (whole["id"], whole["number"])
    for browser in (one.browser, await served.signed_in(ZHOU)):
        page = (await browser.get(f"/api/consults/{one.room.consult_id}/measured")).json
        assert [still["kept_id"] for still in page["stills"]] == whole["still_ids"]
        assert page["derived"] == [whole]
    noted = [(e.action.value, e.object_kind) for e in await served.audit() if e.object_id == whole["id"]]
    assert noted == [("create", "derived_measurement")]


async def test_what_was_derived_is_listed_beside_the_kept_stills_and_on_each_of_them(served: Served) -> None:
    one = await shelf(served)
    whole = (await one.ellipsoid(ELLIPSOID_ML, label="膀胱")).json
    alone = await one.keep_still(WIDE)
    doctor = await served.signed_in(ZHOU)
    (card,) = await one.listed()
    told = ("value", "unit", "uncertainty", "calibration", "scales_differ", "parts", "still_ids")
    assert card["figure"] == {name: whole[name] for name in told}
    for name in ("id", "number", "derivation", "label", "simulated", "consult_id"):
        assert card[name] == whole[name]
    assert card["kept_by"]["display_name"] == CHEN.display_name
    assert await one.listed(doctor) == [card]
    resident = (await doctor.get(f"/api/residents/{whole['resident_id']}")).json
    assert resident["derived_measurements"] == [card]
    for still_id in whole["still_ids"]:
        assert (await doctor.get(f"/api/kept-stills/{still_id}")).json["derived"] == [card]
    assert (await doctor.get(f"/api/kept-stills/{alone}")).json["derived"] == []
    noted = [e for e in await served.audit() if e.object_kind == "derived_measurements"]
    assert [(e.action.value, e.object_id, e.resident_id) for e in noted] == [
        ("read", one.room.consult_id, whole["resident_id"])
    ] * 2


async def test_the_ejection_fraction_of_four_contours_on_four_stills(served: Served) -> None:
    one = await shelf(served)
    small = tuple((0.75 + x / 2, y) for x, y in CONTOUR)
    volumes = []
    for k, points in enumerate((CONTOUR, small)):
        contour = {"tool": "chamber_area", "points": points, "value": _shoelace(points), "unit": "mm2"}
        views = [await one.keep_still(contour) for _ in range(2)]
        frame = Frame(4, 3, Standing.EXACT, tuple(as_region(region) for region in scale(0.1).regions))
        ml = biplane_volume(Contour(frame, points), Contour(frame, points)).value
        names = [(still, 0) for still in views]
        answer = await one.derive("biplane", ml, *names, request_id=f"request-{k}")
        assert answer.status == 200, answer.json
        volumes.append(answer.json)
    full, emptied = volumes
    assert emptied["value"] == pytest.approx(full["value"] / 4)
    fraction = await one.derive(
        "ejection_fraction", 75.0, full["id"], emptied["id"], unit="%", request_id="request-ef"
    )
    assert (fraction.status, len(fraction.json["still_ids"])) == (200, 4)


async def test_two_views_of_unlike_length_are_no_volume(served: Served) -> None:
    one = await shelf(served)
    ids = []
    for cm in (0.1, 0.2):
        mm2 = _shoelace(CONTOUR) * (cm * 10) ** 2
        contour = {"tool": "chamber_area", "points": CONTOUR, "value": mm2, "unit": "mm2"}
        ids.append(await one.keep_still(contour, calibration=scale(cm)))
    refused = await one.derive("biplane", 1.0, (ids[0], 0), (ids[1], 0))
    assert (refused.code, refused.json["fields"]) == ("not_measured", {"reason": "lengths_differ"})


def _shoelace(points: tuple[tuple[float, float], ...]) -> float:
    pairs = zip(points, (*points[1:], points[0]), strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


async def test_area_length_then_a_fraction_of_two_volumes(served: Served) -> None:
    one = await shelf(served)
    small = tuple((0.75 + x / 2, y) for x, y in CONTOUR)
    volumes = []
    for k, points in enumerate((CONTOUR, small)):
        area_mm2 = _shoelace(points)
        area = {"tool": "chamber_area", "points": points, "value": area_mm2, "unit": "mm2"}
        axis = {"tool": "chamber_length", "points": points, "value": 2.0, "unit": "mm"}
        still = await one.keep_still(area, axis)
        ml = 8 * area_mm2**2 / (3 * math.pi * 2.0) / 1000
        answer = await one.derive("area_length", ml, (still, 0), (still, 1), request_id=f"request-{k}")
        assert answer.status == 200, answer.json
        volumes.append(answer.json)
    fraction = await one.derive(
        "ejection_fraction", 75.0, volumes[0]["id"], volumes[1]["id"], unit="%", request_id="request-ef"
    )
    assert fraction.status == 200, fraction.json
    assert [part["derivation"] for part in fraction.json["parts"]] == ["area_length", "area_length"]
    assert [part["number"] for part in fraction.json["parts"]] == [one["number"] for one in volumes]
    assert sorted(fraction.json["still_ids"]) == sorted(v["still_ids"][0] for v in volumes)
    turned = await one.derive(
        "ejection_fraction", -300.0, volumes[1]["id"], volumes[0]["id"], unit="%", request_id="request-no"
    )
    assert turned.json["fields"] == {"reason": "systole_above_diastole"}
    of_fraction = await one.derive(
        "ejection_fraction", 1.0, fraction.json["id"], volumes[0]["id"], unit="%", request_id="request-no"
    )
    assert of_fraction.json["fields"] == {"reason": "wrong_part"}


async def test_parts_of_two_scales_are_said_to_be_so(served: Served) -> None:
    one = await shelf(served)
    first = await one.keep_still(WIDE, HIGH)
    by_hand = scale(0.2, CalibrationSource.USER)
    second = await one.keep_still(distance((0, 0), (3, 0), mm_per_px=2.0), calibration=by_hand)
    answer = await one.derive("ellipsoid", 2 * ELLIPSOID_ML, (first, 0), (first, 1), (second, 0))
    assert (answer.json["scales_differ"], answer.json["calibration"]) == (True, "user")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": ELLIPSOID_ML * 1.001}, "measured_otherwise"),
        ({"unit": "cm2"}, "measured_otherwise"),
        ({"unit": "px"}, "measured_otherwise"),
        ({"derivation": "biplane"}, "not_measured"),
        ({"derivation": "ejection_fraction"}, "not_measured"),
        ({"label": "x" * 61}, "bad_fields"),
        ({"request_id": "short"}, "bad_fields"),
        ({"parts": []}, "not_measured"),
    ],
    ids="value unit pixels other_parts volumes label request nothing".split(),
)
async def test_where_it_does_not_hold_nothing_is_kept(
    served: Served, change: dict[str, Any], code: str
) -> None:
    one = await shelf(served)
    kept = await one.keep_still(WIDE, HIGH), await one.keep_still(WIDE)
    names = [
        {"kept_id": kept[0], "index": 0},
        {"kept_id": kept[0], "index": 1},
        {"kept_id": kept[1], "index": 0},
    ]
    asked = {
        "request_id": "request-1",
        "derivation": "ellipsoid",
        "parts": names,
        "value": ELLIPSOID_ML,
        "unit": "mL",
    }
    path = f"/api/consults/{one.room.consult_id}/derived"
    assert (await one.browser.post(path, asked | change)).code == code
    assert await one.derived() == ()
    assert (await one.browser.post(path, asked)).status == 200


@pytest.mark.parametrize(
    "part",
    [
        {"kept_id": "f" * 32, "index": 0},
        {"index": 5},
        {"index": -1},
        {"index": None},
        {"kept_id": None, "index": 0},
        {"derived_id": "f" * 32, "kept_id": None, "index": None},
    ],
)
async def test_what_is_not_kept_here_is_no_part(served: Served, part: dict[str, Any]) -> None:
    one = await shelf(served)
    kept = await one.keep_still(WIDE, HIGH)
    name = {"kept_id": kept, "index": 0}
    asked = {
        "request_id": "request-1",
        "derivation": "ellipsoid",
        "parts": [name, name | {"index": 1}, name | part],
        "value": 1.0,
        "unit": "mL",
    }
    answer = await one.browser.post(f"/api/consults/{one.room.consult_id}/derived", asked)
    assert answer.code == "not_found"
    assert await one.derived() == ()


async def test_the_same_request_keeps_nothing_twice(served: Served) -> None:
    one = await shelf(served)
    first = await one.ellipsoid(ELLIPSOID_ML)
    names = [(part["name"]["kept_id"], part["name"]["index"]) for part in first.json["parts"]]
    again = await one.derive("ellipsoid", ELLIPSOID_ML, *names)
    assert again.json["id"] == first.json["id"]
    assert len(await one.derived()) == 1
    assert len(one.room.doctor.outbox.of(m.MeasurementDerived)) == 1
    other = await one.derive("ellipsoid", ELLIPSOID_ML, *names, request_id="request-2")
    assert other.json["id"] != first.json["id"]


async def test_what_is_made_of_another_residents_stills_goes_along_or_is_void(served: Served) -> None:
    one = await shelf(served)
    clinic, room = served.clinic, one.room

    async def keep_under_a_binding(*measurements: dict[str, Any]) -> tuple[str, BindingId]:
        """A still of a binding that has an ECG, too: it is what is moved."""
        stream_id = room.told.last(s.Bind).ecg_stream_id
        await clinic.desk.station_packet(room.line, meta(stream_id))
        return await one.keep_still(*measurements), room.binding_id

    async def move(binding_id: BindingId) -> None:
        found = await recording(clinic, binding_id)
        assert found is not None
        moving = {"recording_id": found.id, "to_resident_id": LI_JIANGUO.id, "reason": "选错居民"}
        await room.doctor.done(m.MoveRecording, **moving)

    async def page() -> tuple[list[str], list[str]]:
        shown = (await one.browser.get(f"/api/consults/{room.consult_id}/measured")).json
        return [still["kept_id"] for still in shown["stills"]], [whole["id"] for whole in shown["derived"]]

    first, first_binding = await keep_under_a_binding(WIDE, HIGH)
    await room.doctor.done(m.ReleaseStation, binding_id=first_binding)
    await room.bind()
    second, second_binding = await keep_under_a_binding(WIDE)
    parts = ((first, 0), (first, 1), (second, 0))
    whole = (await one.derive("ellipsoid", ELLIPSOID_ML, *parts)).json
    await room.doctor.done(m.ReleaseStation, binding_id=second_binding)
    assert await page() == ([first, second], [whole["id"]])
    await move(second_binding)
    (kept,) = await one.derived()
    assert kept.void
    assert await page() == ([first], [])
    (card,) = await one.listed()
    assert (card["number"], card["figure"]) == (whole["number"], None)
    assert (await one.browser.get(f"/api/kept-stills/{first}")).json["derived"] == [card]
    doctor = await served.signed_in(ZHOU)
    hers = (await doctor.get(f"/api/residents/{whole['resident_id']}")).json
    assert hers["derived_measurements"] == [card]
    moved = (await doctor.get(f"/api/residents/{LI_JIANGUO.id}")).json
    assert moved["derived_measurements"] == [] and len(moved["ultrasound_stills"]) == 1
    again = await one.derive("ellipsoid", ELLIPSOID_ML, *parts, request_id="request-2")
    assert again.code == "not_found"
    await move(first_binding)
    (kept,) = await one.derived()
    assert (kept.void, kept.resident_id) == (False, LI_JIANGUO.id)
    assert await one.listed() == []
    now_his = (await doctor.get(f"/api/residents/{LI_JIANGUO.id}")).json["derived_measurements"]
    assert [card["figure"]["value"] for card in now_his] == [whole["value"]]
    assert await page() == ([], [])
    noted = [e.resident_id for e in await served.audit() if e.object_id == kept.id and e.reason == "选错居民"]
    assert LI_JIANGUO.id in noted


async def test_a_still_of_another_consult_of_this_resident_is_no_part(served: Served) -> None:
    one = await shelf(served)
    here, there = await one.keep_still(WIDE, HIGH), await one.keep_still(WIDE)
    other_id = await ask(one.room.doctor)

    def move(ledger: Ledger) -> None:
        still = ledger.ultrasound_stills.get(KeptStillId(there))
        ledger.ultrasound_stills.save(msgspec.structs.replace(still, consult_id=other_id))

    await served.clinic.records.write(move)
    answer = await one.derive("ellipsoid", ELLIPSOID_ML, (here, 0), (here, 1), (there, 0))
    assert answer.code == "not_found"


async def test_only_those_who_take_part_derive_and_read(served: Served) -> None:
    one = await shelf(served)
    one_id, two_id = await one.keep_still(WIDE, HIGH), await one.keep_still(WIDE)
    parts = ((one_id, 0), (one_id, 1), (two_id, 0))
    for account in (HE, LIN):
        stranger = await served.signed_in(account)
        answer = await one.derive("ellipsoid", ELLIPSOID_ML, *parts, browser=stranger)
        assert answer.code in ("not_allowed", "not_found")
        for name in ("measured", "derived"):
            page = await stranger.get(f"/api/consults/{one.room.consult_id}/{name}")
            assert page.code in ("not_allowed", "not_found")
    assert await one.derived() == ()


async def test_simulated_parts_make_something_in_the_demo_only(served: Served, tmp_path: Any) -> None:
    (tmp_path / "demo").mkdir()
    async with open_doors(tmp_path / "demo", demo=True) as demo:
        answer = await (await shelf(demo, simulated=True)).ellipsoid(ELLIPSOID_ML)
        assert answer.json["simulated"] is True


async def test_a_request_that_was_another_one_is_not_said_to_be_kept(served: Served) -> None:
    at = await shelf(served)
    assert (await at.ellipsoid(ELLIPSOID_ML)).status == 200
    answer = await at.ellipsoid(ELLIPSOID_ML)  # of two stills more
    assert (answer.status, answer.code) == (422, "bad_fields")
    assert len(await at.derived()) == 1


async def test_a_still_that_was_kept_twice_is_one_frame(served: Served) -> None:
    at = await shelf(served)
    one = await at.keep_still(WIDE, HIGH)
    path = f"/api/consults/{at.room.consult_id}/stills"
    still_id = (await at.browser.get(f"/api/kept-stills/{one}")).json["details"]["still_id"]
    asked = {"request_id": "once-more-kept", "still_id": still_id, "measurements": [WIDE]}
    again = (await at.browser.post(path, asked)).json["id"]
    two = await at.keep_still(WIDE)
    ml = math.pi / 6 * 3 * 3 * 3 / 1000
    answer = await at.derive("ellipsoid", ml, (one, 0), (again, 0), (two, 0))
    assert (answer.status, answer.json["fields"]["reason"]) == (422, "parts_repeat")
    assert await at.derived() == ()


async def test_what_was_derived_is_never_deleted(served: Served) -> None:
    one = await shelf(served)
    whole = (await one.ellipsoid(ELLIPSOID_ML)).json

    def delete(ledger: Any) -> None:
        ledger.derived_measurements._rows._connection.exec_driver_sql(
            "DELETE FROM derived_measurements WHERE id = ?", (whole["id"],)
        )

    with pytest.raises(IntegrityError, match="stays kept"):
        await served.clinic.records.write(delete)


async def test_an_angle_that_changes_nothing_is_refused(served: Served) -> None:
    one = await shelf(served)
    await one.keep_still(WIDE)
    asked = {
        "request_id": "request-angle",
        "still_id": one.room.asked()[-1].still_id,
        "measurements": [WIDE | {"angle_deg": 30.0}],
    }
    answer = await one.browser.post(f"/api/consults/{one.room.consult_id}/stills", asked)
    assert (answer.code, list(answer.json["fields"])) == ("bad_fields", ["angle_deg"])
