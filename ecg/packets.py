"""What E1 says: the packets as values. Their bytes are in `ecg.wire`, their meaning in `docs/e1.md`."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag, StrEnum

import numpy as np
from numpy.typing import NDArray

from ecg.description import StreamDescription
from ecg.leads import Electrode
from ecg.ranges import SampleRange
from ecg.sample_codecs import Codec


class PacketType(IntEnum):
    """Byte 2 of the header."""

    META = 1
    WAVE = 2
    EVENT = 3
    NEED = 4
    HAVE = 5
    END = 6


class Flag(IntFlag):
    """Byte 3 of the header."""

    NONE = 0
    BACKFILL = 1
    GAP = 2  # the first sample does not continue the one before it
    NOT_RAW = 4
    SIMULATED = 8
    CALIBRATION = 16


class MarkKind(IntEnum):
    """What happened at one sample."""

    PACE = 1
    PATIENT_EVENT = 2
    RESUME = 3  # this sample does not continue the one before it
    R_PEAK = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at `offset` samples after the first of its packet."""

    offset: int
    kind: MarkKind
    value: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The 40 bytes every packet begins with; a field that its type does not use is 0."""

    type: PacketType
    flags: Flag = Flag.NONE
    stream_id: int
    sequence: int = 0
    sample_count: int = 0
    lead_count: int = 0
    codec: Codec = Codec.RAW
    first_index: int = 0
    captured_us: int = 0
    electrodes_off: Electrode = Electrode(0)
    unusable: int = 0
    clipped: int = 0
    mark_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wave:
    """Samples int16 (leads, n), -32768 = missing, from index `first_index` on, captured at `captured_us`.

    The bits tell the state at the last sample; `unusable` and `clipped` are in META's order of leads.
    """

    stream_id: int
    first_index: int
    captured_us: int
    samples: NDArray[np.int16]
    sequence: int = 0
    flags: Flag = Flag.NONE
    electrodes_off: Electrode = Electrode(0)
    unusable: int = 0
    clipped: int = 0
    marks: tuple[Mark, ...] = ()

    @property
    def sample_count(self) -> int:
        """Samples per lead."""
        return int(self.samples.shape[1])

    @property
    def end_index(self) -> int:
        """The index after the last sample."""
        return self.first_index + self.sample_count

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Wave):
            return NotImplemented
        plain = ("stream_id", "sequence", "first_index", "captured_us", "flags")
        state = ("electrodes_off", "unusable", "clipped", "marks")
        same = all(getattr(self, name) == getattr(other, name) for name in plain + state)
        return same and np.array_equal(self.samples, other.samples)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """The stream's description; sent before its first WAVE and again when asked."""

    stream_id: int
    description: StreamDescription
    sequence: int = 0
    flags: Flag = Flag.NONE


class EventKind(StrEnum):
    """What an EVENT tells."""

    ELECTRODE_OFF = "electrode_off"
    ELECTRODE_ON = "electrode_on"
    SOURCE_LOST = "source_lost"
    SOURCE_BACK = "source_back"
    PATIENT = "patient"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPacket:
    """Something that happened at a sample; `detail` is the device's word (an electrode), never a person."""

    stream_id: int
    index: int
    captured_us: int
    kind: EventKind
    detail: str = ""
    sequence: int = 0
    flags: Flag = Flag.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """The receiver asks for these samples again."""

    stream_id: int
    ranges: tuple[SampleRange, ...]
    sequence: int = 0
    flags: Flag = Flag.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Have:
    """The receiver has every sample before `end`, durably."""

    stream_id: int
    end: int
    sequence: int = 0
    flags: Flag = Flag.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The stream is over: its number of samples per lead and their SHA-256 (`ecg.digest`)."""

    stream_id: int
    total: int
    sha256: bytes
    sequence: int = 0
    flags: Flag = Flag.NONE


Packet = Wave | Meta | EventPacket | Need | Have | End
