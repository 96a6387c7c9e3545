"""The station judges what it takes: notes for the room, and a line in its log for an electrode off."""

import logging
import re
from pathlib import Path

import numpy as np
import pytest

from ecg.description import StreamDescription
from ecg.electrode_places import PLACES
from ecg.leads import STANDARD_LEADS, Electrode
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.wire import Wave
from records.ecg_drafts import QualityNote
from signaling.ecg_quality import check_notes
from station.ecg_judge import MOST_WAITING, EcgJudge
from station.ecg_stream import Anchor, EcgStream, describe

FLAT = SimulatedEcg(read_scenario("noise=flat-electrode,flat=V4"))


def pieces(source: SimulatedEcg, seconds: float) -> list[Wave]:
    stream = EcgStream(source, 7, Anchor(0, 0))
    return list(stream.pieces(round(seconds * 1e6)))


def begun(source: SimulatedEcg = FLAT) -> EcgJudge:
    judge = EcgJudge()
    judge.begin(describe(source, "binding", 0, None))
    return judge


async def test_a_flat_lead_is_noted_with_its_electrode_and_what_to_do() -> None:
    judge = begun()
    assert judge.notes is None
    for piece in pieces(FLAT, 8):
        judge.take(piece)
    await judge.look()
    assert judge.notes == (
        QualityNote(
            code="flat", weight="repeat", advice="check_flat_lead", leads=("V4",), electrodes=("V4",)
        ),
    )
    check_notes(judge.notes)  # the server takes it


async def test_looks_go_on_where_the_one_before_ended() -> None:
    judge, clean = begun(), SimulatedEcg(read_scenario("rhythm=sinus"))
    for at, piece in enumerate(pieces(clean, 10)):
        judge.take(piece)
        if at % 50 == 49:
            await judge.look()
    assert judge.notes == ()
    await judge.look()
    assert judge.notes == ()


async def test_what_waits_too_long_is_left_and_never_grows_without_end() -> None:
    judge = begun()
    for piece in pieces(FLAT, 40):
        judge.take(piece)
    assert len(judge._waiting) == MOST_WAITING
    await judge.look()
    assert [note.code for note in judge.notes or ()] == ["flat"]


async def test_a_stream_that_cannot_be_judged_has_no_notes() -> None:
    described = StreamDescription(rate_hz=50, nv_per_lsb=1000, leads=STANDARD_LEADS, started_us=0)
    judge = EcgJudge()
    judge.begin(described)
    judge.take(Wave(stream_id=7, first_index=0, captured_us=0, samples=np.zeros((12, 50), np.int16)))
    await judge.look()
    assert judge.notes is None


async def test_a_judge_that_breaks_says_nothing_more_and_leaves_the_ecg_alone() -> None:
    judge = begun()
    for piece in pieces(FLAT, 8):
        judge.take(piece)
    await judge.look()
    assert judge.notes
    unfit = np.zeros((12, 10), np.int32)
    judge.take(Wave(stream_id=7, first_index=4000, captured_us=0, samples=unfit))  # type: ignore[arg-type]
    await judge.look()
    assert judge.notes is None
    judge.take(pieces(FLAT, 1)[0])
    await judge.look()
    assert judge.notes is None


async def test_the_log_names_an_electrode_that_is_off_and_its_place_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    off = SimulatedEcg(read_scenario("off=V2+RL,for=4/rhythm=sinus"))
    judge = begun(off)
    with caplog.at_level(logging.WARNING):
        for at, piece in enumerate(pieces(off, 6)):
            judge.take(piece)
            if at % 50 == 49:
                await judge.look()
    said = [one.getMessage() for one in caplog.records if "electrode" in one.getMessage()]
    assert said == [
        "ecg: electrode RL is off: inside of the right leg, above the ankle",
        "ecg: electrode V2 is off: 4th intercostal space, left edge of the sternum",
        "ecg: electrode RL is on again",
        "ecg: electrode V2 is on again",
    ]


async def test_all_ten_are_one_line_that_asks_for_the_patient_first(caplog: pytest.LogCaptureFixture) -> None:
    every = "+".join(str(one.name) for one in Electrode)
    off = SimulatedEcg(read_scenario(f"off={every},for=3/rhythm=sinus"))
    judge = begun(off)
    with caplog.at_level(logging.WARNING):
        for at, piece in enumerate(pieces(off, 5)):
            judge.take(piece)
            if at % 50 == 49:
                await judge.look()
    said = [one.getMessage() for one in caplog.records if "electrodes" in one.getMessage()]
    assert said == [
        "ecg: all ten electrodes are off: look at the patient, then at the plug of the cable",
        "ecg: all ten electrodes are on again",
    ]


def test_the_log_and_the_room_name_the_same_places() -> None:
    words = Path(__file__).parents[2] / "web/client/src/words/en/ecgQuality.ts"
    found = dict(re.findall(r'(\w+): \{ name: "[^"]*", .*?place: "([^"]*)"', words.read_text()))
    assert found == {electrode.name: PLACES[electrode] for electrode in Electrode}
