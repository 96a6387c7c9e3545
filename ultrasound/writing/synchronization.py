"""Which objects lie on one clock: a cine and the ECG of the same seconds (PS3.3 C.7.4.2)."""

from dataclasses import dataclass
from enum import StrEnum

from pydicom.dataset import Dataset

from ultrasound.writing.identity import put_text, put_uid


class TimeDistribution(StrEnum):
    """How a clock is set by others, Time Distribution Protocol."""

    NTP = "NTP"
    IRIG = "IRIG"
    GPS = "GPS"
    SNTP = "SNTP"
    PTP = "PTP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronization:
    """The same value in every object that was taken on one clock.

    `frame_of_reference_uid`: names the clock, for as long as it ran without a jump. `externally_set`: whether
    an outer source of time sets it, so that other clocks' moments compare; who does not know says no.
    """

    frame_of_reference_uid: str
    externally_set: bool
    distribution: TimeDistribution | None = None
    time_source: str = ""


def put_synchronization(dataset: Dataset, synchronization: Synchronization) -> None:
    """Write it into an object of any kind; nothing triggers anything here."""
    put_uid(
        dataset,
        "SynchronizationFrameOfReferenceUID",
        synchronization.frame_of_reference_uid,
        "frame_of_reference_uid",
    )
    dataset.SynchronizationTrigger = "NO TRIGGER"
    dataset.AcquisitionTimeSynchronized = "Y" if synchronization.externally_set else "N"
    if synchronization.distribution is not None:
        dataset.TimeDistributionProtocol = synchronization.distribution.value
    if synchronization.time_source:
        put_text(dataset, "TimeSource", synchronization.time_source, "time_source")
