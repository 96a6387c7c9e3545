"""Whether stored limb leads agree with each other, and deriving those that were not stored.

Einthoven: III = II - I. Goldberger: aVR = -(I + II)/2, aVL = I - II/2, aVF = II - I/2.
"""

from dataclasses import dataclass, replace

import numpy as np

from ecg.errors import SignalError
from ecg.leads import LIMB_LEADS, Lead, derive_limb_leads
from ecg.tracing import Channel, Tracing

_OF_I_AND_II: dict[Lead, tuple[float, float]] = {
    Lead.III: (-1, 1),
    Lead.AVR: (-0.5, -0.5),
    Lead.AVL: (1, -0.5),
    Lead.AVF: (-0.5, 1),
}
"""Each derived lead as a weighted sum of I and II."""

DERIVATIONS: dict[Lead, str] = {
    Lead.III: "II - I",
    Lead.AVR: "-(I + II)/2",
    Lead.AVL: "I - II/2",
    Lead.AVF: "II - I/2",
}
"""The same in words, for a file to keep."""

TOLERANCE_STEPS = 2.0
"""Rounding to steps makes a lead differ by half a step, and I and II by as much again."""

TOLERANCE_NV = 5_000.0
"""A device may resolve no finer (AHA/ACC/HRS 2007), whatever step its file was written in afterwards."""


@dataclass(frozen=True, slots=True)
class LeadAgreement:
    """How far a stored limb lead is from what I and II make of it.

    `consistent`: never further than rounding explains. A lead that is not was filtered, scaled or zeroed for
    itself; it is drawn as stored and must not be replaced by a derived one.
    """

    lead: Lead
    largest_nv: float
    mean_nv: float
    consistent: bool


def limb_lead_agreement(tracing: Tracing) -> tuple[LeadAgreement, ...]:
    """The check of every stored limb lead beside I and II, in standard order; empty without I and II."""
    one, two = tracing.channel(Lead.I), tracing.channel(Lead.II)
    if one is None or two is None:
        return ()
    stored = ((lead, tracing.channel(lead)) for lead in _OF_I_AND_II)
    return tuple(_agreement(lead, channel, one, two) for lead, channel in stored if channel is not None)


def _agreement(lead: Lead, channel: Channel, one: Channel, two: Channel) -> LeadAgreement:
    of_one, of_two = _OF_I_AND_II[lead]
    apart = np.abs(channel.nanovolts() - of_one * one.nanovolts() - of_two * two.nanovolts())
    apart = apart[~np.isnan(apart)]
    largest = float(apart.max(initial=0.0))
    step_nv = max(channel.nv_per_step, one.nv_per_step, two.nv_per_step)
    return LeadAgreement(
        lead=lead,
        largest_nv=largest,
        mean_nv=float(apart.mean()) if apart.size else 0.0,
        consistent=largest <= max(TOLERANCE_STEPS * step_nv, TOLERANCE_NV),
    )


def with_derived_limb_leads(tracing: Tracing) -> Tracing:
    """The tracing with III, aVR, aVL and aVF added to I and II.

    Raises SignalError where the source stored one of the four (what was stored is shown, rounded otherwise
    or not), where I or II is absent, or where they do not share a step of 16 bits.
    """
    stored = [channel.lead for channel in tracing.channels if channel.lead in LIMB_LEADS]
    one, two = tracing.channel(Lead.I), tracing.channel(Lead.II)
    if one is None or two is None or len(stored) != 2:
        raise SignalError(
            f"stored limb leads are {', '.join(map(str, stored)) or 'none'}; I and II alone are right"
        )
    if (one.nv_per_step, one.zero) != (two.nv_per_step, 0.0) or two.zero or one.samples.dtype != np.int16:
        raise SignalError(
            f"I has steps of {one.nv_per_step} nV from {one.zero},"
            f" II of {two.nv_per_step} nV from {two.zero}; one step from 0 in 16 bits is right"
        )
    rows = derive_limb_leads(one.samples.astype(np.int16), two.samples.astype(np.int16))
    derived = tuple(
        Channel(
            name=lead,
            lead=lead,
            samples=row,
            nv_per_step=one.nv_per_step,
            filters=one.filters,
            derivation=DERIVATIONS[lead],
        )
        for lead, row in zip(_OF_I_AND_II, rows, strict=True)
    )
    note = "III, aVR, aVL and aVF are derived from I and II"
    return replace(tracing, channels=(*tracing.channels, *derived), notes=(*tracing.notes, note))
