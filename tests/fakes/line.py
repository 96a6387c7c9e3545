"""The way to one viewer, without keys and without a socket: what is written is kept."""

from media.outgoing import Outgoing
from media.rtp import RtpPacket, read_packet


class FakeLine:
    """Memory that packets are written into, and the packets that were sent."""

    def __init__(self) -> None:
        self._memory = bytearray(1 << 17)
        self.view = memoryview(self._memory)
        self.at = 0
        self.sent: list[RtpPacket] = []
        self._written: list[RtpPacket] = []
        self.sent_bytes = 0

    def begin(self) -> "FakeLine":
        return self

    def close_rtp(self, size: int) -> None:
        packet = read_packet(self.view[self.at : self.at + size])
        assert packet is not None
        self._written.append(packet)
        self.at += size

    def flush(self) -> None:
        self.sent += self._written
        self._written, self.at = [], 0

    def holds(self, out: Outgoing, packets: list[RtpPacket], now: float) -> bool:
        return False

    def counted(self, out: Outgoing, size: int) -> None:
        self.sent_bytes += size

    def rebound(self, out: Outgoing) -> None:
        pass
