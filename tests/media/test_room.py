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


def test_an_observer_receives_everybody_and_takes_nobodys_slot() -> None:
    room = Room()
    for who in ("doctor", "specialist", "interpreter"):
        role = Role.INTERPRETER if who == "interpreter" else Role.SPECIALIST
        room.join(who, GRANTS[role], BROWSER)
    bindings = room.join("observer", GRANTS[Role.OBSERVER], BROWSER)
    assert {b.viewer_id for b in bindings} == {"observer"}
    assert {b.participant_id for b in bindings} == {"doctor", "specialist", "interpreter"}
    assert not any(room.members["observer"].publishes(kind) for kind in MediaKind)


def test_four_speakers_and_any_number_of_observers_all_see_and_hear_each_other() -> None:
    room = Room()
    for number in range(3):
        room.join(f"observer-{number}", GRANTS[Role.OBSERVER], BROWSER)
    speakers = ("doctor", "specialist", "second", "interpreter")
    for who in speakers:
        room.join(who, GRANTS[Role.INTERPRETER if who == "interpreter" else Role.SPECIALIST], BROWSER)
    for who in speakers:
        assert set(room.members[who].seats.values()) == set(speakers) - {who}


def test_an_interpreter_gets_no_devices() -> None:
    room = Room()
    room.join("interpreter", GRANTS[Role.INTERPRETER], BROWSER)
    assert room.join("station", GRANTS[Role.STATION], STATION) == []


def test_a_capture_card_takes_the_stations_place_once_the_station_may_not_publish() -> None:
    room = Room()
    room.join("doctor", DOCTOR, BROWSER)
    room.join("specialist", SPECIALIST, BROWSER)
    room.join("station", GRANTS[Role.STATION], STATION)
    room.grant("station", Grants(publish=frozenset({MediaKind.ECG})))
    with_card = Grants(publish=DOCTOR.publish | {MediaKind.ULTRASOUND}, receive=DOCTOR.receive)
    (binding,) = room.grant("doctor", with_card)
    assert (binding.viewer_id, binding.mid, binding.participant_id) == ("specialist", "8", "doctor")
