"""The libraries beside us: run in their own environment, on the same samples, in the same run."""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.ecg_beats import Records

ROOT = Path(__file__).parents[1]
PATIENCE_S = 3600


class NoPeers(Exception):
    """The libraries are not there and could not be installed."""


def python() -> Path:
    """The Python that has them."""
    ran = subprocess.run([ROOT / "scripts" / "ecg-peers"], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NoPeers((ran.stderr.strip().splitlines() or ["scripts/ecg-peers failed"])[-1][:200])
    return ROOT / ran.stdout.strip().splitlines()[-1]


def find_beats(records: Records) -> dict[str, dict[str, object]]:
    """Beats of every library in the first lead of each record, or why it failed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, tracing in records.tracings.items():
            np.save(Path(folder) / f"{name}.npy", tracing.channels[0].nanovolts() / 1e6)
        ran = subprocess.run(
            [python(), Path(__file__).with_name("ecg_libraries.py"), folder],
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE_S,
        )
    found: dict[str, dict[str, object]] = json.loads(ran.stdout.splitlines()[-1])
    return found


def versions() -> dict[str, str]:
    """What the figures beside ours come from."""
    ran = subprocess.run(
        [python(), "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=True,
    )
    installed = {one["name"].lower(): one["version"] for one in json.loads(ran.stdout)}
    return {name: installed[name] for name in ("wfdb", "sleepecg", "neurokit2")}
