"""Philips Sierra XML: two real files of two schemas, and what damage to them is told as."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.leads import STANDARD_LEADS, Lead
from ecg.vendor_files.found import Remark, RemarkKind, VendorEcg
from ecg.vendor_files.philips_sierra import read_philips_sierra
from ecg.vendor_files.xli import xli_chunks

FOLDER = Path(__file__).parents[2] / "data" / "ecg" / "philips"
OLD, NEW = FOLDER / "heartstart-mrx-1.03.xml", FOLDER / "pagewriter-touch-1.04.xml"


def read(path: Path) -> VendorEcg:
    return read_philips_sierra(path.read_bytes())


def edited(old: str, new: str) -> bytes:
    text = OLD.read_text()
    assert text.count(old) == 1, old
    return text.replace(old, new).encode()


@pytest.mark.parametrize(
    ("path", "samples", "device", "acquired", "notch"),
    [
        (OLD, 5264, "Philips HeartstartMRx", "20111201072734", None),
        (NEW, 5300, "Philips PageWriter Touch", "20100119151922", 0.0),
    ],
)
def test_scale_filters_device_and_start_are_those_of_the_file(
    path: Path, samples: int, device: str, acquired: str, notch: float | None
) -> None:
    recording = read(path).recording
    assert recording.leads == STANDARD_LEADS
    assert (recording.sample_count, recording.rate_hz, recording.nv_per_lsb) == (samples, 500, 5000)
    assert recording.filters == Filters(0.05, 150, notch)
    assert (recording.device, recording.acquired) == (device, acquired)


@pytest.mark.parametrize("path", [OLD, NEW])
def test_limb_leads_come_back_from_their_residuals_and_agree_with_einthoven(path: Path) -> None:
    found = read(path)
    rows = {lead: found.recording.lead(lead).astype(int) for lead in Lead}
    one, two = rows[Lead.I], rows[Lead.II]
    assert found.derived == ()  # the file keeps twelve leads, as the device recorded them
    assert np.ptp(rows[Lead.III]) > 50
    assert np.abs(rows[Lead.III] - (two - one)).max() <= 2  # steps of 5 uV
    assert np.abs(rows[Lead.AVR] + (one + two) / 2).max() <= 1.5
    assert np.abs(rows[Lead.AVL] - (one - rows[Lead.III]) / 2).max() <= 1.5
    assert np.abs(rows[Lead.AVF] - (two + rows[Lead.III]) / 2).max() <= 1.5


@pytest.mark.parametrize(
    ("path", "sha256"),
    [
        (OLD, "b082432977cf68b44464b7ada251729e28042b43c6c1eff5b285d470e247f05b"),
        (NEW, "39abde0d6792a5e7f804220471fb156e021a83c35b0ecdeb496d51a7cbde2188"),
    ],
)
def test_every_sample_is_what_another_program_reads(path: Path, sha256: str) -> None:
    """Of the twelve leads as sierra-ecg-tools 0.4.0 gives them, up to the calibration pulse."""
    samples = read(path).recording.samples.astype("<i2")
    assert hashlib.sha256(samples.tobytes()).hexdigest() == sha256


def test_the_rhythm_has_the_amplitudes_that_the_device_measured() -> None:
    """R and S of each lead, in microvolts, as the device wrote them beside the signal."""
    text = OLD.read_text()
    recording = read(OLD).recording
    for lead in Lead:
        measured = text[text.index(f'leadname="{lead}"') :]
        r_uv = max(_measured(measured, name) for name in ("ramp", "rpamp"))
        depth_uv = min(_measured(measured, name) for name in ("qamp", "samp", "spamp"))
        row = recording.lead(lead) * 5.0
        tallest, deepest = row.max() - np.median(row), row.min() - np.median(row)
        if r_uv > 400:
            assert tallest == pytest.approx(r_uv, rel=0.35), lead
        if depth_uv < -400:
            assert deepest == pytest.approx(depth_uv, rel=0.35), lead


def _measured(text: str, name: str) -> int:
    found = re.search(rf"<{name}>(-?\d+)</{name}>", text)
    assert found
    return int(found[1])


def test_the_averaged_beat_is_beside_the_rhythm_and_looks_like_its_beats() -> None:
    """Written without compression and in other steps: an independent witness of size and polarity."""
    found = read(NEW)
    beat = found.median_beat
    assert beat is not None
    assert (beat.samples.shape, beat.nv_per_lsb) == ((12, 1200), 2500)
    for lead in Lead:
        shape = beat.lead(lead).astype(float)
        qrs = shape[int(np.abs(shape - np.median(shape)).argmax()) - 50 :][:100] * 2.5
        rhythm = found.recording.lead(lead).astype(float) * 5
        best = max(
            float(np.corrcoef(qrs, rhythm[at : at + 100])[0, 1])
            for at in range(500, 1500)
            if np.ptp(rhythm[at : at + 100]) > 0
        )
        assert best > 0.95, lead
        assert np.ptp(qrs) == pytest.approx(np.ptp(rhythm[:5000]), rel=0.5), lead


def test_the_calibration_pulse_after_the_rhythm_is_cut_off_and_told() -> None:
    found = read(NEW)
    assert Remark(RemarkKind.CALIBRATION_PULSE_CUT, "samples 5300 to 5499") in found.remarks
    assert not (found.recording.samples == found.recording.samples[0]).all(axis=0)[-20:].all()


def test_a_scale_that_does_not_make_the_pulse_one_millivolt_is_refused() -> None:
    with pytest.raises(
        SourceUnreadable, match=r"line \d+, parsedwaveforms: steps of 2500 nV .* 0.5 mV; 1 is"
    ):
        read_philips_sierra(edited("<signalresolution>5<", "<signalresolution>2.5<"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<documentversion>1.03<", "<documentversion>2.00<", "documentversion '2.00'"),
        ('compressmethod="XLI"', 'compressmethod="ZIP"', "compression 'ZIP'; XLI is read"),
        (
            'durationperchannel="11000"',
            'durationperchannel="12000"',
            "11000 bytes after unpacking where 12000",
        ),
        ("<samplingrate>500<", "<samplingrate>5000000<", "samples a lead"),
        ("<signalresolution>5<", "<signalresolution><", "nothing where a number belongs"),
        ("<signaloffset>0<", "<signaloffset>7<", "signaloffset is '7'; 0 is read"),
        ("<signalsigned>True<", "<signalsigned>False<", "signalsigned is 'False'"),
        ("<acquisitiontype>STD-12<", "<acquisitiontype>FRANK<", "acquisition 'FRANK'"),
        ("<numberchannelsallocated>12<", "<numberchannelsallocated>8<", "12 lead names for 8 leads"),
        ("</documentinfo>", "</documentinf>", r"line \d+, column \d+: not XML"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(SourceUnreadable, match=told):
        read_philips_sierra(edited(old, new))


def test_samples_that_end_early_are_refused() -> None:
    text = OLD.read_text()
    end = text.index("</parsedwaveforms>")
    samples = "".join(text[text.rindex(">", 0, end) + 1 : end].split())
    cut = text.replace(text[text.rindex(">", 0, end) + 1 : end], samples[:-400])
    with pytest.raises(SourceUnreadable, match="channel 15: 276 bytes are announced and 261 there"):
        read_philips_sierra(cut.encode())


def test_a_code_before_it_was_made_is_refused() -> None:
    data = (3).to_bytes(4, "little") + bytes(4) + bytes([0b11000000, 0b01000000, 0])
    with pytest.raises(SourceUnreadable, match="channel 1: code 769 before it was made"):
        xli_chunks("x", data, 4)


def test_unpacking_stops_where_more_comes_than_was_announced() -> None:
    """Ten bits can stand for hundreds of bytes; a file of megabytes must not become one of gigabytes."""
    codes = "".join(f"{code:010b}" for code in [0, *range(256, 1000)])
    packed = int(codes.ljust(-(-len(codes) // 8) * 8, "0"), 2).to_bytes(-(-len(codes) // 8), "big")
    data = len(packed).to_bytes(4, "little") + bytes(4) + packed
    with pytest.raises(SourceUnreadable, match=r"(\d+) bytes after unpacking where 20") as caught:
        xli_chunks("x", data, 10)
    made = re.search(r"(\d+) bytes after", str(caught.value))
    assert made and int(made[1]) < 40
