"""Ultrasound files are exported in a process of its own, which ends within its limits."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from records.exchange.ultrasound_exports import LIMITS, export_ultrasound
from tests.ultrasound.cines import DEMO_CINE
from tests.ultrasound.privacy.exports import KEY, LOGIQ, exported, patient_file
from tests.ultrasound.privacy.profiles import signed
from tests.ultrasound.privacy.test_deidentifying import LOGIQ_PROFILE
from ultrasound.errors import ExportRefused
from ultrasound.privacy.export_record import Dates, Encoding
from ultrasound.privacy.profile import write_profile


async def test_what_is_exported_apart_is_what_is_exported_here(tmp_path: Path) -> None:
    path = patient_file(tmp_path)
    done = await export_ultrasound(
        path, KEY, looked_at=True, dates=Dates.SHIFTED, encoding=Encoding.UNCOMPRESSED
    )
    here = exported(path, looked_at=True, dates=Dates.SHIFTED, encoding=Encoding.UNCOMPRESSED)
    assert (done.data, done.record) == (here.data, here.record)


async def test_a_profile_goes_along_and_only_a_signed_one_counts() -> None:
    one = signed(LOGIQ_PROFILE)
    done = await export_ultrasound(LOGIQ, KEY, profile=write_profile(one))
    assert done.data == exported(LOGIQ, profile=one).data
    with pytest.raises(ExportRefused, match="not signed off"):
        await export_ultrasound(LOGIQ, KEY, profile=write_profile(LOGIQ_PROFILE))


async def test_refusals_come_as_their_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match="no regions of picture"):
        await export_ultrasound(LOGIQ, KEY)
    with pytest.raises(ExportRefused, match="15 bytes"):
        await export_ultrasound(patient_file(tmp_path), b"k" * 15, all_black_outside=True)
    with pytest.raises(ExportRefused, match="not a device profile"):
        await export_ultrasound(LOGIQ, KEY, profile=b"{}")
    (tmp_path / "x.dcm").write_bytes(b"no DICOM" * 100)
    with pytest.raises(ExportRefused, match="not a DICOM file"):
        await export_ultrasound(tmp_path / "x.dcm", KEY)
    with pytest.raises(ExportRefused, match="a directory or a device"):
        await export_ultrasound(tmp_path, KEY)
    with pytest.raises(FileNotFoundError):
        await export_ultrasound(tmp_path / "none.dcm", KEY)


async def test_it_ends_within_its_limits() -> None:
    with pytest.raises(ExportRefused, match="longer"):
        await export_ultrasound(DEMO_CINE, KEY, limits=replace(LIMITS, wall_s=0.05))
    with pytest.raises(ExportRefused, match="more pixels"):
        await export_ultrasound(DEMO_CINE, KEY, limits=replace(LIMITS, answer_bytes=1 << 20))


async def test_no_descriptor_stays_open() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(ExportRefused):
            await export_ultrasound(LOGIQ, KEY)
    assert len(os.listdir("/proc/self/fd")) == before
