"""Made ECGs with a known truth for the rules of critical values: what hits each, and what just does not.

Twelve leads, microvolts. Waves begin and end exactly where the truth says, as in `ecg.synthetic`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ecg.leads import INDEPENDENT_LEADS, STANDARD_LEADS, Lead, derive_limb_leads
from ecg.measurements import BeatLimits
from ecg.recording import Recording
from ecg.wave_shapes import RESTING_UV

NV = 1000.0
P_MS = 100.0

# P, Q, R, S, T in microvolts.
WIDE: Mapping[Lead, tuple[int, ...]] = {
    Lead.I: (60, -250, -600, -150, 200),
    Lead.II: (120, 250, 1000, -200, -350),
    Lead.V1: (50, 300, 1200, 200, -350),
    Lead.V2: (60, 350, 1500, -200, -400),
    Lead.V3: (60, 300, 1200, -500, -350),
    Lead.V4: (60, 150, 700, -900, -250),
    Lead.V5: (60, -150, 300, -1100, 250),
    Lead.V6: (60, -300, 100, -1000, 300),
}


@dataclass(frozen=True)
class Beat:
    """A beat: R at `r_s`, in the middle of QRS. `pr_ms` None: no P wave. `st_uv`: at J, falling with T."""

    r_s: float
    qrs_ms: float = 90.0
    pr_ms: float | None = 160.0
    qt_ms: float = 390.0
    wide: bool = False
    size: float = 1.0
    st_uv: Mapping[Lead, float] = field(default_factory=dict)

    @property
    def onset_ms(self) -> float:
        """Of QRS, from the start of the signal."""
        return 1000 * self.r_s - self.qrs_ms / 2

    @property
    def t_ms(self) -> float:
        """How long T lasts."""
        return min(180.0, 0.8 * (self.qt_ms - self.qrs_ms))


@dataclass(frozen=True)
class Made:
    """A signal and its truth; `rhythm` None of beats: swings without complexes."""

    recording: Recording
    beats: tuple[Beat, ...]
    p_waves_s: tuple[float, ...] = ()

    @property
    def limits(self) -> tuple[BeatLimits, ...]:
        """The limits of every beat, as samples."""
        return tuple(_limits(beat, self.recording.rate_hz) for beat in self.beats)


def regular(per_min: float, seconds: float, **shape: object) -> tuple[Beat, ...]:
    """Beats of one shape at one rate, with a QT that fits it."""
    rr_s = 60 / per_min
    usual: dict[str, object] = {"qt_ms": min(390 * rr_s ** (1 / 3), 1000 * rr_s - 40)}
    if rr_s < 0.55:
        usual["pr_ms"] = None
    beat = replace(Beat(0.0), **(usual | shape))  # type: ignore[arg-type]
    first = 0.35
    return tuple(replace(beat, r_s=first + k * rr_s) for k in range(int((seconds - first - 0.05) / rr_s) + 1))


def irregular(per_min: float, seconds: float, spread: float, seed: int, **shape: object) -> tuple[Beat, ...]:
    """The same with intervals that differ, uniformly, by up to this part; no P waves."""
    draw = np.random.default_rng(seed)
    rr_s = 60 / per_min
    at, found = 0.35, []
    qt_ms = min(390 * rr_s ** (1 / 3), 1000 * rr_s * (1 - spread) - 20)
    beat = replace(Beat(0.0), **({"pr_ms": None, "qt_ms": qt_ms} | shape))
    while at < seconds - 0.05:
        found.append(replace(beat, r_s=at))
        at += rr_s * (1 + draw.uniform(-spread, spread))
    return tuple(found)


def made(
    beats: Sequence[Beat],
    seconds: float,
    rate_hz: int = 500,
    noise_uv: float = 8.0,
    seed: int = 1,
    p_waves_s: Sequence[float] = (),
    more: NDArray[np.float64] | None = None,
) -> Made:
    """Draw the beats, P waves of their own (by their peaks), and `more` (8, n) microvolts on top."""
    count = round(seconds * rate_hz)
    ms = np.arange(count) * 1000 / rate_hz
    rows = np.zeros((len(INDEPENDENT_LEADS), count))
    for beat in beats:
        low, high = np.searchsorted(ms, [beat.onset_ms - 400, beat.onset_ms + beat.qt_ms + 5])
        rows[:, low:high] += _drawn(beat, ms[low:high])
    heights = np.array([RESTING_UV[lead][0] for lead in INDEPENDENT_LEADS], dtype=np.float64)
    for peak_s in p_waves_s:
        rows += np.outer(heights, _hump(ms, 1000 * peak_s - P_MS / 2, P_MS))
    if more is not None:
        rows += more
    rows += np.random.default_rng(seed).normal(0, noise_uv, rows.shape)
    return Made(_recording(rows, rate_hz), tuple(beats), tuple(p_waves_s))


def fibrillating(seconds: float, rate_hz: int = 500, seed: int = 1, size_uv: float = 600.0) -> Made:
    """Ventricular fibrillation in kind: swings of 4 to 7 Hz whose rate, size and axis wander."""
    draw = np.random.default_rng(seed)
    count = round(seconds * rate_hz)
    rows = np.zeros((len(INDEPENDENT_LEADS), count))
    for _ in range(3):
        hz = 5.2 + _wandering(draw, count, rate_hz, 0.8)
        swing = np.sin(2 * np.pi * np.cumsum(np.clip(hz, 3.8, 7.5)) / rate_hz)
        for row in rows:
            row += swing * (draw.normal(0, 0.5) + _wandering(draw, count, rate_hz, 0.5))
    rows *= size_uv / np.abs(rows).max(axis=1, keepdims=True).mean()
    return Made(_recording(rows + draw.normal(0, 8, rows.shape), rate_hz), ())


def fluttering(seconds: float, per_min: float = 240, rate_hz: int = 500, seed: int = 1) -> Made:
    """Ventricular flutter in kind: a nearly even sine in every lead."""
    draw = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    turn = 2 * np.pi * per_min / 60 * t
    rows = np.stack(
        [
            size * (np.sin(turn + lag) + 0.15 * np.sin(2 * turn + lag))
            for size, lag in zip(
                (500, 900, 800, 1200, 1000, 700, 500, 400), draw.uniform(-0.5, 0.5, 8), strict=True
            )
        ]
    )
    return Made(_recording(rows + draw.normal(0, 8, rows.shape), rate_hz), ())


def twisting(
    seconds: float, per_min: float = 220, rate_hz: int = 500, seed: int = 1, before: float = 2.0
) -> Made:
    """Torsade in kind: after some sinus beats, wide complexes whose axis turns once in ten or so."""
    draw = np.random.default_rng(seed)
    sinus = [beat for beat in regular(70, before + 1, qt_ms=520) if beat.r_s < before]
    rr_s = 60 / per_min
    count = round(seconds * rate_hz)
    ms = np.arange(count) * 1000 / rate_hz
    rows = np.zeros((len(INDEPENDENT_LEADS), count))
    turns = draw.uniform(0, 2 * np.pi, len(INDEPENDENT_LEADS))
    at, beats, k = before + 0.1, [], 0
    while at < seconds - 0.2:
        beat = Beat(at, 0.55 * 1000 * rr_s, None, 0.95 * 1000 * rr_s, True)
        beats.append(beat)
        shape = _swing(ms, beat.onset_ms, 1000 * rr_s)
        rows += np.outer(1100 * np.cos(turns + 2 * np.pi * k / 11), shape)
        at += rr_s * (1 + draw.uniform(-0.08, 0.08))
        k += 1
    base = made(sinus, seconds, rate_hz, seed=seed, more=rows)
    return Made(base.recording, (*sinus, *beats))


# --- drawing ---------------------------------------------------------------------------------------------


def _drawn(beat: Beat, ms: NDArray[np.float64]) -> NDArray[np.float64]:
    table = WIDE if beat.wide else RESTING_UV
    heights = np.array([table[lead] for lead in INDEPENDENT_LEADS], dtype=np.float64) * beat.size
    onset, quarter = beat.onset_ms, beat.qrs_ms / 4
    end = onset + beat.qt_ms
    p = np.zeros_like(ms) if beat.pr_ms is None else _hump(ms, onset - beat.pr_ms, P_MS)
    shapes = np.stack(
        [
            p,
            _spike(ms, onset, quarter),
            _spike(ms, onset + quarter, 2 * quarter),
            _spike(ms, onset + 3 * quarter, quarter),
            _hump(ms, end - beat.t_ms, beat.t_ms),
        ]
    )
    st = np.array([beat.st_uv.get(lead, 0.0) for lead in INDEPENDENT_LEADS])
    j = onset + beat.qrs_ms
    rising = np.clip((ms - j + quarter / 2) / (quarter / 2), 0, 1)
    falling = 0.5 + 0.5 * np.cos(np.pi * np.clip((ms - end + beat.t_ms / 2) / (beat.t_ms / 2), 0, 1))
    drawn: NDArray[np.float64] = heights @ shapes + np.outer(st, rising * falling)
    return drawn


def _recording(rows: NDArray[np.float64], rate_hz: int) -> Recording:
    steps = (2 * np.rint(rows / 2)).astype(np.int16)
    whole = np.concatenate([steps[:2], derive_limb_leads(steps[0], steps[1]), steps[2:]])
    return Recording(leads=STANDARD_LEADS, rate_hz=rate_hz, nv_per_lsb=NV, samples=whole, simulated=True)


def _limits(beat: Beat, rate_hz: float) -> BeatLimits:
    def at(ms: float) -> int:
        return round(ms * rate_hz / 1000)

    p = None if beat.pr_ms is None else beat.onset_ms - beat.pr_ms
    end = beat.onset_ms + beat.qt_ms
    return BeatLimits(
        r=at(1000 * beat.r_s),
        qrs_onset=at(beat.onset_ms),
        qrs_end=at(beat.onset_ms + beat.qrs_ms),
        p_onset=None if p is None else at(p),
        p_peak=None if p is None else at(p + P_MS / 2),
        p_end=None if p is None else at(p + P_MS),
        t_onset=at(end - beat.t_ms),
        t_peak=at(end - beat.t_ms / 2),
        t_end=at(end),
    )


def _wandering(draw: np.random.Generator, count: int, rate_hz: int, size: float) -> NDArray[np.float64]:
    """A smooth random line with this standard deviation, anew about every second."""
    knots = draw.normal(0, size, count // rate_hz + 3)
    wandering: NDArray[np.float64] = np.interp(np.arange(count) / rate_hz, np.arange(len(knots)), knots)
    return wandering


def _swing(ms: NDArray[np.float64], onset: float, width: float) -> NDArray[np.float64]:
    inside = (ms >= onset) & (ms <= onset + width)
    return np.where(inside, np.sin(2 * np.pi * (ms - onset) / width), 0.0)


def _hump(at: NDArray[np.float64], onset: float, width: float) -> NDArray[np.float64]:
    inside = (at >= onset) & (at <= onset + width)
    return np.where(inside, 0.5 - 0.5 * np.cos(2 * np.pi * (at - onset) / width), 0.0)


def _spike(at: NDArray[np.float64], onset: float, width: float) -> NDArray[np.float64]:
    height: NDArray[np.float64] = 1 - np.abs(2 * (at - onset) / width - 1)
    return np.where(height > 0, height, 0.0)
