"""Reading a FHIR Observation whose components are leads of SampledData (HL7 FHIR R4 and R5).

A sample is a whole number, `E` where there is none; what lies beyond a device's limits (`L`, `U`) has no
value either, and is told.
"""

import re
from decimal import Decimal

import msgspec
import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError, SourceUnreadable
from ecg.files.date_times import start_of
from ecg.files.fhir_codes import lead_of_concept
from ecg.files.fhir_dates import acquired_of
from ecg.files.fhir_resources import Concept, Observation, Period, Reference, SampledData
from ecg.files.fields import NV_PER_UNIT, printable
from ecg.tracing import Channel, FileKind, Samples, Tracing

MAX_FILE_BYTES = 16 << 20
"""Text of a few minutes of twelve leads; longer recordings belong into a file, not into a resource."""

MAX_OBJECTS = 100_000
"""Each is an object in memory; an ECG has some hundred."""

_MS = {"s": Decimal(1000), "ms": Decimal(1), "us": Decimal("0.001")}
_AT_ONCE = 1 << 16
_NONE = -(1 << 40)
_STEPS = re.compile(r" *(?:(?:-?[0-9]{1,10}|[ELU])(?: +|$))*")


class _AnyEntry(msgspec.Struct):
    """An entry of a bundle whose resource may be of any kind."""

    resource: msgspec.Raw = msgspec.Raw()


class _AnyResource(msgspec.Struct):
    """A resource of which only the kind is looked at."""

    kind: str = msgspec.field(name="resourceType", default="")


class _AnyDocument(_AnyResource):
    """The outermost resource, with its entries when it is a bundle."""

    entry: tuple[_AnyEntry, ...] = ()


def looks_like_fhir(data: bytes) -> bool:
    """Whether it begins as a FHIR resource in JSON does."""
    head = data[:65_536]
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"resourceType"' in head


def read_fhir(data: bytes, name: str) -> Tracing:
    """Read the first Observation that holds leads; SourceUnreadable names the lead or the field."""
    if len(data) > MAX_FILE_BYTES:
        raise SourceUnreadable(f"{name}: larger than {MAX_FILE_BYTES} bytes")
    if data.count(b"{") > MAX_OBJECTS:
        raise SourceUnreadable(f"{name}: more than {MAX_OBJECTS} objects")
    try:
        data.decode()  # what is passed over is not looked at otherwise
        observation = _first_with_leads(data.removeprefix(b"\xef\xbb\xbf"), name)
        return _tracing(observation, name)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        # Where it broke is told, and what it should have been; what stood there may be a person's.
        where = str(fault) if isinstance(fault, msgspec.ValidationError) else "not JSON"
        raise SourceUnreadable(f"{name}: {where[:200]}") from None
    except ArithmeticError:
        raise SourceUnreadable(f"{name}: a number that no scale can have") from None
    except SignalError as fault:
        raise SourceUnreadable(f"{name}: {fault}") from None


def _first_with_leads(data: bytes, name: str) -> Observation:
    outer = msgspec.json.decode(data, type=_AnyDocument)
    entries = outer.entry if outer.kind == "Bundle" else ()
    whole = [data] if outer.kind == "Observation" else [bytes(entry.resource) for entry in entries]
    for one in whole:
        if not one or msgspec.json.decode(one, type=_AnyResource).kind != "Observation":
            continue
        observation = msgspec.json.decode(one, type=Observation)
        if any(component.value_sampled_data for component in observation.component):
            return observation
    raise SourceUnreadable(f"{name}: {printable(outer.kind) or 'a resource'} without a lead of SampledData")


def _tracing(observation: Observation, name: str) -> Tracing:
    channels: list[Channel] = []
    rates_hz: set[float] = set()
    notes: list[str] = []
    for number, component in enumerate(observation.component, 1):
        sampled = component.value_sampled_data
        if sampled is None:
            notes.append(f"component {number} left aside: no samples")
            continue
        place = f"{name}, component {number}"
        channel, beyond = _channel(place, component.code, sampled)
        channels.append(channel)
        rates_hz.add(_rate_hz(place, sampled))
        if beyond:
            notes.append(f"{beyond} samples of {channel.name} beyond the device's limits are missing")
    if len(rates_hz) > 1:
        raise SourceUnreadable(f"{name}: leads of {len(rates_hz)} rates; one is right")
    period = observation.effective_period or Period()
    device = observation.device or Reference()
    acquired = acquired_of(period.start or observation.effective_date_time)
    if acquired and start_of(acquired) is None:
        acquired = ""
        notes.append("the start is no date and time and is left aside")
    return Tracing(
        kind=FileKind.FHIR,
        rate_hz=rates_hz.pop(),
        channels=tuple(channels),
        acquired=acquired,
        device=printable(device.display),
        notes=tuple(notes),
    )


def _rate_hz(place: str, sampled: SampledData) -> float:
    spacing = sampled.period
    if spacing is None and sampled.interval is not None:
        if sampled.interval_unit not in _MS:
            raise SourceUnreadable(f"{place}: an interval in no unit of time; {', '.join(_MS)} are read")
        spacing = sampled.interval * _MS[sampled.interval_unit]
    if spacing is None or not spacing > 0:
        raise SourceUnreadable(f"{place}: no period above 0, so its rate is unknown")
    return float(Decimal(1000) / spacing)


def _channel(place: str, code: Concept, sampled: SampledData) -> tuple[Channel, int]:
    """A lead, and how many of its samples were beyond the limits."""
    unit = sampled.origin.code or sampled.origin.unit
    if unit not in NV_PER_UNIT:
        raise SourceUnreadable(f"{place}: its origin has no unit of voltage, so its size is unknown")
    if sampled.dimensions != 1:
        raise SourceUnreadable(f"{place}: {sampled.dimensions} dimensions; 1 is right")
    factor = Decimal(1) if sampled.factor is None else sampled.factor
    name, lead = lead_of_concept(code)
    samples, beyond = _samples(place, sampled.data)
    channel = Channel(
        name=printable(name),
        lead=lead,
        samples=samples,
        nv_per_step=float(factor * Decimal(NV_PER_UNIT[unit])),
        zero=float(-(sampled.origin.value or Decimal(0)) / factor) + 0.0,
    )
    return channel, beyond


def _samples(place: str, text: str) -> tuple[Samples, int]:
    """The samples, and how many were beyond the limits."""
    blocks: list[NDArray[np.int64]] = []
    at = 0
    while at < len(text):
        # A block ends with a word, so that no number is cut.
        end = text.find(" ", at + _AT_ONCE)
        end = len(text) if end < 0 else end
        blocks.append(_steps(place, text[at:end]))
        at = end
    values = np.concatenate(blocks) if blocks else np.zeros(0, np.int64)
    missing = values == _NONE
    present = values[~missing]
    narrow = not present.size or (present.min() > -32768 and present.max() < 32768)
    samples: Samples = values.astype(np.int16) if narrow else values.astype(np.int32)
    samples[missing] = np.iinfo(samples.dtype).min
    return samples, text.count("L") + text.count("U")


def _steps(place: str, text: str) -> NDArray[np.int64]:
    if not _STEPS.fullmatch(text):
        raise SourceUnreadable(f"{place}: a sample that is neither a whole step nor E, L or U")
    for letter in "ELU":
        text = text.replace(letter, str(_NONE))
    steps = np.fromstring(text, np.int64, sep=" ")
    if np.any((np.abs(steps) >= 1 << 31) & (steps != _NONE)):
        raise SourceUnreadable(f"{place}: a sample of more than 32 bits")
    return steps
