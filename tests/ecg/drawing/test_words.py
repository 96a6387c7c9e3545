"""Every sentence in both languages."""

import string

import pytest

from ecg.drawing import words
from ecg.drawing.report import Role, State
from ecg.measurements import Why
from ecg.signal.filters import HighPass, LowPass
from ecg.subject import Sex
from ecg.words import Words

SAID = {name: one for name, one in vars(words).items() if isinstance(one, Words)}
TABLES = {name: table for name, table in vars(words).items() if name.isupper() and isinstance(table, dict)}


def chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


@pytest.mark.parametrize("name", sorted(SAID))
def test_a_sentence_is_in_its_own_language(name: str) -> None:
    one = SAID[name]
    assert not chinese(one.en)
    letters = set(one.zh) & set(string.ascii_letters)
    assert chinese(one.zh) or letters, name


def test_every_member_of_a_closed_set_has_its_words() -> None:
    assert set(words.WHY) == set(Why)
    assert set(words.PLATE) == set(words.STATE) == set(State)
    assert set(words.ROLE) == set(Role) and set(words.SEX) == set(Sex)
    assert set(words.HIGH_PASS) == set(HighPass) and set(words.LOW_PASS) == set(LowPass)


def test_nothing_is_called_normal_and_nothing_is_diagnosed() -> None:
    every = [
        *SAID.values(),
        *(one for table in TABLES.values() for one in table.values() if isinstance(one, Words)),
    ]
    for one in every:
        if one is not words.NO_STATEMENT:
            assert "正常" not in one.zh and "normal" not in one.en
        assert not any(word in one.en.lower() for word in ("infarct", "ischaem", "fibrillation", "block"))
