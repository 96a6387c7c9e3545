"""Files are replayed with the standard leads they hold, at their own rate and scale; or refused."""

import logging
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file

from ecg.dicom import open_dicom
from ecg.leads import STANDARD_LEADS, Lead
from ecg.source import RecordingLoop
from station.ecg_sources import open_ecg
from station.ecg_stream import Anchor, EcgStream
from station.errors import DeviceFailed
from station.replayed_ecg import check_rate

DATA = Path(__file__).resolve().parent.parent / "data" / "ecg"


def opened(word: str) -> RecordingLoop:
    source = open_ecg(word, 0)
    assert isinstance(source, RecordingLoop)
    return source


def test_a_twelve_lead_record_is_played_as_it_was_stored() -> None:
    source = opened(f"wfdb:{DATA / 'challenge2021' / 'E07500.hea'}")
    assert (source.leads, source.rate_hz, source.nv_per_lsb) == (STANDARD_LEADS, 500, 1000)
    assert source.simulated


def test_a_dicom_file_gives_the_same_samples_as_its_own_reader() -> None:
    file = str(get_testdata_file("waveform_ecg.dcm", download=False))
    by_name, of_any_kind, stored = opened(f"dicom:{file}"), opened(f"file:{file}"), open_dicom(file)
    for source in (by_name, of_any_kind):
        np.testing.assert_array_equal(source.recording.samples, stored.samples)
        assert (source.nv_per_lsb, source.device) == (stored.nv_per_lsb, stored.device)


def test_two_leads_are_played_as_the_two_they_are_and_cut_in_pieces(caplog: pytest.LogCaptureFixture) -> None:
    source = opened(f"edf:{DATA / 'edf' / 'pyedflib_plus.edf'}")
    assert source.leads == (Lead.I, Lead.II)
    assert "'Resp' left aside" in caplog.text
    waves = list(EcgStream(source, 7, Anchor(0, 0)).pieces(1_000_000))
    assert {wave.samples.shape for wave in waves} == {(2, 10)}


def test_a_modified_lead_is_not_taken_for_the_one_it_resembles(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        source = opened(f"wfdb:{DATA / 'mitdb' / '100.hea'}")
    assert source.leads == (Lead.V5,)
    assert "'MLII' left aside: not one of the twelve leads" in caplog.text


def test_a_record_without_a_standard_lead_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(
        "# ECG CSV 1\n# rate_hz: 250\n# nv_per_step: 1000\n# zero: 0\nMLII\n1\n2\n"
    )
    with pytest.raises(DeviceFailed, match=r"^ecg: own\.csv: none of 1 channels is a standard lead"):
        open_ecg(f"file:{tmp_path / 'own.csv'}", 0)


def test_a_file_of_another_kind_than_was_said_is_refused() -> None:
    with pytest.raises(DeviceFailed, match=r"^ecg: 100\.hea: WFDB, not edf; file:100\.hea plays any kind"):
        open_ecg(f"edf:{DATA / 'mitdb' / '100.hea'}", 0)


@pytest.mark.parametrize("rate_hz", [50, 99, 2300])
def test_a_rate_that_is_too_slow_or_too_fast_is_refused(tmp_path: Path, rate_hz: int) -> None:
    leads = ",".join(STANDARD_LEADS)
    row = ",".join("1" for _ in STANDARD_LEADS)
    steps, zeros = ",".join(["1000"] * 12), ",".join(["0"] * 12)
    head = f"# ECG CSV 1\n# rate_hz: {rate_hz}\n# nv_per_step: {steps}\n# zero: {zeros}\n"
    (tmp_path / "rate.csv").write_text(f"{head}{leads}\n{row}\n{row}\n")
    with pytest.raises(
        DeviceFailed, match=rf"^ecg: rate\.csv: .*{rate_hz} Hz .*(at least 100|at most 2200) Hz"
    ):
        open_ecg(f"file:{tmp_path / 'rate.csv'}", 0)


def test_the_slowest_and_the_fastest_rate_are_taken() -> None:
    check_rate(100, 12)
    check_rate(2200, 12)


def test_a_lost_file_names_the_device(tmp_path: Path) -> None:
    with pytest.raises(DeviceFailed, match=r"^ecg: lost\.hea"):
        open_ecg(f"wfdb:{tmp_path / 'lost.hea'}", 0)
