"""Clips of captured ultrasound: from the station, part by part; and those that are kept with the record.

PUT  /api/station/clips/{clip_id}/parts/{part}    multipart: StationClip and one file, the part
GET  /api/consults/{consult_id}/kept-clips        -> KeptClipList
GET  /api/kept-clips/{kept_id}                    -> KeptClipPage
GET  /api/kept-clips/{kept_id}/parts/{part}       the part's bytes
"""

from records.ultrasound_clips import UltrasoundClip
from records.values import Value
from signaling.clips import PART_BYTES
from signaling.messages import PersonCard

PART_LIMIT_BYTES = PART_BYTES + (64 << 10)


class KeptClipPage(Value):
    """One kept clip. Its parts, one after the other, are a file (`docs/ultrasound-stills.md`)."""

    clip: UltrasoundClip
    asked_by: PersonCard


class KeptClipList(Value):
    """Kept clips."""

    clips: tuple[KeptClipPage, ...]
