"""The figures of ultrasound reading are taken of what they say, and damaged files are counted right."""

import pytest

from benchmarks import ultrasound_mutations, ultrasound_reading
from benchmarks.ultrasound_mutations import Tally, measure
from ultrasound.files.pixel_form import Coding


def test_every_figure_is_taken() -> None:
    rows = ultrasound_reading.rows()
    assert [row.unit for row in rows] == ["ms", "s of CPU", "MB"]
    assert all(row.value is not None and row.value >= 0 for row in rows)


def test_damaged_files_are_refused_or_shown(capfd: pytest.CaptureFixture[str]) -> None:
    (tally,) = measure(20, [Coding.RUN_LENGTHS])
    assert (tally.count, tally.refused + tally.shown) == (20, 20)
    assert tally.met and 0 < tally.refused < 20


def test_a_reader_that_dies_is_no_success() -> None:
    tally = Tally(Coding.JPEG, count=2, refused=1, died=[(1, "exit status -6")])
    assert not tally.met
    assert ultrasound_mutations.rows([tally])[0].value == 1
