"""The ECG that was stored of a clip's seconds, for the archive: what came, and gaps where nothing did."""

import datetime as dt
import math

from ecg import wire
from ecg.errors import EcgError
from ecg.leads import MISSING
from records.consults import Binding
from records.ecg_samples import pack_tracing
from records.exchange.archive.kept_objects import ClipEcg
from records.ledger import Ledger, Records
from records.ultrasound_clips import UltrasoundClip
from signaling.ecg_excerpts import is_simulated, rows_of, tracing_of_rows, waves_of
from signaling.ports import Samples

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_US_PER_S = 1_000_000


async def ecg_of_clip(records: Records, samples: Samples, clip: UltrasoundClip) -> ClipEcg | None:
    """None: no sample of these seconds was stored, or none of a lead.

    Pictures and ECG of a binding carry one clock, the station's; the clip's first frame says how that stands
    to the server's.
    """

    def read(ledger: Ledger) -> tuple[Binding, int | None]:
        recording = ledger.recordings.by_binding(clip.binding_id)
        return ledger.bindings.get(clip.binding_id), None if recording is None else recording.sample_count

    binding, kept = await records.read(read)
    meta = next(
        (one for one in map(wire.decode, await samples.notes(binding.id)) if isinstance(one, wire.Meta)), None
    )
    if meta is None or not meta.description.leads or kept is None:
        return None
    about = meta.description
    first = max(0, math.floor((clip.from_us - about.started_us) * about.rate_hz / _US_PER_S))
    end = math.ceil((clip.until_us - about.started_us) * about.rate_hz / _US_PER_S) + 1
    end = min(end, kept) if binding.ended_at is not None else end  # what came after the end is not kept
    if end <= first:
        return None
    packets = await samples.read(binding.id, first, end - first)
    waves = [one for one in waves_of(packets) if one.first_index < end and one.end_index > first]
    rows = rows_of(waves, about, first, end - first)
    if not waves or (rows == MISSING).all():
        return None
    try:
        tracing, _ = tracing_of_rows(about, rows, ())
    except EcgError:
        return None
    captured_us = about.started_us + math.floor(first * _US_PER_S / about.rate_hz)
    shift_us = (clip.taken_at - _EPOCH) // dt.timedelta(microseconds=1) - clip.from_us
    return ClipEcg(
        samples=pack_tracing(tracing),
        first_us=captured_us + shift_us,
        simulated=is_simulated(binding, meta, waves),
    )
