"""What is wrong with an ECG now, told steadily: what comes and goes within seconds does not flicker.

The verdicts are those of `ecg.quality.live` and `ecg.quality.reversal`; here is only when they begin and end
to be told. It is advice on the signal and no alarm: what one second shows is not told, however it looks.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.leads import CHEST_LEADS, Electrode, Lead
from ecg.quality.advice import Advice, Cause, Shortfall, advice_for
from ecg.quality.device_state import NOTHING_SAID, DeviceState
from ecg.quality.electrodes import EVERY_ELECTRODE, SWAPPED, electrodes_of_all, suspected_electrodes
from ecg.quality.findings import Finding, Grade, SecondQuality
from ecg.quality.live import LiveQuality
from ecg.quality.reversal import Reversal, Suspicion, suspected_reversals
from ecg.recording import Recording

WINDOW_S = 5
BEGINS_S = 3
"""Found in so many of the last `WINDOW_S` seconds it begins to be told; found in none of them it ends."""

REVERSAL_EVERY_S = 10
"""Swapped electrodes are looked for in the last ten seconds, and told once two looks agree."""

_NOT_TOLD = (Finding.LEAD_OFF, Finding.MISSING)
"""The device tells the one with every packet, the receiver sees the other: both are shown at once."""

TOLD = tuple(one for one in Finding if one not in _NOT_TOLD)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with the signal now, in which leads, and what to do about it."""

    cause: Cause
    grade: Grade
    advice: Advice
    leads: tuple[Lead, ...]
    electrodes: Electrode


class RunningQuality:
    """Samples in; `flaws` is what stands. Raises SignalError for a stream that `LiveQuality` cannot judge."""

    def __init__(self, rate_hz: float, leads: Sequence[Lead], nv_per_lsb: float) -> None:
        self._live = LiveQuality(rate_hz, leads, nv_per_lsb)
        self._leads, self._rate_hz, self._nv_per_lsb = tuple(leads), rate_hz, nv_per_lsb
        self._second = round(rate_hz)
        self._next: int | None = None
        self._nothing: NDArray[np.int16] = np.zeros((len(self._leads), 0), np.int16)
        self._held = self._nothing
        self._begin_anew(0)

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """What is wrong now, the most important first."""
        return (*self._all_flat_flaw(), *self._reversal_flaws(), *self._finding_flaws())

    def feed(self, first: int, samples: NDArray[np.int16], state: DeviceState = NOTHING_SAID) -> None:
        """Take in (leads, n) samples from index `first`; what does not continue begins anew."""
        if first != self._next:
            self._begin_anew(first)
        self._next = first + samples.shape[1]
        self._held = np.concatenate([self._held, samples], axis=1)[:, -REVERSAL_EVERY_S * self._second :]
        for verdict in self._live.feed(samples, state):
            self._take(verdict)

    def _begin_anew(self, first: int) -> None:
        self._live.restart(first)
        self._held = self._nothing
        self._recent: deque[SecondQuality] = deque(maxlen=REVERSAL_EVERY_S)
        self._since_look = 0
        self._standing: dict[Finding, dict[Lead, Grade]] = {finding: {} for finding in TOLD}
        self._electrodes: dict[Finding, Electrode] = {}
        self._all_flat = False
        self._seen_before: frozenset[Suspicion] = frozenset()
        self._suspected: frozenset[Suspicion] = frozenset()

    # --- seconds ----------------------------------------------------------------------------------------

    def _take(self, verdict: SecondQuality) -> None:
        self._recent.append(verdict)
        window = list(self._recent)[-WINDOW_S:]
        self._all_flat = _stands(self._all_flat, sum(one.all_flat for one in window))
        for finding in TOLD:
            self._settle(finding, window)
        self._since_look += 1
        if self._since_look >= REVERSAL_EVERY_S:
            self._since_look = 0
            self._look_for_reversals()

    def _settle(self, finding: Finding, window: Sequence[SecondQuality]) -> None:
        before = self._standing[finding]
        after: dict[Lead, Grade] = {}
        for lead in self._leads:
            found = [one for verdict in window if (one := verdict.leads[lead].of(finding)) is not None]
            if not _stands(lead in before, len(found)):
                continue
            unusable = sum(one.grade is Grade.UNUSABLE for one in found)
            stays = _stands(before.get(lead) is Grade.UNUSABLE, unusable)
            after[lead] = Grade.UNUSABLE if stays else Grade.NOTED
        if after.keys() != before.keys():
            self._electrodes[finding] = suspected_electrodes(
                finding, _sizes(finding, after, window), self._leads
            )
        self._standing[finding] = after

    # --- swapped electrodes -----------------------------------------------------------------------------

    def _look_for_reversals(self) -> None:
        """Only where every second of every lead can be read: an electrode that is off looks like a swap."""
        if any(not second.usable for verdict in self._recent for second in verdict.leads.values()):
            return
        recording = Recording(
            leads=self._leads, rate_hz=self._rate_hz, nv_per_lsb=self._nv_per_lsb, samples=self._held
        )
        seen = frozenset(suspected_reversals(recording).suspected)
        agreed = seen & self._seen_before
        self._suspected = (self._suspected & (seen | self._seen_before)) | agreed
        self._seen_before = seen

    # --- what is told -----------------------------------------------------------------------------------

    def _all_flat_flaw(self) -> list[Flaw]:
        if not self._all_flat:
            return []
        advice = advice_for(Shortfall.ALL_FLAT)
        return [Flaw(Shortfall.ALL_FLAT, Grade.UNUSABLE, advice, self._leads, EVERY_ELECTRODE)]

    def _reversal_flaws(self) -> list[Flaw]:
        every = sorted(self._suspected, key=lambda one: list(Reversal).index(one.reversal))
        return [
            Flaw(
                one.reversal,
                Grade.UNUSABLE,
                advice_for(one.reversal),
                one.chest,
                SWAPPED.get(one.reversal) or electrodes_of_all(one.chest or CHEST_LEADS),
            )
            for one in every
        ]

    def _finding_flaws(self) -> list[Flaw]:
        flaws = []
        for finding, leads in self._standing.items():
            if not leads or (finding is Finding.FLAT and self._all_flat):
                continue
            grade = Grade.UNUSABLE if Grade.UNUSABLE in leads.values() else Grade.NOTED
            electrodes = self._electrodes.get(finding, Electrode(0))
            flaws.append(Flaw(finding, grade, advice_for(finding), tuple(leads), electrodes))
        return flaws


def _stands(stood: bool, seconds: int) -> bool:
    return seconds >= BEGINS_S or (stood and seconds > 0)


def _sizes(finding: Finding, leads: dict[Lead, Grade], window: Sequence[SecondQuality]) -> dict[Lead, float]:
    """How much of it each lead shows, added up over the window."""
    every = [verdict.sizes_uv(finding) for verdict in window]
    return {lead: sum(sizes.get(lead, 0.0) for sizes in every) for lead in leads}
