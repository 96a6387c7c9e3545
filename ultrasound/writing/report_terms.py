"""Coded terms of measurement reports: DICOM PS3.16 (CID 7469, 12304, 12222, 7181), the rest our own."""

from enum import Enum
from typing import NamedTuple

from pydicom.sr.coding import Code

from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.unit import Unit

OWN_SCHEME = "99CLOUDCLINIC_US"
OWN_SCHEME_NAME = "Cloud Clinic: ultrasound measurements without a standard term, and where a scale is from"


class Drawn(Enum):
    """How the points of a measurement hang together, as Graphic Type (PS3.3 C.18.6.1.2)."""

    POINT = "POINT"
    LINE = "POLYLINE"
    OUTLINE = "outline"
    """A line that is closed."""
    APART = "MULTIPOINT"
    """Points that no line joins, as the ends of an ellipse's axes."""


class _Term(NamedTuple):
    code: Code
    unit: Unit
    drawn: Drawn


_DISTANCE = Code("121206", "DCM", "Distance")
_AREA = Code("42798000", "SCT", "Area")
_CIRCUMFERENCE = Code("74551000", "SCT", "Circumference")


def _own(value: str, meaning: str) -> Code:
    return Code(value, OWN_SCHEME, meaning)


class Quantity(Enum):
    """What was measured; a name for each function of `ultrasound.measuring`."""

    DISTANCE = _Term(_DISTANCE, Unit.MM, Drawn.LINE)
    PATH = _Term(Code("121211", "DCM", "Path length"), Unit.MM, Drawn.LINE)
    AREA = _Term(_AREA, Unit.MM2, Drawn.OUTLINE)
    CIRCUMFERENCE = _Term(_CIRCUMFERENCE, Unit.MM, Drawn.OUTLINE)
    ELLIPSE_AREA = _Term(_AREA, Unit.MM2, Drawn.APART)
    ELLIPSE_CIRCUMFERENCE = _Term(_CIRCUMFERENCE, Unit.MM, Drawn.APART)
    ANGLE = _Term(Code("1483009", "SCT", "Angle"), Unit.DEG, Drawn.LINE)
    VOLUME = _Term(Code("118565006", "SCT", "Volume"), Unit.ML, Drawn.LINE)
    EJECTION_FRACTION = _Term(
        Code("18043-0", "LN", "Left Ventricular Ejection Fraction by US"), Unit.PERCENT, Drawn.LINE
    )
    DEPTH_DIFFERENCE = _Term(_DISTANCE, Unit.MM, Drawn.LINE)
    INTERVAL = _Term(Code("103335007", "SCT", "Duration"), Unit.MS, Drawn.LINE)
    HEART_RATE = _Term(Code("8867-4", "LN", "Heart rate"), Unit.PER_MIN, Drawn.LINE)
    SLOPE = _Term(_own("slope", "Speed of a wall in M-mode"), Unit.MM_PER_S, Drawn.LINE)
    VELOCITY = _Term(_own("velocity", "Velocity at a point"), Unit.CM_PER_S, Drawn.POINT)
    MEAN_VELOCITY = _Term(_own("mean-velocity", "Mean velocity of a trace"), Unit.CM_PER_S, Drawn.LINE)
    ACCELERATION = _Term(Code("20167-3", "LN", "Acceleration Slope"), Unit.CM_PER_S2, Drawn.LINE)
    PEAK_GRADIENT = _Term(Code("20247-3", "LN", "Peak Gradient"), Unit.MM_HG, Drawn.POINT)
    MEAN_GRADIENT = _Term(Code("20256-4", "LN", "Mean Gradient"), Unit.MM_HG, Drawn.LINE)
    VELOCITY_TIME_INTEGRAL = _Term(Code("20354-7", "LN", "Velocity Time Integral"), Unit.CM, Drawn.LINE)
    RESISTIVE_INDEX = _Term(Code("12023-8", "LN", "Resistivity Index"), Unit.RATIO, Drawn.APART)
    PULSATILITY_INDEX = _Term(Code("12008-9", "LN", "Pulsatility Index"), Unit.RATIO, Drawn.APART)
    SYSTOLIC_DIASTOLIC_RATIO = _Term(
        Code("12144-2", "LN", "Systolic to Diastolic Velocity Ratio"), Unit.RATIO, Drawn.APART
    )
    PRESSURE_HALF_TIME = _Term(Code("20280-4", "LN", "Pressure Half-Time"), Unit.MS, Drawn.LINE)
    MITRAL_VALVE_AREA = _Term(
        Code("80069-8", "LN", "Mitral valve area (Pressure Half-Time)"), Unit.CM2, Drawn.LINE
    )

    @property
    def code(self) -> Code:
        """Its name."""
        return self.value.code

    @property
    def unit(self) -> Unit:
        """The unit it is measured in."""
        return self.value.unit

    @property
    def drawn(self) -> Drawn:
        """How its points hang together."""
        return self.value.drawn


UNITS: dict[Unit, Code] = {
    Unit.MM: Code("mm", "UCUM", "millimeter"),
    Unit.CM: Code("cm", "UCUM", "centimeter"),
    Unit.MM2: Code("mm2", "UCUM", "square millimeter"),
    Unit.CM2: Code("cm2", "UCUM", "square centimeter"),
    Unit.ML: Code("mL", "UCUM", "milliliter"),
    Unit.DEG: Code("deg", "UCUM", "degree"),
    Unit.MS: Code("ms", "UCUM", "millisecond"),
    Unit.PER_MIN: Code("/min", "UCUM", "per minute"),
    Unit.MM_PER_S: Code("mm/s", "UCUM", "millimeter per second"),
    Unit.CM_PER_S: Code("cm/s", "UCUM", "centimeter per second"),
    Unit.CM_PER_S2: Code("cm/s2", "UCUM", "centimeter per square second"),
    Unit.MM_HG: Code("mm[Hg]", "UCUM", "millimeter of mercury"),
    Unit.PERCENT: Code("%", "UCUM", "percent"),
    Unit.RATIO: Code("1", "UCUM", "no units"),
}
"""Pixels are missing: they are no unit."""

PROCEDURE = Code("16310003", "SCT", "Diagnostic ultrasonography")
UNCERTAINTY = Code("371884006", "SCT", "+/-, range of measurement uncertainty")
CALIBRATION_METHOD = Code("122422", "DCM", "Calibration Method")
CALIBRATIONS: dict[CalibrationSource, Code] = {
    CalibrationSource.FILE: _own("scale-file", "Scale written by the scanner"),
    CalibrationSource.RULER: _own("scale-ruler", "Scale read off the ruler in the picture"),
    CalibrationSource.USER: _own("scale-user", "Scale set by a person"),
}


class ObserverRole(Enum):
    """What a person is in the institution (CID 7452)."""

    PHYSICIAN = Code("309343006", "SCT", "Physician")
    MEDICAL_PRACTITIONER = Code("158965000", "SCT", "Medical Practitioner")
    CONSULTANT = Code("309390008", "SCT", "Consultant")
    SONOGRAPHER = Code("C1954848", "UMLS", "Sonographer")
    NURSE = Code("106292003", "SCT", "Nurse")
