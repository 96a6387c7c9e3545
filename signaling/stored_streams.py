"""What the store holds of a stream, read back: its description, and the hash over its samples."""

from ecg import wire
from ecg.digest import StreamDigest
from records.ids import BindingId
from signaling.ports import Samples

_READ_AT_ONCE = 30_000  # samples


class StoredStreams:
    """Reads streams of bindings."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._metas: dict[BindingId, tuple[wire.Meta, bytes]] = {}

    def knows(self, binding_id: BindingId, meta: wire.Meta, packet: bytes) -> None:
        """A META came, and is stored."""
        self._metas[binding_id] = (meta, packet)

    async def meta(self, binding_id: BindingId) -> wire.Meta | None:
        """A stream's description; None before its META came."""
        found = await self._meta(binding_id)
        return found[0] if found else None

    async def meta_packet(self, binding_id: BindingId) -> bytes | None:
        """The META itself; None before it came."""
        found = await self._meta(binding_id)
        return found[1] if found else None

    async def _meta(self, binding_id: BindingId) -> tuple[wire.Meta, bytes] | None:
        if binding_id not in self._metas:
            for note in await self._samples.notes(binding_id):
                if isinstance(read := wire.decode(note), wire.Meta):
                    self._metas[binding_id] = (read, note)
        return self._metas.get(binding_id)

    async def digest(self, binding_id: BindingId, end: int) -> StreamDigest:
        """Hash what is stored from sample 0 on, up to `end` or the first gap."""
        digest = StreamDigest()
        while digest.total < end:
            before = digest.total
            count = min(_READ_AT_ONCE, end - before)
            for packet in await self._samples.read(binding_id, before, count):
                wave = wire.decode(packet)
                if isinstance(wave, wire.Wave):
                    add_new(digest, wave, end)
            if digest.total == before:
                break  # nothing more is stored
        return digest


def add_new(digest: StreamDigest, wave: wire.Wave, end: int) -> None:
    """Hash what of a packet follows directly on what was hashed, before `end`; packets may overlap."""
    if wave.first_index <= digest.total < min(wave.end_index, end):
        known = digest.total - wave.first_index
        digest.add(wave.samples[:, known : min(wave.end_index, end) - wave.first_index])
