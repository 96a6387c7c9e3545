"""Two identifiers, and evidence for every form of consent."""

from typing import Any

import pytest

from records.consent import check_consent, check_identifiers
from records.consults import ConsentForm, IdentifierKind, IdentityCheck
from records.errors import RuleBroken
from records.ids import ConsultId
from records.rules import Rule
from tests.fakes.records import NOW, ZHOU
from tests.records.values import consent

NAME, BORN = IdentifierKind.NAME, IdentifierKind.BIRTH_DATE


def compared(*identifiers: IdentifierKind) -> IdentityCheck:
    return IdentityCheck(
        consult_id=ConsultId("c"), identifiers=identifiers, confirmed_by=ZHOU.id, confirmed_at=NOW
    )


def test_two_different_identifiers_are_enough() -> None:
    check_identifiers(compared(NAME, BORN))


@pytest.mark.parametrize("identifiers", [(), (NAME,), (NAME, NAME)])
def test_the_same_identifier_twice_is_one(identifiers: tuple[IdentifierKind, ...]) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_identifiers(compared(*identifiers))
    assert broken.value.rule == Rule.TWO_IDENTIFIERS_NEEDED


@pytest.mark.parametrize(
    ("form", "evidence", "rule"),
    [
        (ConsentForm.PAD, "signature_svg_path", Rule.SIGNATURE_NEEDED),
        (ConsentForm.ORAL, "witness", Rule.WITNESS_NEEDED),
        (ConsentForm.DEFERRED, "reason", Rule.REASON_NEEDED),
    ],
)
def test_each_form_needs_its_own_evidence(form: ConsentForm, evidence: str, rule: Rule) -> None:
    everything: dict[str, Any] = {"signature_svg_path": "M0 0L1 1", "witness": "吴倩", "reason": "昏迷"}
    check_consent(consent(form=form, **everything))
    with pytest.raises(RuleBroken) as broken:
        check_consent(consent(form=form, **{**everything, evidence: "  "}))
    assert broken.value.rule == rule
