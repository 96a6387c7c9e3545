"""Who receives whom."""

from media.layout import BROWSER, STATION
from media.room import Room
from records.accounts import Role
from records.rooms import GRANTS, NO_GRANTS, Grants, MediaKind

DOCTOR, SPECIALIST = GRANTS[Role.COMMUNITY_DOCTOR], GRANTS[Role.SPECIALIST]


def test_two_people_see_and_hear_each_other_and_not_themselves() -> None:
    room = Room()
    assert room.join("doctor", DOCTOR, BROWSER) == []
    bindings = {(b.viewer_id, b.kind): b.participant_id for b in room.join("specialist", SPECIALIST, BROWSER)}
    assert bindings == {
        ("doctor", MediaKind.VOICE): "specialist",
        ("doctor", MediaKind.FACE): "specialist",
        ("specialist", MediaKind.VOICE): "doctor",
        ("specialist", MediaKind.FACE): "doctor",
    }


def test_everybody_gets_the_stations_devices() -> None:
    room = Room()
    room.join("doctor", DOCTOR, BROWSER)
    room.join("specialist", SPECIALIST, BROWSER)
    bindings = room.join("station", GRANTS[Role.STATION], STATION)
    assert {(b.viewer_id, b.mid, b.participant_id) for b in bindings} == {
        (viewer, mid, "station") for viewer in ("doctor", "specialist") for mid in ("8", "9")
    }


def test_who_has_no_rights_gets_nothing_and_gives_nothing() -> None:
    room = Room()
    room.join("doctor", DOCTOR, BROWSER)
    assert room.join("administrator", NO_GRANTS, BROWSER) == []


def test_a_right_that_is_taken_away_ends_at_once() -> None:
    room = Room()
    room.join("doctor", DOCTOR, BROWSER)
    room.join("specialist", SPECIALIST, BROWSER)
    only_voice = Grants(publish=frozenset({MediaKind.VOICE}), receive=SPECIALIST.receive)
    (binding,) = room.grant("doctor", only_voice)
    assert (binding.viewer_id, binding.kind, binding.participant_id) == ("specialist", MediaKind.FACE, None)


def test_seats_are_kept_while_others_come_and_go() -> None:
    room = Room()
    for who in ("viewer", "a", "b", "c", "d"):
        room.join(who, DOCTOR, BROWSER)
    assert room.members["viewer"].seats == {1: "a", 2: "b", 3: "c"}
    bindings = [b for b in room.leave("b") if b.viewer_id == "viewer"]
    assert {(b.mid, b.participant_id) for b in bindings} == {("4", "d"), ("5", "d")}
    assert room.members["viewer"].seats == {1: "a", 2: "d", 3: "c"}
