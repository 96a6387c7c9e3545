"""What a signature needs, and what it holds fast."""

import hashlib
import json
from typing import Any

import msgspec
import pytest

from records.chest_pain import ChestPainMoment, ChestPainStood
from records.consults import Advice, OpinionState, PlanItem
from records.errors import RuleBroken
from records.opinions import is_unchanged, opinion_digest, signed
from records.rules import Rule
from tests.records.values import later, opinion

SIGNED = signed(opinion(), later())


def test_signing_makes_the_next_version_with_its_instant_and_digest() -> None:
    assert (SIGNED.state, SIGNED.version, SIGNED.signed_at) == (OpinionState.SIGNED, 2, later())
    assert is_unchanged(SIGNED)


@pytest.mark.parametrize(
    ("empty", "missing"),
    [
        ({"findings": " "}, "no findings"),
        ({"impression": ""}, "no impression"),
        ({"advice": None}, "no advice"),
        ({"findings": "", "advice": None}, "no findings, no advice"),
    ],
)
def test_an_incomplete_opinion_is_not_signed(empty: dict[str, Any], missing: str) -> None:
    with pytest.raises(RuleBroken, match=missing) as broken:
        signed(opinion(**empty), later())
    assert broken.value.rule == Rule.OPINION_INCOMPLETE


def test_nothing_is_signed_twice() -> None:
    with pytest.raises(RuleBroken, match="never changes"):
        signed(SIGNED, later(2))


@pytest.mark.parametrize(
    "change",
    [
        {"findings": "另一段"},
        {"impression": "另一段"},
        {"advice": Advice.TRANSFER},
        {"advice_text": "三周后复查"},
        {"plan": (PlanItem(text="复查"),)},
        {"simulated": True},
        {"author_id": "zhao"},
        {"consult_id": "another"},
        {"signed_at": later(2)},
        {"chest_pain": (ChestPainStood(moment=ChestPainMoment.ONSET, at=later()),)},
    ],
)
def test_any_change_of_what_was_signed_shows(change: dict[str, Any]) -> None:
    assert not is_unchanged(msgspec.structs.replace(SIGNED, **change))


def test_a_draft_is_not_signed_whatever_digest_it_carries() -> None:
    draft = opinion()
    assert not is_unchanged(msgspec.structs.replace(draft, digest=opinion_digest(draft)))


def test_anybody_can_compute_the_digest_from_the_documented_form() -> None:
    content: dict[str, Any] = {
        "id": "opinion",
        "consult_id": "consult",
        "author_id": "chen",
        "findings": "窦性心律，V2 导联 T 波低平",
        "impression": "暂不支持急性心肌缺血",
        "advice": "outpatient",
        "advice_text": "两周后复查",
        "plan": [],
        "simulated": False,
        "signed_at": "2026-11-23T01:31:00Z",
    }
    assert SIGNED.digest == canonical_digest(content)
    clock = (ChestPainStood(moment=ChestPainMoment.ONSET, at=later()),)
    content["chest_pain"] = [{"moment": "onset", "at": "2026-11-23T01:31:00Z"}]
    assert signed(opinion(), later(), clock).digest == canonical_digest(content)


def canonical_digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
