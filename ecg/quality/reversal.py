"""Electrodes that seem to be on each other's place, from the median beat; a suspicion, never a certainty.

Swapped electrodes give leads that are swapped and turned round: RA with LA inverts I, RA with LL inverts II
and shows P upright in aVR, an arm on the right leg leaves a lead between two legs, where next to nothing is
seen (Kligfield et al., AHA/ACC/HRS 2007, part I; Batchvarov et al., Europace 2007). LA with LL leaves an ECG
that could be somebody else's: criteria find 22 % of them (18,000 patients, J Electrocardiol 2014;47:794) or
blame too many sound ones (Ohlsson, Heden, Edenbrandt 1999). It is not looked for, and that is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError
from ecg.leads import CHEST_LEADS, STANDARD_LEADS, Lead
from ecg.recording import Recording
from ecg.signal.median_beat import MedianBeat, median_beat
from ecg.signal.qrs import find_beats


class Reversal(StrEnum):
    """Electrodes on each other's place."""

    RA_LA = "ra_la"
    RA_LL = "ra_ll"
    LA_LL = "la_ll"
    RA_RL = "ra_rl"
    LA_RL = "la_rl"
    ARMS_LEGS = "arms_legs"
    """Both arm electrodes on the legs."""
    CHEST_ORDER = "chest_order"


class Untested(StrEnum):
    """Why a reversal could not be looked for."""

    NOT_DISTINCT = "not_distinct"
    """It looks like a possible ECG of somebody else."""
    NO_P = "no_p"
    FEW_BEATS = "few_beats"
    LEADS_MISSING = "leads_missing"
    RATE = "rate"
    """Beats are found at 100 to 1000 Hz."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Electrodes that may be swapped. `chest`: the two chest leads of CHEST_ORDER, empty when not told.

    `on_qrs_alone`: no P wave was there to confirm it, as in atrial fibrillation.
    """

    reversal: Reversal
    chest: tuple[Lead, ...] = ()
    on_qrs_alone: bool = False


@dataclass(frozen=True, slots=True)
class ReversalCheck:
    """What is suspected, and what could not be looked for."""

    suspected: tuple[Suspicion, ...] = ()
    untested: Mapping[Reversal, Untested] = field(default_factory=dict)


P_LEAST_UV = 30.0
"""A P wave lower than this has no sign; in sinus rhythm P is 40 to 250 uV in I or II."""

NEARLY_FLAT_UV = 100.0
NEARLY_FLAT_SHARE = 0.15
"""Of the largest of I, II and III. The lowest limb lead measured in a clean record has 216 uV."""

SHORTER_PATH = 0.75
"""Chest leads resemble their neighbours. Where two change places and the differences between neighbours, of
size and of shape, become a quarter less, those two were swapped. No clean record comes below 0.81."""

AS_SHORT = 0.05
"""Another two that are as likely: V1 with V6 and V2 with V5 leave nearly the same neighbours."""

_SPIKE_S = 0.010
_SMOOTH_S = 0.020
_QRS_S = (-0.08, 0.10)
_P_S = (-0.28, -0.08)
_P_EDGE_S = 0.03
_CHEST_S = (-0.06, 0.10)
"""Around R. A pacing pulse is out of the way after a median over 10 ms, so is QRS's edge from P after 20."""

_LIMB_REVERSALS = (Reversal.RA_LA, Reversal.RA_LL, Reversal.RA_RL, Reversal.LA_RL, Reversal.ARMS_LEGS)


def suspected_reversals(recording: Recording) -> ReversalCheck:
    """Look for swapped electrodes in a recording; with fewer than three like beats nothing is tested."""
    if not 100 <= recording.rate_hz <= 1000:
        return ReversalCheck((), dict.fromkeys(Reversal, Untested.RATE))
    try:
        beats = find_beats(recording.samples, recording.rate_hz, recording.nv_per_lsb)
        usual = median_beat(
            recording.samples, [beat.sample for beat in beats], recording.rate_hz, recording.nv_per_lsb
        )
    except SignalError:
        return ReversalCheck((), dict.fromkeys(Reversal, Untested.FEW_BEATS))
    return reversals_in(usual, recording.leads, recording.rate_hz)


def reversals_in(usual: MedianBeat, leads: Sequence[Lead], rate_hz: float) -> ReversalCheck:
    """The same in a median beat whose rows are `leads`."""
    beat = _Beat(usual, leads, rate_hz)
    untested = {Reversal.LA_LL: Untested.NOT_DISTINCT}
    suspected: list[Suspicion] = []
    if Lead.I in leads and Lead.II in leads:
        suspected += _nearly_flat(beat) or _inverted(beat, untested)
    else:
        untested |= dict.fromkeys(_LIMB_REVERSALS, Untested.LEADS_MISSING)
    if set(leads) >= CHEST_LEADS:
        suspected += _chest_order(beat)
    else:
        untested[Reversal.CHEST_ORDER] = Untested.LEADS_MISSING
    return ReversalCheck(tuple(suspected), untested)


