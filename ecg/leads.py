"""The twelve standard leads: order, codes, algebra, and what a fallen electrode makes unusable.

Lead codes: ISO/IEEE 11073-10101 (MDC, "2:N") and EN 1064 (SCPECG, "5.6.3-9-N") share N (DICOM CID 3001).
"""

from collections.abc import Iterable, Sequence
from enum import IntFlag, StrEnum

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError

MISSING = -32768
"""The sample value that says: there is no value here. Never drawn, never filtered, never interpolated."""


class Lead(StrEnum):
    """A standard lead."""

    I = "I"  # noqa: E741 - the lead's name in every standard
    II = "II"
    III = "III"
    AVR = "aVR"
    AVL = "aVL"
    AVF = "aVF"
    V1 = "V1"
    V2 = "V2"
    V3 = "V3"
    V4 = "V4"
    V5 = "V5"
    V6 = "V6"


STANDARD_LEADS: tuple[Lead, ...] = tuple(Lead)
"""I II III aVR aVL aVF V1..V6: the order of rows in every (12, n) array of this room."""

LIMB_LEADS = frozenset(STANDARD_LEADS[:6])
CHEST_LEADS = frozenset(STANDARD_LEADS[6:])

INDEPENDENT_LEADS: tuple[Lead, ...] = (Lead.I, Lead.II, *STANDARD_LEADS[6:])
"""What a device with 8 channels measures; the other four follow from I and II."""

_CODE_NUMBER: dict[Lead, int] = dict(
    zip(STANDARD_LEADS, (1, 2, 61, 62, 63, 64, 3, 4, 5, 6, 7, 8), strict=True)
)
_MDC_PARTITION = 2 * 65536
_CODES: dict[tuple[str, str], Lead] = {
    key: lead
    for lead, number in _CODE_NUMBER.items()
    for key in (
        ("MDC", f"2:{number}"),
        ("MDC", str(_MDC_PARTITION + number)),  # MDC_ECG_LEAD_x as one number
        ("MDC", str(_MDC_PARTITION + 256 + number)),  # MDC_ECG_ELEC_POTL_x
        ("SCPECG", f"5.6.3-9-{number}"),
    )
}


def lead_of_code(scheme: str, value: str) -> Lead | None:
    """The standard lead with this code, e.g. ("MDC", "2:1"), ("SCPECG", "5.6.3-9-1"); None: another lead."""
    return _CODES.get((scheme.strip().upper(), value.strip()))


def mdc_code(lead: Lead) -> str:
    """The MDC code of a lead as DICOM writes it, e.g. "2:61" for III."""
    return f"2:{_CODE_NUMBER[lead]}"


class Electrode(IntFlag):
    """An electrode; the values are the electrode-off bits of an E1 packet."""

    RA = 1
    LA = 2
    LL = 4
    RL = 8
    V1 = 16
    V2 = 32
    V3 = 64
    V4 = 128
    V5 = 256
    V6 = 512


_WILSON = Electrode.RA | Electrode.LA | Electrode.LL


def unusable_leads(off: Electrode) -> frozenset[Lead]:
    """The leads that must not be read while these electrodes are off.

    RL is the reference of the amplifier: without it none. RA, LA and LL make the limb and augmented leads,
    and their mean is Wilson's terminal, against which V1..V6 are measured: without one of them all twelve.
    A chest electrode takes only its own lead.
    """
    if off & (Electrode.RL | _WILSON):
        return frozenset(STANDARD_LEADS)
    return frozenset(lead for lead in CHEST_LEADS if Electrode[lead.name] & off)


def lead_bits(leads: Iterable[Lead], order: Sequence[Lead]) -> int:
    """Bits for the "unusable" and "clipped" fields of E1: bit k is the k-th lead of META's `order`."""
    return sum(1 << order.index(lead) for lead in set(leads))


def leads_of_bits(bits: int, order: Sequence[Lead]) -> frozenset[Lead]:
    """The inverse of `lead_bits`; bits beyond the order are ignored."""
    return frozenset(lead for k, lead in enumerate(order) if bits >> k & 1)


def derived_leads(stored: Sequence[Lead]) -> tuple[Lead, ...]:
    """What a receiver computes from these: III, aVR, aVL, aVF where I and II are the only limb leads."""
    if LIMB_LEADS & set(stored) != {Lead.I, Lead.II}:
        return ()
    return STANDARD_LEADS[2:6]


def derive_limb_leads(lead_i: NDArray[np.int16], lead_ii: NDArray[np.int16]) -> NDArray[np.int16]:
    """III, aVR, aVL, aVF as (4, n) from I and II of the same step (Einthoven, Goldberger).

    III = II - I, aVR = -(I + II)/2, aVL = I - II/2, aVF = II - I/2; halves round up.
    Missing where I or II is missing; raises SignalError where the result does not fit 16 bits.
    """
    if lead_i.shape != lead_ii.shape:
        raise SignalError(f"I has shape {lead_i.shape} and II {lead_ii.shape}; they must be equal")
    one, two = lead_i.astype(np.int32), lead_ii.astype(np.int32)
    derived = np.stack([two - one, (1 - one - two) >> 1, (2 * one - two + 1) >> 1, (2 * two - one + 1) >> 1])
    missing = (lead_i == MISSING) | (lead_ii == MISSING)
    derived[:, missing] = 0
    if derived.size and (derived.min() <= MISSING or derived.max() > 32767):
        raise SignalError("a derived limb lead does not fit 16 bits")
    derived[:, missing] = MISSING
    return derived.astype(np.int16)
