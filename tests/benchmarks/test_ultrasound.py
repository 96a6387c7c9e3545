"""The table of ultrasound: every part is there, and what is wrong is counted as wrong."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import (
    ultrasound,
    ultrasound_decoders,
    ultrasound_leaks,
    ultrasound_regions,
    ultrasound_ruler,
    ultrasound_scale,
)
from benchmarks.report import figure
from benchmarks.sitting import Asked, Sitting
from benchmarks.ultrasound_ruler import Truth
from tests.ultrasound.ruler.drawn import Drawn
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.unit import Unit
from ultrasound.privacy.masking import Cover


def test_printed_calipers_and_depth_scales_are_within_their_bound() -> None:
    rows = ultrasound_scale.rows(None)
    assert [row.what.split(",")[0] for row in rows[:-1]] == ["depth scale", "caliper", "depth scale"]
    assert all(row.met and row.must == 0.5 for row in rows[:-1])
    assert "1.063 cm" in rows[1].why
    assert (rows[-1].value, rows[-1].why) == (0, "a diagonal of each of 4 files without one")


def test_a_scale_that_is_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = ultrasound_scale.distance
    monkeypatch.setattr(
        ultrasound_scale,
        "distance",
        lambda frame, points: replace(exact(frame, points), value=1.01 * exact(frame, points).value),
    )
    rows = ultrasound_scale.rows(None)
    assert [row.met for row in rows[:-1]] == [False, False, False]


def test_lines_at_random_are_counted_and_millimetres_of_the_wrong_region_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, real = ultrasound_regions.rows(None, lines=200, lines_a_file=5)
    assert (made.value, real.value, made.met) == (0, 0, True)
    assert all(f" {how}" in made.why for how in ("in millimetres", "in pixels", "refused"))
    exact = ultrasound_regions.path

    def always_in_millimetres(frame: Any, line: Any) -> Any:
        region = 0 if frame.regions else None
        return replace(exact(frame, line), unit=Unit.MM, calibration=CalibrationSource.FILE, region=region)

    monkeypatch.setattr(ultrasound_regions, "path", always_in_millimetres)
    made, real = ultrasound_regions.rows(None, lines=200, lines_a_file=5)
    assert not made.met and not real.met
    assert "millimetres outside a region" in made.why and "millimetres across two regions" in made.why


def test_a_ruler_that_is_refused_is_not_wrong_and_one_that_is_read_wrong_is() -> None:
    clear, none = Drawn(spacing_px=30).picture(), Drawn(ticks=0).picture()
    read = ultrasound_ruler._read([Truth(clear, 30.0), Truth(none, 30.0), Truth(clear, 29.0)])
    assert (read.wrong, read.refused, len(read.off_percent)) == (1, 1, 2)


def test_phantoms_of_two_scanners_are_read() -> None:
    read = ultrasound_ruler._read(ultrasound_ruler._phantoms(None))
    assert (read.wrong, read.refused, len(read.off_percent)) == (0, 0, 2)


def test_a_masker_that_masks_nothing_leaks(monkeypatch: pytest.MonkeyPatch) -> None:
    made, real = ultrasound_leaks.rows(None, pictures=60)
    assert (made.value, real.value) == (0, 0)
    assert not made.why.startswith("0 ") and not real.why.startswith("0 ")
    for put in ("put_on", "put_on_planes"):
        monkeypatch.setattr(Cover, put, lambda cover, *picture: None)
    assert all((row.value or 0) > 30 for row in ultrasound_leaks.rows(None, pictures=60))


def test_other_decoders_are_compared_before_they_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ultrasound_decoders, "available", lambda: ["pillow"])
    whole, one_by_one = ultrasound_decoders.rows()
    assert (whole.must, one_by_one.must) == (None, None)
    assert whole.value is not None and one_by_one.value is not None
    black = [np.zeros((480, 640, 3), np.uint8)] * 120
    monkeypatch.setattr(ultrasound_decoders, "_whole", lambda plugin: black)
    assert ultrasound_decoders.rows()[0].value is None


@pytest.fixture
def sitting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sitting]:
    async def live(of: Sitting) -> None:
        of.rows.append(figure("live", 1, "ms"))

    def broken(data: Path | None) -> Any:
        raise FileNotFoundError(f"nothing in {data}")

    parts = {"whole": lambda data: [figure("whole", 2, "ms")], "broken": broken}
    monkeypatch.setattr(ultrasound, "LIVE", (live,))
    monkeypatch.setattr(ultrasound, "PARTS", parts)
    monkeypatch.setattr(ultrasound_decoders, "available", lambda: [])
    yield Sitting(Asked(data="there"))


async def test_a_part_that_breaks_is_a_row_with_its_reason_and_the_others_are_taken(sitting: Sitting) -> None:
    await ultrasound.measure(sitting)
    assert [(row.what, row.value, row.met) for row in sitting.rows] == [
        ("live", 1, True),
        ("whole", 2, True),
        ("broken", None, False),
    ]
    assert sitting.rows[-1].why == "FileNotFoundError: nothing in there"
    assert sitting.more == {"other decoders": "none installed"}
    assert set(sitting.others) == {"whole", "broken", "other decoders"}
