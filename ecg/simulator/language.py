"""How a scenario is written on a command line: `rhythm=sinus,for=60/rhythm=av-block-3,rate=32,noise=mains`.

Episodes are separated by `/`, what is said of one by commas, several noises or electrodes by `+`. What is not
understood is refused with what is possible; nothing is guessed.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from ecg.errors import SignalError
from ecg.leads import Electrode
from ecg.simulator.scenario import Episode, LeadGroup, NoiseKind, Rhythm, Scenario, St

_E = TypeVar("_E", bound=StrEnum)


def read_scenario(text: str) -> Scenario:
    """The scenario that a text describes; an empty one is a sinus rhythm. Raises SignalError."""
    scenario = Scenario()
    episodes = []
    for number, part in enumerate(text.split("/") if text else [""]):
        said = _pairs(part)
        if number == 0:
            for key in said.keys() & _WHOLE.keys():
                scenario = _WHOLE[key](scenario, said[key])
        episodes.append(_episode({key: value for key, value in said.items() if number or key not in _WHOLE}))
    return replace(scenario, episodes=tuple(episodes))


def _pairs(part: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for one in part.split(",") if part else ():
        key, equals, value = one.partition("=")
        if not equals or not value:
            raise SignalError(f"{one!r} is not KEY=VALUE; keys are {_keys()}")
        if key in said:
            raise SignalError(f"{key} is said twice of one episode")
        said[key] = value
    return said


def _episode(said: dict[str, str]) -> Episode:
    fields: dict[str, Any] = {}
    for key, value in said.items():
        if key in _WHOLE:
            raise SignalError(f"{key} is said once, with the first episode")
        if key not in _EPISODE:
            raise SignalError(f"{key!r} is not known; keys are {_keys()}")
        name, read = _EPISODE[key]
        fields[name] = read(value)
    return Episode(**fields)


def _number(what: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or len(text) > 10:
            raise SignalError(f"{what} {text!r} is not a whole number")
        return int(text)

    return read


def _seconds(text: str) -> float:
    whole, _, tenths = text.partition(".")
    if not (text.isascii() and whole.isdecimal() and (tenths or "0").isdecimal() and len(text) < 8):
        raise SignalError(f"pause {text!r} is not a number of seconds")
    return float(text)


def _member(kind: type[_E], what: str) -> Callable[[str], _E]:
    def read(text: str) -> _E:
        try:
            return kind(text)
        except ValueError:
            raise SignalError(f"{what} {text!r} is none of {', '.join(kind)}") from None

    return read


def _noise(text: str) -> frozenset[NoiseKind]:
    return frozenset(_member(NoiseKind, "noise")(one) for one in text.split("+"))


def _electrodes(text: str) -> Electrode:
    off = Electrode(0)
    for one in text.split("+"):
        if one not in Electrode.__members__:
            raise SignalError(f"electrode {one!r} is none of {', '.join(Electrode.__members__)}")
        off |= Electrode[one]
    return off


def _st(text: str) -> tuple[St, ...]:
    """`inferior:200` or `anterior:250+inferior:-100`, microvolts."""
    found = []
    for one in text.split("+"):
        group, _, level = one.partition(":")
        sign = -1 if level.startswith("-") else 1
        uv = _number("ST level (uV)")(level.removeprefix("-"))
        found.append(St(_member(LeadGroup, "ST of")(group), sign * uv))
    return tuple(found)


_EPISODE: dict[str, tuple[str, Callable[[str], Any]]] = {
    "rhythm": ("rhythm", _member(Rhythm, "rhythm")),
    "rate": ("rate_per_min", _number("rate")),
    "atrial-rate": ("atrial_per_min", _number("atrial rate")),
    "pause": ("pause_s", _seconds),
    "st": ("st", _st),
    "noise": ("noise", _noise),
    "mains": ("mains_hz", _number("mains")),
    "flat": ("flat", _electrodes),
    "off": ("electrodes_off", _electrodes),
    "for": ("seconds", _number("for")),
}
"""What is said of one episode: the field, and how it is read."""

_WHOLE: dict[str, Callable[[Scenario, str], Scenario]] = {
    "seed": lambda scenario, text: replace(scenario, seed=_number("seed")(text)),
    "hz": lambda scenario, text: replace(scenario, rate_hz=_number("hz")(text)),
}
"""What is said of the whole scenario, with its first episode."""


def _keys() -> str:
    return ", ".join([*_EPISODE, *_WHOLE])
