"""What `cloudclinic bench` can measure, and how a run is printed and kept."""

import datetime as dt
import importlib
import os
import re
from pathlib import Path

import uvloop

from benchmarks import report
from benchmarks.sitting import Asked, Sitting

MODULES = {
    "consult": "benchmarks.consult",
    "relay": "benchmarks.against_janus",
    "latency": "benchmarks.delay",
    "join": "benchmarks.joining",
    "loss": "benchmarks.loss",
    "congestion": "benchmarks.congestion",
    "capacity": "benchmarks.capacity",
    "soak": "benchmarks.soak",
    "ecg": "benchmarks.ecg",
    "ultrasound": "benchmarks.ultrasound",
    "still": "benchmarks.stills",
}
"""Each has `async def measure(sitting)`, which fills the sitting's rows."""

RESULTS = Path(__file__).parent / "results"


def run(what: str, asked: Asked, as_json: bool, keep: bool) -> int:
    """Measure, print, and keep when asked to; 1 when a figure is not within its bound."""
    before = os.getloadavg()
    sitting = Sitting(asked)
    uvloop.run(importlib.import_module(MODULES[what]).measure(sitting))
    load = report.Load(before=before, after=os.getloadavg(), others=sitting.others)
    said = report.as_json if as_json else report.as_table
    print(said(sitting.rows, load, sitting.more))
    if keep:
        file = RESULTS / file_name(what, str(report.machine()["cpu"]), dt.date.today())
        file.write_text(report.as_json(sitting.rows, load, sitting.more, indent=2) + "\n")
    return int(not all(row.met for row in sitting.rows))


def file_name(what: str, cpu: str, day: dt.date) -> str:
    """Where a run is kept: what was measured, on which processor, when. No host name."""
    processor = re.sub(r"[^a-z0-9]+", "-", cpu.lower()).strip("-")
    return f"{what}-{processor}-{day:%Y-%m-%d}.json"
