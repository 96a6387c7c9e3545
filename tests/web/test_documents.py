"""What the door refuses is described."""

from pathlib import Path

from web.errors import ProblemCode

SECURITY = Path(__file__).resolve().parents[2] / "docs" / "security.md"


def test_every_problem_code_is_described() -> None:
    text = SECURITY.read_text()
    assert [code.value for code in ProblemCode if f"`{code.value}`" not in text] == []
