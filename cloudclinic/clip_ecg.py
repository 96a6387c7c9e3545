"""The ECG that was stored of a clip's seconds, for the archive: what came, and gaps where nothing did."""

import datetime as dt
import math
from collections.abc import Sequence

from ecg import wire
from ecg.errors import EcgError
from ecg.leads import MISSING
from ecg.ranges import SampleRanges
from records.consults import Binding, EcgRecording
from records.ecg_samples import pack_tracing
from records.exchange.archive.kept_objects import ClipEcg
from records.ledger import Ledger, Records
from records.ultrasound_clips import UltrasoundClip
from signaling.ecg_excerpts import is_simulated, rows_of, tracing_of_rows, waves_of
from signaling.ports import Samples

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_US_PER_S = 1_000_000


class EcgComing(Exception):
    """The station has not delivered all samples of a clip's seconds yet."""


async def ecg_of_clip(
    records: Records, samples: Samples, clip: UltrasoundClip, *, waits: bool = False
) -> ClipEcg | None:
    """None: no sample of these seconds was stored, or none of a lead.

    Pictures and ECG of a binding carry one clock, the station's; the clip's first frame says how that stands
    to the server's. `waits`: raise EcgComing where samples are missing that the station may still deliver.
    """

    def read(ledger: Ledger) -> tuple[Binding, EcgRecording | None]:
        return ledger.bindings.get(clip.binding_id), ledger.recordings.by_binding(clip.binding_id)

    binding, recording = await records.read(read)
    notes = [wire.decode(one) for one in await samples.notes(binding.id)]
    meta = next((one for one in notes if isinstance(one, wire.Meta)), None)
    if meta is None or not meta.description.leads or recording is None:
        return None
    about = meta.description
    first = max(0, math.floor((clip.from_us - about.started_us) * about.rate_hz / _US_PER_S))
    end = math.ceil((clip.until_us - about.started_us) * about.rate_hz / _US_PER_S) + 1
    if waits and not _is_settled(recording, notes):
        if not await _are_there(samples, binding, first, end):
            raise EcgComing
    elif binding.ended_at is not None:
        end = min(end, recording.sample_count)  # what came after the end is not kept
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


def _is_settled(recording: EcgRecording, notes: Sequence[wire.Packet]) -> bool:
    """Whether no more of it comes: all came, the rest is not kept, or the stream said its end."""
    ended = any(isinstance(one, wire.End) for one in notes)
    return recording.complete or recording.withheld_samples > 0 or ended


async def _are_there(samples: Samples, binding: Binding, first: int, end: int) -> bool:
    have = SampleRanges()
    for wave in waves_of(await samples.read(binding.id, first, end - first)):
        have.add(wave.first_index, wave.sample_count)
    return not have.missing(first, end)
