"""`cloudclinic ecg measure`: every measurement with how sure it is, or why there is none."""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import TypeVar

from cloudclinic.answers import Answer, columns
from cloudclinic.ecg_commands.files import for_each
from ecg.measurements import Measure, Measured, Measurement, Measurements
from ecg.measuring import measure
from ecg.tracing import Tracing

_Name = TypeVar("_Name", bound=StrEnum)


def run(options: argparse.Namespace) -> int:
    """Print the measurements; with `--beats` the limits of P, QRS and T of each beat as well."""
    return for_each(options, lambda file, tracing: answer(file, tracing, options.beats))


def answer(file: str, tracing: Tracing, with_beats: bool) -> Answer:
    """Every measurement of the whole ECG and of each lead."""
    found = measure(tracing)
    return Answer(_object(file, found, with_beats), list(_lines(file, found, with_beats)))


def measurement(one: Measurement) -> dict[str, object]:
    """A measurement as programs read it."""
    if isinstance(one, Measured):
        return {"value": one.value, "unit": one.unit, "confidence": one.confidence}
    return {"absent": one.why}


def _named(of: Mapping[_Name, Measurement]) -> dict[str, object]:
    return {str(name): measurement(one) for name, one in of.items()}


def _object(file: str, found: Measurements, with_beats: bool) -> dict[str, object]:
    told: dict[str, object] = {
        "file": file,
        "rate_hz": found.rate_hz,
        "beats_found": len(found.beats),
        "usual_beats": found.usual_beats,
        "measurements": _named({name: found.values[name] for name in Measure}),
        "leads": {str(lead): _named(of) for lead, of in found.leads.items()},
    }
    return told | ({"beats": [asdict(one) for one in found.limits]} if with_beats else {})


def _lines(file: str, found: Measurements, with_beats: bool) -> Iterator[str]:
    yield f"{file}: {len(found.beats)} beats, {found.usual_beats} of the usual shape"
    yield from columns([_row(name, found.values[name]) for name in Measure])
    kinds = list(next(iter(found.leads.values()), {}))
    if kinds:
        head: tuple[str, ...] = ("lead, µV", *map(str, kinds))
        yield from columns(
            [head, *((lead, *(_cell(of[kind]) for kind in kinds)) for lead, of in found.leads.items())]
        )
    if with_beats and found.limits:
        names = list(asdict(found.limits[0]))
        rows = [tuple(_sample(one[name]) for name in names) for one in map(asdict, found.limits)]
        yield from columns([tuple(names), *rows])


def _row(name: str, one: Measurement) -> tuple[str, ...]:
    if isinstance(one, Measured):
        return (name, f"{one.value:.0f}", one.unit, f"confidence {one.confidence:.2f}")
    return (name, "–", "", one.why)


def _cell(one: Measurement) -> str:
    return f"{one.value:.0f}" if isinstance(one, Measured) else "–"


def _sample(at: int | None) -> str:
    return "–" if at is None else str(at)
