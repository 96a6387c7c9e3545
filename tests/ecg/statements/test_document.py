"""The document names every statement and every reason to withhold one."""

import re
from pathlib import Path

from ecg.statements.statement import StatementCode, WithheldWhy

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "ecg-findings.md").read_text(encoding="utf-8")


def test_every_statement_and_reason_is_told() -> None:
    named = set(re.findall(r"`([^`\n]+)`", TEXT))
    assert {str(code) for code in StatementCode} - named == set()
    assert {str(why) for why in WithheldWhy} - named == set()
