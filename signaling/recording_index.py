"""What the records say of each binding's ECG: begun with its META, then kept up to date."""

import datetime as dt
from collections.abc import Callable

import msgspec

from ecg import wire
from records.audit import Action, AuditEvent
from records.consults import Binding, EcgRecording
from records.ids import BindingId, RecordingId, new_id
from records.ledger import Ledger, Records
from signaling import moments


class RecordingIndex:
    """The recordings of bindings, read once."""

    def __init__(self, records: Records, clock: Callable[[], dt.datetime]) -> None:
        self._records = records
        self._clock = clock
        self._known: dict[BindingId, EcgRecording] = {}

    async def of(self, binding: Binding) -> EcgRecording | None:
        """The recording of a binding; None for one that is not filed."""
        if binding.id not in self._known:
            found = await self._records.read(lambda ledger: ledger.recordings.by_binding(binding.id))
            if found is None:
                return None
            self._known[binding.id] = found
        return self._known[binding.id]

    async def begin(self, binding: Binding, meta: wire.Meta, simulated: bool) -> None:
        """File a recording, unless there is one."""
        if await self.of(binding) is None:
            now = self._clock()
            self._known[binding.id] = await self._records.write(
                lambda ledger: _add_recording(ledger, binding, meta, simulated, now)
            )

    async def save(self, binding: Binding, event: AuditEvent | None = None, **fields: object) -> None:
        """Change what is filed of a binding, and write down `event` in the same transaction."""

        def save(ledger: Ledger) -> EcgRecording | None:
            if event is not None:
                ledger.audit.append(event)
            stored = ledger.recordings.by_binding(binding.id)
            if stored is None:
                return None
            changed = msgspec.structs.replace(stored, **fields)
            ledger.recordings.save(changed)
            return changed

        changed = await self._records.write(save)
        if changed is not None:
            self._known[binding.id] = changed

    async def mark_simulated(self, binding: Binding) -> Binding:
        """Mark a binding, and what is filed of it, as simulated; return the binding as stored."""

        def mark(ledger: Ledger) -> tuple[Binding, EcgRecording | None]:
            marked = msgspec.structs.replace(ledger.bindings.get(binding.id), simulated=True)
            ledger.bindings.save(marked)
            filed = ledger.recordings.by_binding(binding.id)
            if filed is not None and not filed.simulated:
                filed = msgspec.structs.replace(filed, simulated=True)
                ledger.recordings.save(filed)
            return marked, filed

        marked, filed = await self._records.write(mark)
        if filed is not None:
            self._known[binding.id] = filed
        return marked


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
        started_at=moments.from_us(about.started_us),
        rate_hz=about.rate_hz,
        nv_per_lsb=about.nv_per_lsb,
        leads=about.rows,
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
