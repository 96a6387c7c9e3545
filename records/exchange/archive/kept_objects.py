"""What the writer of a consult's objects is given: what was kept, whose it is, and the content itself."""

import datetime as dt

from records.archive_outbox import ArchiveObject
from records.derived_measurements import DerivedMeasurement
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_stills import UltrasoundStill
from records.values import Value
from ultrasound.writing.identity import Identity


class ClipEcg(Value):
    """The ECG of a clip's seconds. `samples`: `records.ecg_samples.pack_tracing`; no sample is made up."""

    samples: bytes
    first_us: int  # of its first sample, in microseconds since 1970
    simulated: bool = False


class KeptObject(Value):
    """One object to be written. `identity` is the consult's; nothing of it is taken from a picture."""

    kind: ArchiveObject
    identity: Identity
    still: UltrasoundStill | None  # one of them
    clip: UltrasoundClip | None
    content: bytes  # the still's PNG, or the clip's file
    zone_offset_s: int  # in which moments are told
    station_name: str = ""
    observer: str = ""  # who kept and measured, as PN
    organization: str = ""
    ecg: ClipEcg | None = None
    derived: DerivedMeasurement | None = None  # in the place of both, with all it is made of
    stills: tuple[UltrasoundStill, ...] = ()
    made_of: tuple[DerivedMeasurement, ...] = ()

    @property
    def kept(self) -> UltrasoundStill | UltrasoundClip | DerivedMeasurement:
        """What was kept."""
        kept = self.still or self.clip or self.derived
        assert kept is not None
        return kept

    @property
    def zone(self) -> dt.timezone:
        """In which moments are told."""
        return dt.timezone(dt.timedelta(seconds=self.zone_offset_s))
