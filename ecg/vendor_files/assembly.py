"""Channels as a file keeps them, brought to one Recording without any loss."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ecg.description import Filters
from ecg.errors import SignalError
from ecg.leads import MISSING, STANDARD_LEADS, Lead, derive_limb_leads
from ecg.recording import Recording
from ecg.vendor_files.found import StoredLead
from ecg.vendor_files.refusal import refuse

MAX_FILE_BYTES = 32 << 20
MAX_SAMPLES = 1_000_000
"""Per lead: 33 minutes at 500 Hz. These formats hold resting ECGs, of ten seconds to a few minutes."""

MAX_STEP_NV = 1_000_000
RATE_LIMITS_HZ = (50, 32_000)

_DERIVABLE = (Lead.III, Lead.AVR, Lead.AVL, Lead.AVF)


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One lead of a file: `values` times `step_nv` plus `offset_nv` are nanovolts, save where `missing`."""

    lead: Lead
    values: NDArray[np.int64]
    step_nv: Fraction
    offset_nv: Fraction = Fraction(0)
    missing: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file says of a signal beside its samples."""

    rate_hz: Fraction
    filters: Filters = Filters()
    acquired: str = ""
    device: str = ""


def check_size(place: str, data: bytes) -> None:
    """Refuse what is too large to be one of these files, before anything is made of it."""
    if len(data) > MAX_FILE_BYTES:
        refuse(place, f"{len(data)} bytes; at most {MAX_FILE_BYTES} are read")


def stored_leads(channels: Sequence[Channel]) -> tuple[StoredLead, ...]:
    """What to report of the channels' scale."""
    return tuple(StoredLead(c.lead, float(c.step_nv), float(c.offset_nv)) for c in channels)


def assemble(place: str, channels: Sequence[Channel], origin: Origin) -> tuple[Recording, tuple[Lead, ...]]:
    """A Recording in standard order, and which of its limb leads were derived from I and II.

    A limb lead that the file kept is never derived. Refuses what cannot be held exactly in 16-bit steps of
    one size, and scales and rates that no ECG has.
    """
    _check_channels(place, channels)
    if not RATE_LIMITS_HZ[0] <= origin.rate_hz <= RATE_LIMITS_HZ[1]:
        refuse(
            place, f"{float(origin.rate_hz):g} Hz; {RATE_LIMITS_HZ[0]} to {RATE_LIMITS_HZ[1]} is plausible"
        )
    step_nv = _common_step(channels)
    rows = {c.lead: _in_steps(f"{place}, lead {c.lead}", c, step_nv) for c in channels}
    derived = _derive(place, rows)
    order = tuple(lead for lead in STANDARD_LEADS if lead in rows)
    recording = Recording(
        leads=order,
        rate_hz=float(origin.rate_hz),
        nv_per_lsb=float(step_nv),
        samples=np.stack([rows[lead] for lead in order]),
        filters=origin.filters,
        acquired=origin.acquired,
        device=origin.device,
    )
    return recording, derived


def _check_channels(place: str, channels: Sequence[Channel]) -> None:
    if not channels:
        refuse(place, "none of the twelve leads; at least one is needed")
    seen: set[Lead] = set()
    for channel in channels:
        if channel.lead in seen:
            refuse(place, f"lead {channel.lead} is there twice")
        seen.add(channel.lead)
        if not 0 < channel.step_nv <= MAX_STEP_NV:
            refuse(
                f"{place}, lead {channel.lead}",
                f"a step of {float(channel.step_nv):g} nV; above 0 and at most {MAX_STEP_NV} is plausible",
            )
    counts = {c.lead: len(c.values) for c in channels}
    if len(set(counts.values())) != 1:
        refuse(place, f"leads of unequal length, {min(counts.values())} to {max(counts.values())} samples")
    if not 1 <= next(iter(counts.values())) <= MAX_SAMPLES:
        refuse(place, f"{next(iter(counts.values()))} samples a lead; 1 to {MAX_SAMPLES} are read")


def _common_step(channels: Sequence[Channel]) -> Fraction:
    """The largest step of which every lead's step and offset is a whole multiple."""
    sizes = [c.step_nv for c in channels] + [abs(c.offset_nv) for c in channels if c.offset_nv]
    step = sizes[0]
    for size in sizes[1:]:
        step = Fraction(
            math.gcd(step.numerator * size.denominator, size.numerator * step.denominator),
            step.denominator * size.denominator,
        )
    return step


def _in_steps(place: str, channel: Channel, step_nv: Fraction) -> NDArray[np.int16]:
    times, more = int(channel.step_nv / step_nv), int(channel.offset_nv / step_nv)
    missing = np.zeros(len(channel.values), np.bool_) if channel.missing is None else channel.missing
    held = channel.values[~missing]
    if held.size and max(abs(int(held.min()) * times + more), abs(int(held.max()) * times + more)) > 32767:
        refuse(place, f"values do not fit 16 bits in steps of {float(step_nv):g} nV, which all leads share")
    times = min(times, 32768)  # where it is larger every value is 0
    scaled = np.where(missing, 0, channel.values) * times + more
    scaled[missing] = MISSING
    return scaled.astype(np.int16)


def _derive(place: str, rows: dict[Lead, NDArray[np.int16]]) -> tuple[Lead, ...]:
    absent = tuple(lead for lead in _DERIVABLE if lead not in rows)
    if not absent or Lead.I not in rows or Lead.II not in rows:
        return ()
    try:
        made = dict(zip(_DERIVABLE, derive_limb_leads(rows[Lead.I], rows[Lead.II]), strict=True))
    except SignalError as fault:
        refuse(place, str(fault))
    rows.update({lead: made[lead] for lead in absent})
    return absent
