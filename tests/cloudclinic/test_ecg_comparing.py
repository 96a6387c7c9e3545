"""Two kept ECGs over each other: by the measurements that were kept, on leads that can be read in both."""

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from cloudclinic import ecg_comparer
from cloudclinic.ecg_appraisal import appraise
from cloudclinic.ecg_comparer import ComparerProcesses
from cloudclinic.ecg_comparing import compared
from ecg.files.door import read_any
from ecg.leads import MISSING, Lead
from ecg.tracing import Tracing
from records.ecg_comparisons import ComparisonRefused, EcgComparison, ToCompare, WhyNot
from records.ecg_drafts import OF_A_FILE, MachineDraft, Subject
from records.ecg_samples import pack_tracing
from records.exchange.apart import WorkFailed
from records.residents import Sex
from tests.fakes.ecgs import DATA
from tests.fakes.records import NOW

SUBJECT = Subject(sex=Sex.FEMALE, age_years=67)
SLOW, FAST = (read_any(DATA / "ludb" / f"{number}.hea") for number in (1, 101))
DRAFTS = {id(one): appraise(one, SUBJECT, OF_A_FILE, NOW) for one in (SLOW, FAST)}


def side(tracing: Tracing, draft: MachineDraft | None = None, **fields: Any) -> ToCompare:
    made = draft or DRAFTS.get(id(tracing)) or appraise(tracing, SUBJECT, OF_A_FILE, NOW)
    return ToCompare(
        **{"samples": pack_tracing(tracing), "draft": made, "resident": "r1", "simulated": False} | fields
    )


def why_not(earlier: ToCompare, later: ToCompare) -> WhyNot:
    with pytest.raises(ComparisonRefused) as refused:
        compared(earlier, later)
    return refused.value.why


def with_lead(tracing: Tracing, lead: Lead, change: Any) -> Tracing:
    channels = tuple(
        replace(one, samples=change(one.samples.copy())) if one.lead is lead else one
        for one in tracing.channels
    )
    return replace(tracing, channels=channels)


def in_half_steps(tracing: Tracing) -> Tracing:
    """The same volts in steps of half the size."""
    channels = tuple(
        replace(
            one, samples=np.where(one.missing, one.samples, one.samples * 2), nv_per_step=one.nv_per_step / 2
        )
        for one in tracing.channels
    )
    return replace(
        tracing, channels=tuple(replace(one, samples=one.samples.astype(np.int16)) for one in channels)
    )


def test_an_ecg_over_itself_differs_in_nothing_and_lies_on_itself() -> None:
    found = compared(side(SLOW), side(SLOW))
    assert [one.measure for one in found.changes if one.difference or one.beyond_noise] == []
    assert found.overlay is not None and found.overlay.earlier_uv == found.overlay.later_uv
    assert found.overlay.likeness == pytest.approx(1)
    assert (found.left_out, found.other_program, found.overlay.leads) == (
        (),
        False,
        tuple(one.value for one in Lead),
    )


def test_the_values_are_those_of_the_drafts_that_were_kept() -> None:
    found = compared(side(SLOW), side(FAST))
    rate = next(one for one in found.changes if one.measure == "rate")
    kept = [DRAFTS[id(one)].value_of("rate") for one in (SLOW, FAST)]
    assert [rate.earlier, rate.later] == kept and rate.beyond_noise
    assert {one.measure: one.why for one in found.not_compared}["pr"] == "absent_later"


def test_both_are_in_microvolts_whatever_their_steps() -> None:
    found = compared(side(SLOW), side(in_half_steps(SLOW), DRAFTS[id(SLOW)])).overlay
    assert found is not None
    np.testing.assert_allclose(np.array(found.earlier_uv), np.array(found.later_uv), atol=1)
    lead_ii = np.array(found.earlier_uv[found.leads.index("II")])
    assert 500 < lead_ii.max() < 2000  # a complex of a millivolt, not of steps


