"""ECG samples from a station to the disk and to browsers: always under the binding they were taken under."""

import datetime as dt
import logging
from collections.abc import Callable

import msgspec

from ecg import wire
from ecg.digest import StreamDigest
from ecg.errors import WireError
from records.audit import Action, AuditEvent
from records.consults import Binding, EcgRecording
from records.ids import BindingId, RecordingId, new_id
from records.ledger import Ledger, Records
from signaling import messages as m
from signaling.errors import Refused
from signaling.ports import Samples
from signaling.refusals import Refusal
from signaling.station_lines import Station, StationLine
from signaling.tabs import Tab, Tabs

log = logging.getLogger(__name__)

LONGEST_ASKED_S = 30
HIGHEST_RATE_HZ = 1000
_READ_AT_ONCE = 30_000  # samples, when a whole recording is checked
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
        self._recordings: dict[BindingId, EcgRecording] = {}

    async def take(self, station: Station, line: StationLine, packet: bytes) -> Binding:
        """Keep one packet of a station and acknowledge; return the binding it was taken under.

        Raises `Refused`: not E1, or of no binding of this very station. Nothing is kept then.
        """
        try:
            read = wire.decode(packet)
        except WireError as error:
            raise Refused(Refusal.NOT_SAMPLES, str(error)) from error
        if wire.header(packet).type not in _DELIVERED:
            raise Refused(Refusal.NOT_SAMPLES, "a station delivers META, WAVE, EVENT and END")
        binding = station.streams.get(read.stream_id)
        if binding is None:
            raise Refused(Refusal.NOT_BOUND)
        self._forward(binding, packet)
        end = await self._samples.append(binding.id, packet)
        line.send_packet(wire.encode(wire.Have(stream_id=read.stream_id, end=end)))
        await self._index(binding, read, end)
        return binding

    async def send_stored(self, tab: Tab, command: m.NeedSamples) -> None:
        """Send what is stored of a range, then say so. The tab must be allowed to see the binding."""
        if command.first < 0 or not 0 < command.count <= LONGEST_ASKED_S * HIGHEST_RATE_HZ:
            raise Refused(Refusal.OUT_OF_RANGE)
        sent = 0
        for packet in await self._samples.read(command.binding_id, command.first, command.count):
            tab.send_packet(packet)
            sent += wire.header(packet).sample_count
        end = await self._samples.contiguous_end(command.binding_id)
        tab.send(
            m.SamplesSent(binding_id=command.binding_id, first=command.first, count=sent, stored_end=end)
        )

    async def note_length(self, binding: Binding) -> None:
        """Write into the recording how far it has come."""
        recording = await self._recording(binding)
        if recording is None or recording.complete:
            return
        end = await self._samples.contiguous_end(binding.id)
        if end > recording.sample_count:
            await self._save(binding, sample_count=end)

    def _forward(self, binding: Binding, packet: bytes) -> None:
        for tab in self._tabs:
            if binding.id in tab.live_bindings:
                tab.send_packet(packet)

    async def _index(self, binding: Binding, packet: wire.Packet, end: int) -> None:
        match packet:
            case wire.Meta():
                await self._begin(binding, packet)
            case wire.End():
                await self._finish(binding, packet, end)

    async def _begin(self, binding: Binding, meta: wire.Meta) -> None:
        simulated = binding.simulated or meta.description.simulated or bool(meta.flags & wire.Flag.SIMULATED)
        if simulated and not self._demo:
            return  # shown, marked, and never filed
        if await self._recording(binding) is None:
            self._recordings[binding.id] = await self._records.write(
                lambda ledger: _add_recording(ledger, binding, meta, simulated, self._clock())
            )

    async def _finish(self, binding: Binding, end_packet: wire.End, end: int) -> None:
        if await self._recording(binding) is None:
            return
        complete = end == end_packet.total and await self._digest(binding, end) == end_packet.sha256
        if not complete:
            log.warning("binding %s: its end does not match what is stored", binding.id)
        await self._save(
            binding,
            sample_count=end_packet.total,
            missing_samples=max(0, end_packet.total - end),
            complete=complete,
        )

    async def _digest(self, binding: Binding, end: int) -> bytes:
        digest = StreamDigest()
        while digest.total < end:
            before = digest.total
            count = min(_READ_AT_ONCE, end - before)
            for packet in await self._samples.read(binding.id, before, count):
                _add_new(digest, packet, end)
            if digest.total == before:
                break  # nothing more is stored
        return digest.sha256()

    async def _recording(self, binding: Binding) -> EcgRecording | None:
        if binding.id not in self._recordings:
            found = await self._records.read(lambda ledger: ledger.recordings.by_binding(binding.id))
            if found is None:
                return None
            self._recordings[binding.id] = found
        return self._recordings[binding.id]

    async def _save(self, binding: Binding, **fields: object) -> None:
        def save(ledger: Ledger) -> EcgRecording:
            stored = ledger.recordings.by_binding(binding.id)
            assert stored is not None
            changed = msgspec.structs.replace(stored, **fields)
            ledger.recordings.save(changed)
            return changed

        self._recordings[binding.id] = await self._records.write(save)


def _add_new(digest: StreamDigest, packet: bytes, end: int) -> None:
    """Hash what of a packet follows directly on what was hashed; packets may overlap."""
    wave = wire.decode(packet)
    if not isinstance(wave, wire.Wave) or not wave.first_index <= digest.total < wave.end_index:
        return
    known = digest.total - wave.first_index
    digest.add(wave.samples[:, known : min(wave.end_index, end) - wave.first_index])


def _add_recording(
    ledger: Ledger, binding: Binding, meta: wire.Meta, simulated: bool, now: dt.datetime
) -> EcgRecording:
    current = ledger.bindings.get(binding.id)  # its resident may have been corrected since
    if simulated and not current.simulated:
        ledger.bindings.save(msgspec.structs.replace(current, simulated=True))
    about = meta.description
    recording = EcgRecording(
        id=RecordingId(new_id()),
        resident_id=current.resident_id,
        binding_id=binding.id,
        consult_id=binding.consult_id,
        stream_id=meta.stream_id,
        started_at=dt.datetime.fromtimestamp(about.started_us // 1_000_000, dt.UTC),
        rate_hz=round(about.rate_hz),
        nv_per_lsb=round(about.nv_per_lsb),
        leads=tuple(str(lead) for lead in about.leads),
        sample_count=0,
        missing_samples=0,
        complete=False,
        simulated=simulated,
    )
    ledger.recordings.add(recording)
    ledger.audit.append(
        AuditEvent(
            at=now,
            actor_id=binding.station_id,
            actor_role="station",
            action=Action.CREATE,
            object_kind="recording",
            object_id=recording.id,
            resident_id=recording.resident_id,
        )
    )
    return recording
