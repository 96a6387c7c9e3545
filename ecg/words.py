"""A sentence in Chinese and English, with named places for values.

What an ECG's rules say is written once, here in Python: the printed report takes it from here, the browser's
dictionaries are generated from it (`scripts/generate.py`), so the screen and the paper cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from ecg.errors import SignalError


class Language(StrEnum):
    """A language everything is said in."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence; a value stands in braces, `{rate}`, under the same names in both languages."""

    zh: str
    en: str

    def __post_init__(self) -> None:
        if _places(self.zh) != _places(self.en):
            raise SignalError(f"{sorted(_places(self.zh))} in Chinese, {sorted(_places(self.en))} in English")

    @property
    def places(self) -> frozenset[str]:
        """The names of the values it takes."""
        return _places(self.en)

    def said(self, language: Language, values: Mapping[str, str] | None = None) -> str:
        """The sentence with its values; raises SignalError when one is missing."""
        given = values or {}
        if missing := self.places - set(given):
            raise SignalError(f"no value for {', '.join(sorted(missing))}")
        text = self.zh if language is Language.ZH else self.en
        return text.format_map({name: given[name] for name in self.places})


def _places(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
