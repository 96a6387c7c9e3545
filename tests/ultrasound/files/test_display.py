"""Grey through a window, colour tables that are none, and what is one plane."""

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_windowing
from pydicom.sequence import Sequence

from tests.ultrasound.cines import TWO_PALETTE_FRAMES, native, saved
from tests.ultrasound.files.coding import noise
from tests.ultrasound.files.test_syntaxes import with_tables
from ultrasound.dicom import open_dicom
from ultrasound.errors import SourceUnreadable
from ultrasound.files.display import as_displayed

RAMP = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)


def ramp(**fields: object) -> Dataset:
    dataset = native(Path(), RAMP, "MONOCHROME2")
    for keyword, value in fields.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize(
    ("centre", "width"),
    [("128", "256"), ("127", "255"), ("100", "80"), ("60.5", "1"), (["40", "90"], ["20", "7"])],
)
@pytest.mark.parametrize("function", [None, "LINEAR", "LINEAR_EXACT"])
def test_a_window_is_applied_as_pydicom_applies_it(
    tmp_path: Path, centre: str, width: str, function: str | None
) -> None:
    dataset = ramp(WindowCenter=centre, WindowWidth=width)
    if function:
        dataset.VOILUTFunction = function
    grey = open_dicom(saved(dataset, tmp_path / "x.dcm")).grey_frame(0)
    expected = np.floor(apply_windowing(RAMP[0], pydicom.dcmread(tmp_path / "x.dcm")) + 0.5)
    assert np.array_equal(grey, expected)


def test_a_window_over_all_values_changes_none(tmp_path: Path) -> None:
    path = saved(ramp(WindowCenter="128", WindowWidth="256"), tmp_path / "x.dcm")
    assert np.array_equal(open_dicom(path).grey_frame(0), RAMP[0])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"WindowCenter": "128", "WindowWidth": "0"}, "its window cannot be applied"),
        ({"WindowCenter": "9", "WindowWidth": "9", "VOILUTFunction": "SIGMOID"}, "its window cannot"),
        ({"RescaleSlope": "2", "RescaleIntercept": "0"}, "its grey values are rescaled"),
        ({"VOILUTSequence": Sequence([Dataset()])}, "has a VOILUTSequence; only a window is applied"),
        ({"PresentationLUTShape": "INVERSE"}, "another curve; only IDENTITY is"),
        ({"PixelRepresentation": 1}, "signed samples"),
        ({"BitsStored": 7, "HighBit": 6}, "7 of 8 bits are used"),
        (
            {"BitsAllocated": 16, "BitsStored": 12, "HighBit": 11},
            "16 bits a sample; 8 unsigned bits are read",
        ),
        ({"PhotometricInterpretation": "MONOCHROME1"}, "photometric interpretation MONOCHROME1; read are"),
    ],
)
def test_grey_that_would_be_another_grey_is_refused(
    tmp_path: Path, fields: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SourceUnreadable, match=sentence):
        open_dicom(saved(ramp(**fields), tmp_path / "x.dcm"))


def test_colour_tables_of_eight_bits_that_are_called_sixteen_are_refused(tmp_path: Path) -> None:
    dataset = native(tmp_path, noise(1, 8, 8), "PALETTE COLOR")
    with_tables(dataset, 256)
    for k in range(3):
        dataset[0x0028, 0x1201 + k].value = np.arange(256, dtype="<u2").tobytes()
    with pytest.raises(SourceUnreadable, match="no entry of its colour tables of 16 bits is above 255"):
        open_dicom(saved(dataset, tmp_path / "x.dcm"))


def test_segmented_colour_tables_are_not_unfolded(tmp_path: Path) -> None:
    dataset = native(tmp_path, noise(1, 8, 8), "PALETTE COLOR")
    for k in range(3):
        dataset.add_new((0x0028, 0x1101 + k), "US", [0, 0, 16])
        dataset.add_new((0x0028, 0x1221 + k), "OW", b"\x01\x00\xff\xff\xff\xff" * 1000)
    with pytest.raises(SourceUnreadable, match="its colour tables are segmented; whole ones are read"):
        open_dicom(saved(dataset, tmp_path / "x.dcm"))


def test_colour_tables_that_are_missing_are_refused(tmp_path: Path) -> None:
    dataset = native(tmp_path, noise(1, 8, 8), "PALETTE COLOR")
    with pytest.raises(SourceUnreadable, match="its colour tables are damaged"):
        open_dicom(saved(dataset, tmp_path / "x.dcm"))


def test_a_palette_of_greys_is_grey(tmp_path: Path) -> None:
    dataset = native(tmp_path, noise(1, 8, 8), "PALETTE COLOR")
    with_tables(dataset, 256)
    for k in range(3):
        dataset[0x0028, 0x1201 + k].value = (np.arange(256, dtype="<u2") << 8).tobytes()
    cine = open_dicom(saved(dataset, tmp_path / "x.dcm"))
    assert cine.grey
    assert np.array_equal(cine.grey_frame(0), noise(1, 8, 8)[0])


def test_a_picture_with_colours_has_no_plane_of_grey() -> None:
    cine = open_dicom(TWO_PALETTE_FRAMES, paced=False)
    with pytest.raises(SourceUnreadable, match="it is not grey"):
        cine.grey_frame(0)


def test_a_picture_is_one_plane_only_where_every_pixel_is_grey() -> None:
    grey = np.repeat(noise(20, 30)[:, :, None], 3, axis=2)
    assert np.array_equal(as_displayed(grey), grey[:, :, 0])
    for colour in range(3):
        coloured = grey.copy()
        coloured[7, 8, colour] ^= 1
        assert as_displayed(coloured) is coloured


def test_a_still_needs_no_times_and_a_cine_that_is_played_does() -> None:
    cine = open_dicom(TWO_PALETTE_FRAMES, paced=False)
    assert cine.times is None
    assert cine.frame(1).shape == (600, 800, 3)
    with pytest.raises(SourceUnreadable, match="does not say how long a frame lasts"):
        cine.frame_time_ms(1)
