"""Lines break where a reader expects it and lose nothing."""

from hypothesis import given
from hypothesis import strategies as st

from ecg.drawing.text_width import lines_of, printable, width_mm

WORDS = st.text(st.sampled_from("abc XYZ 心电图，。（）0123456789-"), max_size=120)


@given(WORDS, st.floats(5, 60))
def test_no_line_is_wider_than_its_room(words: str, room_mm: float) -> None:
    assert all(width_mm(line, 2.8) <= room_mm for line in lines_of(words, 2.8, room_mm) if len(line) > 1)


@given(WORDS, st.floats(5, 60))
def test_nothing_but_space_is_lost(words: str, room_mm: float) -> None:
    assert "".join(lines_of(words, 2.8, room_mm)).replace(" ", "") == printable(words).replace(" ", "")


def test_punctuation_is_never_alone_at_an_end() -> None:
    for room_mm in range(20, 60):
        for line in lines_of("心率慢（54 次/分），PR 间期延长；（与上次比较）。", 2.8, room_mm):
            if len(line) > 1:
                assert line[0] not in "，；）。" and line[-1] != "（"


def test_english_breaks_between_words() -> None:
    assert lines_of("Ventricular rate low", 2.8, 21) == ("Ventricular rate", "low")


def test_a_break_in_the_words_begins_a_line() -> None:
    assert lines_of("one\ntwo\r\nthree", 2.8, 100) == ("one", "two", "three")


def test_controls_and_turning_marks_are_not_printed() -> None:
    assert printable("a\x00\u202eb\t c\u200b") == "ab c"


def test_a_name_in_private_letters_is_kept() -> None:
    assert printable("王\ue863") == "王\ue863"
