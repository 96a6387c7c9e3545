"""Recordings and tracings that several tests of file formats use."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from ecg.annotations import Annotation, AnnotationCode
from ecg.files.door import read_any
from ecg.files.findings import MedianOfLeads
from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import (
    UNITS,
    Absent,
    LeadMeasure,
    Measure,
    Measured,
    Measurement,
    Measurements,
    Unit,
    Why,
)
from ecg.signal.median_beat import MedianBeat
from ecg.tracing import Channel, FileKind, Tracing

DATA = Path(__file__).parents[2] / "data" / "ecg"
RECORDS = ("mitdb/100", "ludb/1", "challenge2021/E07500", "cpsc2021/data_92_12")


def record(name: str) -> Tracing:
    """One of the WFDB records in tests/data."""
    return read_any(DATA / f"{name}.hea")


def dicom_bytes() -> bytes:
    """The 12-lead ECG inside pydicom's own wheel."""
    path = get_testdata_file("waveform_ecg.dcm", download=False)
    return Path(str(path)).read_bytes()


def short_dicom(change: Callable[[Dataset], object] = lambda dataset: None) -> bytes:
    """The same, its rhythm cut to 100 samples, its annotations gone, with one thing changed."""
    dataset = pydicom.dcmread(BytesIO(dicom_bytes()))
    del dataset.WaveformAnnotationSequence
    for group, count in zip(dataset.WaveformSequence, (100, 20), strict=True):
        group.NumberOfWaveformSamples = count
        group.WaveformData = group.WaveformData[: count * 12 * 2]
    change(dataset)
    out = BytesIO()
    dataset.save_as(out)
    return out.getvalue()


def tracing(rows: object, *, rate_hz: float = 500, step_nv: float = 1000, zero: float = 0) -> Tracing:
    """A tracing of standard leads with these samples."""
    values = np.asarray(rows)
    return Tracing(
        kind=FileKind.WFDB,
        rate_hz=rate_hz,
        channels=tuple(
            Channel(name=lead, lead=lead, samples=row, nv_per_step=step_nv, zero=zero)
            for lead, row in zip(STANDARD_LEADS, values, strict=False)
        ),
    )


def with_gap(of: Tracing, first: int, end: int) -> Tracing:
    """The tracing without values from `first` to before `end`, in every channel."""
    channels = []
    for channel in of.channels:
        samples = channel.samples.copy()
        samples[first:end] = channel.missing_value
        channels.append(replace(channel, samples=samples))
    return replace(of, channels=tuple(channels))


def same_samples(one: Tracing, other: Tracing) -> bool:
    """Whether both hold the same leads with the same samples, missing ones included."""
    return len(one.channels) == len(other.channels) and all(
        a.lead is b.lead and a.samples.dtype == b.samples.dtype and np.array_equal(a.samples, b.samples)
        for a, b in zip(one.channels, other.channels, strict=True)
    )


@st.composite
def tracings(draw: st.DrawFn, *, wide: bool = False) -> Tracing:
    """Any tracing of a few leads; `wide`: of 24 bits."""
    leads = draw(st.lists(st.sampled_from(list(Lead)), min_size=1, max_size=4, unique=True))
    count = draw(st.integers(1, 40))
    lowest = -(1 << 23) if wide else -32767
    rows = draw(
        st.lists(
            st.lists(st.integers(lowest + 1, -lowest - 1), min_size=count, max_size=count),
            min_size=len(leads),
            max_size=len(leads),
        )
    )
    channels = tuple(
        Channel(
            name=lead,
            lead=lead,
            samples=np.array(row, np.int32) if wide else np.array(row, np.int16),
            nv_per_step=draw(
                st.sampled_from([1.0, 100.0, 1000.0, 1250.0, 2500.0, 4880.0, 5000.0, 1e6 / 1716])
            ),
            zero=draw(st.integers(-2000, 2000)),
        )
        for lead, row in zip(leads, rows, strict=True)
    )
    return Tracing(
        kind=FileKind.WFDB,
        rate_hz=draw(st.sampled_from([125, 128, 200, 250, 257.5, 360, 500, 1000])),
        channels=channels,
        acquired=draw(st.sampled_from(["", "20240229235959", "19991231000000.25"])),
    )


@st.composite
def annotation_lists(draw: st.DrawFn) -> tuple[Annotation, ...]:
    """Annotations in order of time, far apart and close together."""
    steps = draw(st.lists(st.sampled_from([0, 1, 7, 1023, 1024, 65_536, 1 << 20]), max_size=20))
    return tuple(
        Annotation(
            sample,
            draw(st.sampled_from(list(AnnotationCode))),
            draw(st.sampled_from(["", "(N", "(AFIB", "心房颤动"])),
            subtype=draw(st.integers(-128, 127)),
            channel=draw(st.integers(0, 255)),
            number=draw(st.integers(-128, 127)),
        )
        for sample in np.cumsum(steps).tolist()
    )


ACQUIRED = "20240229235930.25"
MEASURED_LEADS = (Lead.I, Lead.V2)


def measurements(*absent: Measure) -> Measurements:
    """Every measurement with a value of its own, but these; amplitudes of two leads, some negative."""
    values: dict[Measure, Measurement] = {
        measure: Absent(Why.NO_P) if measure in absent else Measured(100 + number / 8, UNITS[measure], 0.75)
        for number, measure in enumerate(Measure)
    }
    leads = {
        lead: {
            measure: Measured((-1.0) ** number * (120 + number), Unit.UV, 0.5)
            for number, measure in enumerate(LeadMeasure)
        }
        for lead in MEASURED_LEADS
    }
    return Measurements(rate_hz=500, sample_count=5000, values=values, leads=leads)


def median_of(*leads: Lead) -> MedianOfLeads:
    """A median beat of these leads: a triangle of 1 mV and its parts."""
    shape = np.maximum(0, 1000 - 40.0 * np.abs(np.arange(-100, 200)))
    rows = np.stack([shape / (1 + number) for number in range(len(leads))])
    return MedianOfLeads(leads, MedianBeat(rows, 100, (100, 500, 900), (), (), (1.0,) * len(leads)))


def same_values(one: Tracing, other: Tracing) -> bool:
    """Whether both hold the same leads and samples, in whatever width."""
    return len(one.channels) == len(other.channels) and all(
        a.lead is b.lead
        and np.array_equal(a.missing, b.missing)
        and np.array_equal(a.samples[~a.missing], b.samples[~b.missing])
        for a, b in zip(one.channels, other.channels, strict=True)
    )
