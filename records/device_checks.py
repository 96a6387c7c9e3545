"""A device check: what a person tried out at a station before a consult, and how it went."""

import datetime as dt
import enum

from records.ids import AccountId
from records.values import Value


class CheckOutcome(enum.StrEnum):
    """How one part of a device check ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"  # not tried, or there is no such device


class DeviceCheck(Value):
    """The check of one station, by a person."""

    at: dt.datetime
    by: AccountId
    camera: CheckOutcome
    microphone: CheckOutcome
    speaker: CheckOutcome
    network: CheckOutcome
    ultrasound: CheckOutcome
    ecg: CheckOutcome

    @property
    def passed(self) -> bool | None:
        """Whether all that was tried works; None when nothing was tried."""
        parts = (self.camera, self.microphone, self.speaker, self.network, self.ultrasound, self.ecg)
        tried = [part for part in parts if part is not CheckOutcome.SKIPPED]
        return CheckOutcome.FAILED not in tried if tried else None
