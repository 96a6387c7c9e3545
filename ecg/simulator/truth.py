"""What is true of a simulated ECG: where every beat and wave is, and what disturbs the signal when."""

from dataclasses import dataclass
from enum import StrEnum

from ecg.leads import Electrode
from ecg.simulator.scenario import NoiseKind


class BeatOrigin(StrEnum):
    """Where a beat comes from."""

    SINUS = "sinus"
    CONDUCTED = "conducted"  # of fibrillating atria
    ESCAPE = "escape"
    VENTRICULAR = "ventricular"
    PACED = "paced"


@dataclass(frozen=True, slots=True)
class Limits:
    """A wave's first and last sample, to the nearest sample."""

    onset: int
    offset: int


@dataclass(frozen=True, slots=True)
class TrueBeat:
    """One QRS complex with its T wave, and the P wave that led to it, if one did.

    `r_uv` and `st_uv` in the order of STANDARD_LEADS: what this beat alone makes at R, and between the end of
    QRS and the beginning of T. `pace`: the sample of its pacing spike.
    """

    r: int
    origin: BeatOrigin
    p: Limits | None
    qrs: Limits
    t: Limits
    r_uv: tuple[int, ...]
    st_uv: tuple[int, ...]
    pace: int | None = None


@dataclass(frozen=True, slots=True)
class TrueP:
    """One P wave; `conducted`: a QRS complex follows from it."""

    peak: int
    limits: Limits
    conducted: bool


@dataclass(frozen=True, slots=True)
class SecondOfNoise:
    """What disturbs one second of the signal, counted from sample 0, and which electrodes are off in it."""

    second: int
    noise: frozenset[NoiseKind]
    electrodes_off: Electrode


@dataclass(frozen=True, slots=True)
class Truth:
    """All beats and P waves whose peak lies in `first` to `first + count`, and the seconds that touch it."""

    first: int
    count: int
    rate_hz: int
    beats: tuple[TrueBeat, ...]
    p_waves: tuple[TrueP, ...]
    seconds: tuple[SecondOfNoise, ...]

    @property
    def rate_per_min(self) -> float | None:
        """QRS complexes a minute from the first R to the last; None with fewer than two."""
        if len(self.beats) < 2:
            return None
        span = self.beats[-1].r - self.beats[0].r
        return 60 * self.rate_hz * (len(self.beats) - 1) / span
