"""`cloudclinic ecg` as its users call it: answers on standard output, refusals in one line each, status 2."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pypdf import PdfReader

from cloudclinic.cli import main
from cloudclinic.command_groups import PIPE_CLOSED
from cloudclinic.ecg_commands.options import KINDS, LAYOUTS
from ecg.annotations import Annotation, AnnotationCode
from ecg.drawing.layouts import Layout
from ecg.files.door import read_any
from ecg.files.wfdb import write_wfdb
from ecg.files.writing import WrittenKind
from ecg.measurements import LeadMeasure, Measure
from ecg.ranges import SampleRange
from ecg.synthetic import SyntheticEcg
from ecg.tracing import Channel, FileKind, Tracing
from records.exchange.patient_in_file import stated_patient

DATA = Path(__file__).parents[1] / "data" / "ecg"
R_AT_S = (160 + 45) / 1000


def _asked(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = main(["ecg", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


def _record(folder: Path, annotations: tuple[Annotation, ...] = ()) -> Path:
    source = SyntheticEcg(500)
    rows = source.samples(0, 10_000)
    channels = tuple(
        Channel(name=lead, lead=lead, samples=row, nv_per_step=1000)
        for lead, row in zip(source.leads, rows, strict=True)
    )
    tracing = Tracing(kind=FileKind.WFDB, rate_hz=500, channels=channels, annotations=annotations)
    for name, data in write_wfdb(tracing, "known").items():
        (folder / name).write_bytes(data)
    return folder / "known.hea"


def _beat(second: float, code: AnnotationCode = AnnotationCode.NORMAL) -> Annotation:
    return Annotation(sample=round(second * 500), code=code)


def test_info_prints_the_scale_and_the_filters_of_every_lead(capsys: pytest.CaptureFixture[str]) -> None:
    file = DATA / "philips" / "pagewriter-touch-1.04.xml"
    status, out, err = _asked(capsys, "info", "--json", file)
    told = json.loads(out)
    assert (status, err) == (0, "")
    assert (told["file"], told["format"], told["rate_hz"]) == (str(file), "Philips Sierra XML", 500)
    assert [lead["lead"] for lead in told["leads"]][:3] == ["I", "II", "III"]
    assert {lead["nv_per_step"] for lead in told["leads"]} == {5000}
    assert told["leads"][0]["filters"]["high_hz"] == 150


def test_info_for_people_names_leads_that_do_not_fit_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = _asked(capsys, "info", DATA / "ludb" / "1.hea")
    assert status == 0
    assert "12 leads, 500 Hz, 5000 samples (10.0 s)" in out
    assert "from what I and II give" in out


def test_beats_prints_one_object_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    record = _record(tmp_path)
    status, out, _ = _asked(capsys, "beats", "--json", record, record.with_suffix(""))
    objects = [json.loads(line) for line in out.splitlines()]
    assert (status, len(objects)) == (0, 2)
    assert objects[0]["beats"] == objects[1]["beats"]
    assert set(objects[0]) == {"file", "rate_hz", "beats"}
    beats = objects[0]["beats"]
    assert [abs(beat["sample"] - 500 * (R_AT_S + k)) <= 4 for k, beat in enumerate(beats)] == [True] * 20
    assert {(beat["kind"], beat["late"]) for beat in beats} == {("beat", False), ("search-back", True)}


def test_beats_of_one_lead(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    record = _record(tmp_path)
    assert _asked(capsys, "beats", "--lead", "V4", record)[0] == 0
    assert _asked(capsys, "beats", "--lead", "V4", "--lead", "II", "--lead", "ii", record)[0] == 0
    status, out, err = _asked(capsys, "beats", "--lead", "V4", "--lead", "V9", record)
    assert (status, out) == (2, "")
    assert err.startswith(f"cloudclinic ecg beats: {record}: no lead V9; there are I, II, III")


def test_whoever_stops_reading_is_no_error(tmp_path: Path) -> None:
    record, command = _record(tmp_path), f"{sys.executable} -m cloudclinic ecg beats"
    shell = f"set -o pipefail; {command} {' '.join([str(record)] * 60)} | head -1"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (PIPE_CLOSED, "", 1)


@pytest.mark.parametrize("what", ["info", "beats", "score"])
def test_a_refused_file_is_one_line_and_the_others_are_answered(
    what: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear colleague,\nno ECG.\n")
    good = _record(tmp_path, tuple(_beat(R_AT_S + k) for k in range(20)))
    status, out, err = _asked(capsys, what, "--json", other, tmp_path / "none.hea", good)
    assert status == 2
    assert [line.split(": ")[1] for line in err.splitlines()] == [str(other), str(tmp_path / "none.hea")]
    assert str(good) in out


@pytest.mark.parametrize("what", ["info", "score"])
@pytest.mark.parametrize("refused", [".", "/", "", "x" * 300, "two\nlines.dcm"])
def test_a_name_no_file_can_have_is_refused_in_one_line_like_any_other(
    refused: str, what: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    good = _record(tmp_path, tuple(_beat(R_AT_S + k) for k in range(20)))
    status, out, err = _asked(capsys, what, "--json", refused, good)
    assert (status, err.count("\n")) == (2, 1)
    assert err.startswith(f"cloudclinic ecg {what}: ")
    assert str(good) in out


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_a_terminal_without_our_letters_gets_the_answer_all_the_same(
    encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # µ is not in GBK, in which Chinese systems of some years ago still speak
    said = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(said, encoding))
    record = _record(tmp_path)
    named = record.rename(tmp_path / "é.hea")
    assert [main(["ecg", "info", *more, str(named)]) for more in ((), ("--json",))] == [0, 0]
    sys.stdout.flush()
    *lines, told = said.getvalue().decode(encoding).splitlines()
    assert any(r"1 \xb5V" in line for line in lines)
    assert json.loads(told)["file"] == str(named)


def test_score_counts_each_kind_of_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    reference = [_beat(R_AT_S + k + 0.01) for k in range(19)] + [_beat(18.7)]
    status, out, _ = _asked(capsys, "score", "--json", _record(tmp_path, tuple(reference)))
    one = json.loads(out)["records"][0]
    assert status == 0
    assert (one["true_positives"], one["false_positives"], one["false_negatives"]) == (19, 1, 1)
    assert one["sensitivity"] == one["ppv"] == one["f1"] == 0.95
    assert -15 <= one["timing_mean_ms"] <= -5


def test_where_no_beats_are_labelled_none_is_scored(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    flutter = [
        _beat(9.9, AnnotationCode.FIBRILLATION_START),
        _beat(14.9, AnnotationCode.FIBRILLATION_END),
    ]
    reference = [_beat(R_AT_S + k) for k in range(20) if not 10 <= k < 15]
    _, out, _ = _asked(
        capsys, "score", "--json", _record(tmp_path, tuple(reference[:10] + flutter + reference[10:]))
    )
    one = json.loads(out)["records"][0]
    assert (one["true_positives"], one["false_positives"], one["false_negatives"]) == (15, 0, 0)


def test_two_records_have_a_gross_score(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    record = _record(tmp_path, tuple(_beat(R_AT_S + k) for k in range(20)))
    _, out, _ = _asked(capsys, "score", record, record)
    assert [line.split()[:4] for line in out.splitlines()[1:]] == [
        [str(record), "20", "0", "0"],
        [str(record), "20", "0", "0"],
        ["gross", "40", "0", "0"],
    ]


def test_a_record_without_reference_beats_cannot_be_scored(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, _, err = _asked(capsys, "score", _record(tmp_path))
    assert status == 2
    assert "no reference beats" in err


def test_flutter_without_an_end_goes_to_the_end() -> None:
    from cloudclinic.ecg_commands.score import flutter_of

    channel = Channel(name="x", lead=None, samples=SyntheticEcg(500).samples(0, 1000)[0], nv_per_step=1000)
    tracing = Tracing(
        kind=FileKind.WFDB,
        rate_hz=500,
        channels=(channel,),
        annotations=(Annotation(sample=600, code=AnnotationCode.FIBRILLATION_START),),
    )
    assert flutter_of(tracing) == (SampleRange(600, 400),)


def test_quality_says_what_is_wrong_and_where(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    clean = _record(tmp_path)
    status, out, _ = _asked(capsys, "quality", "--json", clean)
    told = json.loads(out)
    assert (status, told["decision"], told["score"], told["reasons"]) == (0, "send", 100, [])
    assert set(told["usable_s"].values()) == {20}
    status, out, _ = _asked(capsys, "quality", "--json", DATA / "cpsc2021" / "data_92_12.hea")
    told = json.loads(out)
    assert told["decision"] == "repeat"
    assert told["reasons"][0]["cause"] == "leads_absent"
    assert "repeat" in _asked(capsys, "quality", DATA / "cpsc2021" / "data_92_12.hea")[1]


def test_measure_prints_every_measurement_or_why_it_is_absent(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, _ = _asked(capsys, "measure", "--json", _record(tmp_path))
    told = json.loads(out)
    assert (status, list(told["measurements"])) == (0, [one.value for one in Measure])
    known = {name: one["value"] for name, one in told["measurements"].items() if name in ("pr", "qrs", "qt")}
    assert known == pytest.approx({"pr": 160, "qrs": 90, "qt": 400}, abs=10)
    assert set(told["measurements"]["qrs"]) == {"value", "unit", "confidence"}
    assert list(told["leads"]["V6"]) == [one.value for one in LeadMeasure]
    assert "beats" not in told
    _, out, _ = _asked(capsys, "measure", "--json", DATA / "cpsc2021" / "data_92_12.hea")
    assert json.loads(out)["measurements"]["qrs_axis"].keys() in ({"absent"}, {"value", "unit", "confidence"})


def test_measure_with_beats_prints_the_limits_of_each(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, out, _ = _asked(capsys, "measure", "--json", "--beats", _record(tmp_path))
    beats = json.loads(out)["beats"]
    assert len(beats) >= 18
    for beat in beats:
        second = round(beat["r"] / 500 - R_AT_S)
        if second:  # the first P wave begins with the recording
            assert beat["p_onset"] == pytest.approx(500 * second, abs=8)
        assert beat["qrs_onset"] == pytest.approx(500 * (second + 0.16), abs=5)
        assert beat["t_end"] == pytest.approx(500 * (second + 0.56), abs=8)
    assert "qrs_onset" in _asked(capsys, "measure", "--beats", _record(tmp_path))[1]


def test_findings_state_measurements_and_answer_every_rule(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, _ = _asked(capsys, "findings", "--json", DATA / "ludb" / "1.hea")
    told = json.loads(out)
    assert status == 0
    assert "rate_low" in [one["code"] for one in told["statements"]]
    assert told["conclusion"] == "no_hit"
    verdicts = {one["rule"]: one["verdict"] for one in told["critical"]}
    assert verdicts["ventricular_tachycardia"] == "not_tested"
    assert verdicts["reinfarction"] == "by_person"
    chinese = _asked(capsys, "findings", "--language", "zh", DATA / "ludb" / "1.hea")[1]
    assert "已测规则无命中" in chinese
    assert "正常" not in chinese
    assert main(["ecg", "findings", "--age", "200", str(DATA / "ludb" / "1.hea")]) == 2


def test_a_list_of_critical_values_that_cannot_be_used_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "own.toml"
    table.write_text("[[rule]]\nid = 3\n")
    status, out, err = _asked(capsys, "findings", "--critical-values", table, DATA / "ludb" / "1.hea")
    assert (status, out) == (2, "")
    assert "own.toml" in err


def test_compare_takes_two_and_says_what_is_beyond_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    record = _record(tmp_path)
    status, out, _ = _asked(capsys, "compare", "--json", record, record)
    told = json.loads(out)
    assert status == 0
    assert {change["difference"] for change in told["changes"].values()} == {0}
    assert not any(change["beyond_noise"] for change in told["changes"].values())
    levels = [(one["lead"], one["at"]) for one in told["st"]]
    assert len(set(levels)) == len(levels) == (0 if told["st_refused"] else 24)  # at J and 60 ms later
    assert "difference" in _asked(capsys, "compare", record, record)[1]
    assert main(["ecg", "compare", str(record)]) == 2
    assert _asked(capsys, "compare", record, tmp_path / "none.hea")[0] == 2


@pytest.mark.parametrize("kind", KINDS)
def test_convert_writes_what_can_be_read_again(
    kind: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    record = _record(tmp_path)
    out_folder = tmp_path / "out"
    out_folder.mkdir()
    asked = [
        "convert",
        "--json",
        "--to",
        kind,
        "--output",
        out_folder,
        "--acquired",
        "20260102030405",
        record,
    ]
    status, out, err = _asked(capsys, *asked)
    assert (status, err) == (0, "")
    files = [Path(name) for name in json.loads(out)["written"]]
    assert all(file.exists() for file in files)
    if not kind.startswith("fhir"):
        assert read_any(files[0]).sample_count == 10_000
    status, _, err = _asked(capsys, *asked)
    assert status == 2
    assert "is there already; nothing was written" in err


def test_convert_keeps_a_name_in_any_letters(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    record = _record(tmp_path).rename(tmp_path / "张三 1.04.hea")
    status, out, _ = _asked(capsys, "convert", "--json", "--to", "edf", "--output", tmp_path, record)
    assert (status, json.loads(out)["written"]) == (0, [str(tmp_path / "张三 1.04.edf")])


@pytest.mark.parametrize("acquired", ["2026", "20260102", "20261345000000", "yesterday", ""])
def test_what_is_no_time_is_refused_by_kinds_that_have_no_place_for_it_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, acquired: str
) -> None:
    asked = ("convert", "--to", "wfdb", "--output", tmp_path / "out", "--acquired", acquired)
    (tmp_path / "out").mkdir()
    status, out, err = _asked(capsys, *asked, _record(tmp_path))
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert "is no date and time of the form YYYYMMDDHHMMSS" in err
    assert not list((tmp_path / "out").iterdir())


def test_a_file_that_knows_the_day_only_can_be_told_the_time(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    to_dicom = ("convert", "--json", "--to", "dicom-general", "--output", tmp_path, "--acquired")
    record = _record(tmp_path)
    to_fhir = ("convert", "--to", "fhir-r4", "--output", tmp_path, "--acquired", "20260102030405", record)
    assert _asked(capsys, *to_fhir)[0] == 0
    file = tmp_path / "known.json"
    status, _, err = _asked(capsys, *to_dicom, "20260103030405", file)
    assert (status, "acquired 20260102 by the file itself" in err) == (2, True)
    assert _asked(capsys, *to_dicom, "20260102030405", file)[0] == 0
    assert read_any(tmp_path / "known.dcm").acquired == "20260102030405"


def _converted(
    capsys: pytest.CaptureFixture[str], folder: Path, kind: str, *options: str, record: str = ""
) -> dict[str, Any]:
    """A Philips file that names a patient, or a record, as another kind in a folder of its own."""
    source = folder / "named.xml"
    source.write_bytes((DATA / "philips" / "pagewriter-touch-1.04.xml").read_bytes())
    out = folder / "-".join(["out", kind, *options])
    out.mkdir()
    file = DATA / record if record else source
    status, told, _ = _asked(capsys, "convert", "--json", "--to", kind, "--output", out, *options, file)
    assert status == 0
    answer: dict[str, Any] = json.loads(told)
    return answer


def test_convert_passes_on_whom_the_file_names_and_makes_nothing_up(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = _converted(capsys, tmp_path, "dicom-12-lead")
    (file,) = told["written"]
    stated = stated_patient(Path(file).read_bytes(), FileKind.DICOM)
    assert stated == stated_patient((tmp_path / "named.xml").read_bytes(), FileKind.PHILIPS_SIERRA)
    assert (told["patient"], stated.name) == ("written", "ZZDEMOPTONLY ADULT")
    assert "ZZDEMO" not in json.dumps(told)
    nobody = _converted(
        capsys, tmp_path, "dicom-12-lead", "--acquired", "20260102030405", record="ludb/1.hea"
    )
    assert nobody["patient"] == "not stated"
    assert stated_patient(Path(nobody["written"][0]).read_bytes(), FileKind.DICOM).says_nothing


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("fhir-r4", (), "the patient and the study are not written into this kind of file"),
        ("csv", (), "the patient and the study are not written into this kind of file"),
        ("dicom-12-lead", ("--patient", "drop"), "the patient the source names is left off, as asked"),
    ],
)
def test_convert_says_where_whom_the_file_names_is_not_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str, options: tuple[str, ...], said: str
) -> None:
    told = _converted(capsys, tmp_path, kind, *options)
    assert told["patient"] == "not written" and said in told["lost"]
    assert all(b"ZZDEMO" not in Path(file).read_bytes() for file in told["written"])


def test_convert_writes_findings_where_they_were_asked_for_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    at = ("--acquired", "20260102030405")
    plain = _converted(capsys, tmp_path, "fhir-r4", *at, record="ludb/1.hea")
    found = _converted(capsys, tmp_path, "fhir-r4", *at, "--findings", record="ludb/1.hea")
    read = [json.loads(Path(one["written"][0]).read_bytes()) for one in (plain, found)]
    assert [one["resourceType"] for one in read] == ["Observation", "Bundle"]
    assert read[1]["entry"][1]["resource"]["status"] == "preliminary"
    dicom = _converted(capsys, tmp_path, "dicom-12-lead", *at, "--findings", record="ludb/1.hea")
    dataset = dcmread(dicom["written"][0])
    assert len(dataset.WaveformSequence) == 2  # the rhythm and the median beat
    assert dataset.WaveformSequence[1].WaveformOriginality == "DERIVED"
    assert any("how sure the measurements are is not written" in one for one in dicom["lost"])


def test_the_kinds_that_can_be_asked_for_are_those_that_are_written() -> None:
    assert KINDS == tuple(kind.value for kind in WrittenKind)


PART_OF_A_FONT = Path(__file__).parents[1] / "data" / "fonts" / "wqy-microhei-part.ttf"


@pytest.fixture
def small_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDCLINIC_REPORT_FONT", str(PART_OF_A_FONT))


@pytest.mark.usefixtures("small_font")
def test_report_writes_a_pdf_of_each_file_under_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [DATA / "ludb" / "1.hea", DATA / "mitdb" / "100.hea"]
    status, out, err = _asked(capsys, "report", "--output", tmp_path, "--language", "zh", "--json", *files)
    assert (status, err) == (0, "")
    assert [json.loads(line)["written"] for line in out.splitlines()] == [
        [str(tmp_path / "1.pdf")],
        [str(tmp_path / "100.pdf")],
    ]
    text = PdfReader(tmp_path / "1.pdf").pages[0].extract_text()
    assert "十二导联心电图报告" in text and "机器草稿，未签发" in text and "次/分" in text


def test_report_as_svg_compares_with_an_earlier_ecg(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier, later = DATA / "ludb" / "1.hea", DATA / "ludb" / "101.hea"
    options = ("--as", "svg", "--earlier", earlier, "--layout", "12x1", "--cabrera", "--gain", "5")
    status, out, _ = _asked(capsys, "report", "--output", tmp_path, *options, later)
    assert status == 0 and out.rstrip().endswith(f"{tmp_path / '101.svg'}, {tmp_path / '101-2.svg'}")
    first, second = ((tmp_path / name).read_text() for name in ("101.svg", "101-2.svg"))
    assert "−aVR" in first and "Gain 5 mm/mV" in first and "Earlier" in second and "Change" in second


@pytest.mark.usefixtures("small_font")
def test_report_writes_over_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1.pdf").write_text("kept")
    status, _, err = _asked(capsys, "report", "--output", tmp_path, DATA / "ludb" / "1.hea")
    assert status == 2 and "1.pdf is there already; nothing was written" in err
    assert (tmp_path / "1.pdf").read_text() == "kept"


def test_report_without_its_font_names_the_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDCLINIC_REPORT_FONT", str(tmp_path / "none.ttc"))
    status, _, err = _asked(capsys, "report", "--output", tmp_path, DATA / "ludb" / "1.hea")
    assert status != 0 and "apt-get install fonts-wqy-microhei" in err and list(tmp_path.iterdir()) == []


def test_report_refuses_a_scale_no_paper_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = _asked(capsys, "report", "--output", tmp_path, "--gain", "3", DATA / "ludb" / "1.hea")
    assert status != 0 and "possible are 2.5, 5.0, 10.0, 20.0" in err


def test_the_layouts_of_a_report_are_those_that_are_drawn() -> None:
    assert tuple(Layout) == LAYOUTS
