"""Which signals of a file are its ECG, and what is said of the others."""

import pytest

from ecg.errors import SourceUnreadable
from ecg.files.chosen import Candidate, choose


def chosen(*signals: tuple[str, bool, int]) -> tuple[list[str], list[str]]:
    taken, notes = choose("x.edf", [Candidate(row, *signal) for row, signal in enumerate(signals)])
    return [candidate.name for candidate in taken], notes


def test_brain_waves_beside_a_named_ecg_are_left_aside() -> None:
    assert chosen(("EEG Fpz-Cz", True, 500), ("ecg II", True, 250), ("EKG V1", True, 250)) == (
        ["ecg II", "EKG V1"],
        ["signal 'EEG Fpz-Cz' left aside: not named an ECG"],
    )


def test_without_such_a_name_all_voltages_of_the_highest_rate_are_taken() -> None:
    assert chosen(("I", True, 500), ("II", True, 500), ("slow", True, 250), ("Resp", False, 500)) == (
        ["I", "II"],
        ["signal 'slow' left aside: of a lower rate", "signal 'Resp' left aside: not a voltage"],
    )


def test_without_a_voltage_there_is_nothing_to_show() -> None:
    with pytest.raises(SourceUnreadable, match="1 signals, none of them a voltage"):
        chosen(("Resp", False, 500))
