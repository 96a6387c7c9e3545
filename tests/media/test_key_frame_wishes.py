"""How often one viewer may have key frames asked for."""

from media.key_frame_wishes import AT_ONCE, KeyFrameWishes


def test_one_that_asks_all_the_time_gets_a_few_and_then_one_in_two_seconds() -> None:
    wishes, granted = KeyFrameWishes(), 0
    for step in range(600):
        wishes.wish(granted)
        granted += wishes.due(step / 10, granted)
    assert granted == AT_ONCE + 29


def test_a_wish_that_came_too_soon_is_granted_later_and_once() -> None:
    wishes = KeyFrameWishes()
    for _ in range(AT_ONCE):
        wishes.wish(0)
        assert wishes.due(0.0, 0)
    wishes.wish(0)
    assert [wishes.due(at, 0) for at in (0.5, 1.0, 1.9, 2.0, 9.0)] == [False, False, False, True, False]


def test_a_key_frame_that_came_meanwhile_fulfils_it() -> None:
    wishes = KeyFrameWishes()
    for _ in range(AT_ONCE + 1):
        wishes.wish(0)
        wishes.due(0.0, 0)
    assert not wishes.due(9.0, 1)
    wishes.wish(1)
    assert wishes.due(9.0, 1)
