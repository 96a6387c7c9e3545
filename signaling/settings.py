"""What a site may set about its consults."""

import datetime as dt

import msgspec

from records.consults import Urgency
from records.ecg_reading import ReadingSettings
from records.values import Value

DELIVERY_S = 5.0
"""Samples are on the disk a second or two after they were captured; a line that takes longer leaves a gap."""


def _target_waits() -> dict[Urgency, int]:
    return {Urgency.EMERGENCY: 5 * 60, Urgency.EXPEDITED: 15 * 60, Urgency.ROUTINE: 60 * 60}


class DeskSettings(Value):
    """Figures of the desk; every one can be set."""

    demo: bool = False
    ring_timeout_s: int = 60  # unanswered that long, the circle widens
    target_wait_s: dict[Urgency, int] = msgspec.field(default_factory=_target_waits)
    opinion_within_s: int = 24 * 3600  # after the call; then others of the specialty may write it
    tab_kept_s: int = 60  # a dropped socket's events and its place in the room
    tabs_per_account: int = 12  # kept at once; one more, and the one opened first gives way
    messages_per_s: float = 50.0  # of one socket
    messages_burst: int = 100
    consent_text_version: str = "2026-1"
    recording_text_version: str = "2026-1"
    tape_kept_days: int = 90  # then the daily job deletes it
    reading: ReadingSettings = ReadingSettings()
    ecg_delivery_s: float = DELIVERY_S  # an excerpt waits so long for samples that should have come

    @property
    def tape_kept(self) -> dt.timedelta:
        """How long a tape is kept after it ended."""
        return dt.timedelta(days=self.tape_kept_days)

    @property
    def opinion_within(self) -> dt.timedelta:
        """How long an opinion is its specialist's alone."""
        return dt.timedelta(seconds=self.opinion_within_s)

    @property
    def ring_timeout(self) -> dt.timedelta:
        """How long one circle is rung."""
        return dt.timedelta(seconds=self.ring_timeout_s)
