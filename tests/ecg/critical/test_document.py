"""The document of critical values names every rule, kind of test, limit, key and reason there is."""

import re
from pathlib import Path

from ecg.critical.kinds import KINDS
from ecg.critical.loading import default_table
from ecg.critical.rule import LeadsNeeded, RuleKind
from ecg.critical.verdict import NotTested, Verdict

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "ecg-critical-values.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", TEXT))


def limits_told() -> dict[tuple[str, str], tuple[float, float]]:
    """The table of limits: (test, limit) with its plausible range."""
    told, test = {}, ""
    for line in TEXT.splitlines():
        cells = re.fullmatch(r"\| (?:`(\w+)`)? ?\| `(\w+)` \| ([\d.]+) to ([\d.]+) \| .+ \|", line)
        if cells:
            test = cells[1] or test
            told[test, cells[2]] = (float(cells[3]), float(cells[4]))
    return told


def test_every_limit_is_told_with_its_range() -> None:
    there = {
        (str(kind), name): (plausible.low, plausible.high)
        for kind, one in KINDS.items()
        for name, plausible in one.limits.items()
    }
    assert limits_told() == there


def test_every_rule_kind_reason_and_verdict_is_told() -> None:
    assert {rule.id for rule in default_table().rules} - NAMED == set()
    assert {str(kind) for kind in RuleKind} - NAMED == set()
    assert {str(why) for why in NotTested} - NAMED == set()
    assert {str(verdict) for verdict in Verdict} - NAMED == set()
    assert {str(leads) for leads in LeadsNeeded} - NAMED == set()


def test_every_key_of_a_table_is_told() -> None:
    keys = "id name_zh name_en source rules item test first_found needs limits seconds leads earlier_ecg"
    assert {*keys.split(), "from_years", "below_years"} - NAMED == set()
