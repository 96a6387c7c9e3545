"""What an ECG file holds, sample for sample: channels in their own steps, whatever their leads are called.

A `Recording` is what the program streams and draws: standard leads, one step, 16 bits. A `Tracing` is what
was stored: nothing is rounded, nothing is derived, and it can be written again as it was.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ecg.annotations import Annotation
from ecg.description import Filters
from ecg.errors import SignalError
from ecg.leads import Lead
from ecg.ranges import SampleRange

MAX_TRACING_SAMPLES = 48 << 20
"""Of all channels together: a day of two leads at 250 Hz; bounds the memory a file can ask for."""

MAX_GAPS = 100_000
"""More than one a second in a day of signal is a damaged file, and each would be an object in memory."""

Samples = NDArray[np.int16] | NDArray[np.int32]


class FileKind(StrEnum):
    """The kinds of file that are read, and the live stream an ECG was cut out of."""

    WFDB = "WFDB"
    EDF = "EDF"
    EDF_PLUS = "EDF+"
    DICOM = "DICOM"
    CSV = "CSV"
    HL7_AECG = "HL7 aECG"
    SCP_ECG = "SCP-ECG"
    PHILIPS_SIERRA = "Philips Sierra XML"
    GE_MUSE = "GE MUSE XML"
    FHIR = "FHIR Observation"
    E1 = "E1"  # no file: samples of a station's stream


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Channel:
    """One stored channel; SignalError when its samples or its scale are unusable.

    `samples` (n,), int16 or int32; the lowest value of the type means missing. Volts are
    (sample - zero) * nv_per_step * 1e-9. `lead`: the standard lead of that name, None for any other.
    `derivation`: how it follows from other channels, e.g. "II - I"; empty where it was acquired.
    """

    name: str
    lead: Lead | None
    samples: Samples
    nv_per_step: float
    zero: float = 0.0
    filters: Filters = Filters()
    derivation: str = ""

    def __post_init__(self) -> None:
        if self.samples.dtype not in (np.int16, np.int32) or self.samples.ndim != 1:
            raise SignalError(
                f"samples are {self.samples.dtype} {self.samples.shape}; int16 or int32 (n,) is right"
            )
        if not 0 < self.nv_per_step <= 1e9:
            raise SignalError(f"a step of {self.nv_per_step} nV; above 0 and at most 1e9 is plausible")
        if not abs(self.zero) <= 1e12:
            raise SignalError(f"zero is at step {self.zero}; at most 1e12 either way is plausible")

    @property
    def missing_value(self) -> int:
        """The sample value that stands for no value."""
        return int(np.iinfo(self.samples.dtype).min)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where there is no value, (n,)."""
        absent: NDArray[np.bool_] = self.samples == self.missing_value
        return absent

    def nanovolts(self) -> NDArray[np.float64]:
        """The signal in nanovolts, (n,); NaN where missing."""
        values = (self.samples.astype(np.float64) - self.zero) * self.nv_per_step
        values[self.missing] = np.nan
        return values


@dataclass(frozen=True, slots=True)
class ChannelFound:
    """What a reader found of one channel: its scale and what the device filtered, as the file states it."""

    name: str
    lead: Lead | None
    nv_per_step: float
    zero: float
    bits: int
    filters: Filters
    missing_samples: int
    derivation: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found in a file, for a person to check before the picture is believed.

    `gaps`: where no channel has a value. `notes`: what was left aside or is out of the ordinary, a sentence
    each.
    """

    kind: FileKind
    rate_hz: float
    sample_count: int
    duration_s: float
    channels: tuple[ChannelFound, ...]
    gaps: tuple[SampleRange, ...]
    annotations: int
    beats: int
    acquired: str
    device: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tracing:
    """Channels of one rate and one length, and what was said about them; SignalError if they do not fit.

    `acquired`: date and time of the first sample as a DICOM DT (YYYYMMDDHHMMSS.FFFFFF), empty when unknown.
    """

    kind: FileKind
    rate_hz: float
    channels: tuple[Channel, ...]
    annotations: tuple[Annotation, ...] = ()
    acquired: str = ""
    device: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.rate_hz <= 32_000:
            raise SignalError(f"{self.rate_hz} Hz; 1 to 32000 is plausible")
        if not self.channels or not self.channels[0].samples.size:
            raise SignalError("no samples; at least one channel with one sample is needed")
        lengths = {int(channel.samples.size) for channel in self.channels}
        if len(lengths) > 1:
            raise SignalError(f"channels of {sorted(lengths)} samples; all must be of one length")
        leads = [channel.lead for channel in self.channels if channel.lead is not None]
        for lead in leads:
            if leads.count(lead) > 1:
                raise SignalError(f"lead {lead} is there twice")
        edges = int(np.count_nonzero(self._gap_edges()))
        if edges > 2 * MAX_GAPS:
            raise SignalError(f"{edges // 2} gaps; at most {MAX_GAPS}")

    @property
    def sample_count(self) -> int:
        """Samples per channel."""
        return int(self.channels[0].samples.size)

    @property
    def duration_s(self) -> float:
        """Seconds from the first sample to the end of the last."""
        return self.sample_count / self.rate_hz

    @property
    def beats(self) -> tuple[Annotation, ...]:
        """The annotations that mark a QRS complex."""
        return tuple(annotation for annotation in self.annotations if annotation.is_beat)

    def channel(self, lead: Lead) -> Channel | None:
        """The channel of a standard lead; None when it was not stored."""
        return next((channel for channel in self.channels if channel.lead is lead), None)

    def gaps(self) -> tuple[SampleRange, ...]:
        """Where no channel has a value, in order."""
        edges = np.flatnonzero(self._gap_edges())
        return tuple(
            SampleRange(int(first), int(end - first))
            for first, end in zip(edges[::2], edges[1::2], strict=True)
        )

    def _gap_edges(self) -> NDArray[np.bool_]:
        """Where a gap begins or has ended, one longer than the samples."""
        absent = self.channels[0].missing
        for channel in self.channels[1:]:
            absent &= channel.missing
        return np.diff(absent, prepend=False, append=False)

    def found(self) -> Found:
        """Everything about the file that is not a sample."""
        return Found(
            kind=self.kind,
            rate_hz=self.rate_hz,
            sample_count=self.sample_count,
            duration_s=self.duration_s,
            channels=tuple(_found(channel) for channel in self.channels),
            gaps=self.gaps(),
            annotations=len(self.annotations),
            beats=len(self.beats),
            acquired=self.acquired,
            device=self.device,
            notes=self.notes,
        )


def _found(channel: Channel) -> ChannelFound:
    return ChannelFound(
        name=channel.name,
        lead=channel.lead,
        nv_per_step=channel.nv_per_step,
        zero=channel.zero,
        bits=8 * channel.samples.dtype.itemsize,
        filters=channel.filters,
        missing_samples=int(np.count_nonzero(channel.missing)),
        derivation=channel.derivation,
    )
