"""Whose the written objects of the tests are, and what dciodvfy says of them."""

import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ultrasound.regions import DataType, PhysicalUnit, Region, RegionFlag, SpatialFormat
from ultrasound.writing.acquisition import Acquisition, Scanner
from ultrasound.writing.identity import Identity, Place

IDENTITY = Identity(
    study_instance_uid="1.2.826.0.1.1",
    patient_name="Zhang^San=张^三",
    patient_id="4711",
    patient_birth_date="19700203",
    patient_sex="F",
    study_date="20261128",
    study_time="090000",
    study_id="S1",
    accession_number="A1",
    referring_physician="Li^Si=李^四",
    institution="社区卫生服务中心",
)
PLACE = Place(series_instance_uid="1.2.826.0.1.2", sop_instance_uid="1.2.826.0.1.3")
NINE = datetime(2026, 11, 28, 9, 0, 0, 250_000, timezone(timedelta(hours=8)))
NINE_US = int(NINE.timestamp() * 1_000_000)
PLANE = Region(
    2,
    0,
    90,
    60,
    SpatialFormat.TWO_D,
    DataType.TISSUE,
    PhysicalUnit.CM,
    PhysicalUnit.CM,
    0.02,
    0.03,
    reference_x_px=40,
    reference_y_px=1,
    reference_y=0.5,
    flags=RegionFlag.LOW_PRIORITY | RegionFlag.SCALING_PROTECTED,
    corner_y_px=-1,
)
DOPPLER = Region(
    2,
    10,
    90,
    63,
    SpatialFormat.SPECTRAL,
    DataType.PW_DOPPLER,
    PhysicalUnit.SECONDS,
    PhysicalUnit.HERTZ,
    0.005,
    -20,
    reference_x_px=0,
    reference_y_px=30,
    flags=RegionFlag.DOPPLER_FREQUENCY,
    transducer_khz=2500,
    doppler_angle_deg=30,
)
SCANNER = Scanner("Maker", "Model 7", "0815", "1.0", "US1")


def acquisition(**fields: Any) -> Acquisition:
    """At nine o'clock, by a scanner, with nothing lost."""
    return Acquisition(**{"taken": NINE, "burned_in": False, "scanner": SCANNER} | fields)


def complaints(file: Path) -> list[str]:
    """Every line of dciodvfy with an error."""
    done = subprocess.run(["dciodvfy", file], capture_output=True, text=True)
    said = (done.stdout + done.stderr).splitlines()
    assert said, "dciodvfy said nothing"
    return [line for line in said if "Error" in line]
