"""Exact stills kept with the record: with what is drawn and measured on them.

POST /api/consults/{consult_id}/stills            KeepStill -> KeptStillCard
GET  /api/consults/{consult_id}/kept-stills       -> KeptStillList
GET  /api/kept-stills/{kept_id}                   -> KeptStillPage
GET  /api/kept-stills/{kept_id}/picture           the PNG
"""

import datetime as dt

from records.ids import ConsultId, KeptStillId, ParticipantId, StillId
from records.stills import PictureTool
from records.ultrasound_stills import StillMeasurement, UltrasoundStill
from records.values import Value
from signaling.messages import PersonCard
from ultrasound.measuring.unit import Unit
from web.routes.derived_measurements import DerivedCard


class ClaimedMeasurement(Value):
    """What the caller's own page read. The server reckons it anew; if the two differ, nothing is kept."""

    tool: PictureTool
    points: tuple[tuple[float, float], ...]  # captured pixels
    value: float
    unit: Unit
    angle_deg: float | None = None
    label: str = ""  # what was measured; at most 60 characters


class KeepStill(Value):
    """Keep an exact still of the room, with the marks that are on its frame."""

    request_id: str  # made by the client, 8 to 64 characters: sent again, it keeps nothing twice
    still_id: StillId
    measurements: tuple[ClaimedMeasurement, ...] = ()


class KeptStillCard(Value):
    """A kept still as lists and the timeline show it."""

    id: KeptStillId
    number: str
    consult_id: ConsultId
    still_id: StillId  # as it was called in the room
    taken_at: dt.datetime
    frame_number: int
    kept_at: dt.datetime
    kept_by: PersonCard
    width: int
    height: int
    simulated: bool
    mark_ids: tuple[str, ...]  # of what is drawn on it
    measurements: tuple[StillMeasurement, ...]


class KeptStillList(Value):
    """Kept stills."""

    stills: tuple[KeptStillCard, ...]


class KeptStillPage(Value):
    """One kept still as a whole; its picture is fetched beside it."""

    still: KeptStillCard
    details: UltrasoundStill
    drawn_by: dict[ParticipantId, PersonCard]  # who drew its marks
    derived: tuple[DerivedCard, ...]  # what was made of it, the first kept first
