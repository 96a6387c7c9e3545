"""Sentences in two languages with named places, and the golden ones the browser's tests read, too."""

import pytest

from ecg.errors import SignalError
from ecg.words import Language, Words
from tests.ecg import golden_words


def test_a_sentence_takes_its_values_by_name() -> None:
    words = Words("心率 {rate} 次/分", "Rate {rate}/min")
    assert words.places == {"rate"}
    assert words.said(Language.ZH, {"rate": "48"}) == "心率 48 次/分"
    assert words.said(Language.EN, {"rate": "48", "more": "unused"}) == "Rate 48/min"


def test_a_missing_value_is_refused_and_not_printed_as_a_gap() -> None:
    with pytest.raises(SignalError, match="no value for rate"):
        Words("{rate}", "{rate}").said(Language.EN, {})


def test_both_languages_must_take_the_same_values() -> None:
    with pytest.raises(SignalError, match="in Chinese"):
        Words("{rate}", "{pulse}")


def test_the_golden_sentences_are_what_the_report_says() -> None:
    assert golden_words.FILE.read_text() == golden_words.text(), "run `python -m tests.ecg.golden_words`"
