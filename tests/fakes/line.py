"""The way to one viewer, without keys and without a socket: what is written is kept."""

from media.batch import Batch, Slab
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
        self.sent_bytes = self.slabs = 0
        self.takes_slabs = True

    def begin(self) -> "FakeLine":
        return self

    def close_rtp(self, size: int) -> None:
        packet = read_packet(self.view[self.at : self.at + size])
        assert packet is not None
        self._written.append(packet)
        self.at += size

    def slab_of(self, batch: Batch) -> Slab | None:
        return batch.slab(trailer_bytes=16) if self.takes_slabs else None

    def send_slab(self, slab: Slab, payload_type: int, shift: int, timestamp_shift: int, ssrc: int) -> None:
        assert self.at == 0, "written on top of what waits to be sent"
        slab.write(self.view, 0, payload_type, shift, timestamp_shift, ssrc)
        for at, size in slab.places:
            packet = read_packet(self.view[at : at + size])
            assert packet is not None
            self.sent.append(packet)
        self.slabs += 1

    def flush(self) -> None:
        self.sent += self._written
        self._written, self.at = [], 0

    def holds(self, out: Outgoing, packets: list[RtpPacket], now: float) -> bool:
        return False

    def counted(self, out: Outgoing, size: int) -> None:
        self.sent_bytes += size

    def rebound(self, out: Outgoing) -> None:
        pass

    def failed(self, error: Exception, now: float) -> None:
        raise error
