"""One door: the content says the kind; what is no ECG is refused with what to do."""

import lzma
import os
from pathlib import Path

import numpy as np
import pytest

from ecg.errors import SourceUnreadable, Unread
from ecg.files.companions import BesideFile, InMemory, read_file
from ecg.files.csv import CsvLayout, write_csv
from ecg.files.door import read_any
from ecg.files.edf_writer import write_edf
from ecg.files.wfdb import write_wfdb
from ecg.tracing import FileKind
from ecg.vendor_files.found import VendorFormat
from ecg.vendor_files.reading import read_vendor_file
from tests.ecg.files.samples import DATA, dicom_bytes, record, same_samples, tracing


def test_each_kind_is_told_by_its_content_whatever_its_name() -> None:
    whole = tracing(np.arange(20, dtype=np.int16).reshape(2, 10))
    files = write_wfdb(whole, "r")
    kinds = [
        read_any(files["r.hea"], "x", beside=InMemory(files)).kind,
        read_any(write_edf(whole), "x").kind,
        read_any(write_csv(whole), "x").kind,
        read_any(dicom_bytes(), "x").kind,
    ]
    assert kinds == [FileKind.WFDB, FileKind.EDF_PLUS, FileKind.CSV, FileKind.DICOM]


def test_a_path_finds_the_files_beside_it() -> None:
    assert same_samples(read_any(DATA / "mitdb" / "100.hea"), record("mitdb/100"))
    assert read_any(str(DATA / "edf" / "pyedflib_plus.edf")).kind is FileKind.EDF_PLUS


def test_a_layout_makes_any_columns_readable() -> None:
    layout = CsvLayout(rate_hz=500, columns=("I",), nv_per_unit=1000)
    assert read_any(b"1\n2\n", "x.csv", layout=layout).channels[0].samples.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("data", "name", "sentence", "why"),
    [
        (b"", "x", "x: empty", Unread.FAULTY),
        (b"1,2\n", "x.csv", "without a declared layout", Unread.OTHER_KIND),
        (b"\0" * 9, "100.dat", r"name its header \(\.hea\)", Unread.OTHER_KIND),
        (lzma.compress(b"x"), "100.dat.xz", "compressed with xz", Unread.PACKED),
        (b"%PDF-1.7", "x.pdf", "a picture of an ECG, not its samples", Unread.PICTURE),
        (b"\xffBIOSEMI", "x.bdf", "a BDF file of 24 bits", Unread.OTHER_KIND),
        (b"hello world", "x", "of no kind that is read", Unread.OTHER_KIND),
        (b"<html>", "x", "of no kind that is read", Unread.OTHER_KIND),
    ],
)
def test_what_is_no_ecg_is_refused_with_what_to_do(
    data: bytes, name: str, sentence: str, why: Unread
) -> None:
    with pytest.raises(SourceUnreadable, match=sentence) as refused:
        read_any(data, name)
    assert refused.value.why is why


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"none\.hea: cannot be opened"):
        read_any(tmp_path / "none.hea")


def test_a_pipe_and_a_folder_are_refused_and_hold_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.edf")
    for path in (tmp_path / "pipe.edf", tmp_path):
        with pytest.raises(SourceUnreadable, match="not a regular file|cannot be opened"):
            read_file(path)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", "a/b", "a\\b", "c:x", ""])
def test_no_companion_is_outside_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "in").mkdir()
    with pytest.raises(SourceUnreadable, match="names no file in the folder"):
        BesideFile(tmp_path / "in").read(name)


def test_a_file_of_a_maker_comes_in_by_the_same_door() -> None:
    path = DATA / "philips" / "pagewriter-touch-1.04.xml"
    found, source = read_any(path), read_vendor_file(path.read_bytes())
    assert found.kind is FileKind.PHILIPS_SIERRA
    assert [channel.lead for channel in found.channels] == list(source.recording.leads)
    assert np.array_equal(
        np.stack([channel.nanovolts() for channel in found.channels]),
        source.recording.samples * source.recording.nv_per_lsb,
    )
    assert any("derived from I and II" in note for note in found.notes) == bool(source.derived)


def test_a_damaged_file_of_a_maker_is_refused_with_its_name() -> None:
    data = (DATA / "philips" / "pagewriter-touch-1.04.xml").read_bytes()
    with pytest.raises(SourceUnreadable, match=r"^cut\.xml: "):
        read_any(data[:5000], "cut.xml")


def test_every_kind_of_a_maker_is_a_kind_of_file() -> None:
    assert {str(kind) for kind in VendorFormat} <= {str(kind) for kind in FileKind}
