"""The figures of ultrasound writing are taken of what they say."""

from benchmarks import ultrasound_writing


def test_every_figure_is_taken() -> None:
    rows = ultrasound_writing.rows(frames=12)
    assert [row.unit for row in rows] == ["ms", "frames", "ms", *["kB"] * 7, "MB"]
    assert all(row.value is not None and row.value >= 0 for row in rows)
    assert rows[1].value == 120
    assert [row.met for row in rows[3:6]] == [True, True, True]