def test_the_beats_lie_on_one_time_axis_with_their_complex_at_zero() -> None:
    found = compared(side(SLOW), side(FAST)).overlay
    assert found is not None
    at_ms = found.first_ms + 1000 * np.arange(len(found.earlier_uv[0])) / found.rate_hz
    for rows in (found.earlier_uv, found.later_uv):
        slope = np.abs(np.diff(np.array(rows), axis=1)).sum(axis=0)
        assert abs(at_ms[int(slope.argmax())]) < 40


def test_a_lead_that_cannot_be_read_in_one_is_drawn_in_neither_and_named() -> None:
    def cut(samples: Any) -> Any:
        samples[:3500] = MISSING
        return samples

    holed = with_lead(SLOW, Lead.V3, cut)
    for pair in ((side(holed), side(SLOW)), (side(SLOW), side(SLOW, unusable=("V3",)))):
        found = compared(*pair)
        assert found.left_out == ("V3",)
        assert (
            found.overlay is not None and "V3" not in found.overlay.leads and len(found.overlay.leads) == 11
        )
        assert "V3" not in {one.lead for one in found.st}


def test_two_residents_are_never_laid_over_each_other() -> None:
    assert why_not(side(SLOW), side(SLOW, resident="r2")) is WhyNot.OTHER_RESIDENT


def test_a_simulation_is_not_compared_with_a_patient() -> None:
    assert why_not(side(SLOW), side(SLOW, simulated=True)) is WhyNot.SIMULATED


def test_an_ecg_the_program_made_nothing_of_is_not_compared() -> None:
    nothing = MachineDraft(algorithm="cloudclinic 1", made_at=NOW, fault="the program broke off")
    assert why_not(side(SLOW, nothing), side(SLOW)) is WhyNot.NO_MEASUREMENTS


def test_without_one_lead_readable_in_both_there_is_no_picture() -> None:
    limbs = tuple(one.value for one in Lead if not one.value.startswith("V"))
    chest = tuple(one.value for one in Lead if one.value.startswith("V"))
    assert why_not(side(SLOW, unusable=limbs), side(SLOW, unusable=chest)) is WhyNot.POOR_SIGNAL


def test_without_beats_of_one_shape_the_overlay_says_why_there_is_none() -> None:
    few = msgspec.structs.replace(DRAFTS[id(SLOW)], beats=DRAFTS[id(SLOW)].beats[:2])
    found = compared(side(SLOW, few), side(SLOW))
    assert (found.overlay, found.overlay_refused) == (None, "few_beats")


def test_leads_of_one_alone_are_left_out_with_a_note() -> None:
    two = replace(SLOW, channels=tuple(one for one in SLOW.channels if one.lead in (Lead.I, Lead.II)))
    found = compared(side(two), side(SLOW))
    assert found.overlay is not None and found.overlay.leads == ("I", "II")
    assert "leads_left_out" in found.notes


def test_beats_around_a_break_are_not_in_the_median() -> None:
    at = DRAFTS[id(SLOW)].beats[3]
    whole, torn = compared(side(SLOW), side(SLOW)), compared(side(SLOW), side(SLOW, breaks=(at,)))
    assert whole.overlay is not None and torn.overlay is not None
    assert torn.overlay.later_beats == whole.overlay.later_beats - 1


def test_that_another_version_measured_is_told() -> None:
    other = msgspec.structs.replace(DRAFTS[id(SLOW)], algorithm="cloudclinic 0.0.1")
    assert compared(side(SLOW, other), side(SLOW)).other_program


async def test_compared_apart_is_as_compared_here(monkeypatch: pytest.MonkeyPatch) -> None:
    apart: EcgComparison = await ComparerProcesses().compare(side(SLOW), side(FAST))
    assert apart == compared(side(SLOW), side(FAST))
    with pytest.raises(ComparisonRefused, match="simulated"):
        await ComparerProcesses().compare(side(SLOW), side(SLOW, simulated=True))
    monkeypatch.setattr(ecg_comparer, "MODULE", "cloudclinic.no_such_module")
    with pytest.raises(WorkFailed):
        await ComparerProcesses().compare(side(SLOW), side(SLOW))
