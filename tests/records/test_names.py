"""Pinyin initials, with surnames read as surnames."""

import pytest

from records.names import name_initials, search_key


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("王秀英", "wxy"),
        ("李建国", "ljg"),
        ("单雄信", "sxx"),
        ("曾国藩", "zgf"),
        ("解晓东", "xxd"),
        ("仇英", "qy"),
        ("查良镛", "zly"),
        ("区志强", "ozq"),
        ("翟志刚", "zzg"),
        ("种师道", "csd"),
        ("覃梓良", "qzl"),
        ("尉迟恭", "ycg"),
        ("单于", "cy"),
        ("欧阳修", "oyx"),
        ("长孙无忌", "zswj"),
        ("阿依古丽·买买提", "ayglmmt"),
        ("Anna Schmidt", "as"),
        ("王 秀英", "wxy"),
        ("ＬＩ Ming", "lm"),
        ("", ""),
    ],
)
def test_initials_of(name: str, initials: str) -> None:
    assert name_initials(name) == initials


def test_a_surname_reading_is_for_surnames_only() -> None:
    assert name_initials("王解放") == "wjf"


def test_spellings_that_look_alike_are_searched_alike() -> None:
    assert search_key(" 王　秀 英 ") == "王秀英"
    assert search_key("ANNA  Schmidt") == "anna schmidt"
