"""Which of a file's signals are shown as its ECG: voltages of one rate; what is left aside is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecg.errors import SourceUnreadable


@dataclass(frozen=True, slots=True)
class Candidate:
    """A signal of a file before its samples are looked at; `row` finds it again."""

    row: int
    name: str
    is_voltage: bool
    samples_per_frame: int


def choose(name: str, candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[str]]:
    """The voltages of the highest rate, and a note for each signal left aside.

    Where names begin with ECG or EKG, only those are taken: a sleep study holds brain waves beside them.
    """
    ecg = [c for c in candidates if c.is_voltage and c.name.upper().startswith(("ECG", "EKG"))]
    voltages = ecg or [c for c in candidates if c.is_voltage]
    if not voltages:
        raise SourceUnreadable(f"{name}: {len(candidates)} signals, none of them a voltage")
    fastest = max(c.samples_per_frame for c in voltages)
    chosen = [c for c in voltages if c.samples_per_frame == fastest]
    notes = [f"signal {c.name!r} left aside: {_why(c, voltages)}" for c in candidates if c not in chosen]
    return chosen, notes


def _why(candidate: Candidate, voltages: Sequence[Candidate]) -> str:
    if not candidate.is_voltage:
        return "not a voltage"
    return "of a lower rate" if candidate in voltages else "not named an ECG"
