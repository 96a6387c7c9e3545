"""Pacing: the device's word first, spikes only where a sample rate shows them, and no QRS complex for one."""

from dataclasses import replace

import numpy as np
import pytest
from pydicom.data import get_testdata_file

from ecg.annotations import Annotation, AnnotationCode
from ecg.description import Filters
from ecg.dicom import open_dicom
from ecg.errors import SignalError
from ecg.leads import MISSING, STANDARD_LEADS
from ecg.measurements import Absent, Why
from ecg.pacing import (
    PacingMarks,
    PacingSource,
    marks_of_annotations,
    marks_of_packets,
    pacing_marks,
)
from ecg.packets import Mark, MarkKind, Wave
from ecg.recording import Recording
from ecg.tracing import Channel, FileKind, Tracing
from tests.ecg.quality.made import real, sinus

NONE_SEEN = PacingMarks((), PacingSource.SPIKE_TEST)


def at_rate(rate_hz: int, seconds: float = 6, noise_uv: float = 5) -> Recording:
    uv = sinus(seconds, rate_hz=rate_hz, noise_uv=noise_uv)
    return Recording(
        leads=STANDARD_LEADS, rate_hz=rate_hz, nv_per_lsb=1000.0, samples=np.rint(uv).astype(np.int16)
    )


def paced(of: Recording, starts_s: list[float], width_s: float, uv: float, lead: int) -> Recording:
    """With pulses added to one lead, each sample the mean over its time, as a device takes it."""
    samples = of.samples.astype(np.float64)
    for first, end in ((at * of.rate_hz, (at + width_s) * of.rate_hz) for at in starts_s):
        index = np.arange(int(first), int(end) + 1)
        part = np.clip(np.minimum(end, index + 1) - np.maximum(first, index), 0, 1)
        samples[lead, index] += uv * 1000 / of.nv_per_lsb * part
    return replace(of, samples=np.rint(samples).astype(np.int16))


def places(marks: PacingMarks | Absent, rate_hz: float) -> list[float]:
    assert isinstance(marks, PacingMarks)
    return [sample / rate_hz for sample in marks.samples]


def ptb() -> Recording:
    return real("ptbdb/s0010_re_3s.hea")


def mortara() -> Recording:
    return open_dicom(str(get_testdata_file("waveform_ecg.dcm", download=False)))


@pytest.mark.parametrize("of", [ptb, mortara])
def test_no_qrs_complex_of_a_real_recording_is_a_spike(of) -> None:  # type: ignore[no-untyped-def]
    assert of().rate_hz == 1000
    assert pacing_marks(of()) == NONE_SEEN


@pytest.mark.parametrize("width_ms", [0.5, 1, 2])
@pytest.mark.parametrize("uv", [2000, -2000, 8000])
@pytest.mark.parametrize("of", [ptb, mortara])
def test_spikes_are_found_in_real_recordings(of, uv: float, width_ms: float) -> None:  # type: ignore[no-untyped-def]
    """In one lead alone, also between two samples; the places lie between the complexes and T waves."""
    recording = of()
    for lead in (0, 6, 9):
        quiet = [at for at in np.arange(0.1, 2.8, 0.0703).tolist() if level(recording, lead, at)][:6]
        marked = pacing_marks(paced(recording, quiet, width_ms / 1000, uv, lead))
        found = places(marked, recording.rate_hz)
        assert len(found) == len(quiet) == 6
        assert max(abs(one - at - width_ms / 2000) for one, at in zip(found, quiet, strict=True)) <= 0.0021


def level(of: Recording, lead: int, at_s: float) -> bool:
    """Whether 15 ms to either side the lead moves by less than 0.1 mV."""
    first = round((at_s - 0.015) * of.rate_hz)
    return float(np.ptp(of.samples[lead, first : first + 32])) * of.nv_per_lsb < 100_000


