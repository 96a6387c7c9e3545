"""Recordings for these tests: synthetic ones in microvolts, and the real extracts beside the tests."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecg.common_steps import recording_of
from ecg.files.door import read_any
from ecg.leads import MISSING, STANDARD_LEADS, Lead
from ecg.quality.findings import Finding, SecondQuality
from ecg.quality.live import assess
from ecg.recording import Recording
from ecg.synthetic import Intervals, SyntheticEcg

DATA = Path(__file__).parents[2] / "data" / "ecg"
TWELVE_LEADS = (
    "ludb/1.hea",
    "challenge2021/E07500.hea",
    "philips/heartstart-mrx-1.03.xml",
    "philips/pagewriter-touch-1.04.xml",
    "ptbdb/s0010_re_3s.hea",
)

Uv = NDArray[np.float64]


def real(name: str) -> Recording:
    """An extract beside the tests."""
    return recording_of(read_any(DATA / name))[0]


def recording(uv: Uv, rate_hz: float = 500, leads: tuple[Lead, ...] = STANDARD_LEADS) -> Recording:
    """Microvolts (leads, n), NaN where missing, as a recording in steps of one microvolt."""
    steps = np.where(np.isnan(uv), MISSING, np.clip(np.rint(np.nan_to_num(uv)), -32767, 32767))
    return Recording(leads=leads, rate_hz=rate_hz, nv_per_lsb=1000.0, samples=steps.astype(np.int16))


def sinus(seconds: float = 10, heart_rate: int = 60, rate_hz: int = 500, noise_uv: float = 5) -> Uv:
    """Twelve leads of sinus rhythm with a little noise, as of a good amplifier."""
    shapes = {
        60: Intervals(),
        120: Intervals(qt_ms=320, t_ms=140),
        180: Intervals(p_ms=60, pr_ms=80, qrs_ms=80, qt_ms=240, t_ms=120),
    }
    source = SyntheticEcg(rate_hz, heart_rate, shapes.get(heart_rate, Intervals()))
    uv = source.samples(0, round(seconds * rate_hz)).astype(np.float64)
    return uv + np.random.default_rng(heart_rate).normal(0, noise_uv, uv.shape)


def findings(verdicts: tuple[SecondQuality, ...]) -> dict[Finding, int]:
    """How many lead-seconds have each finding."""
    counts: dict[Finding, int] = {}
    for verdict in verdicts:
        for second in verdict.leads.values():
            for one in second.findings:
                counts[one.finding] = counts.get(one.finding, 0) + 1
    return counts


def found_in(uv: Uv, rate_hz: float = 500) -> dict[Finding, int]:
    """The same of twelve leads in microvolts."""
    return findings(assess(recording(uv, rate_hz)))
