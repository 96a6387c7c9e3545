"""Tapes: what there is, what is on one, and its frames.

GET    /api/consults/{consult_id}/tapes     -> TapeList
GET    /api/tapes/{tape_id}                 -> TapePage
GET    /api/tapes/{tape_id}/tracks/{track}/frames?from_us=&to_us=   -> frames, each behind its head
GET    /api/tapes/{tape_id}/tracks/{track}/export   -> MP4 or WebM, not encoded anew
GET    /api/tapes                           -> HeldTapes    for an administrator, who sees no resident
POST   /api/tapes/{tape_id}/hold            HoldTape -> Tape
DELETE /api/tapes/{tape_id}/hold            -> Tape
GET    /api/sessions/history                -> SessionHistory   scores and drops of ended sessions

A frame's head is 28 bytes, little-endian: u32 length of the data, u8 flags (1 key frame, 2 frames are missing
before it), u8 codec (0 Opus, 1 VP8, 2 H.264 as an Annex B byte stream), u16 zero, u32 RTP timestamp, u64
moment in microseconds since 1970 on the server's clock, u64 capture time on the sender's clock, 0: not
stamped.
"""

import datetime as dt
from typing import Any

from records.consults import EcgRecording
from records.ids import BindingId, ConsultId, InstitutionId, TapeId
from records.rooms import MediaKind
from records.session_scores import SessionScore
from records.tapes import LegalHold, Tape, TapeEnd
from records.values import Value
from signaling.messages import ChestPainClock, ResidentCard

LONGEST_ASKED_US = 30_000_000  # of frames in one answer, what a decoder needs before them not counted


class TapeList(Value):
    """The tapes of a consult, oldest first."""

    tapes: tuple[Tape, ...]


class TapeTrack(Value):
    """One kind of stream of one participant, over all its starts."""

    number: int
    participant_id: str
    kind: MediaKind
    begin_us: int
    end_us: int
    packets: int
    keys_us: tuple[int, ...]  # where key frames begin


class TapeAct(Value):
    """What everybody in the room was sent at a moment: a message with its `type`."""

    at_us: int
    message: dict[str, Any]


class TapeLoss(Value):
    """Records that did not get onto the tape before a moment."""

    at_us: int
    records: int


class TapeContents(Value):
    """What is on a tape."""

    begin_us: int
    end_us: int
    tracks: tuple[TapeTrack, ...]
    acts: tuple[TapeAct, ...]
    losses: tuple[TapeLoss, ...]


class TapeEcg(Value):
    """The ECG of a binding that ran while the tape did; its samples are stored under the recording."""

    binding_id: BindingId
    recording: EcgRecording


class TapePage(Value):
    """One tape as a player needs it."""

    tape: Tape
    number: str  # of the consult
    resident: ResidentCard  # whose tape it is
    contents: TapeContents
    ecgs: tuple[TapeEcg, ...]
    whole: bool  # it is exactly what was sealed
    chest_pain: ChestPainClock | None  # the consult's clock as it stands now; None: none was started


class HeldTape(Value):
    """A tape as an administrator sees it: no resident, no content."""

    id: TapeId
    consult_id: ConsultId
    number: str
    institution_id: InstitutionId
    started_at: dt.datetime
    ended_at: dt.datetime | None
    end: TapeEnd | None
    size_bytes: int
    due_at: dt.datetime | None
    hold: LegalHold | None
    deleted_at: dt.datetime | None


class HeldTapes(Value):
    """Tapes, newest first."""

    tapes: tuple[HeldTape, ...]


class HoldTape(Value):
    """A legal hold needs its reason."""

    reason: str


class SessionHistory(Value):
    """Ended sessions, newest first."""

    sessions: tuple[SessionScore, ...]
