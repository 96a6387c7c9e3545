"""ECG samples from a station to the disk and to browsers: always under the binding they were taken under."""

import datetime as dt
import logging
from collections.abc import Callable

from ecg import wire
from ecg.errors import WireError
from records.consults import Binding
from records.ids import BindingId
from records.ledger import Records
from signaling import messages as m
from signaling import stream_shape
from signaling.errors import Refused
from signaling.late_samples import LateSamples
from signaling.ports import Samples
from signaling.recording_index import RecordingIndex
from signaling.refusals import Refusal
from signaling.refused_samples import refused_samples
from signaling.station_lines import Station, StationLine
from signaling.stored_growth import StoredGrowth
from signaling.stored_streams import StoredStreams
from signaling.tabs import Tab, Tabs

log = logging.getLogger(__name__)

LONGEST_ASKED_S = 30
HIGHEST_RATE_HZ = 1000
_DELIVERED = (wire.PacketType.META, wire.PacketType.WAVE, wire.PacketType.EVENT, wire.PacketType.END)


class SampleFlow:
    """Takes packets in, keeps them, acknowledges what is synced, and sends them on."""

    def __init__(
        self,
        records: Records,
        samples: Samples,
        tabs: Tabs,
        clock: Callable[[], dt.datetime],
        demo: bool,
    ) -> None:
        self._records = records
        self._samples = samples
        self._tabs = tabs
        self._clock = clock
        self._demo = demo
        self._misfits: set[BindingId] = set()  # bindings of which a packet was refused, on the trail once
        self._index = RecordingIndex(records, clock)
        self.streams = StoredStreams(samples)
        self.late = LateSamples(samples, self.streams, self._index, clock)
        self.growth = StoredGrowth()

    async def take(self, station: Station, line: StationLine, packet: bytes) -> Binding:
        """Keep one packet of a station and acknowledge; return the binding it was taken under.

        Of a binding that has ended nothing is kept that was captured after its end (`late_samples`).
        Raises `Refused`: not E1, or of no binding of this very station. Nothing is kept then.
        """
        read = _read(packet)
        binding = station.streams.get(read.stream_id)
        if binding is None:
            raise Refused(Refusal.NOT_BOUND)
        await self._check_described(binding, read)
        if binding.ended_at is not None and isinstance(read, wire.Wave | wire.EventPacket):
            end = await self._take_late(station, binding, read, packet)
        else:
            self._forward(binding, packet)
            end = await self._samples.append(binding.id, packet)
        self.growth.note(binding.id)
        await self._note(binding, read, packet, end)
        binding = await self._mark_simulated(station, binding, read)
        if isinstance(read, wire.Meta) and binding.ended_at is not None and station.clock is None:
            station.owed_haves[read.stream_id] = end  # nothing of it can be taken before its clock is known
        else:
            line.send_packet(wire.encode(wire.Have(stream_id=read.stream_id, end=end)))
        return binding

    async def _check_described(self, binding: Binding, read: wire.Packet) -> None:
        """Refuse what does not fit the first META of its stream, and write that down."""
        meta = await self.streams.meta(binding.id)
        problem = stream_shape.implausible(read)
        if meta is not None:
            problem = problem or stream_shape.misfit(meta.description, read)
        if not problem:
            return
        log.warning("binding %s: %s; nothing of it was kept", binding.id, problem)
        if binding.id not in self._misfits:
            self._misfits.add(binding.id)
            event = refused_samples(binding, problem, self._clock())
            await self._records.write(lambda ledger: ledger.audit.append(event))
        raise Refused(Refusal.NOT_SAMPLES, problem)

    def clock_known(self, station: Station) -> None:
        """The station has told how its clock stands: it may deliver what it owes of ended bindings."""
        for stream_id, end in station.owed_haves.items():
            if station.line is not None:
                station.line.send_packet(wire.encode(wire.Have(stream_id=stream_id, end=end)))
        station.owed_haves.clear()

    async def _take_late(
        self, station: Station, binding: Binding, read: wire.Wave | wire.EventPacket, packet: bytes
    ) -> int:
        for kept in await self.late.take(station, binding, read, packet):
            self._forward(binding, kept)
        return await self._samples.contiguous_end(binding.id)

    async def send_stored(self, tab: Tab, command: m.NeedSamples) -> None:
        """Send META, what is stored of a range, and that this was all. The tab may see the binding."""
        if command.first < 0 or not 0 < command.count <= LONGEST_ASKED_S * HIGHEST_RATE_HZ:
            raise Refused(Refusal.OUT_OF_RANGE)
        await self.send_meta(tab, command.binding_id)
        sent = 0
        for packet in await self._samples.read_joined(command.binding_id, command.first, command.count):
            tab.send_packet(packet)
            sent += wire.header(packet).sample_count
        end = await self._samples.contiguous_end(command.binding_id)
        tab.send(
            m.SamplesSent(binding_id=command.binding_id, first=command.first, count=sent, stored_end=end)
        )

    async def send_meta(self, tab: Tab, binding_id: BindingId) -> None:
        """Send a stream's META: rate, scale, leads and the device's filters; nothing before it came."""
        packet = await self.streams.meta_packet(binding_id)
        if packet is not None:
            tab.send_packet(packet)

    async def note_length(self, binding: Binding) -> None:
        """Write into the recording how far it has come."""
        recording = await self._index.of(binding)
        if recording is None or recording.complete or recording.withheld_samples:
            return
        end = await self._samples.contiguous_end(binding.id)
        if end > recording.sample_count:
            await self._index.save(binding, sample_count=end)

    def nobody_watches(self, binding: Binding) -> None:
        """Send no new samples of a binding to anybody."""
        for tab in self._tabs:
            tab.live_bindings.pop(binding.id, None)

    def _forward(self, binding: Binding, packet: bytes) -> None:
        for tab in self._tabs:
            if binding.id in tab.live_bindings:
                tab.send_packet(packet)

    async def _note(self, binding: Binding, read: wire.Packet, packet: bytes, end: int) -> None:
        match read:
            case wire.Meta():
                self.streams.knows(binding.id, read, packet)
                await self._begin(binding, read)
            case wire.End():
                await self._finish(binding, read, end)

    async def _begin(self, binding: Binding, meta: wire.Meta) -> None:
        simulated = binding.simulated or meta.description.simulated or bool(meta.flags & wire.Flag.SIMULATED)
        if simulated and not self._demo:
            return  # shown, marked, and never filed
        await self._index.begin(binding, meta, simulated)

    async def _mark_simulated(self, station: Station, binding: Binding, read: wire.Packet) -> Binding:
        """One simulated packet makes its whole recording, and the binding, simulated."""
        if binding.simulated or not wire.Flag.SIMULATED & getattr(read, "flags", wire.Flag.NONE):
            return binding
        marked = await self._index.mark_simulated(binding)
        station.marked(marked)
        return marked

    async def _finish(self, binding: Binding, end_packet: wire.End, end: int) -> None:
        recording = await self._index.of(binding)
        if recording is None or recording.complete:
            return
        total = recording.sample_count if recording.withheld_samples else end_packet.total
        complete = end == end_packet.total and await self._hash(binding, end) == end_packet.sha256
        if not complete:
            log.warning("binding %s: its end does not match what came", binding.id)
        await self._index.save(
            binding, sample_count=total, missing_samples=max(0, total - end), complete=complete
        )

    async def _hash(self, binding: Binding, end: int) -> bytes:
        """The hash over what the station sent; of a stream that was cut it was taken as it came."""
        withheld = self.late.withheld(binding)
        if withheld is None:
            return (await self.streams.digest(binding.id, end)).sha256()
        return withheld.digest.sha256() if withheld.whole else b""


def _read(packet: bytes) -> wire.Packet:
    try:
        read = wire.decode(packet)
    except WireError as error:
        raise Refused(Refusal.NOT_SAMPLES, str(error)) from error
    if wire.header(packet).type not in _DELIVERED:
        raise Refused(Refusal.NOT_SAMPLES, "a station delivers META, WAVE, EVENT and END")
    return read
