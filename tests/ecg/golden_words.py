"""Golden sentences about ECGs: `python -m tests.ecg.golden_words` writes them, read by Python and TypeScript.

Each is a group and a code of the browser's dictionary, the values, and the sentence in both languages as the
printed report has it.
"""

import json
from pathlib import Path

from ecg.critical.verdict import NotTested, Quantity, Value
from ecg.critical.words import NOT_TESTED, VALUES, values_of
from ecg.leads import Lead
from ecg.measurements import Measure
from ecg.statements.rules import statements_of
from ecg.statements.words import SENTENCES
from ecg.statements.words import values_of as values_of_statement
from ecg.words import Language, Words
from tests.ecg.made_measurements import measurements

FILE = Path(__file__).resolve().parent.parent / "golden" / "words" / "ecg_findings.json"


def _entry(group: str, code: str, words: Words, values: dict[str, str]) -> dict[str, object]:
    said = {language.value: words.said(language, values) for language in Language}
    return {"group": group, "code": code, "values": values} | said


def golden() -> list[dict[str, object]]:
    """The entries of the file."""
    beyond = {Measure.RATE: 47.0, Measure.QTC_FRIDERICIA: 481.0, Measure.QRS_AXIS: -52.0}
    statements = statements_of(measurements(beyond), poor_leads=[Lead.V2], pacing_marks=3).made
    values = (
        Value(Quantity.PAUSE_S, 3.42, 3.0),
        Value(Quantity.ST_UV, 153.0, 100.0, Lead.AVF),
        Value(Quantity.RATE_PER_MIN, 33.4, 35.0),
    )
    short = {"there": "10.0", "needed": "30"}
    return [
        *(
            _entry("statements", one.code, SENTENCES[one.code], values_of_statement(one))
            for one in statements
        ),
        *(_entry("evidence", one.quantity, VALUES[one.quantity], values_of(one)) for one in values),
        _entry("notTested", NotTested.TOO_SHORT, NOT_TESTED[NotTested.TOO_SHORT], short),
    ]


def text() -> str:
    """The file."""
    return json.dumps(golden(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text())
