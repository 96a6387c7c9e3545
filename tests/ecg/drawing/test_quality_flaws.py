"""From the quality check to the page."""

from dataclasses import replace

import pytest

from ecg.drawing.channels import Flaw, FlawKind
from ecg.drawing.quality_flaws import flaws_of_device, flaws_of_quality, quality_sentence
from ecg.leads import STANDARD_LEADS, Electrode, Lead
from ecg.quality.device_state import DeviceState
from ecg.quality.findings import Finding, Grade, LeadFinding, LeadSecond, SecondQuality
from ecg.quality.gate_result import Decision, GateResult
from ecg.ranges import SampleRange
from ecg.words import Language
from tests.ecg.drawing.reports import drawn, synthetic, words_on

CLEAN = LeadSecond()
NOTHING_OFF = Electrode(0)


def second(number: int, off: Electrode = NOTHING_OFF, **found: Finding) -> SecondQuality:
    leads = {lead: CLEAN for lead in STANDARD_LEADS}
    for lead, finding in found.items():
        leads[Lead[lead.upper()]] = LeadSecond((LeadFinding(finding, Grade.UNUSABLE),))
    return SecondQuality(SampleRange(number * 500, 500), leads, off)


def test_seconds_that_follow_each_other_are_one_flaw() -> None:
    seconds = [
        second(0),
        second(1, Electrode.V3, v3=Finding.LEAD_OFF),
        second(2, Electrode.V3, v3=Finding.LEAD_OFF, v4=Finding.CLIPPED),
        second(3),
        second(4, v3=Finding.LEAD_OFF),
    ]
    assert flaws_of_quality(seconds) == (
        Flaw(FlawKind.OFF, SampleRange(500, 1000), ("V3",), ("V3",)),
        Flaw(FlawKind.OFF, SampleRange(2000, 500), ("V3",)),
        Flaw(FlawKind.CLIPPED, SampleRange(1000, 500), ("V4",)),
    )


def test_what_the_device_calls_off_is_a_flaw_to_the_sample_lead_by_lead() -> None:
    v2, both = DeviceState(Electrode.V2), DeviceState(Electrode.V2 | Electrode.V3)
    states = [
        (SampleRange(100, 50), v2),
        (SampleRange(150, 30), replace(v2, clipped=frozenset({Lead.V1}))),
        (SampleRange(180, 20), both),
        (SampleRange(300, 10), v2),
        (SampleRange(400, 7), DeviceState(unusable=frozenset({Lead.III}))),
    ]
    assert flaws_of_device(states) == (
        Flaw(FlawKind.OFF, SampleRange(400, 7), ("III",)),
        Flaw(FlawKind.OFF, SampleRange(100, 100), ("V2",), ("V2",)),
        Flaw(FlawKind.OFF, SampleRange(300, 10), ("V2",), ("V2",)),
        Flaw(FlawKind.OFF, SampleRange(180, 20), ("V3",), ("V3",)),
    )


def test_without_the_reference_no_lead_is_to_be_read() -> None:
    flaws = flaws_of_device([(SampleRange(0, 9), DeviceState(Electrode.RL | Electrode.V1))])
    assert [(one.channels, one.electrodes) for one in flaws[5:8]] == [
        (("aVF",), ("RL",)),
        (("V1",), ("RL", "V1")),
        (("V2",), ("RL",)),
    ]


def test_what_is_only_noted_or_flat_is_drawn_as_it_is() -> None:
    assert flaws_of_quality([second(0, v1=Finding.MUSCLE, v2=Finding.FLAT, ii=Finding.MISSING)]) == ()


def test_leads_that_one_electrode_takes_are_named_together() -> None:
    every = {lead.name.lower(): Finding.LEAD_OFF for lead in STANDARD_LEADS}
    flaws = flaws_of_quality([second(3, Electrode.RL, **every)])
    said = words_on(drawn(synthetic(), flaws=flaws).pages[0])
    assert "all leads: electrode RL off, 3.0–4.0 s, not to be read" in said


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("decision", list(Decision))
def test_the_verdict_is_a_score_and_an_advice(decision: Decision, language: Language) -> None:
    said = quality_sentence(GateResult(decision, 87, (), {}), language)
    assert "87/100" in said and len(said) > 12
