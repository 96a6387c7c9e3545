"""A DICOM file of too many parts is refused before pydicom makes objects of them."""

import random
import struct
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from ecg.errors import SourceUnreadable
from ecg.files.dicom import read_dicom
from ecg.files.dicom_structure import MAX_WEIGHT, check_structure
from tests.ecg.files.samples import dicom_bytes, short_dicom

ITEM = struct.pack("<HHI", 0xFFFE, 0xE000, 0)
OPEN = struct.pack("<HH2sHI", 0x7FDF, 0x10, b"SQ", 0, 0xFFFFFFFF)
ELEMENT = struct.pack("<HH2sH", 0x7FDF, 0x11, b"LO", 0)
MANY = MAX_WEIGHT


def of_known_length(content: bytes) -> bytes:
    return struct.pack("<HH2sHI", 0x7FDF, 0x10, b"SQ", 0, len(content)) + content


@pytest.mark.parametrize(
    "more",
    [
        OPEN + ITEM * MANY,
        of_known_length(ITEM * MANY),
        ELEMENT * MANY,
        of_known_length(
            struct.pack("<HHI", 0xFFFE, 0xE000, 8 * MANY)
            + b"".join(struct.pack("<HH2sH", 9 + 2 * (k >> 16), k & 0xFFFF, b"LO", 0) for k in range(MANY))
        ),
    ],
    ids=["items", "items of a known length", "elements", "elements in an item"],
)
def test_a_file_of_nothing_but_parts_is_refused(more: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="x.dcm, byte [0-9]+: more elements than any ECG"):
        read_dicom(short_dicom() + more, "x.dcm")


def test_an_ecg_is_far_from_the_limit() -> None:
    data = dicom_bytes()
    check_structure(data, "x.dcm")
    check_structure(data + of_known_length(ITEM * 20_000), "x.dcm")


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_other_transfer_syntaxes_are_counted_as_well(syntax: str) -> None:
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    plain = str(syntax).encode() + b"\0" * (len(syntax) % 2)
    meta = struct.pack("<HH2sH", 2, 0x10, b"UI", len(plain)) + plain
    kind = b"" if syntax == ImplicitVRLittleEndian else b"LO"
    element = struct.pack(order + "HH", 8, 0x5F) + kind + struct.pack(order + ("H" if kind else "I"), 0)
    check_structure(bytes(132) + meta + element * 1000, "x.dcm")
    with pytest.raises(SourceUnreadable, match="more elements"):
        check_structure(bytes(132) + meta + element * (MANY + 1), "x.dcm")


@pytest.mark.parametrize("size", [*range(336, 400), 10_000, 200_000])
def test_a_file_that_is_cut_off_inside_an_element_is_refused(size: int) -> None:
    data = dicom_bytes()
    between_elements = {338, 354, 368}
    if size in between_elements:
        check_structure(data[:size], "x.dcm")
        return
    with pytest.raises(SourceUnreadable, match="the file ends inside|beyond what holds it"):
        check_structure(data[:size], "x.dcm")


def test_bytes_that_came_in_or_got_lost_among_the_samples_are_noticed() -> None:
    data = short_dicom()
    begin = data.index(bytes.fromhex("00541010") + b"OW") + 12
    chance = random.Random(5)
    for _ in range(500):
        at, size = chance.randrange(begin, begin + 2400), chance.randint(1, 64)
        for shifted in (data[:at] + chance.randbytes(size) + data[at:], data[:at] + data[at + size :]):
            with pytest.raises(SourceUnreadable):
                read_dicom(shifted, "x.dcm")


def test_a_compressed_picture_is_told_to_be_no_ecg() -> None:
    path = Path(str(get_testdata_file("JPEG2000.dcm", download=False)))
    with pytest.raises(
        SourceUnreadable, match="SOP class 1.2.840.10008.5.1.4.1.1.7; ECG waveforms are read only"
    ):
        read_dicom(path.read_bytes(), "x.dcm")
