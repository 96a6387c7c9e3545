"""What the page on measuring must tell."""

import re

from tests.ultrasound.cines import ROOT
from ultrasound.measuring.measured import Uncalibrated
from ultrasound.measuring.refusal import RefusalCode

PAGE = (ROOT / "docs" / "ultrasound-measuring.md").read_text()
NAMED = set(re.findall(r"`([^`\n]+)`", PAGE))


def test_every_refusal_is_described() -> None:
    assert {str(code) for code in RefusalCode} - NAMED == set()


def test_every_reason_for_pixels_is_described() -> None:
    assert {str(why) for why in Uncalibrated} - NAMED == set()


def test_every_refusal_is_made_somewhere() -> None:
    files = [*(ROOT / "ultrasound" / "measuring").glob("*.py"), *(ROOT / "ultrasound" / "ruler").glob("*.py")]
    code = "".join(path.read_text() for path in files)
    assert {one.name for one in RefusalCode if f"RefusalCode.{one.name}" not in code} == set()
