"""A benchmark's rows, and how they are printed: with machine, versions and load beside them."""

import importlib.metadata
import json
import os
import platform
from collections.abc import Iterable
from pathlib import Path

import msgspec

from records.values import Value

PACKAGES = ("aiortc", "aioice", "pylibsrtp", "av", "uvloop", "aiohttp", "numpy")


class Row(Value):
    """One figure, what it must reach and what it aims at. `value` None: not taken, and `why`."""

    what: str
    value: float | None
    unit: str
    must: float | None
    aim: float | None
    why: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the figure is within what it must reach; None without a bound."""
        if self.must is None:
            return None
        return self.value is not None and self.value <= self.must


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


def as_json(rows: Iterable[Row], load: tuple[float, float, float], more: dict[str, str]) -> str:
    """One object with machine, versions, load and rows."""
    listed = []
    for row in rows:
        entry = {key: value for key, value in msgspec.to_builtins(row).items() if key != "why" or row.why}
        listed.append(entry | {"met": row.met})
    document = {"machine": machine(), "versions": versions() | more, "load": load, "rows": listed}
    return json.dumps(document, ensure_ascii=False)


def as_table(rows: Iterable[Row], load: tuple[float, float, float], more: dict[str, str]) -> str:
    """A table for people."""
    lines = [f"{'what':<66} {'measured':>10} {'must':>8} {'aim':>8}  unit"]
    for row in rows:
        mark = {True: "✓", False: "✗", None: " "}[row.met]
        measured = "–" if row.value is None else f"{row.value:.3g}"
        must = "" if row.must is None else f"{row.must:g}"
        aim = "" if row.aim is None else f"{row.aim:g}"
        lines.append(
            f"{row.what:<66} {measured:>10} {must:>8} {aim:>8}  {row.unit} {mark} {row.why}".rstrip()
        )
    about = machine()
    lines.append(f"{about['cpu']}, {about['cores']} cores, Linux {about['kernel']}, load {load}")
    lines.append(", ".join(f"{name} {version}" for name, version in (versions() | more).items()))
    return "\n".join(lines)
