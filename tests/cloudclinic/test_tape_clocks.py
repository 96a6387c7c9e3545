"""By whose clock a picture on a tape was stamped, and how it stood; where nobody knows, nothing is said."""

import json

from cloudclinic.tape_clocks import Clocks
from records.store.tape_fragments import Act
from tests.fakes.tapes import seat

ROOM = {
    "participants": [
        seat("station", "station"),
        seat("doctor", "community_doctor"),
        seat("device", "station", door="ultrasound"),
    ]
}


def act(at_us: int, **message: object) -> Act:
    return Act(at_us, json.dumps(message).encode())


def clocks(*more: Act) -> Clocks:
    began = act(2, type="binding_began", binding_id="b1", station_id="account of station")
    return Clocks([act(1, type="room_changed", room=ROOM), began, *more])


def station_clock(at_us: int, offset_us: int, binding_id: str = "b1") -> Act:
    return act(at_us, type="station_clock", binding_id=binding_id, offset_us=offset_us, uncertainty_us=9)


def station_changed(at_us: int, one_clock: bool) -> Act:
    return act(at_us, type="station_changed", station={"id": "account of station", "one_clock": one_clock})


def test_a_stations_picture_is_stamped_by_the_stations_clock() -> None:
    told = clocks(station_clock(10, 500), station_clock(20, 600), station_clock(25, 7, binding_id="another"))
    assert [told.offset_us("station", at) for at in (0, 10, 19, 20, 30)] == [500, 500, 500, 600, 600]


def test_a_capture_card_is_stamped_by_its_own_browsers_clock() -> None:
    card = act(10, type="publisher_clock", participant_id="doctor", offset_us=-70, uncertainty_us=4)
    told = clocks(station_clock(10, 500), card)
    assert told.offset_us("doctor", 10) == -70
    assert clocks(station_clock(10, 500)).offset_us("doctor", 10) is None  # it was never told


def test_nothing_is_said_of_a_device_that_came_by_a_door_nor_of_a_stranger() -> None:
    told = clocks(station_clock(10, 500))
    assert told.offset_us("device", 10) is None and told.offset_us("somebody", 10) is None


def test_nothing_is_said_while_the_stations_picture_is_stamped_by_another_clock() -> None:
    told = clocks(station_changed(5, True), station_clock(10, 500), station_changed(20, False))
    assert [told.offset_us("station", at) for at in (10, 20)] == [500, None]
