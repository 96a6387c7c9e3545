"""What the figures are computed from: medians, ratios, slopes, shares."""

from pathlib import Path

import pytest

from benchmarks import against_janus, capacity, ecg_loss, janus_server, loss, soak
from benchmarks.against_janus import CASES, Case, Lane
from benchmarks.capacity import Server, Step
from benchmarks.ecg_loss import Delivered
from benchmarks.loss import Back
from benchmarks.picture_stream import Picture
from benchmarks.soak import Left, Soaked
from benchmarks.spread import Spread

TWELVE = Case(picture=Picture.P1080, viewers=12)


def lane(us_a_packet: list[float]) -> Lane:
    cpu = [one / 10 for one in us_a_packet]
    return Lane(None, None, None, None, cpu, us_a_packet)  # type: ignore[arg-type]


def test_the_ratio_is_the_median_of_the_turns_and_so_is_each_cost() -> None:
    ours, janus = lane([6.0, 5.0, 30.0]), lane([12.0, 20.0, 40.0])
    ratio, cost, peers = against_janus.rows(TWELVE, [ours, janus], "")
    assert (ratio.value, ratio.met) == (0.5, True)  # of 0.5, 0.25 and 0.75: each pair ran at the same time
    assert (cost.value, cost.must, cost.met) == (6.0, 10, True)
    assert (peers.value, peers.must) == (20.0, None)


def test_without_janus_our_own_cost_is_told_and_the_ratio_says_why_there_is_none() -> None:
    why = "janus is not installed: scripts/janus"
    ratio, cost, peers = against_janus.rows(TWELVE, [lane([6.0])], why)
    assert (ratio.value, ratio.met, ratio.why) == (None, False, why)
    assert cost.value == 6.0
    assert (peers.value, peers.why) == (None, why)


def test_where_janus_is_missing_it_is_said_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert janus_server.missing() == "janus is not installed: scripts/janus"
    assert janus_server.version() == "none"


def test_each_number_of_viewers_has_its_bound_and_only_one_case_the_cost_of_a_packet() -> None:
    bounds = {rows[0].must for one in CASES if (rows := against_janus.rows(one, [], "no"))}
    assert bounds == {0.9, 0.6, 0.5}
    assert [one for one in CASES if against_janus.rows(one, [], "no")[1].must is not None] == [TWELVE]


def test_what_one_consult_takes_is_the_slope_and_not_what_the_worker_takes_anyway() -> None:
    share, base = capacity.per_consult([(0, 0.02), (1, 0.07), (2, 0.12), (4, 0.22)])
    assert share == pytest.approx(0.05)
    assert base == pytest.approx(0.02)


def test_consults_a_core_and_the_whole_site_follow_from_it() -> None:
    steps = [Step(n, 0.02 + 0.05 * n, 80 + 2 * n, 2310.0 * n, 25.0) for n in (0, 1, 2, 4)]
    server = Server(0.01, 0.002, 0.5, 0.03, 4.0, 200.0)
    core, site, *_ = capacity.rows(steps, server, "")
    assert core.value == pytest.approx(16)
    assert core.met is True
    # 0.01 idle, 40 stations of 0.002, 20 rooms of 0.02 in the server and 0.05 in a worker, at 80 %
    assert site.value == pytest.approx((0.01 + 0.08 + 0.4 + 1.0) / 0.8)
    assert site.why.startswith("420 MB")  # 200 + 20 + 80 + 40 + 80


def test_without_a_browser_no_capacity_is_claimed() -> None:
    core, site = capacity.rows([], None, "no Chromium on this machine")
    assert (core.value, core.met, core.why) == (None, False, "no Chromium on this machine")
    assert site.value is None


def test_memory_is_flat_when_the_last_third_is_as_the_first_whatever_lies_between() -> None:
    assert soak.growth_percent([100.0] * 4 + [300.0] * 4 + [101.0] * 4) == pytest.approx(1.0)
    assert soak.growth_percent([100.0, 101.0]) is None


def test_whatever_is_left_after_a_soak_is_missed() -> None:
    before, after = Left({"worker": 20}, 2, 6), Left({"worker": 21}, 2, 7)
    soaked = Soaked(before, after, {"worker": [80.0] * 9}, joins=3)
    memory, descriptors, peers, tasks = soak.rows(soaked, "")
    assert (memory.met, descriptors.met, peers.met, tasks.met) == (True, False, True, False)
    assert (descriptors.value, tasks.value) == (1, 1)


def test_a_sample_that_never_came_counts_in_the_share() -> None:
    done = Delivered(sent=1000, after_capture_ms=[30.0] * 999, after_piece_ms=[20.0] * 999)
    late, _, share = ecg_loss.rows(done, "")
    assert (late.value, late.met) == (20.0, True)
    assert share.value == pytest.approx(99.9)
    assert share.why == "1 of 1000 missing"


def test_a_line_that_brings_no_video_back_is_a_row_without_a_value() -> None:
    video, state, ecg = loss.back_rows(Back(None, 1.5, True), "")
    assert (video.value, video.met, video.why) == (None, False, "not within 30 s")
    assert (state.met, ecg.met) == (True, True)


def test_percentiles_are_of_what_was_measured_and_few_values_have_none() -> None:
    assert Spread([float(n) for n in range(100)]).p95 == 95.0
    assert Spread([1.0, 2.0]).median is None
