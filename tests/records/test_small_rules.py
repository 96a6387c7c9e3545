"""Record numbers, simulated data, emergency access."""

import pytest

from records.emergency import granted, reviewed
from records.errors import RuleBroken
from records.filing import check_filing
from records.record_numbers import check_record_number, institution_prefix, record_number
from records.rules import Rule
from tests.fakes.records import HAN, NOW, WANG_XIUYING, ZHOU


def test_a_record_number_is_the_institutions_prefix_and_a_running_number() -> None:
    assert record_number(institution_prefix(2), 17) == "90000000000200017"


@pytest.mark.parametrize("running", [0, 100_000])
def test_a_number_that_needs_another_length_is_refused(running: int) -> None:
    with pytest.raises(RuleBroken, match="used up"):
        record_number(institution_prefix(1), running)


@pytest.mark.parametrize(
    "number", ["", "9000000000010001", "900000000001000011", "9000000000010000A", "９" * 17]
)
def test_what_has_not_17_digits_is_no_record_number(number: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_record_number(number)
    assert broken.value.rule == Rule.RECORD_NUMBER


def test_simulated_data_is_filed_in_the_demo_only() -> None:
    check_filing(simulated=True, demo=True)
    check_filing(simulated=False, demo=False)
    with pytest.raises(RuleBroken) as broken:
        check_filing(simulated=True, demo=False)
    assert broken.value.rule == Rule.SIMULATED_DATA


def test_emergency_access_needs_a_reason() -> None:
    with pytest.raises(RuleBroken) as broken:
        granted(access_id="e", resident_id=WANG_XIUYING.id, account_id=ZHOU.id, reason="  . ", now=NOW)
    assert broken.value.rule == Rule.REASON_NEEDED


def test_nobody_reviews_her_own_emergency_access() -> None:
    access = granted(
        access_id="e", resident_id=WANG_XIUYING.id, account_id=ZHOU.id, reason="昏迷抢救", now=NOW
    )
    assert reviewed(access, by=HAN.id, note="核实", now=NOW).reviewed_by == HAN.id
    with pytest.raises(RuleBroken) as broken:
        reviewed(access, by=ZHOU.id, note="核实", now=NOW)
    assert broken.value.rule == Rule.OWN_REVIEW
