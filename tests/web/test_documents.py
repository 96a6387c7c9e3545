"""What the door refuses is described."""

import re
from pathlib import Path

from records.accounts import Language
from web.errors import ProblemCode, sentence_of, status_of

REFUSALS = Path(__file__).resolve().parents[2] / "docs" / "refusals.md"


def test_every_problem_is_described_as_it_is_said() -> None:
    rows = re.findall(r"^\| (\d+) `(\w+)` \| (.+) \| (.+) \|$", REFUSALS.read_text(), re.MULTILINE)
    assert rows == [
        (str(status_of(one)), one.value, sentence_of(one, Language.ZH), sentence_of(one, Language.EN))
        for one in ProblemCode
    ]
