"""Durable samples, kept in memory: packets by binding."""

from collections.abc import Sequence

from ecg import wire
from ecg.ranges import SampleRanges
from records.ids import BindingId


class FakeSamples:
    """Keeps every WAVE packet; the contiguous end is counted from them."""

    def __init__(self) -> None:
        self.packets: dict[str, list[bytes]] = {}
        self._have: dict[str, SampleRanges] = {}

    async def append(self, binding_id: BindingId, packet: bytes) -> int:
        read = wire.decode(packet)
        self.packets.setdefault(binding_id, []).append(packet)
        if isinstance(read, wire.Wave):
            self._have.setdefault(binding_id, SampleRanges()).add(read.first_index, read.sample_count)
        return await self.contiguous_end(binding_id)

    async def read(self, binding_id: BindingId, first: int, count: int) -> Sequence[bytes]:
        found = []
        for packet in self.packets.get(binding_id, []):
            read = wire.decode(packet)
            if isinstance(read, wire.Wave) and read.first_index < first + count and read.end_index > first:
                sent = bytearray(packet)
                wire.set_flag(sent, wire.Flag.BACKFILL)
                found.append(bytes(sent))
        return found

    async def read_joined(self, binding_id: BindingId, first: int, count: int) -> Sequence[bytes]:
        return await self.read(binding_id, first, count)

    async def contiguous_end(self, binding_id: BindingId) -> int:
        ranges = list(self._have.get(binding_id, SampleRanges()))
        return ranges[0].end if ranges and ranges[0].first == 0 else 0

    async def notes(self, binding_id: BindingId) -> Sequence[bytes]:
        packets = self.packets.get(binding_id, [])
        return [one for one in packets if wire.header(one).type is not wire.PacketType.WAVE]
