"""`cloudclinic bench congestion`: what a viewer sees on weak, broken and changing lines, here and now.

The server, its media worker and the station run in one network namespace, Chromium in another; the cable
between them is spoilt. How each figure is taken: `docs/figures.md`.
"""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from benchmarks.lines import machine
from benchmarks.lines.cases import CASES, Case
from benchmarks.lines.namespaces import namespaces
from benchmarks.lines.seen import EcgSeen, Seen, Window, median, percentile
from benchmarks.report import Row
from benchmarks.sitting import Sitting
from tests.conftest import browser_path

RUN_LIMIT_S = 150
START_LIMIT_S = 90


def obstacles() -> list[str]:
    """Why this machine cannot run the cases; nothing: it can."""
    return machine.look() + ([] if browser_path() else ["no Chromium (set CHROME_PATH)"])


async def measure(sitting: Sitting) -> None:
    """Run the cases that were asked for, or all."""
    runs = sitting.asked.runs
    sitting.more["runs of each"] = str(runs)
    for name in sitting.asked.cases or CASES:
        print(CASES[name].says, file=sys.stderr, flush=True)
        found, why, others = await asyncio.to_thread(_taken, CASES[name], runs)
        sitting.rows += rows_of(CASES[name], found, why)
        sitting.others[name] = others
        if found:
            sitting.more[f"{name}: the room said"] = "; ".join(said_in(found))


def _taken(case: Case, runs: int) -> tuple[list[Seen], str, str]:
    """What was seen in every run, or why nothing was, and what else the machine did meanwhile."""
    if case.relay and shutil.which("turnserver") is None:
        return [], "no `turnserver` (scripts/relay installs coturn)", "not known"
    limit_s = START_LIMIT_S + runs * (RUN_LIMIT_S + case.seconds)
    with namespaces(case.delay_ms, case.jitter_ms) as ways:
        command = ["ip", "netns", "exec", ways.server, sys.executable, "-m", "benchmarks.lines.run"]
        asked = [*command, case.name, ways.server, ways.viewer, ways.device, str(runs)]
        try:
            done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=limit_s)
        except subprocess.TimeoutExpired:
            return [], f"not through after {limit_s:.0f} s", "not known"
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        return [], said[-1] if said else f"ended with status {done.returncode}", "not known"
    told = json.loads(done.stdout.splitlines()[-1])
    return [seen_of(one) for one in told["runs"]], "", told["beside"]


def seen_of(plain: dict[str, Any]) -> Seen:
    """A run as it came from the namespace."""
    given = {one.name: plain[one.name] for one in fields(Seen)}
    return Seen(**given | {"window": Window(**plain["window"]), "ecg": EcgSeen(**plain["ecg"])})


def rows_of(case: Case, runs: Sequence[Seen], why: str) -> list[Row]:
    """The figures of a case: medians over its runs, each with its bound."""
    if case.before_join:
        return [_relay_row(case, runs, why) if case.relay else _refusal_row(case, runs, why)]
    rows = _down_rows(case, runs) if case.is_down else _picture_rows(case, runs)
    return [
        Row(what=f"{case.name}: {what}", value=value, unit=unit, must=must, aim=aim, why=why)
        for what, value, unit, must, aim in rows
    ]


def said_in(runs: Sequence[Seen]) -> list[str]:
    """Every sentence of the room about its line, in the order it was first said."""
    return list(dict.fromkeys(one for seen in runs for one in seen.said()))


Figure = tuple[str, float | None, str, float | None, float | None]


def _picture_rows(case: Case, runs: Sequence[Seen]) -> list[Figure]:
    def over(figure: Callable[[Seen], float | None]) -> float | None:
        return median(figure(one) for one in runs)

    is_bound = case.name == "narrow-1000"
    minutes = case.seconds / 60
    most_freezes = (1.0, 0.0) if case.name == "loss-5" else (None, None)
    rows: list[Figure] = [
        ("freezes in all", over(Seen.freezes_s), "s", *((1.5, 0.0) if is_bound else (None, None))),
        (
            "  of these later than 2 s",
            over(Seen.late_freezes_s),
            "s",
            *((0.05, 0.0) if is_bound else (None, None)),
        ),
        ("freezes a minute", _per(over(Seen.freezes), minutes), "", *most_freezes),
        (
            "delay p50",
            over(lambda one: percentile(one.delays_ms(), 50)),
            "ms",
            *((100.0, 40.0) if is_bound else (None, None)),
        ),
        ("delay p95", over(lambda one: percentile(one.delays_ms(), 95)), "ms", None, None),
        ("frames a second", over(Seen.frames_per_s), "", None, None),
        ("packets lost", over(Seen.lost), "", None, None),
        ("ECG not there when due", over(lambda one: _absent(one.ecg)), "%", None, None),
        ("ECG capture to drawn, p99", over(lambda one: percentile(one.ecg.delays_ms, 99)), "ms", None, None),
    ]
    if case.beside:
        share = over(Seen.beside_share)
        rows += [
            ("the other viewer's bits, of before", None if share is None else 100 * share, "%", None, None),
            ("the other viewer's longest pause", over(Seen.beside_longest_gap_s), "s", None, None),
        ]
    if case.after_s > 10:
        rows.append(
            ("full quality again after", over(Seen.full_again_s), "s", None, 5.0 if is_bound else None)
        )
    return rows


def _down_rows(case: Case, runs: Sequence[Seen]) -> list[Figure]:
    def over(figure: Callable[[Seen], float | None]) -> float | None:
        return median(figure(one) for one in runs)

    return [
        ("picture again after", over(Seen.picture_again_s), "s", 5.0, 2.0),
        ("longest time without a new picture", over(Seen.longest_gap_s), "s", None, None),
        ("full quality again after", over(Seen.full_again_s), "s", None, None),
    ]


def _refusal_row(case: Case, runs: Sequence[Seen], why: str) -> Row:
    """No way is left: seconds until the room says so. Media that came all the same are no figure of it."""
    if any(one.first_s(_has_picture) is not None for one in runs):
        why, runs = "a picture came, though UDP is blocked and there is no relay", []
    told = median(one.first_s(lambda sample: bool(sample["strip"])) for one in runs)
    what = f"{case.name}: the room says that there is no media"
    return Row(what=what, value=told, unit="s", must=20, aim=10, why=why)


def _relay_row(case: Case, runs: Sequence[Seen], why: str) -> Row:
    """One way is left: seconds until a picture has come by it. Words instead of it are no figure of it."""
    came = median(one.first_s(_has_picture) for one in runs)
    if runs and came is None:
        why = "no picture came in every run; the room said: " + "; ".join(said_in(runs))
    what = f"{case.name}: first picture by the relay"
    return Row(what=what, value=came, unit="s", must=10, aim=5, why=why)


def _has_picture(sample: dict[str, Any]) -> bool:
    return bool(sample["decoded"])


def _per(count: float | None, minutes: float) -> float | None:
    return None if count is None else count / minutes


def _absent(ecg: EcgSeen) -> float | None:
    return 100 * ecg.absent / ecg.drawn if ecg.drawn else None