class _Beat:
    """The median beat by lead, with the limb leads that follow from I and II."""

    def __init__(self, usual: MedianBeat, leads: Sequence[Lead], rate_hz: float) -> None:
        self._r, self._rate_hz = usual.r, rate_hz
        self._rows = dict(zip(leads, usual.samples_uv, strict=True))
        if Lead.I in self._rows and Lead.II in self._rows:
            one, two = self._rows[Lead.I], self._rows[Lead.II]
            self._rows |= {Lead.III: two - one, Lead.AVR: -(one + two) / 2}

    def has(self, lead: Lead) -> bool:
        return lead in self._rows

    def around_r(self, lead: Lead, window_s: tuple[float, float]) -> NDArray[np.float64]:
        """Without pacing pulses."""
        first, end = (self._r + round(at * self._rate_hz) for at in window_s)
        return self._without(lead, _SPIKE_S)[max(0, first) : end]

    def range_uv(self, lead: Lead) -> float:
        """P, QRS and T together."""
        return float(np.ptp(self._without(lead, _SPIKE_S)))

    def qrs_sign_uv(self, lead: Lead) -> float:
        """R and the deepest of Q and S together: above 0 where the complex points up."""
        qrs = self.around_r(lead, _QRS_S)
        return float(qrs.max() + qrs.min())

    def p_uv(self, lead: Lead) -> float:
        """The height of P with its sign; a rise at the edge of its window, where QRS begins, is none."""
        first, end = (max(0, self._r + round(at * self._rate_hz)) for at in _P_S)
        wave = self._without(lead, _SMOOTH_S)[first:end]
        edge = round(_P_EDGE_S * self._rate_hz)
        if len(wave) <= 2 * edge:
            return 0.0
        wave = (wave - np.linspace(wave[0], wave[-1], len(wave)))[edge:-edge]
        return float(wave[np.argmax(np.abs(wave))])

    def _without(self, lead: Lead, shorter_than_s: float) -> NDArray[np.float64]:
        """The lead without what is shorter than half of this: a running median."""
        size = round(shorter_than_s * self._rate_hz) | 1
        padded = np.pad(self._rows[lead], size // 2, mode="edge")
        middle: NDArray[np.float64] = np.median(
            np.lib.stride_tricks.sliding_window_view(padded, size), axis=1
        )
        return middle


def _nearly_flat(beat: _Beat) -> list[Suspicion]:
    """A lead between two legs: one electrode of it is on the right leg, or both arms' are on the legs."""
    ranges = {lead: beat.range_uv(lead) for lead in (Lead.I, Lead.II, Lead.III)}
    lead = min(ranges, key=lambda one: ranges[one])
    if ranges[lead] > min(NEARLY_FLAT_UV, NEARLY_FLAT_SHARE * max(ranges.values())):
        return []
    named = {Lead.I: Reversal.ARMS_LEGS, Lead.II: Reversal.RA_RL, Lead.III: Reversal.LA_RL}
    return [Suspicion(named[lead])]


def _inverted(beat: _Beat, untested: dict[Reversal, Untested]) -> list[Suspicion]:
    """P and QRS inverted together; a rhythm from elsewhere inverts P alone, a scar QRS alone.

    P's axis is 0 to 75 degrees in sinus rhythm. With RA and LA swapped it is 105 to 180, deepest in I; with
    RA and LL it is -60 to -135, deepest in II and upright in aVR.
    """
    p_one, p_two, p_avr = (beat.p_uv(lead) for lead in (Lead.I, Lead.II, Lead.AVR))
    if max(abs(p_one), abs(p_two)) < P_LEAST_UV:
        untested[Reversal.RA_LL] = Untested.NO_P
        if not beat.has(Lead.V6):
            untested[Reversal.RA_LA] = Untested.NO_P
            return []
        return [Suspicion(Reversal.RA_LA, on_qrs_alone=True)] if _turned_round(beat) else []
    if p_two <= -P_LEAST_UV and p_two < p_one and p_avr > 0:
        return [Suspicion(Reversal.RA_LL)] if beat.qrs_sign_uv(Lead.II) < 0 else []
    if p_one <= -P_LEAST_UV and beat.qrs_sign_uv(Lead.I) < 0:
        return [Suspicion(Reversal.RA_LA)]
    return []


def _turned_round(beat: _Beat) -> bool:
    """Without P: QRS down in I and up in aVR, while V6, on the same side as I, points up."""
    down = beat.qrs_sign_uv(Lead.I) < 0
    return down and beat.qrs_sign_uv(Lead.AVR) > 0 and beat.qrs_sign_uv(Lead.V6) > 0


def _chest_order(beat: _Beat) -> list[Suspicion]:
    order = [lead for lead in STANDARD_LEADS if lead in CHEST_LEADS]
    sizes = np.stack([beat.around_r(lead, _CHEST_S) for lead in order])
    shapes = sizes / np.maximum(np.linalg.norm(sizes, axis=1, keepdims=True), 1.0)
    found = []
    for first, second in combinations(range(len(order)), 2):
        swapped = list(range(len(order)))
        swapped[first], swapped[second] = second, first
        shorter = max(_path(rows[swapped]) / max(_path(rows), 1e-9) for rows in (sizes, shapes))
        found.append((shorter, (order[first], order[second])))
    (shortest, pair), (next_shortest, _) = sorted(found)[:2]
    if shortest >= SHORTER_PATH:
        return []
    told = next_shortest - shortest > AS_SHORT
    return [Suspicion(Reversal.CHEST_ORDER, chest=pair if told else ())]


def _path(rows: NDArray[np.float64]) -> float:
    """From each lead to the next, how far they differ, added up."""
    return float(np.linalg.norm(np.diff(rows, axis=0), axis=1).sum())
