"""Leads as they are named in a sentence."""

from collections.abc import Sequence

from ecg.drawing import words
from ecg.leads import STANDARD_LEADS
from ecg.words import Language


def lead_list(names: Sequence[str], language: Language) -> str:
    """The names one after the other; all twelve as such."""
    others = [name for name in names if name not in STANDARD_LEADS]
    said = list(names)
    if set(STANDARD_LEADS) <= set(names):
        said = [words.ALL_TWELVE.said(language), *others]
    return ("、" if language is Language.ZH else ", ").join(said)
