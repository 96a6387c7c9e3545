"""Resident ID cards and passports. The card numbers are of the standard's own example or made up."""

import datetime as dt

import pytest

from records.errors import RuleBroken
from records.identity import check_character, check_identity_number
from records.residents import IdentityKind, Sex
from records.rules import Rule

CARD = IdentityKind.RESIDENT_ID_CARD
BORN = dt.date(1949, 12, 31)
# GB 11643-1999, appendix: 11010519491231002X.
EXAMPLE = "11010519491231002X"


def test_the_example_of_the_standard_is_a_card_of_a_woman() -> None:
    check_identity_number(CARD, EXAMPLE, BORN, Sex.FEMALE)


def test_spaces_and_a_small_x_are_only_another_spelling() -> None:
    check_identity_number(CARD, "110105 19491231 002x", BORN, Sex.FEMALE)


def test_the_second_example_of_the_standard_has_its_check_character() -> None:
    assert check_character("44052418800101001") == "4"


@pytest.mark.parametrize("place", range(17))
def test_any_one_mistyped_digit_is_found(place: int) -> None:
    wrong = str((int(EXAMPLE[place]) + 1) % 10)
    with pytest.raises(RuleBroken) as broken:
        check_identity_number(CARD, EXAMPLE[:place] + wrong + EXAMPLE[place + 1 :], BORN, Sex.UNSTATED)
    assert broken.value.rule == Rule.IDENTITY_NUMBER


@pytest.mark.parametrize("number", ["", "110105491231002", "1101051949123100２X", "X" * 18, EXAMPLE + "0"])
def test_what_has_not_the_shape_of_a_card_is_refused(number: str) -> None:
    with pytest.raises(RuleBroken, match="17 digits"):
        check_identity_number(CARD, number, BORN, Sex.FEMALE)


def test_a_card_of_another_birth_date_is_refused() -> None:
    with pytest.raises(RuleBroken, match="another birth date"):
        check_identity_number(CARD, EXAMPLE, dt.date(1949, 12, 30), Sex.FEMALE)


def test_a_card_of_the_other_sex_is_refused() -> None:
    with pytest.raises(RuleBroken, match="other sex"):
        check_identity_number(CARD, EXAMPLE, BORN, Sex.MALE)


def test_a_card_fits_a_resident_whose_sex_is_not_stated() -> None:
    check_identity_number(CARD, EXAMPLE, BORN, Sex.UNSTATED)


@pytest.mark.parametrize("number", ["C01X00T47", "E12345678", "g1234567"])
def test_passport_numbers_are_taken(number: str) -> None:
    check_identity_number(IdentityKind.PASSPORT, number, BORN, Sex.FEMALE)


@pytest.mark.parametrize("number", ["", "1234", "ABCDEFGH", "E123456789", "E1234-678", "护照12345"])
def test_what_is_no_passport_number_is_refused(number: str) -> None:
    with pytest.raises(RuleBroken, match="passport"):
        check_identity_number(IdentityKind.PASSPORT, number, BORN, Sex.FEMALE)


def test_a_resident_may_have_no_document() -> None:
    check_identity_number(IdentityKind.OTHER, "", BORN, Sex.FEMALE)


def test_no_message_repeats_the_number() -> None:
    with pytest.raises(RuleBroken) as broken:
        check_identity_number(CARD, "110105194912310021", BORN, Sex.FEMALE)
    assert "19491231" not in str(broken.value)
