"""Damaged files are shown or refused in one sentence; `benchmarks.ultrasound_mutations` tries many more."""

import tracemalloc
from pathlib import Path

import pytest

from tests.ultrasound.files.damage import mutation, whole
from ultrasound.dicom import open_dicom
from ultrasound.errors import SourceUnreadable
from ultrasound.files.pixel_form import Coding


@pytest.mark.parametrize("coding", list(Coding))
@pytest.mark.filterwarnings("ignore")  # pydicom warns of much that it repairs
def test_damaged_files_are_shown_or_refused_in_a_sentence(tmp_path: Path, coding: Coding) -> None:
    path, refused = tmp_path / "damaged.dcm", 0
    tracemalloc.start()
    for number in range(60):
        path.write_bytes(mutation(coding, number))
        try:
            cine = open_dicom(path, paced=False)
            for index in range(min(2, cine.frame_count)):
                assert cine.frame(index).shape == (cine.height, cine.width, 3)
            cine.close()
        except SourceUnreadable as refusal:
            refused += 1
            assert str(refusal).startswith("damaged.dcm")
            assert str(refusal).isprintable() and len(str(refusal)) < 250
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()
    assert refused > 20


@pytest.mark.parametrize("coding", list(Coding))
def test_the_files_that_are_damaged_are_right_before(tmp_path: Path, coding: Coding) -> None:
    for data in whole(coding):
        (tmp_path / "x.dcm").write_bytes(data)
        assert open_dicom(tmp_path / "x.dcm").frame(1).std() > 20
