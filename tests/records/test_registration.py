"""What must hold before a resident is registered."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from records.errors import RuleBroken
from records.registration import check_registration, registration_faults
from records.residents import AllergyStatus, IdentityKind
from tests.fakes.records import WANG_XIUYING

TODAY = dt.date(2026, 11, 23)


def faults(**changes: Any) -> list[str]:
    return list(registration_faults(msgspec.structs.replace(WANG_XIUYING, **changes), TODAY))


def test_a_right_registration_has_no_fault() -> None:
    assert faults() == []
    check_registration(WANG_XIUYING, TODAY)


def test_every_fault_is_told_at_once() -> None:
    assert faults(name=" ", identity_kind=IdentityKind.PASSPORT, identity_number="?", phone="abc") == [
        "name",
        "identity_number",
        "phone",
    ]


def test_the_first_fault_is_raised() -> None:
    with pytest.raises(RuleBroken) as broken:
        check_registration(msgspec.structs.replace(WANG_XIUYING, name=""), TODAY)
    assert broken.value.rule == "name"


@pytest.mark.parametrize("name", ["王\n秀英", "王\x00", "\u202eevil", "王" * 101])
def test_a_name_that_could_deceive_the_reader_is_refused(name: str) -> None:
    assert faults(name=name) == ["name"]


def test_somebody_born_today_is_registered_and_born_tomorrow_is_not() -> None:
    assert faults(birth_date=TODAY) == []
    assert faults(birth_date=TODAY + dt.timedelta(days=1)) == ["birth_date"]


def test_nobody_is_older_than_130() -> None:
    assert faults(birth_date=dt.date(1896, 1, 1)) == []
    assert faults(birth_date=dt.date(1895, 12, 31)) == ["birth_date"]


@pytest.mark.parametrize(
    ("status", "allergies", "right"),
    [
        (AllergyStatus.LISTED, ("青霉素",), True),
        (AllergyStatus.LISTED, (), False),
        (AllergyStatus.LISTED, ("青霉素", " "), False),
        (AllergyStatus.NONE_KNOWN, (), True),
        (AllergyStatus.NONE_KNOWN, ("青霉素",), False),
        (AllergyStatus.NOT_ASKED, (), True),
        (AllergyStatus.NOT_ASKED, ("青霉素",), False),
    ],
)
def test_allergies_agree_with_their_status(
    status: AllergyStatus, allergies: tuple[str, ...], right: bool
) -> None:
    assert (faults(allergy_status=status, allergies=allergies) == []) is right


@pytest.mark.parametrize(
    ("phone", "right"),
    [("", True), ("138 0000 0001", True), ("+86 (571) 0000-0147", True), ("12", False), ("1" * 16, False)],
)
def test_a_telephone_number_can_be_dialled_or_is_left_out(phone: str, right: bool) -> None:
    assert (faults(phone=phone) == []) is right
