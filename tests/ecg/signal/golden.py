"""Golden vectors of the view's filters; `python -m tests.ecg.signal.golden` writes them.

Each `NAME.json` holds raw samples of some leads, where the source broke off, the sections as they were
designed, and what comes out in microvolts; `null` is a missing value. JSON keeps every bit of a float.
"""

import json
from dataclasses import astuple, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecg.files.door import read_any
from ecg.leads import MISSING
from ecg.signal.filters import FilterSetting, HighPass, LiveFilter, LowPass, Mains

TESTS = Path(__file__).resolve().parents[2]
FOLDER = TESTS / "golden" / "ecg_filters"
HIGH_PASS_HZ = {HighPass.DIAGNOSTIC_0_05: 0.05, HighPass.MONITOR_0_5: 0.5, HighPass.MONITOR_0_67: 0.67}
LOW_PASS_HZ = {LowPass.DIAGNOSTIC_150: 150, LowPass.REDUCED_100: 100, LowPass.MONITOR_40: 40}


@cache
def recorded(record: str, first: int = 0, count: int = 600) -> tuple[NDArray[np.int16], float, float]:
    """Two leads of a real recording, its rate, and nanovolts a step."""
    tracing = read_any(TESTS / "data" / "ecg" / record)
    channels = (tracing.channels[0], tracing.channels[-1])
    samples = np.stack([channel.samples[first : first + count] for channel in channels]).astype(np.int16)
    return samples, float(tracing.rate_hz), channels[0].nv_per_step


@dataclass(frozen=True)
class Vector:
    """What is filtered, and how."""

    setting: FilterSetting
    record: str = "ludb/1.hea"
    rate_hz: float | None = None  # as if taken at another rate
    holes: tuple[tuple[int, int], ...] = ()
    one_lead_holes: tuple[tuple[int, int], ...] = ()
    restarts: tuple[int, ...] = field(default=())

    def samples(self) -> tuple[NDArray[np.int16], float, float]:
        """int16 (leads, n), rate, nanovolts a step."""
        samples, rate_hz, nv_per_lsb = recorded(self.record)
        samples = samples.copy()
        for first, end in self.holes:
            samples[:, first:end] = MISSING
        for first, end in self.one_lead_holes:
            samples[0, first:end] = MISSING
        return samples, self.rate_hz or rate_hz, nv_per_lsb


DIAGNOSTIC = FilterSetting()
VECTORS = {
    "diagnostic": Vector(DIAGNOSTIC),
    "unfiltered": Vector(FilterSetting(HighPass.NONE, LowPass.NONE)),
    "notch_50": Vector(FilterSetting(mains=Mains.HZ_50)),
    "notch_60_low_pass_100": Vector(FilterSetting(low_pass=LowPass.REDUCED_100, mains=Mains.HZ_60)),
    "monitor_0_5_to_40": Vector(FilterSetting(HighPass.MONITOR_0_5, LowPass.MONITOR_40)),
    "monitor_0_67": Vector(FilterSetting(HighPass.MONITOR_0_67, LowPass.MONITOR_40, Mains.HZ_50)),
    "notch_alone": Vector(FilterSetting(HighPass.NONE, LowPass.NONE, Mains.HZ_50)),
    "at_1000_hz": Vector(FilterSetting(mains=Mains.HZ_50), rate_hz=1000),
    "at_360_hz": Vector(FilterSetting(mains=Mains.HZ_60), record="mitdb/203_45s.hea"),
    "short_hole_keeps_the_state": Vector(DIAGNOSTIC, holes=((200, 300),)),
    "long_hole_begins_anew": Vector(DIAGNOSTIC, holes=((200, 301),)),
    "two_short_holes_with_a_sample_between": Vector(DIAGNOSTIC, holes=((200, 290), (291, 380))),
    "one_lead_off": Vector(FilterSetting(mains=Mains.HZ_50), one_lead_holes=((0, 30), (150, 400))),
    "source_broke_off": Vector(DIAGNOSTIC, restarts=(250,)),
    "broke_off_after_a_hole": Vector(DIAGNOSTIC, holes=((200, 300),), restarts=(300,)),
    "all_missing": Vector(DIAGNOSTIC, holes=((0, 600),)),
}


def describe(vector: Vector) -> dict[str, Any]:
    """The vector in plain JSON."""
    samples, rate_hz, nv_per_lsb = vector.samples()
    setting = vector.setting
    return {
        "high_pass_hz": HIGH_PASS_HZ.get(setting.high_pass),
        "low_pass_hz": LOW_PASS_HZ.get(setting.low_pass),
        "mains_hz": int(setting.mains) or None,
        "rate_hz": rate_hz,
        "nv_per_lsb": nv_per_lsb,
        "restarts": list(vector.restarts),
        "sections": [astuple(section) for section in setting.sections(rate_hz)],
        "samples": samples.tolist(),
        "filtered_uv": [[None if np.isnan(uv) else uv for uv in lead] for lead in run(vector).tolist()],
    }


def run(vector: Vector) -> NDArray[np.float64]:
    """Microvolts (leads, n) of the live filter, restarted where the source broke off."""
    samples, rate_hz, nv_per_lsb = vector.samples()
    live = LiveFilter(vector.setting, rate_hz, samples.shape[0], nv_per_lsb)
    pieces = []
    for at, piece in enumerate(np.split(samples, vector.restarts, axis=1)):
        if at > 0:
            live.restart()
        pieces.append(live.feed(piece))
    return np.concatenate(pieces, axis=1)


def write() -> None:
    """Write every vector anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, vector in VECTORS.items():
        (FOLDER / f"{name}.json").write_text(json.dumps(describe(vector), allow_nan=False) + "\n")


if __name__ == "__main__":
    write()
