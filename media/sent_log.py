"""What was sent over a connection lately, and what its receiver says became of it. Pure."""

from dataclasses import dataclass

from media.rtp import unwrap
from media.transport_feedback import TransportFeedback

_KEPT = 4096  # packets: seconds of a narrow line, and no memory without end for who never reports
_CLOCK_BITS, _CLOCK_STEP_US = 24, 64_000  # the reference time of a report


@dataclass(frozen=True)
class Fate:
    """One packet: when it was sent, its bytes, when it arrived by the receiver's clock; None: it did not."""

    sent_s: float
    size: int
    arrived_s: float | None


class SentLog:
    """Numbers packets as they leave, and matches reports with them; each is told of once."""

    def __init__(self) -> None:
        self.next = 1
        self._sent: dict[int, tuple[float, int]] = {}
        self._clock_us: int | None = None

    def sent(self, now: float, size: int) -> None:
        """The packet that carries the number `next` has left."""
        self._sent[self.next] = (now, size)
        self.next += 1
        if len(self._sent) > _KEPT:
            del self._sent[next(iter(self._sent))]

    def fates(self, feedback: TransportFeedback) -> list[Fate]:
        """What a report says that was not known."""
        first = unwrap(feedback.first, self.next)
        found = []
        for full, arrived_us in enumerate(feedback.arrivals_us, first):
            sent = self._sent.pop(full, None)
            if sent is not None:
                found.append(Fate(*sent, None if arrived_us is None else self._seconds(arrived_us)))
        return found

    def _seconds(self, arrived_us: int) -> float:
        """On a clock that does not come round."""
        near = arrived_us if self._clock_us is None else self._clock_us
        period_us = _CLOCK_STEP_US << _CLOCK_BITS
        self._clock_us = near + (arrived_us - near + period_us // 2) % period_us - period_us // 2
        return self._clock_us / 1e6
