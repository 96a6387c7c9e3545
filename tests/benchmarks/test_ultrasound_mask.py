"""The figures of masking are taken, and of what they say."""

import pytest

from benchmarks import ultrasound_mask


def test_every_figure_is_taken_of_pictures_that_a_profile_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    for rounds in ("_ROUNDS", "_LOOKS", "_PROPOSALS"):
        monkeypatch.setattr(ultrasound_mask, rounds, 5)
    rows = ultrasound_mask.rows()
    assert [row.must for row in rows] == [0.6, 0.6, 0.6, 10.0, None]
    assert all(row.value is not None and row.value > 0 and row.why == "n=5" for row in rows)
