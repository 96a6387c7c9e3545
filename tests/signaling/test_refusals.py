"""Every refusal has a code and a sentence in both languages; every fault of the records has a refusal."""

import re
from pathlib import Path

import pytest

from records.accounts import Language
from records.errors import Conflict, KeyMissing, NotFound, RecordsError, RuleBroken, StoreReadOnly
from signaling.refusals import Refusal, refusal_of, sentence


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_speaks_both_languages(refusal: Refusal) -> None:
    assert re.search(r"[\u4e00-\u9fff].*。$", sentence(refusal, Language.ZH))
    assert re.fullmatch(r"[A-Z][ -~]*\.", sentence(refusal, Language.EN))


def test_no_two_refusals_say_the_same() -> None:
    for language in Language:
        assert len({sentence(one, language) for one in Refusal}) == len(Refusal)


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (NotFound("x"), Refusal.NOT_FOUND),
        (Conflict("x"), Refusal.CHANGED_MEANWHILE),
        (RuleBroken("signed", "x"), Refusal.RULE_BROKEN),
        (StoreReadOnly("x"), Refusal.SERVER_FAULT),
        (KeyMissing("x"), Refusal.SERVER_FAULT),
    ],
)
def test_faults_of_the_records_are_told_as_refusals(error: RecordsError, refusal: Refusal) -> None:
    assert refusal_of(error) is refusal


def test_every_refusal_is_described_as_it_is_said() -> None:
    described = (Path(__file__).parents[2] / "docs" / "refusals.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", described, re.MULTILINE)
    assert rows == [(one.value, sentence(one, Language.ZH), sentence(one, Language.EN)) for one in Refusal]
