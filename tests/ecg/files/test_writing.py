"""One door for writing: every kind is read again, and says what is not in it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.annotations import Annotation, AnnotationCode
from ecg.description import Filters
from ecg.errors import SignalError
from ecg.files import writing
from ecg.files.companions import InMemory
from ecg.files.dicom_identity import DicomIdentity
from ecg.files.door import read_any
from ecg.files.findings import Findings
from ecg.files.writing import Alongside, Written, WrittenKind, write
from ecg.leads import Lead
from ecg.measurements import Measure
from ecg.tracing import Tracing
from tests.ecg.files.samples import (
    ACQUIRED,
    RECORDS,
    measurements,
    median_of,
    record,
    same_values,
    tracing,
    tracings,
    with_gap,
)

SMALL = replace(tracing(np.arange(1200, dtype=np.int16).reshape(2, 600)), acquired=ACQUIRED)
EVERYTHING = Alongside(
    identity=DicomIdentity(patient_id="4711"),
    findings=Findings(measurements=measurements(Measure.PR), median=median_of(Lead.I), statements=("x",)),
)
DICOM = [kind for kind in WrittenKind if kind.startswith("dicom")]


def read_again(written: Written) -> Tracing:
    first = next(iter(written.files))
    return read_any(written.files[first], first, beside=InMemory(written.files))


@pytest.mark.parametrize("kind", WrittenKind)
@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_written_right_as_every_kind(name: str, kind: WrittenKind) -> None:
    source = record(name)
    dated = replace(source, acquired=source.acquired or ACQUIRED)
    assert same_values(dated, read_again(write(dated, kind, "again")))


@given(tracings(), st.sampled_from(WrittenKind))
def test_any_tracing_is_written_right_or_refused(before: Tracing, kind: WrittenKind) -> None:
    try:
        written = write(before, kind, "x")
    except SignalError as refused:
        assert any(
            why in str(refused) for why in (" Hz; ", "time of acquisition", "cannot be told in 8 characters")
        ), refused
        return
    assert same_values(before, read_again(written))


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (WrittenKind.WFDB, ["x.hea", "x.dat"]),
        (WrittenKind.EDF_PLUS, ["x.edf"]),
        (WrittenKind.CSV, ["x.csv"]),
        (WrittenKind.DICOM_GENERAL, ["x.dcm"]),
        (WrittenKind.FHIR_R4, ["x.json"]),
    ],
)
def test_the_files_have_the_name_and_the_endings_of_their_kind(kind: WrittenKind, names: list[str]) -> None:
    assert list(write(SMALL, kind, "x").files) == names


@pytest.mark.parametrize("kind", [WrittenKind.WFDB, WrittenKind.CSV, *DICOM])
def test_a_plain_tracing_loses_nothing(kind: WrittenKind) -> None:
    assert write(SMALL, kind, "x").lost == ()


def test_what_a_kind_has_no_place_for_is_said() -> None:
    said = (Annotation(7, AnnotationCode.RHYTHM_CHANGE, "(AFIB", subtype=2),)
    filtered = tuple(replace(channel, filters=Filters(0.05, 150)) for channel in SMALL.channels)
    rich = replace(SMALL, channels=filtered, annotations=said, device="Model 7")
    filters, device = "every lead: what the device filtered is lost", "the name of the device is lost"
    assert {kind: write(rich, kind, "x").lost for kind in WrittenKind if kind not in DICOM[1:]} == {
        WrittenKind.WFDB: (filters, device),
        WrittenKind.EDF_PLUS: (
            "every lead: the name is written otherwise",
            device,
            "codes, texts, subtypes of annotations differ",
        ),
        WrittenKind.CSV: (filters, device, "1 of 1 annotations are lost"),
        WrittenKind.DICOM_TWELVE_LEAD: ("subtypes of annotations differ",),
        WrittenKind.FHIR_R4: (
            "every lead: what the device filtered is told in words only",
            "the start is told without its time of day",
            "1 of 1 annotations are lost",
        ),
        WrittenKind.FHIR_R5: (
            "every lead: what the device filtered is told in words only",
            "the start is told without its time of day",
            "1 of 1 annotations are lost",
        ),
    }


@pytest.mark.parametrize("kind", [WrittenKind.WFDB, WrittenKind.EDF_PLUS, WrittenKind.CSV])
def test_findings_and_identity_have_no_place_in_a_file_of_samples(kind: WrittenKind) -> None:
    assert set(write(SMALL, kind, "x", EVERYTHING).lost) >= {
        f"{what} written into this kind of file"
        for what in (
            "the patient and the study are not",
            "the median beat is not",
            "the statements are not",
            "the measurements are not",
        )
    }
    assert not any(b"4711" in data for data in write(SMALL, kind, "x", EVERYTHING).files.values())


def test_of_findings_in_dicom_and_fhir_only_what_is_lost_is_said() -> None:
    sure = "how sure the measurements are is not written, nor the limits of each beat"
    assert write(SMALL, WrittenKind.DICOM_TWELVE_LEAD, "x", EVERYTHING).lost == (
        sure,
        "1 measurements are absent, and why is not written",
        "no standard code stands for rr_min, rr_max, rr_sd, rr_rmssd, which are not written",
    )
    assert write(SMALL, WrittenKind.FHIR_R4, "x", EVERYTHING).lost[-3:] == (
        "the patient and the study are not written into this kind of file",
        "the median beat is not written into this kind of file",
        sure,
    )


def test_a_gap_is_kept_by_every_kind() -> None:
    gapped = with_gap(SMALL, 200, 300)
    for kind in WrittenKind:
        assert [(gap.first, gap.count) for gap in read_again(write(gapped, kind, "x")).gaps()] == [
            (200, 100)
        ], kind


def test_a_long_tracing_is_several_files_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MAX_PART_BYTES", 2 * 2 * 250)
    written = write(SMALL, WrittenKind.DICOM_GENERAL, "x")
    assert list(written.files) == ["x-1.dcm", "x-2.dcm", "x-3.dcm"]
    assert written.lost == ("it takes 3 objects, which follow each other without a gap",)


def test_a_file_that_is_read_otherwise_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    other = write(with_gap(SMALL, 5, 6), WrittenKind.CSV, "x").files["x.csv"]
    monkeypatch.setattr(writing, "write_csv", lambda tracing: other)
    with pytest.raises(SignalError, match="I: what was written is read with other gaps"):
        write(SMALL, WrittenKind.CSV, "x")


@pytest.mark.parametrize("name", ["", "../x", "..", "a/b", "a\nb"])
@pytest.mark.parametrize("kind", WrittenKind)
def test_a_name_that_is_none_is_refused(kind: WrittenKind, name: str) -> None:
    with pytest.raises(SignalError, match="letters, digits, - and _ are right|names no file in a folder"):
        write(SMALL, kind, name)


@pytest.mark.parametrize("name", ["a b", "x.hea", "张三 2026.1"])
def test_wfdb_which_has_the_name_in_the_file_takes_plain_letters_only(name: str) -> None:
    with pytest.raises(SignalError, match="letters, digits, - and _ are right in WFDB"):
        write(SMALL, WrittenKind.WFDB, name)
    assert list(write(SMALL, WrittenKind.EDF_PLUS, name).files) == [f"{name}.edf"]
