"""Who of an ultrasound's viewers gets the reduced encoding."""

import pytest

from media.spread import BACK_AFTER_S, Spread

STEP_S = 0.25


class Room:
    """Viewers by what their lines carry, looked at four times a second."""

    def __init__(self, **allowances: float | None) -> None:
        self.allowances = allowances
        self.uplink_bps: float | None = None
        self.spread = Spread()
        self.now = 0.0

    def after(self, seconds: float, **allowances: float | None) -> set[str]:
        self.allowances |= allowances
        found: frozenset[str] = frozenset()
        for _ in range(max(1, round(seconds / STEP_S))):
            self.now += STEP_S
            found = self.spread.decide(self.allowances, self.uplink_bps, self.now)
        return set(found)


@pytest.mark.parametrize(
    ("allowances", "reduced"),
    [
        ({}, set()),
        ({"slow": 800_000.0}, set()),  # alone: the main encoding follows
        ({"one": 800_000.0, "other": 900_000.0}, set()),  # all slow alike
        ({"free": None, "slow": 800_000.0}, {"slow"}),
        ({"free": None, "slow": 60_000.0}, {"slow"}),
        ({"free": None, "nearly": 2_900_000.0}, set()),
        ({"wide": 2_000_000.0, "slow": 800_000.0}, {"slow"}),
        ({"free": None, "wide": 9_000_000.0, "slow": 2_000_000.0}, {"slow"}),  # more than all is all
        ({"free": None, "slow": 900_000.0, "slower": 300_000.0}, {"slow", "slower"}),
        ({"nearly": 1_500_000.0, "wide": 2_000_000.0, "slow": 700_000.0}, {"slow"}),
    ],
)
def test_who_carries_clearly_less_than_the_widest_gets_it_at_once(
    allowances: dict[str, float | None], reduced: set[str]
) -> None:
    assert Room(**allowances).after(0) == reduced


def test_a_viewer_goes_back_after_seconds_of_enough_and_not_before() -> None:
    room = Room(free=None, slow=800_000.0)
    room.after(10)
    assert room.after(20, slow=3_300_000.0) == {
        "slow"
    }  # more than would have moved it, not enough to go back
    assert room.after(BACK_AFTER_S - 1, slow=3_600_000.0) == {"slow"}
    assert room.after(1, slow=3_000_000.0) == {"slow"}  # a dip: the seconds begin again
    assert room.after(BACK_AFTER_S - 1, slow=None) == {"slow"}
    assert room.after(2) == set()


def test_who_falls_again_soon_after_waits_longer_each_time() -> None:
    room = Room(free=None, slow=800_000.0)
    waits = []
    for _ in range(5):
        room.after(1, slow=800_000.0)
        began = room.now
        room.allowances["slow"] = None
        while room.after(0):
            pass
        waits.append(room.now - began)
    assert [round(wait) for wait in waits] == [5, 10, 20, 40, 40]
    room.after(60)
    room.after(1, slow=800_000.0)
    assert room.after(6, slow=None) == set()


def test_when_nobody_carries_more_any_longer_all_have_the_main_one_again() -> None:
    room = Room(free=None, slow=800_000.0)
    assert room.after(5) == {"slow"}
    assert room.after(BACK_AFTER_S + 1, free=850_000.0) == set()
    room = Room(free=None, slow=800_000.0)
    room.after(5)
    del room.allowances["free"]
    assert room.after(BACK_AFTER_S + 1) == set()


@pytest.mark.parametrize(
    ("uplink_bps", "reduced"),
    [(None, {"slow"}), (3_000_000.0, {"slow"}), (1_400_000.0, set()), (800_000.0, set())],
)
def test_two_encodings_are_made_only_where_the_publishers_line_carries_both(
    uplink_bps: float | None, reduced: set[str]
) -> None:
    room = Room(free=None, slow=800_000.0)
    room.uplink_bps = uplink_bps
    assert room.after(0) == reduced


def test_an_encoding_that_does_not_come_is_done_without_for_a_while() -> None:
    room = Room(free=None, slow=800_000.0)
    assert room.after(3) == {"slow"}
    room.spread.gives_up(room.now)
    assert room.after(29) == set()
    assert room.after(2) == {"slow"}
