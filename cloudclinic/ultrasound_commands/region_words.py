"""A region's codes in words (DICOM PS3.3 C.8.5.5.1)."""

from ultrasound.regions import DataType, PhysicalUnit, SpatialFormat

SPATIAL_FORMATS = {one: one.name.lower().replace("_", " ") for one in SpatialFormat} | {
    SpatialFormat.TWO_D: "2D",
    SpatialFormat.M_MODE: "M-mode",
}

DATA_TYPES = {one: one.name.lower().replace("_", " ") for one in DataType} | {
    DataType.PW_DOPPLER: "PW Doppler",
    DataType.CW_DOPPLER: "CW Doppler",
    DataType.ECG: "ECG",
}

UNITS = {
    PhysicalUnit.NONE: "none",
    PhysicalUnit.PERCENT: "%",
    PhysicalUnit.DECIBEL: "dB",
    PhysicalUnit.CM: "cm",
    PhysicalUnit.SECONDS: "s",
    PhysicalUnit.HERTZ: "Hz",
    PhysicalUnit.DB_PER_SECOND: "dB/s",
    PhysicalUnit.CM_PER_SECOND: "cm/s",
    PhysicalUnit.CM2: "cm²",
    PhysicalUnit.CM2_PER_SECOND: "cm²/s",
    PhysicalUnit.CM3: "cm³",
    PhysicalUnit.CM3_PER_SECOND: "cm³/s",
    PhysicalUnit.DEGREES: "°",
}
