"""How a scenario is written on a command line: `preset=abdomen,depth=15,for=20/depth=20,change=frozen,for=5`.

Episodes are separated by `/`, what is said of one by commas. An episode has the preset of the one before it,
and its depth unless the preset is another. What is not understood is refused with what is possible.
"""

import enum
from collections.abc import Callable
from typing import Any, TypeVar

from ultrasound.errors import ScenarioWrong
from ultrasound.simulator.scenario import Change, Episode, Preset, Scenario

_E = TypeVar("_E", bound=enum.StrEnum)


def read_scenario(text: str) -> Scenario:
    """The scenario that a text describes; an empty one is an abdomen at 15 cm. Raises ScenarioWrong."""
    whole: dict[str, int] = {}
    episodes: list[Episode] = []
    for number, part in enumerate(text.split("/") if text else [""]):
        fields: dict[str, Any] = {}
        for key, value in _pairs(part).items():
            if key in _WHOLE:
                if number:
                    raise ScenarioWrong(f"{key} is said once, with the first episode")
                whole.update(_WHOLE[key](value))
            elif key in _EPISODE:
                name, read = _EPISODE[key]
                fields[name] = read(value)
            else:
                raise ScenarioWrong(f"{key!r} is not known; keys are {_keys()}")
        episodes.append(_following(episodes[-1] if episodes else Episode(), fields))
    return Scenario(tuple(episodes), **whole)


def _following(before: Episode, fields: dict[str, Any]) -> Episode:
    kept: dict[str, Any] = {"preset": before.preset}
    if fields.get("preset", before.preset) is before.preset:
        kept["depth_mm"] = before.depth_mm
    return Episode(**{**kept, **fields})


def _pairs(part: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for one in part.split(",") if part else ():
        key, equals, value = one.partition("=")
        if not equals or not value:
            raise ScenarioWrong(f"{one!r} is not KEY=VALUE; keys are {_keys()}")
        if key in said:
            raise ScenarioWrong(f"{key} is said twice of one episode")
        said[key] = value
    return said


def _number(what: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise ScenarioWrong(f"{what} {text!r} is not a whole number")
    return int(text)


def _depth_mm(text: str) -> int:
    whole, _, tenths = text.partition(".")
    if len(tenths) > 1:
        raise ScenarioWrong(f"depth {text!r} is not a number of cm with one decimal at the most")
    mm = 10 * _number("depth", whole) + (_number("depth", tenths) if tenths else 0)
    return mm or -1  # 0 would be taken for what the preset has


def _member(kind: type[_E], what: str) -> Callable[[str], _E]:
    def read(text: str) -> _E:
        try:
            return kind(text)
        except ValueError:
            raise ScenarioWrong(f"{what} {text!r} is none of {', '.join(kind)}") from None

    return read


def _size(text: str) -> dict[str, int]:
    width, _, height = text.partition("x")
    return {"width": _number("width", width), "height": _number("height", height)}


_EPISODE: dict[str, tuple[str, Callable[[str], Any]]] = {
    "preset": ("preset", _member(Preset, "preset")),
    "depth": ("depth_mm", _depth_mm),
    "change": ("change", _member(Change, "change")),
    "for": ("seconds", lambda text: _number("for", text)),
}
"""What is said of one episode: the field, and how it is read."""

_WHOLE: dict[str, Callable[[str], dict[str, int]]] = {
    "hz": lambda text: {"rate_hz": _number("hz", text)},
    "size": _size,
}
"""What is said of the whole scenario, with its first episode."""


def _keys() -> str:
    return ", ".join([*_EPISODE, *_WHOLE])
