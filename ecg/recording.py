"""A stored ECG: samples with everything needed to draw them at their true size."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.description import Filters
from ecg.errors import SignalError
from ecg.leads import Lead


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """Samples int16 (leads, n), -32768 = missing, in steps of `nv_per_lsb` nanovolts; SignalError if unfit.

    `acquired`: date and time as the device wrote them (DICOM DT, often without a zone), empty when unknown.
    `simulated`: no patient made this signal.
    """

    leads: tuple[Lead, ...]
    rate_hz: float
    nv_per_lsb: float
    samples: NDArray[np.int16]
    filters: Filters = Filters()
    acquired: str = ""
    device: str = ""
    simulated: bool = False

    def __post_init__(self) -> None:
        if self.samples.dtype != np.int16 or self.samples.ndim != 2:
            raise SignalError(
                f"samples are {self.samples.dtype} {self.samples.shape}; int16 (leads, n) is right"
            )
        if self.samples.shape[0] != len(self.leads) or self.samples.shape[1] == 0:
            raise SignalError(f"samples of shape {self.samples.shape} for {len(self.leads)} leads")
        if self.rate_hz <= 0 or self.nv_per_lsb <= 0:
            raise SignalError(f"{self.rate_hz} Hz and {self.nv_per_lsb} nV a step; both must be above 0")

    @property
    def sample_count(self) -> int:
        """Samples per lead."""
        return int(self.samples.shape[1])

    @property
    def duration_s(self) -> float:
        """Seconds from the first sample to the end of the last."""
        return self.sample_count / self.rate_hz

    def lead(self, lead: Lead) -> NDArray[np.int16]:
        """The samples of one lead, (n,); raises SignalError when it was not recorded."""
        if lead not in self.leads:
            raise SignalError(f"lead {lead} was not recorded; recorded are {', '.join(self.leads)}")
        row: NDArray[np.int16] = self.samples[self.leads.index(lead)]
        return row
