"""The printed report of a kept ECG: what of what was kept is on it, and that it is made apart."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cloudclinic import ecg_printer
from cloudclinic.ecg_appraisal import algorithm, appraise
from cloudclinic.ecg_print_process import ToPrint, answer_to
from cloudclinic.ecg_printer import PrinterProcesses
from cloudclinic.ecg_sheet import sheet_of
from ecg.drawing.channels import Flaw, FlawKind
from ecg.drawing.report import State
from ecg.files.door import read_any
from ecg.leads import STANDARD_LEADS
from ecg.measurements import Absent, Measure, Why
from ecg.ranges import SampleRange
from ecg.tracing import Tracing
from records.accounts import Language
from records.ecg_drafts import OF_A_FILE, DeviceSpan, DraftValue, MachineDraft, Subject
from records.ecg_prints import (
    WHOLE_UP_TO_S,
    EcgPrint,
    KeptEcg,
    PrintedAs,
    PrintedPerson,
    PrintProblem,
    PrintRefused,
)
from records.ecg_samples import pack_tracing
from records.exchange.apart import WorkFailed
from tests.fakes.ecgs import DATA, FONT
from tests.fakes.records import BINJIANG, NOW, WANG_XIUYING, ZHOU
from tests.records.ecgs import another_study, study

LUDB = read_any(DATA / "ludb" / "1.hea")
DRAFT = appraise(LUDB, Subject(sex=WANG_XIUYING.sex, age_years=67), OF_A_FILE, NOW)
STUDY = study(leads=tuple(one.name for one in LUDB.channels))


def kept(draft: MachineDraft = DRAFT, tracing: Tracing = LUDB, **changes: Any) -> KeptEcg:
    about = msgspec.structs.replace(STUDY, sample_count=tracing.sample_count, **changes)
    return KeptEcg(study=about, draft=draft, samples=pack_tracing(tracing))


def asked(ecg: KeptEcg, **fields: Any) -> EcgPrint:
    person = PrintedPerson(
        name=WANG_XIUYING.name,
        record_number=WANG_XIUYING.record_number,
        sex=WANG_XIUYING.sex,
        birth_date=WANG_XIUYING.birth_date,
    )
    given: dict[str, Any] = {
        "ecg": ecg,
        "person": person,
        "reports": (),
        "cosignatures": (),
        "names": {ZHOU.id: ZHOU.display_name},
        "site": BINJIANG.name_en,
        "reading_site": "",
        "earlier": None,
        "language": Language.EN,
        "written_as": PrintedAs.PDF,
        "page": 1,
        "printed_at": NOW,
        "utc_offset_s": 8 * 3600,
    }
    return EcgPrint(**given | fields)


def test_measurements_and_sentences_are_those_that_were_kept_not_made_anew() -> None:
    draft = msgspec.structs.replace(
        DRAFT,
        algorithm="cloudclinic 0.0.1",
        values=(
            DraftValue(measure="rate", unit="/min", value=99.0, confidence=0.9),
            DraftValue(measure="pr", unit="ms", absent=Why.NO_P.value),
            *(one for one in DRAFT.values if one.measure not in ("rate", "pr", "qt")),
        ),
    )
    sheet = sheet_of(asked(kept(draft)))
    assert sheet.measurements is not None and sheet.measurements.of(Measure.RATE) == 99
    assert sheet.measurements.values[Measure.PR] == Absent(Why.NO_P)
    assert sheet.measurements.values[Measure.QT] == Absent(Why.NOT_MEASURED)
    assert [one.code for one in sheet.statements] == [
        one.code for one in DRAFT.statements if not one.withheld
    ]
    assert "Automatic statements and measurements by cloudclinic 0.0.1" in sheet.quality
    assert not any("measurements by" in one for one in sheet_of(asked(kept())).quality)


def test_an_ecg_the_program_made_nothing_of_is_printed_without_a_value_and_says_so() -> None:
    fault = MachineDraft(algorithm=algorithm(), made_at=NOW, fault="the program broke off")
    sheet = sheet_of(asked(kept(fault)))
    assert (sheet.measurements, sheet.median, sheet.reading.state) == (None, None, State.MACHINE_DRAFT)
    assert "The program could make nothing of this ECG" in sheet.quality


def test_no_line_joins_what_a_break_parts() -> None:
    sheet = sheet_of(asked(kept(breaks=(2400,))))
    assert {tuple(channel.missing.nonzero()[0].tolist()) for channel in sheet.tracing.channels} == {(2400,)}
    assert "The signal broke off and began anew at 4.80 s" in sheet.quality


def test_what_the_device_said_and_where_it_paced_is_drawn() -> None:
    said = (
        DeviceSpan(first=1000, count=250, electrodes_off=("V2",), unusable=("V2",)),
        DeviceSpan(first=2000, count=100, clipped=("I",)),
        DeviceSpan(first=3000, count=500, calibration=True),
    )
    sheet = sheet_of(asked(kept(device_states=said, paces=(700, 1200), unusable_leads=("V2",))))
    assert sheet.flaws == (
        Flaw(FlawKind.OFF, SampleRange(1000, 250), ("V2",), ("V2",)),
        Flaw(FlawKind.CLIPPED, SampleRange(2000, 500), ("I",)),
    )
    assert sheet.pacing_marks == (700, 1200)
    assert "6.0–7.0 s: the device's calibration pulses, no heart's" in sheet.quality
    assert not any("at least in part" in one for one in sheet.quality), "it is drawn where"


def test_what_the_device_said_is_drawn_of_an_ecg_the_program_made_nothing_of() -> None:
    fault = MachineDraft(algorithm=algorithm(), made_at=NOW, fault="the program broke off")
    off = DeviceSpan(first=0, count=5000, electrodes_off=("RL",), unusable=tuple(STANDARD_LEADS))
    sheet = sheet_of(asked(kept(fault, device_states=(off,))))
    assert [(one.channels, one.electrodes) for one in sheet.flaws] == [
        ((lead.value,), ("RL",)) for lead in STANDARD_LEADS
    ]


def test_what_the_device_called_unusable_and_a_move_are_on_the_paper() -> None:
    sheet = sheet_of(asked(kept(unusable_leads=("V1", "V2"), moved_from="other")))
    assert "The device calls unusable, at least in part: V1, V2" in sheet.quality
    assert "Filed under another resident first, corrected since" in sheet.quality


def test_times_are_those_of_the_clock_on_the_wall() -> None:
    at = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    sheet = sheet_of(asked(kept(taken_at=at)))
    assert sheet.taken == "20261123073000+0800"
    assert sheet.age_years == 67


def test_an_earlier_simulation_is_not_compared_with_a_patients() -> None:
    before = KeptEcg(study=another_study("s0", 2, simulated=True), draft=DRAFT, samples=pack_tracing(LUDB))
    sheet = sheet_of(asked(kept(), earlier=before))
    assert sheet.earlier is None
    assert "Not compared with ECG XD-20261123-0002: one of the two was simulated" in sheet.quality


def test_a_long_ecg_is_printed_on_its_first_page_alone_and_the_page_says_so() -> None:
    times = int(WHOLE_UP_TO_S / LUDB.duration_s) + 1
    channels = tuple(
        replace(one, samples=one.samples.repeat(1)[None].repeat(times, 0).ravel())
        for one in LUDB.channels[:2]
    )
    fault = MachineDraft(algorithm=algorithm(), made_at=NOW, fault="not measured")
    long = asked(kept(fault, replace(LUDB, channels=channels)), written_as=PrintedAs.SVG)
    answer = answer_to(ToPrint(ecg=long, font=str(FONT)))
    assert answer.printed is not None and answer.printed.pages == 1
    assert "the rest is not printed" in answer.printed.data.decode()


async def test_printed_apart_is_as_printed_here_and_a_refusal_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = asked(kept())
    apart = await PrinterProcesses(FONT).print(wanted)
    assert apart == answer_to(ToPrint(ecg=wanted, font=str(FONT))).printed
    assert apart.data.startswith(b"%PDF-1.4")
    with pytest.raises(PrintRefused) as refused:
        await PrinterProcesses(Path("/nowhere/font.ttc")).print(wanted)
    assert refused.value.problem is PrintProblem.FONT
    monkeypatch.setattr(ecg_printer, "MODULE", "cloudclinic.no_such_module")
    with pytest.raises(WorkFailed):
        await PrinterProcesses(FONT).print(wanted)
