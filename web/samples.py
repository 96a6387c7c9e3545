"""The durable ECG samples as signaling wants them: E1 packets in, E1 packets out, over plain sample files."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from ecg import batches, wire
from records.ids import BindingId

FEW = 8
"""So many packets and more are joined before they are sent."""


class SampleFiles(Protocol):
    """Payloads of samples by key; what a payload is made of is not theirs to know."""

    async def append(self, key: str, first_index: int, count: int, payload: bytes) -> None: ...
    async def read(self, key: str, first: int, count: int) -> list[bytes]: ...
    async def notes(self, key: str) -> list[bytes]: ...
    def contiguous_end(self, key: str) -> int: ...


class StoredSamples:
    """Implements `signaling.ports.Samples`. The key of a stream is the id of its binding."""

    def __init__(self, files: SampleFiles) -> None:
        self._files = files
        self.received_samples = 0  # per lead, repeats included; for the metrics

    async def append(self, binding_id: BindingId, packet: bytes) -> int:
        """Keep a packet; return the contiguous end once it is synced to disk.

        Raises
        ------
        WireError : the bytes are not exactly one E1 packet
        StoreError : the disk did not take it; nothing may be acknowledged
        """
        read = wire.decode(packet)
        if isinstance(read, wire.Wave):
            await self._files.append(binding_id, read.first_index, read.sample_count, packet)
            self.received_samples += read.sample_count
        else:
            await self._files.append(binding_id, 0, 0, packet)
        return self._files.contiguous_end(binding_id)

    async def read(self, binding_id: BindingId, first: int, count: int) -> Sequence[bytes]:
        """E1 WAVE packets, backfill flag set, that cover what is stored of a range."""
        packets = [bytearray(one) for one in await self._files.read(binding_id, first, count)]
        for packet in packets:
            wire.set_flag(packet, wire.Flag.BACKFILL)
        return [bytes(packet) for packet in packets]

    async def read_joined(self, binding_id: BindingId, first: int, count: int) -> Sequence[bytes]:
        """As `read`, in few packets: a browser spends longer on unpacking each than on its samples."""
        packets = await self.read(binding_id, first, count)
        return packets if len(packets) < FEW else await asyncio.to_thread(_joined, packets)

    async def contiguous_end(self, binding_id: BindingId) -> int:
        """Samples stored without a gap from index 0."""
        await self._files.notes(binding_id)  # reads the stream from disk, off the loop, when it is new
        return self._files.contiguous_end(binding_id)

    async def notes(self, binding_id: BindingId) -> Sequence[bytes]:
        """The E1 packets of a binding that are not WAVE, in the order they came."""
        return await self._files.notes(binding_id)


def _joined(packets: Sequence[bytes]) -> list[bytes]:
    waves = [one for one in map(wire.decode, packets) if isinstance(one, wire.Wave)]
    return [batches.packed(wave) for wave in batches.joined_runs(waves)]
