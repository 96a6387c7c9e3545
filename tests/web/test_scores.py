"""Scores over HTTP: computed for who writes an opinion, and for nobody else."""

from typing import Any

from tests.fakes.records import CHEN, HAN, WU, ZHOU
from tests.fakes.served import Served

NODULE: dict[str, Any] = {
    "composition": "solid",
    "echogenicity": "hypo",
    "shape": "taller_than_wide",
    "margin": "smooth",
    "foci": ["punctate"],
    "largest_mm": 12,
}


async def test_only_the_forms_that_were_filled_in_are_scored(served: Served) -> None:
    specialist = await served.signed_in(CHEN)
    scored = (await specialist.post("/api/scores", {"nodule": NODULE})).json
    assert scored == {
        "nodule": {"points": 10, "level": "tr5", "advice": "fna"},
        "breast": None,
        "fast": None,
        "echo": None,
    }


async def test_a_whole_fast_and_an_echo(served: Served) -> None:
    specialist = await served.signed_in(CHEN)
    windows = dict.fromkeys(("right_upper", "left_upper", "pelvis", "pericardium"), "negative")
    echo = {"sex": "male", "end_diastolic_ml": 120, "end_systolic_ml": 54}
    sent = {"fast": {"extended": False, "windows": windows}, "echo": echo}
    scored = (await specialist.post("/api/scores", sent)).json
    assert scored["fast"]["result"] == "negative"
    assert (scored["echo"]["ejection_percent"], scored["echo"]["ejection_grade"]) == (55.0, "normal")


async def test_what_nothing_can_have_is_refused_and_so_is_a_word_that_is_none(served: Served) -> None:
    specialist = await served.signed_in(CHEN)
    refused = await specialist.post("/api/scores", {"nodule": NODULE | {"largest_mm": -3}})
    assert (refused.status, refused.code) == (422, "out_of_range")
    unread = await specialist.post("/api/scores", {"nodule": NODULE | {"shape": "square"}})
    assert (unread.status, unread.code) == (422, "bad_fields")


async def test_nobody_else_is_served(served: Served) -> None:
    for account in (ZHOU, WU, HAN):
        one = await served.signed_in(account)
        assert (await one.post("/api/scores", {"nodule": NODULE})).code == "not_allowed"
