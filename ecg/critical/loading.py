"""Reads a site's table of critical values; what is not understood or not plausible is refused."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any, TypeVar, cast

from ecg.critical.kinds import KINDS
from ecg.critical.rule import CriticalTable, LeadsNeeded, Needs, Rule, RuleKind
from ecg.errors import CriticalTableWrong, SignalError
from ecg.subject import ADULT_FROM_YEARS, OLDEST_YEARS
from ecg.words import Words

DEFAULT = "zhejiang.toml"
MAX_BYTES = 1 << 20
MAX_RULES = 200
MAX_TEXT = 300

_T = TypeVar("_T")
_REQUIRED = object()


def default_table() -> CriticalTable:
    """The list of Zhejiang, which is inside the package."""
    return load_table(resources.files("ecg.critical").joinpath(DEFAULT).read_bytes(), DEFAULT)


def load_table(data: bytes, name: str) -> CriticalTable:
    """The table in a TOML file that is called `name`; raises CriticalTableWrong with the rule and the key."""
    if len(data) > MAX_BYTES:
        raise CriticalTableWrong(f"{name}: {len(data)} bytes; at most {MAX_BYTES}")
    try:
        whole = tomllib.loads(data.decode())
    except UnicodeDecodeError as fault:
        raise CriticalTableWrong(f"{name}: not UTF-8 at byte {fault.start}") from None
    except tomllib.TOMLDecodeError as fault:
        raise CriticalTableWrong(f"{name}: not TOML: {fault}") from None
    except RecursionError:
        raise CriticalTableWrong(f"{name}: not TOML: nested too deep") from None
    top = _Part(name, whole)
    rules = top.take("rules", list)
    table = CriticalTable(
        id=top.text("id"),
        name=Words(top.text("name_zh"), top.text("name_en")),
        source=top.text("source", ""),
        rules=tuple(_rule(name, number, rule) for number, rule in enumerate(rules, 1)),
    )
    top.nothing_left()
    if not 1 <= len(table.rules) <= MAX_RULES:
        raise CriticalTableWrong(f"{name}: {len(table.rules)} rules; 1 to {MAX_RULES} are right")
    _refuse_twins(name, table)
    return table


def _refuse_twins(name: str, table: CriticalTable) -> None:
    seen: set[str] = set()
    for rule in table.rules:
        if rule.id in seen:
            raise CriticalTableWrong(f"{name}: two rules are called {rule.id!r}; each needs its own id")
        seen.add(rule.id)


class _Part:
    """A table of the file; every key must be taken, and be what it should."""

    def __init__(self, place: str, found: object) -> None:
        if not isinstance(found, dict):
            raise CriticalTableWrong(f"{place}: not a table of keys")
        self.place = place
        self._left: dict[str, Any] = dict(found)

    def take(self, key: str, kind: type[_T], default: object = _REQUIRED) -> _T:
        """The value under a key, which must be of this kind; bool counts as no number."""
        value = self._left.pop(key, default)
        if value is _REQUIRED:
            raise CriticalTableWrong(f"{self.place}: {key} is missing")
        if value is default or (isinstance(value, kind) and not (kind is int and isinstance(value, bool))):
            return cast(_T, value)
        raise CriticalTableWrong(f"{self.place}, {key}: {value!r} is not {_NAMES[kind]}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text of one line, not empty where it is required."""
        value = self.take(key, str, _REQUIRED if default is None else default)
        if len(value) > MAX_TEXT or not value.isprintable() or (default is None and not value.strip()):
            raise CriticalTableWrong(f"{self.place}, {key}: 1 to {MAX_TEXT} characters on one line are right")
        return value

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """A number from `low` to `high`."""
        value = self._left.pop(key, default)
        if value is None:
            raise CriticalTableWrong(f"{self.place}: {key} is missing")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise CriticalTableWrong(f"{self.place}, {key}: {value!r} is not a number")
        if not low <= value <= high:  # refuses NaN, too
            raise CriticalTableWrong(f"{self.place}, {key}: {value:g}; {low:g} to {high:g} is plausible")
        return float(value)

    def nothing_left(self) -> None:
        """Refuse what was not asked for."""
        if self._left:
            raise CriticalTableWrong(f"{self.place}: {', '.join(sorted(self._left))} is not known")


_NAMES: Mapping[type, str] = {str: "a text", list: "a list of tables", dict: "a table", bool: "true or false"}


def _rule(file: str, number: int, found: object) -> Rule:
    part = _Part(f"{file}, rule {number}", found)
    id = part.text("id")
    part.place = f"{file}, rule {number} ({id})"
    test = _one_of(part, "test", RuleKind)
    limits = _limits(part, test)
    rule = Rule(
        id=id,
        item=part.text("item", ""),
        words=_words(part, limits),
        test=test,
        needs=_needs(part, part.take("needs", dict), limits),
        limits=limits,
        first_found=part.take("first_found", bool, False),
    )
    part.nothing_left()
    return rule


def _limits(part: _Part, test: RuleKind) -> dict[str, float]:
    if test is RuleKind.BY_PERSON:
        return {}
    given = _Part(f"{part.place}, limits", part.take("limits", dict))
    limits = {
        name: given.number(name, plausible.low, plausible.high)
        for name, plausible in KINDS[test].limits.items()
    }
    given.nothing_left()
    return limits


def _words(part: _Part, limits: Mapping[str, float]) -> Words:
    texts = part.text("name_zh"), part.text("name_en")
    try:
        words = Words(*texts)
    except (SignalError, ValueError) as fault:
        raise CriticalTableWrong(f"{part.place}, name: {fault}") from None
    if unknown := words.places - set(limits):
        raise CriticalTableWrong(f"{part.place}, name: {{{sorted(unknown)[0]}}} is none of its limits")
    return words


def _needs(part: _Part, found: object, limits: Mapping[str, float]) -> Needs:
    given = _Part(f"{part.place}, needs", found)
    from_years = given.number("from_years", 0, OLDEST_YEARS, ADULT_FROM_YEARS)
    below = given.number("below_years", 0, 1000, 1000)
    needs = Needs(
        seconds=given.number("seconds", 0, 600),
        leads=_one_of(given, "leads", LeadsNeeded, LeadsNeeded.ANY),
        earlier_ecg=given.take("earlier_ecg", bool, False),
        from_years=from_years,
        below_years=None if below == 1000 else below,
    )
    given.nothing_left()
    if below <= from_years:
        raise CriticalTableWrong(f"{given.place}: from {from_years:g} years and below {below:g} is nobody")
    if needs.seconds < limits.get("least_s", 0):
        raise CriticalTableWrong(
            f"{given.place}, seconds: {needs.seconds:g} is less than least_s, {limits['least_s']:g}"
        )
    return needs


_E = TypeVar("_E", RuleKind, LeadsNeeded)


def _one_of(part: _Part, key: str, kind: type[_E], default: _E | None = None) -> _E:
    text = part.text(key, default)
    try:
        return kind(text)
    except ValueError:
        raise CriticalTableWrong(f"{part.place}, {key}: {text!r}; {', '.join(kind)} are known") from None
