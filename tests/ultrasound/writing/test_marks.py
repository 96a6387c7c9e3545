"""Marks: each where it was drawn, on its frame and no other; the picture stays as it is."""

import dataclasses
import io
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.ultrasound.writing.objects import IDENTITY, NINE, SCANNER, complaints
from tests.ultrasound.writing.test_report import CINE, STILL
from ultrasound.errors import WritingRefused
from ultrasound.writing.identity import Identity, Place
from ultrasound.writing.marks import Mark, MarkedFrame, Shape, write_marks

PLACE = Place(series_instance_uid="1.2.826.0.1.41", sop_instance_uid="1.2.826.0.1.51", series_number=91)
ARROW = Mark(Shape.ARROW, ((10, 10), (50, 50)), "看这里")
ALL = (
    ARROW,
    Mark(Shape.POINT, ((0, 0),)),
    Mark(Shape.LINE, ((1, 2), (3, 4), (5, 4))),
    Mark(Shape.OUTLINE, ((1, 1), (9, 1), (9, 9)), "zone"),
    Mark(Shape.CIRCLE, ((100, 100), (120, 100))),
)


def written(*frames: MarkedFrame, **fields: Any) -> Dataset:
    return pydicom.dcmread(io.BytesIO(write_marks(frames, IDENTITY, PLACE, NINE, **fields)))


def graphics(dataset: Dataset) -> list[Dataset]:
    return list(dataset.GraphicAnnotationSequence[0].GraphicObjectSequence)


def test_every_mark_is_where_it_was_drawn() -> None:
    arrow, point, line, outline, circle = graphics(written(MarkedFrame(CINE, ALL)))
    assert list(point.GraphicData) == [0.5, 0.5]
    assert list(line.GraphicData) == [1.5, 2.5, 3.5, 4.5, 5.5, 4.5]
    assert list(outline.GraphicData) == [1.5, 1.5, 9.5, 1.5, 9.5, 9.5, 1.5, 1.5]
    assert (circle.GraphicType, list(circle.GraphicData)) == ("CIRCLE", [100.5, 100.5, 120.5, 100.5])
    assert list(arrow.GraphicData[:4]) == [10.5, 10.5, 50.5, 50.5]
    assert list(arrow.GraphicData[6:8]) == [50.5, 50.5]  # both sides of the head begin at the tip
    assert arrow.NumberOfGraphicPoints == 5


def test_words_stand_at_the_last_point() -> None:
    first, second = written(MarkedFrame(CINE, ALL)).GraphicAnnotationSequence[0].TextObjectSequence
    assert (first.UnformattedTextValue, list(first.AnchorPoint)) == ("看这里", [50.5, 50.5])
    assert (second.UnformattedTextValue, list(second.AnchorPoint)) == ("zone", [9.5, 9.5])


def test_marks_belong_to_their_frame_counted_from_one() -> None:
    later = dataclasses.replace(CINE, frame=99)
    dataset = written(MarkedFrame(CINE, (ARROW,)), MarkedFrame(later, ALL[1:]))
    numbers = [
        annotation.ReferencedImageSequence[0].ReferencedFrameNumber
        for annotation in dataset.GraphicAnnotationSequence
    ]
    assert numbers == [60, 100]
    assert len(dataset.ReferencedSeriesSequence[0].ReferencedImageSequence) == 1


@pytest.mark.parametrize(
    ("image", "sop_class"), [(CINE, "1.2.840.10008.5.1.4.1.1.11.2"), (STILL, "1.2.840.10008.5.1.4.1.1.11.1")]
)
def test_grey_and_coloured_pictures_have_states_of_their_own(image: Any, sop_class: str) -> None:
    dataset = written(MarkedFrame(image, ALL))
    assert dataset.SOPClassUID == sop_class
    assert ("ICCProfile" in dataset) == image.coloured
    assert ("PresentationLUTShape" in dataset) != image.coloured


@pytest.mark.dicom3tools
@pytest.mark.parametrize("image", [CINE, STILL], ids=["coloured", "grey"])
@pytest.mark.parametrize("known", [True, False])
def test_dciodvfy_finds_no_error(image: Any, known: bool, tmp_path: Path) -> None:
    frames = [MarkedFrame(image, ALL)]
    identity = IDENTITY if known else Identity(study_instance_uid="1.2.3")
    told = ("marks of the consult", "Li^Si=李^四", SCANNER) if known else ()
    (tmp_path / "m.dcm").write_bytes(write_marks(frames, identity, PLACE, NINE, *told))
    assert complaints(tmp_path / "m.dcm") == []


def test_who_drew_is_told_only_where_it_was_given() -> None:
    assert written(MarkedFrame(CINE, ALL)).ContentCreatorName == ""
    assert written(MarkedFrame(CINE, ALL), creator="Li^Si=李^四").ContentCreatorName.ideographic == "李^四"


def test_the_time_is_the_caller_s() -> None:
    dataset = written(MarkedFrame(STILL, ALL))
    told = (dataset.PresentationCreationDate, dataset.PresentationCreationTime)
    assert told == ("20261128", "090000")


def test_an_arrow_at_the_edge_stays_in_the_picture() -> None:
    (arrow,) = graphics(written(MarkedFrame(CINE, (Mark(Shape.ARROW, ((700, 0), (799, 0))),))))
    assert min(arrow.GraphicData) >= 0
    assert max(arrow.GraphicData[::2]) <= 800


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        ((), "without a mark"),
        ((MarkedFrame(CINE, ()),), "without a mark"),
        ((MarkedFrame(CINE, (ARROW,)), MarkedFrame(STILL, (ARROW,))), "a presentation each"),
        ((MarkedFrame(CINE, (Mark(Shape.ARROW, ((1, 1),)),)),), "arrow of 1 points"),
        ((MarkedFrame(CINE, (Mark(Shape.POINT, ((900, 1),)),)),), "outside the picture"),
        ((MarkedFrame(CINE, (Mark(Shape.POINT, ((float("nan"), 1),)),)),), "outside the picture"),
        ((MarkedFrame(CINE, (Mark(Shape.POINT, ((1, 1),), "x" * 1025),)),), "1025 letters"),
    ],
)
def test_what_cannot_be_drawn_is_refused(frames: tuple[MarkedFrame, ...], words: str) -> None:
    with pytest.raises(WritingRefused, match=words):
        written(*frames)
