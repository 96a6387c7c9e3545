"""What of a header goes into a file that names nobody: what is listed here, and nothing else.

A black list forgets what it never heard of; this list forgets nothing but what is harmless and useful to a
reader of the picture. Private groups, overlays, curves, comments, other sequences: not listed, so gone.
Numbers are written anew as numbers, terms only when they are one of the standard's (PS3.3), words only when
they do not hold a word of the patient's.
"""

NUMBERS = (
    # General Series, General Image (PS3.3 C.7.3.1, C.7.6.1)
    "SeriesNumber",
    "InstanceNumber",
    # Cine, Multi-frame (C.7.6.5, C.7.6.6)
    "FrameTime",
    "FrameTimeVector",
    "FrameDelay",
    "CineRate",
    "RecommendedDisplayFrameRate",
    "ActualFrameDuration",
    "EffectiveDuration",
    "PreferredPlaybackSequencing",
    # US Image (C.8.5.6)
    "HeartRate",
    "RWaveTimeVector",
    "UltrasoundColorDataPresent",
    "MechanicalIndex",
    "BoneThermalIndex",
    "CranialThermalIndex",
    "SoftTissueThermalIndex",
    "SoftTissueFocusThermalIndex",
    "SoftTissueSurfaceThermalIndex",
    "DepthOfScanField",
    "FocusDepth",
    "PixelSpacing",
    "PixelAspectRatio",
)

REGION_NUMBERS = (
    # US Region Calibration (C.8.5.5); places stay in the pixels of the source: nothing is cut
    "RegionSpatialFormat",
    "RegionDataType",
    "RegionFlags",
    "RegionLocationMinX0",
    "RegionLocationMinY0",
    "RegionLocationMaxX1",
    "RegionLocationMaxY1",
    "ReferencePixelX0",
    "ReferencePixelY0",
    "PhysicalUnitsXDirection",
    "PhysicalUnitsYDirection",
    "ReferencePixelPhysicalValueX",
    "ReferencePixelPhysicalValueY",
    "PhysicalDeltaX",
    "PhysicalDeltaY",
    "TransducerFrequency",
    "PulseRepetitionFrequency",
    "DopplerCorrectionAngle",
    "SteeringAngle",
    "DopplerSampleVolumeXPosition",
    "DopplerSampleVolumeYPosition",
    "TMLinePositionX0",
    "TMLinePositionY0",
    "TMLinePositionX1",
    "TMLinePositionY1",
    "PixelComponentOrganization",
    "PixelComponentMask",
    "PixelComponentRangeStart",
    "PixelComponentRangeStop",
    "PixelComponentPhysicalUnits",
    "PixelComponentDataType",
    "NumberOfTableBreakPoints",
    "TableOfXBreakPoints",
    "TableOfYBreakPoints",
    "NumberOfTableEntries",
    "TableOfPixelValues",
    "TableOfParameterValues",
)

TERMS = {
    "TransducerType": frozenset(
        {
            "SECTOR_PHASED",
            "SECTOR_MECH",
            "SECTOR_ANNULAR",
            "LINEAR",
            "CURVED LINEAR",
            "SINGLE CRYSTAL",
            "SPLIT XTAL CWD",
            "IV_PHASED",
            "IV_ROT XTAL",
            "IV_ROT MIRROR",
            "ENDOCAV_PA",
            "ENDOCAV_MECH",
            "ENDOCAV_CLA",
            "ENDOCAV_AA",
            "ENDOCAV_LINEAR",
            "VECTOR_PHASED",
        }
    ),
    "Laterality": frozenset({"L", "R"}),
    "ConversionType": frozenset({"DV", "DI", "DF", "WSD", "SD", "SI", "DRW", "SYN"}),
}
"""Defined terms that are kept; another word in their place is not (C.8.5.6.1, C.7.3.1, C.8.6.1)."""

IMAGE_TYPES = frozenset(
    {
        "ABDOMINAL",
        "BREAST",
        "CHEST",
        "ENDOCAVITARY",
        "ENDORECTAL",
        "ENDOVAGINAL",
        "EPICARDIAL",
        "FETAL HEART",
        "GYNECOLOGY",
        "INTRACARDIAC",
        "INTRAOPERATIVE",
        "INTRAVASCULAR",
        "MUSCULOSKELETAL",
        "NEONATAL HEAD",
        "OBSTETRICAL",
        "OPHTHALMIC",
        "PEDIATRIC",
        "PELVIC",
        "RETROPERITONEAL",
        "SCROTAL",
        "SMALL PARTS",
        "TEE",
        "THYROID",
        "TRANSCRANIAL",
        "VASCULAR",
    }
)
"""Value 3 of Image Type (C.8.5.6.1.1)."""

WORDS = ("Manufacturer", "ManufacturerModelName")

DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
TIMES = ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime")
"""Kept when dates are shifted; removed otherwise."""

EMPTY = (
    # Type 2 of the modules: present and empty (action Z of PS3.15 table E.1-1)
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "ReferringPhysicianName",
    "Manufacturer",
    "PatientBirthDate",
    "PatientSex",
    "StudyID",
    "SeriesNumber",
    "InstanceNumber",
    "PatientOrientation",
    "Laterality",
)

UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
"""Replaced, each by the same other one everywhere (action U)."""
