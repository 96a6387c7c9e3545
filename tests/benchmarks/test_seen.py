"""What a viewer saw, counted from what the browser counts."""

from typing import Any

from benchmarks.congestion import rows_of
from benchmarks.lines.cases import CASES
from benchmarks.lines.seen import EcgSeen, Seen, Window, frames_of, median, percentile
from ultrasound.timecode import MODULUS_MS

BEGAN, ENDED = 1_000_000.0, 1_030_000.0
WINDOW = Window(BEGAN, ENDED)


def sample(second: float, **counted: Any) -> dict[str, Any]:
    """One look, `second` after the spoiling."""
    empty = dict.fromkeys(("freezes", "freezes_s", "lost", "bytes", "width", "height"))
    told = {"given_up": [], "said": "", "strip": "", "state": "connected"}
    return {"at_ms": BEGAN + 1000 * second} | empty | told | counted


def frame(second: float, delay_ms: float) -> dict[str, float]:
    shown = BEGAN + 1000 * second
    return {"burnt_ms": shown - delay_ms, "displayed_ms": shown}


def test_freezes_count_from_the_spoiling_on_and_apart_from_two_seconds_after_it() -> None:
    counted = [(-1, 0.5), (1, 1.5), (2, 1.6), (10, 1.6), (20, 2.0), (45, 2.0)]
    seen = Seen(WINDOW, [], [sample(at, freezes_s=total, freezes=int(total)) for at, total in counted])
    assert round(seen.freezes_s() or 0, 3) == 1.5
    assert round(seen.late_freezes_s() or 0, 3) == 0.4


def test_a_new_peer_connection_counts_from_nothing() -> None:
    counted = [(-1, 5.0), (1, 5.5), (8, 0.0), (9, 0.25)]
    seen = Seen(WINDOW, [], [sample(at, freezes_s=total) for at, total in counted])
    assert seen.freezes_s() == 0.75


def test_what_was_not_counted_is_none_and_not_nought() -> None:
    seen = Seen(WINDOW, [], [sample(1)])
    assert seen.freezes_s() is None and seen.full_again_s() is None and seen.picture_again_s() is None
    assert median([1.0, None, 2.0]) is None
    assert percentile([], 50) is None


def test_delays_are_those_of_frames_displayed_from_two_seconds_on_until_the_mending() -> None:
    frames = [frame(1, 900), frame(3, 40), frame(4, 50), frame(5, 60), frame(31, 700)]
    seen = Seen(WINDOW, frames, [])
    assert seen.delays_ms() == [40, 50, 60]
    assert seen.frames_per_s() == 3 / 28


def test_full_quality_is_the_rate_and_the_size_of_before() -> None:
    samples = []
    size, sent = (640, 480), 0
    for quarter in range(-40, 200):
        at = quarter / 4
        rate = 2_400_000 if at < 0 or at > 35 else 600_000
        size = (480, 360) if 5 < at < 37 else (640, 480)
        sent += rate // 32
        samples.append(sample(at, bytes=sent, width=size[0], height=size[1]))
    again = Seen(WINDOW, [], samples).full_again_s()
    assert again is not None and 7 <= again <= 7.5


def test_the_picture_is_back_with_a_frame_that_was_captured_after_the_mending() -> None:
    frames = [frame(-0.1, 30), frame(31, 5000), frame(32.5, 40)]
    seen = Seen(WINDOW, frames, [])
    assert seen.picture_again_s() == 2.5
    assert seen.longest_gap_s() == 31.1


def test_frames_carry_the_whole_time_of_their_pixels() -> None:
    now_ms = 5 * MODULUS_MS + 1000
    (one,) = frames_of([{"code": 990, "displayed_ms": now_ms}], now_ms)
    assert one["burnt_ms"] == now_ms - 10


def test_a_case_that_could_not_be_run_is_not_within_its_bound_and_says_why() -> None:
    rows = rows_of(CASES["narrow-1000"], [], "no browser came up")
    assert rows and not any(row.met for row in rows)
    assert all(row.value is None and row.why == "no browser came up" for row in rows)


def test_the_ecg_that_was_absent_when_due_is_a_share_of_what_was_drawn() -> None:
    seen = Seen(WINDOW, [], [], EcgSeen([20.0, 30.0, 40.0], drawn=4, absent=1))
    rows = {row.what: row.value for row in rows_of(CASES["loss-5"], [seen], "")}
    assert rows["loss-5: ECG not there when due"] == 25


def test_the_other_viewer_is_compared_with_itself_before_the_line_was_spoilt() -> None:
    beside = [(BEGAN + 50 * number, 10_000 if number < 0 else 9_000) for number in range(-80, 700)]
    del beside[300:306]  # six pictures did not come
    seen = Seen(WINDOW, [], [], beside=beside)
    assert round(seen.beside_share() or 0, 2) == round(0.9 * 594 / 600, 2)
    assert seen.beside_longest_gap_s() == 0.35
    assert Seen(WINDOW, [], []).beside_share() is None and Seen(WINDOW, [], []).beside_longest_gap_s() is None
    rows = {row.what: row.value for row in rows_of(CASES["one-of-two-1000"], [seen], "")}
    assert round(rows["one-of-two-1000: the other viewer's bits, of before"] or 0) == 89
    assert not any("other viewer" in row.what for row in rows_of(CASES["narrow-1000"], [seen], ""))


def blocked(*samples: dict[str, Any]) -> list[Seen]:
    return [Seen(WINDOW, [], samples)]


WORDS = "No media: the line lets no UDP through"


def test_without_a_relay_what_counts_is_that_the_room_says_so() -> None:
    case = CASES["udp-blocked"]
    said = sample(15, strip=WORDS, decoded=None, state="reconnecting")
    (row,) = rows_of(case, blocked(sample(1, decoded=None, state="joining"), said), "")
    assert (row.value, row.met) == (15, True) and "the room says that there is no media" in row.what
    (row,) = rows_of(case, blocked(sample(1, decoded=12)), "")
    assert not row.met and "a picture came" in row.why


def test_with_a_relay_what_counts_is_the_picture_and_words_are_none() -> None:
    case = CASES["udp-blocked-relay"]
    (row,) = rows_of(case, blocked(sample(1, decoded=0), sample(4, decoded=3)), "")
    assert (row.value, row.met) == (4, True) and "by the relay" in row.what
    (row,) = rows_of(case, blocked(sample(1, decoded=0), sample(15, decoded=0, strip=WORDS)), "")
    assert not row.met and WORDS in row.why
    (row,) = rows_of(case, blocked(sample(12, decoded=3)), "")
    assert not row.met
