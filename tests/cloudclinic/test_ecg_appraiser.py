"""The machine's draft: what of an appraisal is kept, whose limits hold, and that no ECG is lost by it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cloudclinic import ecg_appraiser
from cloudclinic.ecg_appraisal import appraise
from cloudclinic.ecg_appraiser import AppraiserProcesses
from cloudclinic.errors import SettingsWrong
from cloudclinic.settings import load
from ecg.critical.loading import default_table
from ecg.files.door import read_any
from ecg.files.wfdb_annotations import read_wfdb_annotations
from ecg.leads import MISSING, STANDARD_LEADS, Lead
from ecg.measurements import LeadMeasure, Measure
from ecg.statements.statement import StatementCode
from ecg.tracing import Channel, FileKind, Tracing
from records.ecg_drafts import (
    OF_A_FILE,
    Acquisition,
    CriticalOutcome,
    CriticalResult,
    DeviceSpan,
    DraftEvidence,
    MachineDraft,
    QualityVerdict,
    Subject,
)
from records.residents import Sex
from tests.fakes.ecgs import DATA, ecg_file
from tests.fakes.records import NOW

SUBJECT = Subject(sex=Sex.FEMALE, age_years=67)
LUDB = read_any(DATA / "ludb" / "1.hea")
ZHEJIANG = Path(__file__).parents[2] / "ecg" / "critical" / "zhejiang.toml"


def draft(
    tracing: Tracing = LUDB,
    acquisition: Acquisition = OF_A_FILE,
    subject: Subject = SUBJECT,
    table: bytes = b"",
) -> MachineDraft:
    return appraise(tracing, subject, acquisition, NOW, table)


def with_samples(change: Any) -> Tracing:
    """LUDB 1 with every channel's samples changed."""
    channels = tuple(replace(one, samples=change(one.samples.copy())) for one in LUDB.channels)
    return replace(LUDB, channels=channels)


def fast_and_wide(per_min: float = 190.0) -> Tracing:
    """Ten seconds of wide, regular swings in twelve leads: made, no heart's."""
    at_s = np.arange(5000) / 500
    beat = (at_s * per_min / 60) % 1
    wave = np.where(
        beat < 0.45, np.sin(np.pi * beat / 0.45) ** 2, -0.35 * np.sin(np.pi * (beat - 0.45) / 0.55)
    )
    rows = [(wave * 1200 * (0.6 + 0.05 * number)).astype(np.int16) for number in range(12)]
    channels = tuple(
        Channel(name=lead, lead=lead, samples=row, nv_per_step=1000.0)
        for lead, row in zip(STANDARD_LEADS, rows, strict=True)
    )
    return Tracing(kind=FileKind.E1, rate_hz=500.0, channels=channels)


def rule(made: MachineDraft, name: str) -> CriticalResult:
    (found,) = [one for one in made.critical if one.rule == name]
    return found


def test_every_measure_of_the_ecg_and_of_each_lead_has_its_value_or_why_it_has_none() -> None:
    made = draft()
    whole = [one for one in made.values if not one.lead]
    assert [one.measure for one in whole] == [measure.value for measure in Measure]
    per_lead = [(one.lead, one.measure) for one in made.values if one.lead]
    assert sorted(per_lead) == sorted((lead.value, one.value) for lead in Lead for one in LeadMeasure)
    assert [one for one in made.values if (one.value is None) is not bool(one.absent)] == []
    assert all((one.confidence is None) is (one.value is None) for one in made.values)
    assert (made.fault, made.made_at) == ("", NOW)


def test_the_rate_of_a_real_ecg_is_that_of_its_annotations() -> None:
    made, rate = draft(), draft().value_of("rate")
    annotations = read_wfdb_annotations(ecg_file("ludb/1.ii"), "1.ii")
    told = [one.sample for one in annotations if one.is_beat]  # those at the ends are not annotated
    assert rate == pytest.approx(60 * 500 / np.diff(told).mean(), abs=1)
    assert all(min(abs(found - one) for found in made.beats) <= 25 for one in told)


def test_a_slow_heart_is_stated_with_its_evidence_in_both_languages() -> None:
    made = draft()
    (slow,) = [one for one in made.statements if one.code == StatementCode.RATE_LOW and not one.withheld]
    rate = made.value_of("rate")
    assert rate is not None and f"{rate:.0f}" in slow.zh and f"{rate:.0f}" in slow.en
    assert slow.evidence == (DraftEvidence(quantity="rate", value=rate, unit="/min", limit=60.0),)


def test_every_rule_of_the_list_answers_and_none_says_normal() -> None:
    made = draft()
    assert [one.rule for one in made.critical] == [one.id for one in default_table().rules]
    assert (made.critical_table, made.critical_en) == ("zhejiang-trial", "No hit among the rules tested")
    assert made.pressing == () and "正常" not in made.critical_zh
    by_person = [one.rule for one in made.critical if one.outcome is CriticalOutcome.BY_PERSON]
    assert len(by_person) >= 1
    assert all(one.why_en for one in made.critical if one.outcome is CriticalOutcome.NOT_TESTED)


