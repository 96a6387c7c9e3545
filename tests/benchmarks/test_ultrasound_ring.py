"""The ring's figures: of frames that came out as they went in, with their bounds."""

import numpy as np
import pytest

from benchmarks import ultrasound_ring
from ultrasound.synthetic import SyntheticUltrasound


def test_two_seconds_are_kept_packed_and_given_back() -> None:
    sector = SyntheticUltrasound()
    kept = ultrasound_ring.keep(
        lambda number: np.ascontiguousarray(sector.frame(number * 33_333)[:, :, 0]), 2
    )
    assert kept.different == 0 and len(kept.out_ms) == 3
    assert kept.seconds == pytest.approx(59 / 30, abs=0.001)
    assert 0 < kept.held_mb < 60 * 640 * 480 / 1e6 and kept.cores > 0


def test_each_kind_of_picture_has_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = ultrasound_ring.Kept(
        cores=0.3, held_mb=230.0, grown_mb=240.0, seconds=60.0, out_ms=(10.0,) * 20, different=1
    )
    monkeypatch.setattr(ultrasound_ring, "keep", lambda picture, seconds: kept)
    rows = ultrasound_ring.rows()
    assert [(row.value, row.must, row.met) for row in rows[:4]] == [
        (0.3, 0.25, False),
        (230.0, 400.0, True),
        (10.0, None, True),
        (1, 0, False),
    ]
    assert len(rows) == 8 and all(
        row.what.startswith("ring, 60 s of 1024x768 grey at 30 fps") for row in rows
    )
