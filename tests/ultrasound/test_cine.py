"""A loop is played at the times it was recorded."""

from pathlib import Path

import pytest

from tests.ultrasound.cines import DEMO_CINE, TWO_PALETTE_FRAMES
from ultrasound.cine import loop_position
from ultrasound.dicom import open_dicom

CINE = open_dicom(DEMO_CINE)


@pytest.mark.parametrize(
    ("elapsed_ms", "position"),
    [
        (0, (0, 0)),
        (33.3, (0, 0)),
        (33.4, (0, 1)),
        (3_966, (0, 118)),
        (3_999.9, (0, 119)),
        (4_000, (1, 0)),
        (40_050, (10, 1)),
    ],
)
def test_the_frame_of_an_instant(elapsed_ms: float, position: tuple[int, int]) -> None:
    assert loop_position(CINE, elapsed_ms) == position


def test_every_frame_is_shown_in_turn_at_its_own_time() -> None:
    times = [k * CINE.duration_ms + CINE.frame_time_ms(n) + 0.01 for k in range(2) for n in range(120)]
    assert [loop_position(CINE, at) for at in times] == [(k, n) for k in range(2) for n in range(120)]


@pytest.mark.parametrize("path", [DEMO_CINE, TWO_PALETTE_FRAMES])
def test_a_recording_has_its_licence_beside_it(path: Path) -> None:
    licence = (path.parent / "LICENCE.txt").read_text()
    assert path.name in licence
    assert "Permission is hereby granted" in licence
