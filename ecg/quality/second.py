"""The verdict on one second of every lead: what the device said, what is missing, and what was measured."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING, Lead
from ecg.quality.baseline import baseline_movement_uv, shown_uv
from ecg.quality.clipping import clipped_samples
from ecg.quality.device_state import DeviceState
from ecg.quality.findings import Finding, Grade, LeadFinding, LeadSecond
from ecg.quality.noise import Noise, NoiseGauge
from ecg.quality.rules import QualityRules
from ecg.signal.filters import Mains

_OF_MAINS = {Mains.HZ_50: Finding.MAINS_50, Mains.HZ_60: Finding.MAINS_60}
_IMPORTANCE = {finding: k for k, finding in enumerate(Finding)}

_WITHOUT_PULSES = (0.005, 0.995)
"""Of the samples of a second: two pacing pulses of 2 ms are up to 700 mV high."""

_MOSTLY_MISSING = 0.5
"""Of a second: what is left is not judged."""


class SecondJudge:
    """Judges seconds of one stream; it remembers nothing between them."""

    def __init__(
        self, rate_hz: float, leads: Sequence[Lead], uv_per_step: float, rules: QualityRules
    ) -> None:
        self._leads, self._rate_hz, self._uv_per_step, self._rules = leads, rate_hz, uv_per_step, rules
        self._second = round(rate_hz)
        self._gauge = NoiseGauge(rate_hz)

    def judge(self, samples: NDArray[np.int16], state: DeviceState) -> dict[Lead, LeadSecond]:
        """The verdict on the last second of (leads, n); what lies before it, up to a second, helps.

        With less than a second before it neither flat lines nor wander are told.
        """
        steps = samples.astype(np.int64)
        missing = samples == MISSING
        uv = np.where(missing, 0.0, steps * self._uv_per_step)
        noise = self._gauge.measure(uv[:, -self._second :], missing[:, -self._second :])
        if samples.shape[1] < 2 * self._second:
            moved, shown = np.zeros(len(self._leads)), np.full(len(self._leads), np.inf)
        else:
            moved, shown = baseline_movement_uv(uv, missing), shown_uv(uv, missing)
        return {
            lead: self._lead(lead, steps[k], missing[k], noise[k], float(moved[k]), float(shown[k]), state)
            for k, lead in enumerate(self._leads)
        }

    def _lead(
        self,
        lead: Lead,
        steps: NDArray[np.int64],
        missing: NDArray[np.bool_],
        noise: Noise,
        moved_uv: float,
        shown_uv: float,
        state: DeviceState,
    ) -> LeadSecond:
        if lead in state.off:
            return LeadSecond((LeadFinding(Finding.LEAD_OFF, Grade.UNUSABLE),))
        if state.calibration:
            return LeadSecond((LeadFinding(Finding.CALIBRATION, Grade.UNUSABLE),))
        absent = self._missing(missing[-self._second :])
        if missing[-self._second :].mean() >= _MOSTLY_MISSING:
            return LeadSecond(tuple(absent))
        if shown_uv < self._rules.flat_uv:
            return _second([*absent, LeadFinding(Finding.FLAT, Grade.UNUSABLE, shown_uv)])
        clipped = self._clipped(steps, missing, lead in state.clipped)
        high = self._amplitude(steps[-self._second :], missing[-self._second :])
        return _second([*absent, *high, *clipped, *self._noise(noise), *self._wander(moved_uv)])

    def _missing(self, missing: NDArray[np.bool_]) -> list[LeadFinding]:
        share = float(missing.mean())
        if not share:
            return []
        return [LeadFinding(Finding.MISSING, _grade(share, self._rules.missing_unusable_share))]

    def _amplitude(self, steps: NDArray[np.int64], missing: NDArray[np.bool_]) -> list[LeadFinding]:
        """Noted, not unusable: rate and intervals do not depend on the scale."""
        there = steps[~missing]
        if np.ptp(there) * self._uv_per_step < self._rules.most_uv:
            return []
        range_uv = float(np.ptp(np.quantile(there, _WITHOUT_PULSES))) * self._uv_per_step
        if range_uv < self._rules.most_uv:
            return []
        return [LeadFinding(Finding.AMPLITUDE, Grade.NOTED, range_uv)]

    def _clipped(self, steps: NDArray[np.int64], missing: NDArray[np.bool_], said: bool) -> list[LeadFinding]:
        cut = clipped_samples(steps, missing, self._rate_hz, self._uv_per_step)[-self._second :]
        if not said and not cut.any():
            return []
        return [LeadFinding(Finding.CLIPPED, _grade(float(cut.mean()), self._rules.clipped_unusable_share))]

    def _noise(self, noise: Noise) -> list[LeadFinding]:
        rules = self._rules
        found = [
            LeadFinding(_OF_MAINS[mains], _grade(size, rules.mains_unusable_uv), size)
            for mains, size in noise.mains_uv.items()
            if size >= rules.mains_noted_uv
        ]
        if noise.muscle_uv >= rules.muscle_noted_uv:
            grade = _grade(noise.muscle_uv, rules.muscle_unusable_uv)
            found.append(LeadFinding(Finding.MUSCLE, grade, noise.muscle_uv))
        return found

    def _wander(self, moved_uv: float) -> list[LeadFinding]:
        if moved_uv < self._rules.wander_noted_uv:
            return []
        return [LeadFinding(Finding.WANDER, _grade(moved_uv, self._rules.wander_unusable_uv), moved_uv)]


def _grade(size: float, unusable_from: float) -> Grade:
    return Grade.UNUSABLE if size >= unusable_from else Grade.NOTED


def _second(findings: list[LeadFinding]) -> LeadSecond:
    return LeadSecond(tuple(sorted(findings, key=lambda one: _IMPORTANCE[one.finding])))
