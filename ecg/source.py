"""Where live samples come from: anything that can give the sample of any index."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ecg.description import Filters
from ecg.leads import MISSING, Electrode, Lead
from ecg.packets import Mark
from ecg.recording import Recording

SEAM_MS = 200
"""A seam shorter than this could be taken for a flaw of the drawing."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a device says beside some samples: its state at the last of them, and marks.

    `clipped`: bits in the source's order of leads.
    """

    electrodes_off: Electrode = Electrode(0)
    clipped: int = 0
    marks: tuple[Mark, ...] = ()


NO_SIGNS = Signs()


class EcgSource(Protocol):
    """Samples by index; `SyntheticEcg`, `SimulatedEcg` and `RecordingLoop` are such sources."""

    @property
    def leads(self) -> tuple[Lead, ...]:
        """The rows of `samples`."""

    @property
    def rate_hz(self) -> float:
        """Samples per second and lead."""

    @property
    def nv_per_lsb(self) -> float:
        """Nanovolts per step."""

    @property
    def filters(self) -> Filters:
        """What the device did to the signal."""

    @property
    def device(self) -> str:
        """The device's name."""

    @property
    def simulated(self) -> bool:
        """True when this does not come from a patient at this moment."""

    def samples(self, first: int, count: int) -> NDArray[np.int16]:
        """int16 (leads, count) from index `first` on; -32768 = missing."""

    def breaks(self, first: int, count: int) -> tuple[int, ...]:
        """Offsets in these samples at which the signal does not continue what was before: RESUME marks."""

    def signs(self, first: int, count: int) -> Signs:
        """What the device says beside these samples; what is missing for it is so in the samples."""


class RecordingLoop:
    """A stored ECG played over and over; the seam is a gap of 200 ms without samples, never a joint.

    Round k holds the recording from index k * period on, sample by sample, then the missing ones.
    """

    simulated = True

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.leads = recording.leads
        self.rate_hz = recording.rate_hz
        self.nv_per_lsb = recording.nv_per_lsb
        self.filters = recording.filters
        self.device = recording.device
        seam = max(1, round(recording.rate_hz * SEAM_MS / 1000))
        gap = np.full((len(recording.leads), seam), MISSING, np.int16)
        self._round = np.concatenate([recording.samples, gap], axis=1)

    @property
    def period(self) -> int:
        """Samples from the start of one round to the start of the next."""
        return int(self._round.shape[1])

    def samples(self, first: int, count: int) -> NDArray[np.int16]:
        """int16 (leads, count) from index `first` on; -32768 in the seam."""
        taken: NDArray[np.int16] = self._round[:, np.arange(first, first + count) % self.period]
        return taken

    def breaks(self, first: int, count: int) -> tuple[int, ...]:
        """Offsets at which a round begins again, but for the very first."""
        start = -first % self.period
        return tuple(at for at in range(start, count, self.period) if first + at > 0)

    def signs(self, first: int, count: int) -> Signs:
        """None: a file says nothing beside its samples."""
        return NO_SIGNS
