"""What the viewer's figures are computed from, and what its page is given."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import ecg_view
from benchmarks.ecg_view import Watched


def watched(frame_ms: list[float], fps: float, motion: str = "sweep") -> Watched:
    return Watched(
        arrangement="12x1",
        motion=motion,
        frame_ms=tuple(frame_ms),
        script_ms=tuple(one / 4 for one in frame_ms),
        fps=fps,
        turn_ms=(90.0,) * 20,
    )


def test_frames_are_bound_by_their_p95_and_their_number_a_second() -> None:
    frame, rate, turn = ecg_view.rows([watched([3.0] * 94 + [9.0] * 6, 59.5)], "")
    assert (frame.value, frame.must, frame.met) == (9.0, 8, False)
    assert (rate.value, rate.must, rate.met) == (59.5, 58, True)
    assert (turn.value, turn.must) == (90.0, None)
    frame, rate, _ = ecg_view.rows([watched([3.0] * 96 + [9.0] * 4, 57.0)], "")
    assert (frame.value, frame.met, rate.met) == (3.0, True, False)


def test_traces_that_scroll_have_no_row_for_a_still_page() -> None:
    assert len(ecg_view.rows([watched([3.0] * 20, 60, "scroll")], "")) == 2


def test_what_was_not_taken_says_why_and_is_not_met() -> None:
    rows = ecg_view.rows(None, "no Chromium on this machine")
    assert len(rows) == 10
    assert all(row.value is None and not row.met and "no Chromium" in row.why for row in rows)


def test_frames_a_second_are_counted_over_all_of_them() -> None:
    assert ecg_view.frames_a_second([0, 16, 33, 50]) == 60
    assert ecg_view.frames_a_second([5]) == 0


def test_the_page_is_given_twelve_leads_at_500_hz_in_little_endian_steps() -> None:
    meta, samples = ecg_view.signal()
    rows = np.frombuffer(samples, "<i2").reshape(len(meta["leads"]), -1)
    assert (meta["rate_hz"], rows.shape) == (500, (12, 30_000))
    assert np.ptp(rows[1] * meta["nv_per_lsb"]) > 1e6  # lead II, a millivolt and more


def test_a_worker_that_is_not_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="build the client"):
        ecg_view.worker_module(tmp_path)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "worker-abc.js").touch()
    assert '"/assets/worker-abc.js"' in ecg_view.worker_module(tmp_path)
