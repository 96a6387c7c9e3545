"""A still of the ultrasound kept with a resident's record: a picture without loss, marks, measurements."""

import datetime as dt

from records.ecg_studies import SampleSeal
from records.ids import AccountId, BindingId, ConsultId, InstitutionId, KeptStillId, ResidentId, StillId
from records.stills import Calibration, LossyCodec, Mark, PictureTool
from records.values import Value
from ultrasound.measuring.measured import CalibrationSource, Uncalibrated
from ultrasound.measuring.unit import Unit


class StillMeasurement(Value):
    """What was measured on a still, as the server reckoned it."""

    tool: PictureTool
    points: tuple[tuple[float, float], ...]  # captured pixels
    value: float
    unit: Unit
    uncertainty: float  # in `unit`
    calibration: CalibrationSource
    uncalibrated: Uncalibrated | None = None  # why the value stands in pixels
    angle_deg: float | None = None
    label: str = ""  # what was measured, in words


class UltrasoundStill(Value):
    """A kept still. It never changes, but for the resident it was really of."""

    id: KeptStillId
    number: str
    resident_id: ResidentId
    institution_id: InstitutionId
    consult_id: ConsultId
    binding_id: BindingId
    station_id: AccountId
    still_id: StillId  # as it was called in the room
    kept_by: AccountId
    kept_at: dt.datetime
    taken_at: dt.datetime  # the station's clock, put on the server's
    capture_us: int
    frame_number: int
    width: int
    height: int
    grey: bool
    pixels_sha256: str
    masked: bool
    calibration: Calibration | None
    simulated: bool
    seal: SampleSeal
    mask_signed: bool = False  # by a profile that a person signed, in whose layout it is
    marks: tuple[Mark, ...] = ()
    measurements: tuple[StillMeasurement, ...] = ()
    came_in: LossyCodec | None = None  # with what loss the source gave it; None: none, or nobody knows
