"""The kinds of DICOM waveform object an ECG is written as, and what each can hold.

DICOM PS3.3 A.34.3 (12-lead), A.34.4 (General), A.34.5 (Ambulatory); General 32-bit: Supplement 237.
"""

from dataclasses import dataclass
from enum import StrEnum

from pydicom.uid import UID

from ecg.errors import SignalError
from ecg.tracing import Tracing


class DicomForm(StrEnum):
    """A kind of ECG object; the value is the name of its SOP class for people."""

    TWELVE_LEAD = "12-lead ECG"
    GENERAL = "General ECG"
    AMBULATORY = "Ambulatory ECG"
    GENERAL_32_BIT = "General 32-bit ECG"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an object of a form may hold. `samples`: per channel, None where the standard sets no limit."""

    sop_class: UID
    groups: int
    channels: int
    samples: int | None
    rate_hz: tuple[float, float]
    bits: int


LIMITS: dict[DicomForm, Limits] = {
    DicomForm.TWELVE_LEAD: Limits(UID("1.2.840.10008.5.1.4.1.1.9.1.1"), 5, 13, 16384, (200, 1000), 16),
    DicomForm.GENERAL: Limits(UID("1.2.840.10008.5.1.4.1.1.9.1.2"), 4, 24, None, (200, 1000), 16),
    DicomForm.AMBULATORY: Limits(UID("1.2.840.10008.5.1.4.1.1.9.1.3"), 1, 12, None, (50, 1000), 16),
    DicomForm.GENERAL_32_BIT: Limits(UID("1.2.840.10008.5.1.4.1.1.9.1.4"), 4, 24, None, (200, 32_000), 32),
}


def check_fits(tracing: Tracing, form: DicomForm, groups: int) -> None:
    """Raise SignalError with the number that a form cannot hold, and the form that can where there is one."""
    limits = LIMITS[form]
    low, high = limits.rate_hz
    if not low <= tracing.rate_hz <= high:
        raise SignalError(
            f"{tracing.rate_hz:g} Hz; {form} holds {low:g} to {high:g} Hz{_rate_advice(tracing)}"
        )
    if len(tracing.channels) > limits.channels:
        raise SignalError(f"{len(tracing.channels)} channels; {form} holds {limits.channels} in a group")
    if limits.samples is not None and tracing.sample_count > limits.samples:
        raise SignalError(
            f"{tracing.sample_count} samples a channel; {form} holds {limits.samples}: cut it, or use"
            f" {DicomForm.GENERAL}"
        )
    if groups > limits.groups:
        raise SignalError(f"{groups} groups of channels; {form} holds {limits.groups}")


def _rate_advice(tracing: Tracing) -> str:
    if 50 <= tracing.rate_hz < 200:
        return f"; {DicomForm.AMBULATORY} holds this rate"
    if tracing.rate_hz > 1000:
        return f"; {DicomForm.GENERAL_32_BIT} holds this rate"
    return ""
