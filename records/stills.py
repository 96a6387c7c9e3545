"""A still of the ultrasound without loss: its calibration, what is drawn on it, what is measured on it.

Places are captured pixels; (0, 0) is the middle of the upper left one (DICOM PS3.3 C.8.5.5).
"""

import enum

from records.ids import ParticipantId
from records.values import Value
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.regions import RegionFault


class PictureRegion(Value):
    """A calibrated rectangle of the picture, right and bottom included (DICOM PS3.3 C.8.5.5.1).

    The numbers of `spatial_format`, `data_type`, `unit_x`, `unit_y` and `flags` are the standard's own.
    """

    left_px: int
    top_px: int
    right_px: int
    bottom_px: int
    spatial_format: int
    data_type: int
    unit_x: int
    unit_y: int
    delta_x: float
    delta_y: float
    reference_x_px: int | None = None  # from the region's corner as it was stated
    reference_y_px: int | None = None
    reference_x: float = 0.0
    reference_y: float = 0.0
    flags: int = 0
    transducer_khz: float | None = None
    doppler_angle_deg: float | None = None
    corner_x_px: int | None = None  # as stated, where clamping to the picture moved it
    corner_y_px: int | None = None
    fault: RegionFault | None = None  # why nothing is measured in it


class Calibration(Value):
    """What a picture's pixels are worth, and who says so."""

    source: CalibrationSource
    regions: tuple[PictureRegion, ...]
    scale_uncertainty: float = 0.0  # the most the scale may be off, as a part of it
    profile: str = ""  # of the device's profile: its name and version; empty: it came with the picture


class LossyCodec(enum.StrEnum):
    """How a source compressed its pictures before they were captured."""

    MJPEG = "mjpeg"
    H264 = "h264"
    HEVC = "hevc"


class MarkShape(enum.StrEnum):
    """How a mark's points are joined."""

    FREEHAND = "freehand"  # 2 to 200 points
    ARROW = "arrow"  # from the first to the second, which is the tip
    CIRCLE = "circle"  # the middle, and a point on it
    TEXT = "text"  # one point: where it begins
    TARGET = "target"  # one point: where the probe is to look


class Mark(Value):
    """A mark on one frame of the ultrasound, and on no other."""

    id: str
    participant_id: ParticipantId
    shape: MarkShape
    points: tuple[tuple[float, float], ...]  # captured pixels
    capture_us: int  # of its frame, on the clock the picture carries
    text: str = ""


class PictureTool(enum.StrEnum):
    """What calipers on a still read; how each is drawn and reckoned: `ultrasound/measuring/`."""

    DISTANCE = "distance"
    PATH = "path"
    ANGLE = "angle"
    AREA = "area"
    CIRCUMFERENCE = "circumference"
    ELLIPSE_AREA = "ellipse_area"
    ELLIPSE_CIRCUMFERENCE = "ellipse_circumference"
    INTERVAL = "interval"
    HEART_RATE = "heart_rate"
    DEPTH_DIFFERENCE = "depth_difference"
    SLOPE = "slope"
    VELOCITY = "velocity"
    GRADIENT = "gradient"
    ACCELERATION = "acceleration"
    VELOCITY_TIME_INTEGRAL = "velocity_time_integral"
    MEAN_VELOCITY = "mean_velocity"
    MEAN_GRADIENT = "mean_gradient"
    PRESSURE_HALF_TIME = "pressure_half_time"
    RESISTIVE_INDEX = "resistive_index"
    SYSTOLIC_DIASTOLIC_RATIO = "systolic_diastolic_ratio"
    PULSATILITY_INDEX = "pulsatility_index"
    CHAMBER_AREA = "chamber_area"
    CHAMBER_LENGTH = "chamber_length"
