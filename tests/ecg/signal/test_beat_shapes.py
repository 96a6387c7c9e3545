"""Beats sorted by shape."""

import numpy as np
import pytest

from ecg.signal.beat_shapes import MAX_SHAPES, BeatWindows, sorted_by_shape
from ecg.synthetic import SyntheticEcg

RATE_HZ = 500
RS = [102 + k * RATE_HZ for k in range(1, 12)]


def windows(samples: np.ndarray) -> BeatWindows:
    return BeatWindows.of(samples, RATE_HZ, 1000.0)


def rows() -> np.ndarray:
    return SyntheticEcg(RATE_HZ).samples(0, 13 * RATE_HZ)


def test_one_shape_when_all_are_alike_and_its_beats_are_put_in_line() -> None:
    marked = [r + k % 5 - 2 for k, r in enumerate(RS)]
    (shape,) = sorted_by_shape(windows(rows()), marked)
    assert shape.given == tuple(marked)
    assert set(np.diff(shape.aligned).tolist()) == {RATE_HZ}


@pytest.mark.parametrize("apart_ms", [-66, -34, 34, 50, 66])
@pytest.mark.parametrize("first", [4, 6])
def test_beats_whose_r_was_found_elsewhere_in_the_complex_are_the_same_shape(
    apart_ms: int, first: int
) -> None:
    marked = [r + (apart_ms * RATE_HZ // 1000 if k >= first else 0) for k, r in enumerate(RS)]
    (shape,) = sorted_by_shape(windows(rows()), marked)
    assert shape.given == tuple(marked)
    assert set(np.diff(shape.aligned).tolist()) == {RATE_HZ}
    assert sum(a == g for a, g in zip(shape.aligned, marked, strict=True)) == max(first, len(RS) - first)


def test_a_beat_at_an_end_is_never_moved_to_where_it_would_be_cut_off() -> None:
    last = RS[-1]
    samples = rows()[:, : last + 114]
    marked = [RS[0], *(r + 25 for r in RS[1:-1]), last]  # most found later: moved there, the last lacks ST
    (shape,) = sorted_by_shape(windows(samples), marked)
    assert set(np.diff(shape.aligned).tolist()) == {RATE_HZ}
    assert all(windows(samples).has(r, 55, 100) for r in shape.aligned)


def test_the_commonest_comes_first_and_each_beat_is_in_one_shape() -> None:
    samples = rows()
    for r in RS[1:9:2]:
        samples[:, r - 60 : r + 120] = -samples[:, r - 60 : r + 120]
    shapes = sorted_by_shape(windows(samples), RS)
    assert [len(shape.given) for shape in shapes] == [7, 4]
    assert sorted(r for shape in shapes for r in shape.given) == RS


def test_a_beat_twice_as_high_is_another_shape() -> None:
    samples = rows()
    samples[:, RS[3] - 100 : RS[3] + 250] *= 2
    shapes = sorted_by_shape(windows(samples), RS)
    assert [len(shape.given) for shape in shapes] == [10, 1]


def test_in_noise_shapes_are_bounded() -> None:
    noise = np.random.default_rng(1).normal(0, 300, (2, 60_000)).astype(np.int16)
    shapes = sorted_by_shape(windows(noise), list(range(500, 59_000, 400)))
    assert len(shapes) == MAX_SHAPES


def test_a_beat_cut_off_or_with_a_hole_is_not_whole() -> None:
    samples = rows()
    samples[3, RS[4] + 10] = -32768
    around = windows(samples)
    assert not around.is_whole(20)
    assert not around.is_whole(RS[4])
    assert around.is_whole(RS[5])
    assert not around.is_whole(RS[5], before=RATE_HZ - 20)
