"""What is derived of measurements on the kept stills of a consult.

GET  /api/consults/{consult_id}/measured    -> MeasuredOfConsult
GET  /api/consults/{consult_id}/derived     -> DerivedList
POST /api/consults/{consult_id}/derived     Derive -> DerivedMeasurement
"""

import datetime as dt

from records.derived_measurements import DerivedMeasurement, MadeOf, PartName
from records.ids import BindingId, ConsultId, DerivedId, KeptStillId
from records.stills import Calibration
from records.ultrasound_stills import StillMeasurement
from records.values import Value
from signaling.messages import PersonCard
from ultrasound.measuring.derived import Derivation
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.unit import Unit


class MeasuredStill(Value):
    """A kept still with what was measured on it, as something can be derived of it."""

    kept_id: KeptStillId
    binding_id: BindingId
    capture_us: int  # with the binding, it names the frame: one may be kept several times
    number: str
    taken_at: dt.datetime
    frame_number: int
    width: int
    height: int
    calibration: Calibration | None
    measurements: tuple[StillMeasurement, ...]


class MeasuredOfConsult(Value):
    """All that was measured on the kept stills of a consult's resident, and what was derived of it."""

    stills: tuple[MeasuredStill, ...]  # only those with a measurement; the first taken first
    derived: tuple[DerivedMeasurement, ...]  # the first kept first


class DerivedFigure(Value):
    """What was made, and of what."""

    value: float
    unit: Unit
    uncertainty: float  # in `unit`
    calibration: CalibrationSource  # the origin that is relied on most
    scales_differ: bool  # its parts rest on more than one scale
    parts: tuple[MadeOf, ...]  # in the order that the derivation takes them
    still_ids: tuple[KeptStillId, ...]  # all it rests on in the end


class DerivedCard(Value):
    """A derived measurement as lists and the timeline show it."""

    id: DerivedId
    number: str
    consult_id: ConsultId
    kept_at: dt.datetime
    kept_by: PersonCard
    derivation: Derivation
    label: str
    simulated: bool
    figure: DerivedFigure | None  # None: void, as its stills turned out to be of several residents


class DerivedList(Value):
    """Derived measurements."""

    derived: tuple[DerivedCard, ...]  # the first kept first


class Derive(Value):
    """Derive something of kept measurements and keep it. The server reckons it anew; if the two differ,
    nothing is kept."""

    request_id: str  # made by the client, 8 to 64 characters: sent again, it keeps nothing twice
    derivation: Derivation
    parts: tuple[PartName, ...]  # in the order that the derivation takes them
    value: float  # as the caller's own page reckoned it
    unit: Unit
    label: str = ""  # what it is of; at most 60 characters
