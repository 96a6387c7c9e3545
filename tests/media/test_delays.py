"""How long packets stayed in the worker."""

from media.delays import Delays


def test_percentiles_are_by_nearest_rank_in_steps() -> None:
    delays = Delays()
    assert delays.percentile_ms(0.95) is None
    for number in range(100):
        delays.note(number * 20_000)
    assert delays.percentile_ms(0.95) == 1.9 and delays.percentile_ms(0.5) == 1.0
    assert delays.percentile_ms(1.0) == 2.0


def test_a_clock_that_was_set_and_a_long_delay_are_counted() -> None:
    delays = Delays()
    delays.note(-5_000_000)
    delays.note(900_000_000)
    assert delays.percentile_ms(0.5) == 0.02 and delays.percentile_ms(1.0) == 10.02


def test_what_was_counted_before_the_last_turn_is_forgotten() -> None:
    delays = Delays()
    delays.note(900_000)
    delays.turn()
    assert delays.percentile_ms(1.0) == 0.92
    delays.note(0)
    delays.turn()
    assert delays.percentile_ms(1.0) == 0.02
    delays.turn()
    assert delays.percentile_ms(1.0) is None
