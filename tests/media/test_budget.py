"""How much a source is asked to send, by what the lines of its viewers carry."""

import pytest

from media.budget import changed, reduced_limit, source_limit
from records.rooms import MediaKind

FACE, ULTRASOUND = MediaKind.FACE, MediaKind.ULTRASOUND


@pytest.mark.parametrize(
    ("kind", "allowances", "limit"),
    [
        (ULTRASOUND, [], None),
        (ULTRASOUND, [None, None], None),
        (ULTRASOUND, [800_000.0], 800_000.0),
        (ULTRASOUND, [None, 1_200_000.0], 1_200_000.0),
        (ULTRASOUND, [900_000.0, 800_000.0], 800_000.0),
        (ULTRASOUND, [700_000.0, 500_000.0, 450_000.0], 450_000.0),  # all about the same: it follows them
        (ULTRASOUND, [None, 50_000.0], None),  # one line that can show nothing does not spoil the others
        (ULTRASOUND, [None, None, 450_000.0], None),  # nor does one that is much slower hold them back
        (ULTRASOUND, [None, 800_000.0], None),
        (ULTRASOUND, [None, 1_500_000.0, 450_000.0], 1_500_000.0),
        (ULTRASOUND, [1_000_000.0, 900_000.0, 420_000.0], 900_000.0),
        (
            ULTRASOUND,
            [None, 600_000.0, 500_000.0],
            500_000.0,
        ),  # one fast line is no measure for two slow ones
        (ULTRASOUND, [50_000.0, 60_000.0], 60_000.0),
        (ULTRASOUND, [10_000.0], 50_000.0),
        (FACE, [None, 80_000.0], None),
        (FACE, [200_000.0, 300_000.0], 300_000.0),
        (FACE, [0.0, 0.0], 100_000.0),
    ],
)
def test_limits(kind: MediaKind, allowances: list[float | None], limit: float | None) -> None:
    assert source_limit(kind, allowances) == limit


@pytest.mark.parametrize(
    ("allowances", "limit"),
    [([], None), ([1_000_000.0, 420_000.0], 420_000.0), ([1_000_000.0, 50_000.0], 1_000_000.0)],
)
def test_what_is_made_for_the_slow_follows_the_slowest_of_them(
    allowances: list[float | None], limit: float | None
) -> None:
    assert reduced_limit(allowances) == limit


def test_small_changes_are_not_told() -> None:
    assert not changed(None, None) and changed(None, 1.0) and changed(1.0, None)
    assert not changed(100.0, 104.0) and changed(100.0, 106.0) and changed(100.0, 94.0)
