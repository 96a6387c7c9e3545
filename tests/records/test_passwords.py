"""Which passwords may be set."""

import pytest

from records.errors import RuleBroken
from records.passwords import check_password
from records.rules import Rule


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "demo-clinic-2026",
        "河边第三棵柳树下面等你来喝茶",
        "k7-mfx2-qq9r-wz",
        "Aq7!x" * 25 + "abc",
    ],
)
def test_long_ones_of_ones_own_are_taken(password: str) -> None:
    check_password(password, "zhoumin")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "k7-mfx2-qq9",  # 11
        "k7-mfx2-qq9r" * 11,  # 132
        "123456789012",
        "Password1234",
        "qwertyuiop123456",
        "1qaz2wsx3edc4",
        "admin888888888",
        "aaaaaaaaaaaaaa",
        "abababababababab",
        "zhoumin-7xk29-pq",
        "ZHOUMIN-7xk29-pq",
    ],
)
def test_short_common_and_telling_ones_are_refused(password: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_password(password, "zhoumin")
    assert broken.value.rule == Rule.WEAK_PASSWORD
    assert not password or password not in str(broken.value)


def test_a_short_sign_in_name_may_occur_by_chance() -> None:
    check_password("wuthering heights at noon", "wu")


def test_the_sign_in_name_itself_is_refused() -> None:
    with pytest.raises(RuleBroken):
        check_password("station-of-binjiang-2", "Station-of-Binjiang-2")
