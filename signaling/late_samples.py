"""Samples that come after their binding has ended: nothing captured after the end is kept.

Those captured before it are. The rest is taken as missing, so that the station comes to the end of its
delivery, and that it happened is counted in the recording and written into the audit trail.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from ecg import wire
from ecg.digest import StreamDigest
from records.consults import Binding
from records.ids import BindingId
from signaling import binding_end
from signaling.errors import Refused
from signaling.ports import Samples
from signaling.recording_index import RecordingIndex
from signaling.refusals import Refusal
from signaling.refused_samples import refused_samples
from signaling.station_lines import Station
from signaling.stored_streams import StoredStreams, add_new

log = logging.getLogger(__name__)

REASON = "captured after the binding ended; not kept"


@dataclass(slots=True)
class Withheld:
    """Of one stream: from which sample on nothing is kept, and the hash over all the station sent."""

    first: int
    digest: StreamDigest
    whole: bool  # every sample before `first` was hashed


class LateSamples:
    """Takes packets of bindings that are over."""

    def __init__(
        self,
        samples: Samples,
        streams: StoredStreams,
        index: RecordingIndex,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._samples = samples
        self._streams = streams
        self._index = index
        self._clock = clock
        self._withheld: dict[BindingId, Withheld] = {}

    def withheld(self, binding: Binding) -> Withheld | None:
        """What is withheld of a binding since this server was started."""
        return self._withheld.get(binding.id)

    async def kept_end(self, binding: Binding) -> int | None:
        """From which sample on nothing is kept of a binding that has ended; None: nothing was withheld."""
        return await self._first_withheld(binding)

    async def take(self, station: Station, binding: Binding, packet: wire.Packet, raw: bytes) -> list[bytes]:
        """Keep what may be kept of a WAVE or EVENT; return the packets that were.

        Raises `Refused` with `CLOCK_UNKNOWN` while it is not known how the station's clock stands.
        """
        meta = await self._streams.meta(binding.id)
        if station.clock is None or meta is None:
            raise Refused(Refusal.CLOCK_UNKNOWN)
        end_us = binding_end.end_of_binding_us(binding, station.clock, meta.description.clock_offset_us)
        if isinstance(packet, wire.Wave):
            return await self._take_wave(binding, packet, raw, meta.description.rate_hz, end_us)
        if isinstance(packet, wire.EventPacket) and binding_end.is_after(packet, end_us):
            return []
        await self._samples.append(binding.id, raw)
        return [raw]

    async def _take_wave(
        self, binding: Binding, wave: wire.Wave, raw: bytes, rate_hz: float, end_us: int
    ) -> list[bytes]:
        first = binding_end.first_after(wave, rate_hz, end_us)
        before = await self._first_withheld(binding)
        kept, rest = binding_end.split(wave, first if before is None else min(first, before), rate_hz)
        sent: list[bytes] = []
        if kept is not None:
            sent.append(raw if rest is None else wire.encode(kept, wire.Codec.DELTA_DEFLATE))
            await self._samples.append(binding.id, sent[-1])
        if rest is not None:
            await self._withhold(binding, wave, rest)
        return sent

    async def _first_withheld(self, binding: Binding) -> int | None:
        """From which sample on nothing is kept: whatever a clock says later, it stays so."""
        if binding.id in self._withheld:
            return self._withheld[binding.id].first
        recording = await self._index.of(binding)
        return recording.sample_count if recording and recording.withheld_samples else None

    async def _withhold(self, binding: Binding, wave: wire.Wave, rest: wire.Wave) -> None:
        stored = await self._samples.contiguous_end(binding.id)
        if binding.id not in self._withheld:
            first = await self._first_withheld(binding)
            first = rest.first_index if first is None else min(first, rest.first_index)
            digest = await self._streams.digest(binding.id, first)
            self._withheld[binding.id] = Withheld(first, digest, digest.total == first)
        of = self._withheld[binding.id]
        of.first = min(of.first, rest.first_index)
        add_new(of.digest, wave, wave.end_index)
        await self._samples.append(binding.id, wire.encode(rest, wire.Codec.DELTA_DEFLATE))
        await self._count(binding, of.first, rest.end_index - max(rest.first_index, stored))

    async def _count(self, binding: Binding, first: int, more: int) -> None:
        if more <= 0:
            return  # a repeat
        recording = await self._index.of(binding)
        counted = recording.withheld_samples if recording else 0
        log.warning(
            "%d ECG samples were taken after binding %s had ended; they are counted and not kept",
            more,
            binding.id,
        )
        event = None if counted else refused_samples(binding, REASON, self._clock())
        await self._index.save(binding, event, sample_count=first, withheld_samples=counted + more)
