"""What is simulated: episodes, one after the other, each of one rhythm with its noise and faults."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ecg.errors import SignalError
from ecg.leads import Electrode

DEFAULT_RATE_HZ = 500
LEAST_RATE_HZ, MOST_RATE_HZ = 250, 1000
MOST_ST_UV = 500
LEAST_PAUSE_S, MOST_PAUSE_S = 2.0, 8.0
MOST_SECONDS = 3600
MOST_SEED = (1 << 32) - 1
CHEST = Electrode.V1 | Electrode.V2 | Electrode.V3 | Electrode.V4 | Electrode.V5 | Electrode.V6


class Rhythm(StrEnum):
    """What the heart does."""

    SINUS = "sinus"
    BRADYCARDIA = "bradycardia"
    TACHYCARDIA = "tachycardia"
    PAUSES = "pauses"  # sinus beats left out, every 20 s
    AV_BLOCK_3 = "av-block-3"  # P waves and wide escape beats, each at its own rate
    FIBRILLATION = "af"  # no P, f waves, no two intervals alike
    VENTRICULAR_TACHYCARDIA = "vt"  # wide beats, no P
    PACED = "paced"  # ventricular pacing: spike, device's mark, wide beat


class NoiseKind(StrEnum):
    """What disturbs the signal."""

    MAINS = "mains"
    WANDER = "wander"
    MUSCLE = "muscle"
    CLIPPING = "clipping"  # the amplifier's range is too small for the QRS complexes
    FLAT_ELECTRODE = "flat-electrode"  # a chest electrode that gives nothing and is not noticed


class LeadGroup(StrEnum):
    """Where the ST segment is raised; what is opposite is lowered by Einthoven's law."""

    SEPTAL = "septal"  # V1 V2
    ANTERIOR = "anterior"  # V1 to V4
    LATERAL = "lateral"  # I V5 V6
    INFERIOR = "inferior"  # II, III, aVF


class Rates(NamedTuple):
    """QRS complexes a minute: the least, what is taken unless told, the most."""

    least: int
    usual: int
    most: int


RATES: dict[Rhythm, Rates] = {
    Rhythm.SINUS: Rates(60, 72, 100),
    Rhythm.BRADYCARDIA: Rates(30, 42, 59),
    Rhythm.TACHYCARDIA: Rates(101, 130, 150),
    Rhythm.PAUSES: Rates(50, 72, 90),
    Rhythm.AV_BLOCK_3: Rates(20, 34, 50),
    Rhythm.FIBRILLATION: Rates(50, 96, 150),
    Rhythm.VENTRICULAR_TACHYCARDIA: Rates(120, 170, 220),
    Rhythm.PACED: Rates(40, 70, 110),
}
ATRIAL_RATES = Rates(60, 78, 110)
"""P waves a minute under a third-degree block."""


class St(NamedTuple):
    """So many microvolts above the baseline in this group; below it when negative."""

    group: LeadGroup
    uv: int


@dataclass(frozen=True, slots=True)
class Episode:
    """One rhythm with its noise and faults; SignalError when it cannot be simulated.

    `rate_per_min`: QRS complexes a minute (on average in fibrillation), None: the rhythm's usual rate.
    `seconds`: None: until the end, and so only for the last episode of a scenario.
    """

    rhythm: Rhythm = Rhythm.SINUS
    rate_per_min: int | None = None
    atrial_per_min: int | None = None
    pause_s: float | None = None
    st: tuple[St, ...] = ()
    noise: frozenset[NoiseKind] = frozenset()
    mains_hz: int = 50
    flat: Electrode = Electrode.V3
    electrodes_off: Electrode = Electrode(0)
    seconds: int | None = None

    def __post_init__(self) -> None:
        self._check_rates()
        self._check_only_for("a pause", self.pause_s, Rhythm.PAUSES)
        if not LEAST_PAUSE_S <= self.least_pause_s <= MOST_PAUSE_S:
            raise SignalError(f"a pause of {self.pause_s:g} s; {LEAST_PAUSE_S:g} to {MOST_PAUSE_S:g} s")
        for group, uv in self.st:
            if not 0 < abs(uv) <= MOST_ST_UV:
                raise SignalError(f"ST {group} {uv} uV; 1 to {MOST_ST_UV} uV up or down are possible")
        if len({group for group, _ in self.st}) < len(self.st):
            raise SignalError("ST of one group is given twice")
        if self.mains_hz not in (50, 60):
            raise SignalError(f"mains of {self.mains_hz} Hz; 50 or 60 Hz are possible")
        if self.flat not in CHEST or self.flat.bit_count() != 1:
            raise SignalError("a flat electrode must be one of V1 to V6")
        if self.seconds is not None and not 1 <= self.seconds <= MOST_SECONDS:
            raise SignalError(f"{self.seconds} s; 1 to {MOST_SECONDS} s are possible")

    @property
    def qrs_per_min(self) -> int:
        """QRS complexes a minute."""
        return RATES[self.rhythm].usual if self.rate_per_min is None else self.rate_per_min

    @property
    def p_per_min(self) -> int:
        """P waves a minute where they go their own way."""
        return ATRIAL_RATES.usual if self.atrial_per_min is None else self.atrial_per_min

    @property
    def least_pause_s(self) -> float:
        """A pause is at least so long, from R to R."""
        return 3.5 if self.pause_s is None else self.pause_s

    def _check_rates(self) -> None:
        least, _, most = RATES[self.rhythm]
        if not least <= self.qrs_per_min <= most:
            raise SignalError(
                f"{self.rhythm} at {self.rate_per_min} a minute; {least} to {most} are possible"
            )
        self._check_only_for("an atrial rate", self.atrial_per_min, Rhythm.AV_BLOCK_3)
        least, _, most = ATRIAL_RATES
        if not least <= self.p_per_min <= most:
            raise SignalError(f"an atrial rate of {self.atrial_per_min}; {least} to {most} are possible")

    def _check_only_for(self, what: str, given: float | None, rhythm: Rhythm) -> None:
        if given is not None and self.rhythm is not rhythm:
            raise SignalError(f"{what} is for {rhythm} only, not for {self.rhythm}")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Episodes in their order; when each has its seconds, they begin again after the last.

    `seed` decides everything that is random: the same scenario is the same signal, at any time, anywhere.
    """

    episodes: tuple[Episode, ...] = (Episode(),)
    seed: int = 1
    rate_hz: int = DEFAULT_RATE_HZ

    def __post_init__(self) -> None:
        if not self.episodes:
            raise SignalError("a scenario needs at least one episode")
        if any(episode.seconds is None for episode in self.episodes[:-1]):
            raise SignalError("only the last episode may go on for ever; the others need their seconds")
        if not LEAST_RATE_HZ <= self.rate_hz <= MOST_RATE_HZ:
            raise SignalError(f"{self.rate_hz} Hz; {LEAST_RATE_HZ} to {MOST_RATE_HZ} Hz are possible")
        if not 0 <= self.seed <= MOST_SEED:
            raise SignalError(f"seed {self.seed}; 0 to {MOST_SEED} are possible")

    @property
    def cycle_s(self) -> int | None:
        """Seconds until it begins again; None: it never does."""
        seconds = [episode.seconds for episode in self.episodes if episode.seconds is not None]
        return sum(seconds) if len(seconds) == len(self.episodes) else None