@pytest.mark.parametrize("rate_hz", [1000, 2000, 4000])
@pytest.mark.parametrize("phase_ms", [0, 0.25, 0.5, 0.75])
def test_spikes_are_found_at_every_rate_from_1_khz_wherever_they_fall(rate_hz: int, phase_ms: float) -> None:
    starts = [0.1 + k + phase_ms / 1000 for k in range(6)]
    marks = pacing_marks(paced(at_rate(rate_hz), starts, 0.0005, 2000, 3))
    assert [round(one, 2) for one in places(marks, rate_hz)] == [round(at, 2) for at in starts]


def test_two_chambers_are_two_marks_and_one_pulse_is_one() -> None:
    starts = [k + at for k in range(5) for at in (0.5, 0.62)]
    marks = pacing_marks(paced(at_rate(2000), starts, 0.002, 4000, 1))
    assert len(places(marks, 2000)) == 10


@pytest.mark.parametrize("rate_hz", [1000, 2000])
def test_no_spike_is_seen_in_sinus_rhythm_however_noisy(rate_hz: int) -> None:
    assert pacing_marks(at_rate(rate_hz, noise_uv=80)) == NONE_SEEN


def test_a_step_is_no_spike() -> None:
    of = at_rate(1000)
    samples = of.samples.copy()
    samples[:, 3050:] += 3000
    assert pacing_marks(replace(of, samples=samples)) == NONE_SEEN


def test_nothing_is_seen_beside_a_hole() -> None:
    of = at_rate(1000)
    samples = of.samples.copy()
    samples[:, 3050:3052] = MISSING
    assert pacing_marks(replace(of, samples=samples)) == NONE_SEEN


@pytest.mark.parametrize("rate_hz", [250, 500, 999])
def test_below_1_khz_there_is_no_test_but_a_reason(rate_hz: int) -> None:
    spiked = paced(at_rate(rate_hz), [0.5, 1.5], 0.002, 5000, 1)
    assert pacing_marks(spiked) == Absent(Why.RATE_TOO_LOW_HZ)


def test_where_the_device_lets_no_spike_through_there_is_no_test_but_a_reason() -> None:
    assert pacing_marks(replace(at_rate(1000), filters=Filters(high_hz=150))) == Absent(Why.SPIKES_FILTERED)
    assert pacing_marks(replace(at_rate(1000), filters=Filters(high_hz=300))) == NONE_SEEN


@pytest.mark.parametrize("rate_hz", [250, 1000])
def test_the_marks_of_the_device_come_first_in_order_and_once(rate_hz: int) -> None:
    assert pacing_marks(at_rate(rate_hz), [700, 200, 700]) == PacingMarks((200, 700), PacingSource.DEVICE)


@pytest.mark.parametrize("mark", [-1, 3000])
def test_marks_beyond_the_recording_are_refused(mark: int) -> None:
    with pytest.raises(SignalError, match="0 to 2999 is right"):
        pacing_marks(at_rate(500), [100, mark])


def test_marks_of_packets_are_indices_of_the_stream_and_repeats_count_once() -> None:
    def wave(first: int, *marks: Mark) -> Wave:
        samples = np.zeros((1, 20), np.int16)
        return Wave(stream_id=1, first_index=first, captured_us=0, samples=samples, marks=marks)

    waves = [
        wave(100, Mark(5, MarkKind.PACE), Mark(9, MarkKind.R_PEAK)),
        wave(90, Mark(15, MarkKind.PACE), Mark(2, MarkKind.PACE), Mark(3, MarkKind.RESUME)),
    ]
    assert marks_of_packets(waves) == (92, 105)


def test_marks_of_a_file_are_its_spikes_and_not_its_paced_beats() -> None:
    annotations = (
        Annotation(40, AnnotationCode.PACING_SPIKE),
        Annotation(55, AnnotationCode.PACED),
        Annotation(90, AnnotationCode.PACING_SPIKE, channel=1),
        Annotation(90, AnnotationCode.PACING_SPIKE),
    )
    channel = Channel(name="II", lead=None, samples=np.zeros(100, np.int16), nv_per_step=1000)
    tracing = Tracing(kind=FileKind.WFDB, rate_hz=250, channels=(channel,), annotations=annotations)
    assert marks_of_annotations(tracing) == (40, 90)
