"""Keeping a clip: each part sealed as it comes, the whole held to its hash, then filed."""

import logging
from typing import Any

from records.archive_queueing import queue_if_signed
from records.audit import Action, AuditEvent
from records.errors import RecordsError
from records.filing import check_filing
from records.ids import ClipId
from records.ledger import Ledger
from records.ultrasound_clips import UltrasoundClip
from signaling.clips import PART_BYTES, ComingClip
from signaling.messages import ClipFailure
from signaling.station_messages import StationClip
from web.call import Call
from web.errors import ProblemCode, Refused
from web.parts import WebParts

log = logging.getLogger(__name__)


class _Moved(Exception):
    """It is not this resident's, after all."""


async def take_part(call: Call[Any], clip_id: ClipId, number: int, about: StationClip, part: bytes) -> None:
    """Seal one part; after the last, file the clip. One that is there already is not taken again.

    Raises `Refused`: not awaited, told otherwise than before, of another length than it must have, or out of
    turn (`out_of_range`; `have` says how many are there).
    """
    clips = call.parts.desk.clips
    clip = clips.awaited(call.account.id, clip_id, about)
    async with clip.taking:
        clip = clips.awaited(call.account.id, clip_id, about)  # another request may have ended it meanwhile
        clips.begin(clip, about)
        if number < len(clip.parts):
            return
        last = number == about.parts - 1
        length = about.size_bytes - number * PART_BYTES if last else PART_BYTES
        if number > len(clip.parts) or len(part) != length:
            raise Refused(ProblemCode.OUT_OF_RANGE, {"have": str(len(clip.parts))})
        try:
            check_filing(simulated=_simulated(clip), demo=call.parts.settings.demo)
            seal = await call.parts.clips.keep(clip.kept_id, number, clip.resident_id, part)
            clips.part_kept(clip, part, seal)
            if clip.is_whole:
                await _file(call, clip)
        except RecordsError as error:
            log.error("clip %s is not kept: %s", clip_id, error)
            clips.give_up(clip, ClipFailure.FAILED)
            raise


def _simulated(clip: ComingClip) -> bool:
    return clip.binding.simulated or (clip.told is not None and clip.told.simulated)


async def _file(call: Call[Any], clip: ComingClip) -> None:
    assert clip.told is not None and clip.taken_at is not None
    if clip.hashed.hexdigest() != clip.told.sha256:
        call.parts.desk.clips.give_up(clip, ClipFailure.DAMAGED)
        raise Refused(ProblemCode.UNREADABLE)
    try:
        kept = await call.parts.records.write(lambda ledger: _filed(ledger, call, clip))
    except _Moved:
        call.parts.desk.clips.give_up(clip, ClipFailure.MOVED)
        raise Refused(ProblemCode.CHANGED_MEANWHILE) from None
    call.parts.archive.hint()
    call.parts.desk.clips.kept(clip, kept.number)


def _filed(ledger: Ledger, call: Call[Any], clip: ComingClip) -> UltrasoundClip:
    assert clip.told is not None and clip.taken_at is not None
    consult, binding = ledger.consults.get(clip.consult_id), ledger.bindings.get(clip.binding_id)
    if not binding.resident_id == consult.resident_id == clip.resident_id:
        raise _Moved
    asker, told = ledger.accounts.get(clip.asked_by), clip.told
    kept = UltrasoundClip(
        id=clip.kept_id,
        number=ledger.ultrasound_clips.next_number(call.now.astimezone().date()),
        resident_id=clip.resident_id,
        institution_id=asker.institution_id,
        consult_id=clip.consult_id,
        binding_id=clip.binding_id,
        station_id=binding.station_id,
        asked_by=asker.id,
        kept_at=call.now,
        taken_at=clip.taken_at,
        from_us=told.from_us,
        until_us=told.until_us,
        frames=told.frames,
        size_bytes=told.size_bytes,
        sha256=told.sha256,
        masked=told.masked,
        simulated=_simulated(clip),
        parts=tuple(clip.parts),
        mask_signed=told.mask_signed,
    )
    ledger.ultrasound_clips.add(kept)
    queue_if_signed(ledger, kept, call.parts.settings.archives, call.now)
    ledger.audit.append(
        AuditEvent(
            at=call.now,
            actor_id=asker.id,
            actor_role=asker.role.value,
            action=Action.CREATE,
            object_kind="ultrasound_clip",
            object_id=kept.id,
            resident_id=kept.resident_id,
        )
    )
    return kept


async def forget_abandoned(parts: WebParts) -> None:
    """Remove what is there of clips that were given up."""
    for clip in parts.desk.clips.abandoned():
        async with clip.taking:  # a part may just be sealed
            await parts.clips.forget(clip.kept_id, len(clip.parts))
