"""The rows of samples that are measured on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class LeadSamples:
    """int16 (leads, n), -32768 = missing, in steps of `nv_per_lsb` nanovolts."""

    samples: NDArray[np.int16]
    rate_hz: float
    nv_per_lsb: float
