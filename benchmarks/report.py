"""A benchmark's rows, and how they are printed: with machine, versions and load beside them."""

import importlib.metadata
import json
import os
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from records.values import Value

PACKAGES = ("aiortc", "aioice", "pylibsrtp", "av", "uvloop", "aiohttp", "numpy")


class Row(Value):
    """One figure, what it must reach and what it aims at.

    `value` None: not taken, and `why`. With a value `why` says of how many it was taken.
    """

    what: str
    value: float | None
    unit: str
    must: float | None
    aim: float | None
    why: str = ""
    at_least: bool = False  # the bound is the least it may be, not the most

    @property
    def met(self) -> bool:
        """Whether the figure was taken and is within what it must reach, if it must reach anything."""
        if self.value is None or self.must is None:
            return self.value is not None
        return self.value >= self.must if self.at_least else self.value <= self.must


def figure(
    what: str,
    value: float | None,
    unit: str,
    must: float | None = None,
    aim: float | None = None,
    why: str = "",
    at_least: bool = False,
) -> Row:
    """A row written in the order a table of them is read."""
    return Row(what=what, value=value, unit=unit, must=must, aim=aim, why=why, at_least=at_least)


class Load(Value):
    """What the machine did besides: its load averages, and what others took during each figure."""

    before: tuple[float, float, float]
    after: tuple[float, float, float]
    others: dict[str, str]

    def said(self) -> Iterator[str]:
        """Lines for people."""
        averages = [" ".join(f"{one:.2f}" for one in three) for three in (self.before, self.after)]
        yield f"load before {averages[0]}, after {averages[1]}"
        yield from (f"others during {figure!r}: {what}" for figure, what in self.others.items())


def machine() -> dict[str, object]:
    """Processor, cores, kernel."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release()}


def versions() -> dict[str, str]:
    """What the figures depend on."""
    return {"python": platform.python_version()} | {p: importlib.metadata.version(p) for p in PACKAGES}


def as_json(rows: Sequence[Row], load: Load, more: dict[str, str], indent: int | None = None) -> str:
    """One object with machine, versions, load and rows; of how many each was taken is with the load."""
    counted = {row.what: row.why for row in rows if row.value is not None and row.why}
    document = {
        "machine": machine(),
        "versions": versions() | more,
        "load": msgspec.to_builtins(load) | {"counted": counted},
        "rows": [_entry(row) for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent)


def _entry(row: Row) -> dict[str, object]:
    entry = {name: getattr(row, name) for name in ("what", "value", "unit", "must", "aim", "met")}
    return entry if row.value is not None else entry | {"why": row.why or "not taken"}


def as_table(rows: Sequence[Row], load: Load, more: dict[str, str]) -> str:
    """A table for people."""
    width = max(66, *(len(row.what) for row in rows)) if rows else 66
    lines = [f"{'what':<{width}} {'measured':>10} {'must':>8} {'aim':>8}  unit"]
    for row in rows:
        mark = "✗" if not row.met else " " if row.must is None else "✓"
        measured = "–" if row.value is None else f"{row.value:.3g}"
        must = "" if row.must is None else f"{row.must:g}"
        aim = "" if row.aim is None else f"{row.aim:g}"
        lines.append(
            f"{row.what:<{width}} {measured:>10} {must:>8} {aim:>8}  {row.unit} {mark} {row.why}".rstrip()
        )
    about = machine()
    lines.append(f"{about['cpu']}, {about['cores']} cores, Linux {about['kernel']}")
    lines += load.said()
    lines.append(", ".join(f"{name} {version}" for name, version in (versions() | more).items()))
    return "\n".join(lines)
