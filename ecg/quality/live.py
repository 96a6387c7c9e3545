"""Judges an ECG second by second while it runs; `assess` is the same over a whole recording."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError
from ecg.leads import Lead
from ecg.quality.device_state import NOTHING_SAID, DeviceState
from ecg.quality.findings import SecondQuality
from ecg.quality.rules import DEFAULT_RULES, QualityRules
from ecg.quality.second import SecondJudge
from ecg.ranges import SampleRange
from ecg.recording import Recording

LOWEST_RATE_HZ = 100
"""Below it muscle noise cannot be told from the signal."""


class LiveQuality:
    """Samples in, one verdict a second out; how the samples were cut into chunks changes nothing.

    Flat lines and wander are told from the second second on: they need the one before. Raises SignalError
    for a rate outside 100 to 32000 Hz, no lead, or samples of another shape.
    """

    def __init__(
        self, rate_hz: float, leads: Sequence[Lead], nv_per_lsb: float, rules: QualityRules = DEFAULT_RULES
    ) -> None:
        if not LOWEST_RATE_HZ <= rate_hz <= 32_000 or not leads or nv_per_lsb <= 0:
            raise SignalError(
                f"{rate_hz} Hz, {len(leads)} leads, {nv_per_lsb} nV a step;"
                f" {LOWEST_RATE_HZ} to 32000 Hz, a lead and a step above 0 are needed"
            )
        self.leads = tuple(leads)
        self._second = round(rate_hz)
        self._judge = SecondJudge(rate_hz, self.leads, nv_per_lsb / 1000, rules)
        self.restart(0)

    def restart(self, first: int) -> None:
        """The next sample has index `first` and does not continue what was before; an open second is left."""
        self._first = first
        self._held = np.zeros((len(self.leads), 0), np.int16)  # up to two seconds judged, and the open one
        self._open = 0
        self._state = NOTHING_SAID

    def feed(self, samples: NDArray[np.int16], state: DeviceState = NOTHING_SAID) -> list[SecondQuality]:
        """The verdicts on the seconds that these samples complete; `state` holds for all of them."""
        if samples.ndim != 2 or samples.shape[0] != len(self.leads) or samples.dtype != np.int16:
            raise SignalError(
                f"samples are {samples.dtype} {samples.shape}; int16 ({len(self.leads)}, n) is right"
            )
        verdicts, at = [], 0
        while at < samples.shape[1]:
            count = min(samples.shape[1] - at, self._second - self._open)
            self._held = np.concatenate([self._held, samples[:, at : at + count]], axis=1)
            self._open += count
            self._state |= state
            at += count
            if self._open == self._second:
                verdicts.append(self._close())
        return verdicts

    def finish(self) -> list[SecondQuality]:
        """The verdict on what is left at the end, judged with as much before it as makes a second.

        None when nothing is left, or there never was a whole second.
        """
        return [self._close()] if self._open and self._held.shape[1] >= self._second else []

    def _close(self) -> SecondQuality:
        """The verdict on the open second."""
        verdict = SecondQuality(
            SampleRange(self._first, self._open),
            self._judge.judge(self._held[:, -2 * self._second :], self._state),
            self._state.electrodes_off,
        )
        self._held = self._held[:, -2 * self._second :]
        self._first += self._open
        self._open, self._state = 0, NOTHING_SAID
        return verdict


def assess(
    recording: Recording,
    states: Iterable[tuple[SampleRange, DeviceState]] = (),
    rules: QualityRules = DEFAULT_RULES,
) -> tuple[SecondQuality, ...]:
    """The verdicts on a whole recording, exactly those of a live run.

    `states`: what the device said, of which samples, in order and without overlap. Empty when the recording
    is shorter than a second.
    """
    live = LiveQuality(recording.rate_hz, recording.leads, recording.nv_per_lsb, rules)
    verdicts: list[SecondQuality] = []
    at = 0
    for samples, state in states:
        if samples.first < at or samples.end > recording.sample_count:
            raise SignalError(
                f"a state of samples {samples.first} to {samples.end};"
                f" within {at} to {recording.sample_count} is right"
            )
        verdicts += live.feed(recording.samples[:, at : samples.first])
        verdicts += live.feed(recording.samples[:, samples.first : samples.end], state)
        at = samples.end
    return (*verdicts, *live.feed(recording.samples[:, at:]), *live.finish())
