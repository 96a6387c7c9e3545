"""How many bits a second a stream of packets takes on the line, headers and all. Pure."""

from collections import deque

HEADERS_BYTES = 80
"""IP and UDP 28, RTP 12, extensions 24, SRTP 16 beside the payload."""

_KEPT = 50


class SendRate:
    """Over the last 50 packets, by their capture times."""

    def __init__(self) -> None:
        self._packets: deque[tuple[int, int]] = deque(maxlen=_KEPT)

    def sent(self, size: int, capture_us: int) -> None:
        """A packet with this payload was sent."""
        self._packets.append((capture_us, size + HEADERS_BYTES))

    @property
    def bits_per_s(self) -> int:
        """0 before the second packet."""
        if len(self._packets) < 2:
            return 0
        took_us = self._packets[-1][0] - self._packets[0][0]
        sent = sum(size for _, size in self._packets) - self._packets[0][1]
        return round(8 * sent * 1_000_000 / took_us) if took_us > 0 else 0
