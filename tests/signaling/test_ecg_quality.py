"""What a station finds wrong with its ECG reaches those who receive that ECG, in known words only."""

from typing import Any

import pytest

from records.ecg_drafts import QualityNote
from signaling import messages as m
from signaling import station_messages as s
from tests.fakes.clinic import Clinic, bind, in_call, join
from tests.fakes.records import CHEN, LIN, ZHOU

NOTE = QualityNote(code="mains_50", weight="note", advice="remove_mains", leads=("V3",), electrodes=("V3",))


async def test_both_sides_are_told_and_an_interpreter_is_not(clinic: Clinic) -> None:
    doctor, chen, lin = [await clinic.sign_in(one) for one in (ZHOU, CHEN, LIN)]
    line, _ = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await doctor.done(m.InviteGuest, consult_id=consult_id, account_id=LIN.id, resident_agreed=True)
    await join(lin, consult_id)
    binding_id = await bind(doctor, consult_id)
    for notes in ((NOTE,), ()):
        await clinic.desk.station_receive(line, s.StationFigures(binding_id=binding_id, ecg_quality=notes))
        for side in (doctor, chen):
            told = side.outbox.last(m.EcgQuality)
            assert (told.consult_id, told.binding_id, told.notes) == (consult_id, binding_id, notes)
    assert lin.outbox.of(m.EcgQuality) == []


async def test_nothing_is_told_of_an_ecg_that_is_not_judged(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, _ = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    binding_id = await bind(doctor, consult_id)
    await clinic.desk.station_receive(line, s.StationFigures(binding_id=binding_id))
    assert chen.outbox.of(m.EcgQuality) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "heart_attack"},
        {"advice": "call_me"},
        {"weight": "alarm"},
        {"leads": ("V7",)},
        {"electrodes": ("<b>",)},
        {"leads": ("V1",) * 13},
    ],
)
async def test_words_that_are_none_are_refused_and_reach_nobody(
    clinic: Clinic, wrong: dict[str, Any]
) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, station = await clinic.station()
    binding_id = await bind(doctor, await in_call(clinic, doctor, chen))
    said = QualityNote(**{"code": "mains_50", "weight": "note", "advice": "remove_mains"} | wrong)
    await clinic.desk.station_receive(line, s.StationFigures(binding_id=binding_id, ecg_quality=(said,)))
    assert station.last(s.StationRefused).code == "out_of_range"
    assert chen.outbox.of(m.EcgQuality) == []


async def test_more_notes_than_there_can_be_are_refused(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, station = await clinic.station()
    binding_id = await bind(doctor, await in_call(clinic, doctor, chen))
    many = s.StationFigures(binding_id=binding_id, ecg_quality=(NOTE,) * 31)
    await clinic.desk.station_receive(line, many)
    assert station.last(s.StationRefused).code == "out_of_range"
