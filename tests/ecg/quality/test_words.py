"""Every code has its sentence in both languages, and no sentence is of a code that is not."""

import re
from enum import EnumType
from pathlib import Path

import pytest

from ecg.leads import Electrode
from ecg.quality.advice import Advice, Shortfall
from ecg.quality.findings import Finding, Grade
from ecg.quality.gate_result import Decision, Weight
from ecg.quality.reversal import Reversal, Untested

WORDS = Path(__file__).parents[3] / "web" / "client" / "src" / "words"

GROUPS: dict[str, EnumType] = {
    "decision": Decision,
    "weight": Weight,
    "grade": Grade,
    "finding": Finding,
    "shortfall": Shortfall,
    "reversal": Reversal,
    "untested": Untested,
    "advice": Advice,
}


def keys(language: str, group: str) -> list[str]:
    text = (WORDS / language / "ecgQuality.ts").read_text()
    (block,) = re.findall(rf"^  {group}: (\{{[^\n]+\}}|\{{\n.*?^  \}}),$", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"(?:^ {4}|[{,] )(\w+):\s", block, re.MULTILINE)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("group", GROUPS)
def test_every_code_has_its_words(language: str, group: str) -> None:
    assert keys(language, group) == [one.value for one in GROUPS[group]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_electrode_has_a_name_a_colour_and_a_place(language: str) -> None:
    text = (WORDS / language / "ecgQuality.ts").read_text()
    found = re.findall(
        r'^    (\w+): \{ name: "[^"]+", colour: "[^"]+", aha: "[^"]+", place: "[^"]+" \},$',
        text,
        re.MULTILINE,
    )
    assert found == [electrode.name for electrode in Electrode]