def test_ten_seconds_of_a_fast_wide_rhythm_are_to_be_read_at_once_though_the_rule_needs_thirty() -> None:
    made = draft(fast_and_wide())
    found = rule(made, "ventricular_tachycardia")
    assert found.outcome is CriticalOutcome.NOT_TESTED and "30 s" in found.why_en
    assert found.presses and "ventricular_tachycardia" in made.pressing


def test_a_sites_own_limits_hold() -> None:
    table = ZHEJIANG.read_bytes().replace(b"below_per_min = 35", b"below_per_min = 50")
    found = rule(draft(table=table), "bradycardia")
    assert (found.outcome, found.zh) == (CriticalOutcome.HIT, "心动过缓，平均心室率 <50 次/分")
    assert found.evidence[0].quantity == "rate_per_min"
    assert rule(draft(), "bradycardia").outcome is CriticalOutcome.NO_HIT


def test_a_childs_ecg_is_not_held_to_the_limits_of_adults() -> None:
    made = draft(subject=Subject(sex=Sex.FEMALE, age_years=3))
    assert made.pressing == ()
    assert rule(made, "bradycardia").outcome is CriticalOutcome.NOT_TESTED
    assert not made.adult_assumed and draft(subject=Subject(sex=Sex.MALE, age_years=None)).adult_assumed


def test_the_quality_says_what_is_wrong_where_and_what_to_do() -> None:
    def cut(samples: Any) -> Any:
        samples[:3000] = MISSING
        return samples

    made = draft(with_samples(cut))
    assert made.quality is QualityVerdict.POOR
    assert ("missing", "wait_for_samples") in [(one.code, one.advice) for one in made.quality_notes]
    assert draft().quality_score is not None and made.quality_score is not None
    assert made.quality_score < draft().quality_score


def test_what_the_device_called_off_is_taken_as_off_and_not_measured() -> None:
    every = tuple(lead.value for lead in Lead)
    off = Acquisition(states=(DeviceSpan(first=0, count=5000, electrodes_off=("RL",), unusable=every),))
    pulses = Acquisition(states=(DeviceSpan(first=0, count=5000, calibration=True),))
    for acquisition in (off, pulses):
        made = draft(acquisition=acquisition)
        assert (made.quality, made.value_of("rate"), made.pressing) == (QualityVerdict.POOR, None, ())


def test_states_of_packets_that_overlap_and_come_in_any_order_are_taken() -> None:
    states = (
        DeviceSpan(first=1500, count=1000, unusable=("V2",), electrodes_off=("V2",)),
        DeviceSpan(first=1000, count=700, unusable=("V2",), electrodes_off=("V2",)),
        DeviceSpan(first=1100, count=100, unusable=("V2",), electrodes_off=("V2",)),
    )
    made = draft(acquisition=Acquisition(states=states))
    (off,) = [one for one in made.quality_notes if one.code == "lead_off"]
    assert (off.leads, off.electrodes, made.fault) == (("V2",), ("V2",), "")


def test_no_interval_is_measured_across_a_break() -> None:
    """At the break a second of signal was lost, and nobody filled it: the beats moved together."""
    whole = draft()
    torn = with_samples(lambda samples: np.concatenate([samples[:2300], samples[2800:], samples[:500]]))
    shortest = whole.value_of("rr_min")
    untold, told = draft(torn), draft(torn, Acquisition(breaks=(2300, 4500)))
    assert shortest is not None
    assert untold.value_of("rr_min") != pytest.approx(shortest, abs=100)
    assert told.value_of("rr_min") == pytest.approx(shortest, abs=100)


def test_pulses_that_the_device_marked_are_stated() -> None:
    made = draft(acquisition=Acquisition(paces=(100, 700)))
    (paced,) = [one for one in made.statements if one.code == StatementCode.PACING_MARKS]
    assert paced.evidence[0].value == 2


def test_a_tracing_without_a_standard_lead_says_so() -> None:
    strange = replace(LUDB, channels=tuple(replace(one, lead=None) for one in LUDB.channels))
    assert "standard lead" in draft(strange).fault


async def test_a_draft_made_apart_is_the_one_made_here_with_the_sites_list() -> None:
    table = ZHEJIANG.read_bytes().replace(b"below_per_min = 35", b"below_per_min = 50")
    apart = await AppraiserProcesses(lambda: NOW, table).appraise(LUDB, SUBJECT)
    assert apart == draft(table=table)


async def test_an_ecg_is_kept_when_the_program_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecg_appraiser, "MODULE", "cloudclinic.no_such_module")
    made = await AppraiserProcesses(lambda: NOW).appraise(LUDB, SUBJECT)
    assert (made.fault, made.values, made.critical) == ("the program broke off", (), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "cannot be read"), ('id = "x"', "rules is missing"), ("rules = [", "not TOML")],
)
def test_a_list_that_is_not_understood_stops_the_start(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "critical.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SettingsWrong, match=said):
        load(environment={}, overrides={"ecg_critical_values": file})
    file.write_bytes(ZHEJIANG.read_bytes())
    assert load(environment={}, overrides={"ecg_critical_values": file}).ecg_critical_values == file
