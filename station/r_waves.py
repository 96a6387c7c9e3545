"""When the heart beat in the last minute: the R waves of the ECG as it was taken, on the station's clock.

Found when somebody steps by beats, and not before: nothing waits for it while the ECG runs.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from ecg.description import StreamDescription
from ecg.errors import EcgError
from ecg.leads import MISSING
from ecg.packets import Wave
from ecg.signal.qrs import find_beats

KEPT_US = 75_000_000
"""Longer than the ring keeps pictures: its oldest frame has its R wave too."""


class RWaves:
    """The last seconds of one stream, from which R waves are found."""

    def __init__(self) -> None:
        self._described: StreamDescription | None = None
        self._waves: deque[Wave] = deque()

    def begin(self, described: StreamDescription) -> None:
        """A stream begins, or goes on."""
        self._described = described
        self._waves.clear()

    def take(self, wave: Wave) -> None:
        """A piece was taken."""
        self._waves.append(wave)
        while self._waves[0].captured_us < wave.captured_us - KEPT_US:
            self._waves.popleft()

    def kept(self) -> "KeptEcg | None":
        """What there is now, to be looked through in a thread; None: nothing."""
        if self._described is None or not self._waves:
            return None
        return KeptEcg(self._described, tuple(self._waves))


class KeptEcg:
    """Some pieces of a stream, in order."""

    def __init__(self, described: StreamDescription, waves: tuple[Wave, ...]) -> None:
        self._described = described
        self._waves = waves

    def r_waves_us(self) -> tuple[int, ...]:
        """When each R wave was captured; none where the ECG cannot be read."""
        described = self._described
        try:
            beats = find_beats(self._samples(), described.rate_hz, described.nv_per_lsb)
        except EcgError:
            return ()
        first = np.array([wave.first_index for wave in self._waves], dtype=np.float64)
        captured_us = np.array([wave.captured_us for wave in self._waves], dtype=np.float64)
        begin = self._waves[0].first_index
        found = []
        for beat in beats:
            index = begin + beat.sample
            piece = int(np.searchsorted(first, index, side="right")) - 1
            after_us = (index - first[piece]) * 1e6 / described.rate_hz
            found.append(round(captured_us[piece] + after_us))
        return tuple(found)

    def _samples(self) -> NDArray[np.int16]:
        """int16 (leads, n), without a value where nothing was taken."""
        begin, end = self._waves[0].first_index, self._waves[-1].end_index
        leads = len(self._described.leads)
        whole = np.full((leads, end - begin), MISSING, np.int16)
        for wave in self._waves:
            whole[:, wave.first_index - begin : wave.end_index - begin] = wave.samples[:leads]
        return whole
