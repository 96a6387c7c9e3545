"""Coded terms of measurement reports: DICOM PS3.16 (CID 7469, 12202, 12222, 12304, 7181); others our own."""

from enum import Enum
from typing import NamedTuple

from pydicom.sr.coding import Code

from ultrasound.measuring.derived import Derivation
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
    ELLIPSOID_VOLUME = _Term(Code("121221", "DCM", "Volume of ellipsoid"), Unit.ML, Drawn.LINE)
    END_DIASTOLIC_VOLUME = _Term(
        Code("18026-5", "LN", "Left Ventricular End Diastolic Volume"), Unit.ML, Drawn.LINE
    )
    END_SYSTOLIC_VOLUME = _Term(
        Code("18148-7", "LN", "Left Ventricular End Systolic Volume"), Unit.ML, Drawn.LINE
    )
    CHAMBER_AREA = _Term(_AREA, Unit.MM2, Drawn.OUTLINE)
    CHAMBER_LENGTH = _Term(Code("103339001", "SCT", "Long axis"), Unit.MM, Drawn.OUTLINE)
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
    PULSATILITY_INDEX = _Term(Code("12008-9", "LN", "Pulsatility Index"), Unit.RATIO, Drawn.LINE)
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


class Method(Enum):
    """How something was derived (PS3.16 CID 12228, 7474)."""

    BIPLANE = Code("125207", "DCM", "Method of Disks, Biplane")
    AREA_LENGTH = Code("125205", "DCM", "Area-Length Single Plane")
    ELLIPSOID = Code("126029", "DCM", "LWH method for volume of ellipsoid")


DERIVED: dict[Derivation, tuple[Quantity, Method | None]] = {
    Derivation.ELLIPSOID: (Quantity.ELLIPSOID_VOLUME, Method.ELLIPSOID),
    Derivation.AREA_LENGTH: (Quantity.VOLUME, Method.AREA_LENGTH),
    Derivation.BIPLANE: (Quantity.VOLUME, Method.BIPLANE),
    Derivation.EJECTION_FRACTION: (Quantity.EJECTION_FRACTION, None),
    Derivation.MITRAL_VALVE_AREA: (Quantity.MITRAL_VALVE_AREA, None),
}
"""What a derived value is, and by which method; of a fraction that of its volumes."""

VOLUMES_OF_FRACTION = (Quantity.END_DIASTOLIC_VOLUME, Quantity.END_SYSTOLIC_VOLUME)
"""What the two volumes are that an ejection fraction is made of, in their order."""

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
DOPPLER_ANGLE = Code("125106", "DCM", "Doppler Angle")
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
