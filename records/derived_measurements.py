"""What was derived of measurements on kept stills of one consult: volumes, fractions, a valve's area."""

import datetime as dt

from records.ids import AccountId, ConsultId, DerivedId, InstitutionId, KeptStillId, ResidentId
from records.stills import PictureTool
from records.values import Value
from ultrasound.measuring.derived import Derivation
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.unit import Unit


class PartName(Value):
    """Names one part: a measurement of a kept still, or a derived one. Either is told, not both."""

    kept_id: KeptStillId | None = None
    index: int | None = None  # which measurement of the still, from 0
    derived_id: DerivedId | None = None


class MadeOf(Value):
    """One part as it was when something was made of it."""

    name: PartName
    number: str  # of its still, or of the derived one
    value: float
    unit: Unit
    uncertainty: float  # in `unit`
    calibration: CalibrationSource
    tool: PictureTool | None = None  # None: it is derived itself
    derivation: Derivation | None = None


class DerivedMeasurement(Value):
    """A derived measurement, as the server reckoned it. It never changes, but for whose its stills were."""

    id: DerivedId
    number: str
    resident_id: ResidentId
    institution_id: InstitutionId
    consult_id: ConsultId
    kept_by: AccountId
    kept_at: dt.datetime
    derivation: Derivation
    parts: tuple[MadeOf, ...]  # in the order that the derivation takes them
    still_ids: tuple[KeptStillId, ...]  # all it rests on in the end
    value: float
    unit: Unit
    uncertainty: float  # in `unit`
    calibration: CalibrationSource  # the origin that is relied on most
    scales_differ: bool  # its parts rest on more than one scale
    simulated: bool
    label: str = ""  # what it is of, in words
    void: bool = False  # its stills turned out to be of several residents
