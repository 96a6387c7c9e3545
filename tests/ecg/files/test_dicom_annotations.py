"""Annotations of DICOM objects of other makers: what is at samples is read, what is not is told."""

from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from ecg.annotations import Annotation, AnnotationCode
from ecg.errors import SourceUnreadable
from ecg.files import dicom_annotations
from ecg.files.dicom import read_dicom
from ecg.files.dicom_codes import Term
from tests.ecg.files.samples import dicom_bytes, short_dicom

Change = Callable[[Dataset], object]


def item(**fields: object) -> Dataset:
    made = Dataset()
    made.ReferencedWaveformChannels = [1, 0]
    for keyword, value in fields.items():
        setattr(made, keyword, value)
    return made


def coded(term: Term, **fields: object) -> Dataset:
    return item(ConceptNameCodeSequence=term.sequence(), **fields)


NORMAL = Term("MDC", "10:8208", "Normal beat")
FIDUCIAL = Term("SCPECG", "5.7.1-3", "Fiducial Point")


def annotated(*items: Dataset) -> tuple[tuple[Annotation, ...], tuple[str, ...]]:
    data = short_dicom(lambda dataset: setattr(dataset, "WaveformAnnotationSequence", Items(items)))
    found = read_dicom(data, "x.dcm")
    return found.annotations, found.notes[1:]


def test_the_marks_of_a_real_file_are_notes_at_their_samples() -> None:
    found = read_dicom(dicom_bytes(), "x.dcm")
    assert len(found.annotations) == 66
    assert found.annotations[0] == Annotation(298, AnnotationCode.NOTE, "P Onset")
    assert {said.text for said in found.annotations} == {
        "P Onset", "P Offset", "QRS Onset", "Fiducial Point", "QRS Offset", "T Offset",
    }  # fmt: skip
    assert found.beats == ()
    assert found.notes[-1] == "11 measurements and remarks left aside: not at samples of this group"


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (
            coded(NORMAL, TemporalRangeType="POINT", ReferencedSamplePositions=1),
            [Annotation(0, AnnotationCode.NORMAL)],
        ),
        (
            coded(NORMAL, TemporalRangeType="MULTIPOINT", ReferencedSamplePositions=[100, 5]),
            [Annotation(4, AnnotationCode.NORMAL), Annotation(99, AnnotationCode.NORMAL)],
        ),
        (
            coded(FIDUCIAL, TemporalRangeType="MULTISEGMENT", ReferencedSamplePositions=[1, 51, 61, 71]),
            [
                Annotation(0, AnnotationCode.NOTE, "Fiducial Point", duration_s=0.05),
                Annotation(60, AnnotationCode.NOTE, "Fiducial Point", duration_s=0.01),
            ],
        ),
        (
            item(UnformattedTextValue="cough", TemporalRangeType="POINT", ReferencedTimeOffsets=["0.02"]),
            [Annotation(20, AnnotationCode.NOTE, "cough")],
        ),
        (
            item(
                UnformattedTextValue="V1 off",
                ReferencedWaveformChannels=[2, 3, 1, 7],
                ReferencedSamplePositions=3,
            ),
            [Annotation(2, AnnotationCode.NOTE, "V1 off", channel=6)],
        ),
    ],
)
def test_what_is_at_samples_is_read(of: Dataset, expected: list[Annotation]) -> None:
    assert annotated(of) == (tuple(expected), ())


@pytest.mark.parametrize(
    "of",
    [
        item(UnformattedTextValue="sinus rhythm"),
        item(UnformattedTextValue="R", ReferencedWaveformChannels=[2, 0], ReferencedSamplePositions=3),
        coded(Term("MDC", "2:16156", "QRS duration global"), NumericValue="92", ReferencedSamplePositions=1),
        coded(NORMAL, TemporalRangeType="SEGMENT", ReferencedSamplePositions=[1, 2, 3]),
    ],
    ids=["on the whole", "of another group", "a measurement", "a segment without an end"],
)
def test_what_is_not_is_counted(of: Dataset) -> None:
    said, notes = annotated(of)
    assert said == ()
    assert notes == ("1 measurements and remarks left aside: not at samples of this group",)


def test_a_text_belongs_to_the_code_of_its_group_and_samples_only() -> None:
    own = Term("99CLOUDCLINIC", "MIT-28", "rhythm change")
    said, _ = annotated(
        coded(own, AnnotationGroupNumber=4, ReferencedSamplePositions=10),
        item(UnformattedTextValue="(AFIB", AnnotationGroupNumber=4, ReferencedSamplePositions=10),
        item(UnformattedTextValue="other", AnnotationGroupNumber=5, ReferencedSamplePositions=10),
        item(UnformattedTextValue="later", AnnotationGroupNumber=4, ReferencedSamplePositions=11),
    )
    assert said == (
        Annotation(9, AnnotationCode.RHYTHM_CHANGE, "(AFIB"),
        Annotation(9, AnnotationCode.NOTE, "other"),
        Annotation(10, AnnotationCode.NOTE, "later"),
    )


@pytest.mark.parametrize("position", [0, 102, 4_000_000_000])
def test_an_annotation_beyond_the_signal_is_refused(position: int) -> None:
    with pytest.raises(SourceUnreadable, match=f"an annotation at sample {position - 1} of 100"):
        annotated(coded(NORMAL, ReferencedSamplePositions=position))


def test_more_items_than_anyone_makes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dicom_annotations, "MAX_ITEMS", 3)
    with pytest.raises(SourceUnreadable, match="4 items of annotations; at most 3"):
        annotated(*(item(UnformattedTextValue="x") for _ in range(4)))


def test_more_points_than_a_day_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dicom_annotations, "MAX_ANNOTATIONS", 50)
    with pytest.raises(SourceUnreadable, match="more than 50 annotations"):
        annotated(coded(NORMAL, ReferencedSamplePositions=list(range(1, 52))))
