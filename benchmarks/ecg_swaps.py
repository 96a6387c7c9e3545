"""The twelve leads as they would be with electrodes on each other's place, computed from a right recording.

The two legs are taken to be at one potential (they nearly are), so a lead between them is nought here; on a
person it holds some 20 to 50 uV. Wilson's terminal moves with its electrodes.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ecg.leads import CHEST_LEADS, STANDARD_LEADS, Lead
from ecg.quality.reversal import Reversal

Leads = NDArray[np.float64]
_CHEST = [k for k, lead in enumerate(STANDARD_LEADS) if lead in CHEST_LEADS]
_LIMB = {  # what is recorded as I and as II, and three times the rise of Wilson's terminal
    Reversal.RA_LA: lambda one, two: (-one, two - one, 0 * one),
    Reversal.RA_LL: lambda one, two: (one - two, -two, 0 * one),
    Reversal.LA_LL: lambda one, two: (two, one, 0 * one),
    Reversal.RA_RL: lambda one, two: (one - two, 0 * two, two),
    Reversal.LA_RL: lambda one, two: (two, two, two - one),
    Reversal.ARMS_LEGS: lambda one, two: (0 * one, one - two, two),
}


def swapped(leads: Leads, reversal: Reversal) -> Leads:
    """Twelve leads in standard order, (12, n), with limb electrodes swapped."""
    one, two, risen = _LIMB[reversal](leads[0], leads[1])
    limb = np.stack([one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2])
    return np.concatenate([limb, leads[6:] - risen / 3])


def chest_pairs() -> list[tuple[Lead, Lead]]:
    """Every two chest electrodes that could change places."""
    return list(combinations([STANDARD_LEADS[k] for k in _CHEST], 2))


def with_chest_swapped(leads: Leads, pair: tuple[Lead, Lead]) -> Leads:
    """Twelve leads with two chest electrodes swapped."""
    order = list(range(len(STANDARD_LEADS)))
    first, second = (STANDARD_LEADS.index(lead) for lead in pair)
    order[first], order[second] = second, first
    return leads[order]


LIMB_SWAPS: tuple[Reversal, ...] = tuple(_LIMB)
