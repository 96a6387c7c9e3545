"""What an archive accepted: the file itself, else every pixel in another coding, else a refusal."""

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.encaps import generate_frames
from pydicom.uid import (
    MPEG4HP41,
    UID,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from tests.ultrasound.cines import (
    DEMO_CINE,
    TWO_PALETTE_FRAMES,
    colour_bars,
    encapsulated,
    jpeg,
    native,
    of_pydicom,
    saved,
)
from tests.ultrasound.files.coding import in_fragments, noise, transcoded
from tests.ultrasound.writing.objects import complaints
from ultrasound.dicom import DicomCine, open_dicom
from ultrasound.errors import WritingRefused
from ultrasound.writing.transcoding import syntax_for, transcode

WITHOUT_LOSS = (JPEGLSLossless, RLELossless, ExplicitVRLittleEndian, ImplicitVRLittleEndian)
SOURCES = {
    "JPEG": lambda folder: saved(encapsulated([jpeg(colour_bars())] * 2, 96, 64), folder / "s.dcm"),
    "JPEG Lossless": lambda folder: saved(
        transcoded(noise(3, 33, 47, 3), "RGB", JPEGLosslessSV1, folder), folder / "s.dcm"
    ),
    "JPEG 2000 grey": lambda folder: saved(
        transcoded(noise(3, 33, 47), "MONOCHROME2", JPEG2000Lossless, folder), folder / "s.dcm"
    ),
    "colour table": lambda folder: TWO_PALETTE_FRAMES,
    "uncompressed 4:2:2": lambda folder: of_pydicom("SC_ybr_full_422_uncompressed.dcm"),
}


def source(kind: str, folder: Path) -> DicomCine:
    path = SOURCES[kind](folder)
    if kind == "uncompressed 4:2:2":
        dataset = pydicom.dcmread(path)
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.6.1"
        path = saved(dataset, folder / "s.dcm")
    return open_dicom(path, paced=False)


OTHERS = [
    (kind, syntax)
    for kind in SOURCES
    for syntax in WITHOUT_LOSS
    if (kind, syntax) not in {("colour table", RLELossless), ("uncompressed 4:2:2", ExplicitVRLittleEndian)}
]


@pytest.mark.parametrize(("kind", "syntax"), OTHERS)
def test_every_frame_is_shown_as_before(kind: str, syntax: UID, tmp_path: Path) -> None:
    before = source(kind, tmp_path)
    sent = transcode(before, [syntax], tmp_path / "out.dcm")
    assert sent == syntax
    after = open_dicom(tmp_path / "out.dcm", paced=False)
    assert after.header.file_meta.TransferSyntaxUID == syntax
    assert after.frame_count == before.frame_count
    for k in range(before.frame_count):
        assert np.array_equal(after.frame(k), before.frame(k))


def short_demo(folder: Path) -> Path:
    """Three frames of a scanner's cine, with all that its header says."""
    dataset = pydicom.dcmread(DEMO_CINE)
    frames = list(generate_frames(dataset.PixelData, number_of_frames=120))[:3]
    dataset.NumberOfFrames = 3
    return saved(in_fragments(frames, dataset, JPEGBaseline8Bit), folder / "short.dcm")


def test_another_reader_sees_the_same(tmp_path: Path) -> None:
    before = source("JPEG Lossless", tmp_path)
    for syntax in WITHOUT_LOSS:
        transcode(before, [syntax], tmp_path / "out.dcm")
        other = pydicom.dcmread(tmp_path / "out.dcm").pixel_array
        assert np.array_equal(other, [before.frame(k) for k in range(3)])


def test_a_file_whose_own_syntax_was_accepted_is_not_written_again(tmp_path: Path) -> None:
    sent = transcode(open_dicom(DEMO_CINE), [JPEGLSLossless, JPEGBaseline8Bit], tmp_path / "out.dcm")
    assert sent == JPEGBaseline8Bit
    assert list(tmp_path.iterdir()) == []


def test_all_that_was_said_stays(tmp_path: Path) -> None:
    before = open_dicom(short_demo(tmp_path))
    transcode(before, [JPEGLSLossless], tmp_path / "out.dcm")
    after = open_dicom(tmp_path / "out.dcm")
    changed = {"PhotometricInterpretation"}
    for element in before.header:
        if element.keyword not in changed:
            assert after.header[element.tag].value == element.value, element.keyword
    assert after.header.PhotometricInterpretation == "RGB"
    assert before.header.PhotometricInterpretation != "RGB"  # the source is left as it was
    assert after.header.LossyImageCompression == "01"
    assert after.regions == before.regions


@pytest.mark.parametrize("said", [None, "00"])
def test_a_loss_that_only_the_old_syntax_told_is_said(said: str | None, tmp_path: Path) -> None:
    frames = [jpeg(colour_bars())] * 2
    dataset = encapsulated(frames, 96, 64)
    if said is not None:
        dataset.LossyImageCompression = said
    transcode(open_dicom(saved(dataset, tmp_path / "s.dcm")), [JPEGLSLossless], tmp_path / "out.dcm")
    after = open_dicom(tmp_path / "out.dcm").header
    assert (after.LossyImageCompression, after.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
    ratio = float(after.LossyImageCompressionRatio)
    assert ratio == pytest.approx(96 * 64 * 3 / len(frames[0]), rel=0.01)


def test_what_never_was_lossy_is_not_called_so(tmp_path: Path) -> None:
    transcode(source("JPEG Lossless", tmp_path), [RLELossless], tmp_path / "out.dcm")
    assert open_dicom(tmp_path / "out.dcm").header.get("LossyImageCompression") != "01"


@pytest.mark.dicom3tools
@pytest.mark.parametrize("syntax", WITHOUT_LOSS)
def test_dciodvfy_finds_no_more_errors_than_before(syntax: UID, tmp_path: Path) -> None:
    source = short_demo(tmp_path)
    transcode(open_dicom(source), [syntax], tmp_path / "out.dcm")
    assert set(complaints(tmp_path / "out.dcm")) <= set(complaints(source))


@pytest.mark.parametrize(
    ("own", "accepted", "sent"),
    [
        (JPEGBaseline8Bit, [ImplicitVRLittleEndian, JPEGBaseline8Bit, JPEGLSLossless], JPEGBaseline8Bit),
        (JPEGBaseline8Bit, [ImplicitVRLittleEndian, JPEGLSLossless], JPEGLSLossless),
        (JPEG2000Lossless, [ImplicitVRLittleEndian, RLELossless], RLELossless),
        (RLELossless, [ImplicitVRLittleEndian, ExplicitVRLittleEndian], ExplicitVRLittleEndian),
        (RLELossless, [JPEGBaseline8Bit, ImplicitVRLittleEndian], ImplicitVRLittleEndian),
    ],
)
def test_its_own_syntax_comes_first_and_then_the_shortest(own: UID, accepted: list[UID], sent: UID) -> None:
    assert syntax_for(own, accepted) == sent


@pytest.mark.parametrize("accepted", [[], [JPEGBaseline8Bit], [JPEG2000Lossless]])
def test_what_would_lose_is_refused(accepted: list[str]) -> None:
    with pytest.raises(WritingRefused, match="would do"):
        syntax_for(JPEGLSLossless, accepted)


def test_h264_is_sent_as_it_is_or_refused() -> None:
    assert syntax_for(MPEG4HP41, [MPEG4HP41, ExplicitVRLittleEndian]) == MPEG4HP41


def test_big_endian_is_not_transcoded(tmp_path: Path) -> None:
    dataset = native(tmp_path, noise(1, 8, 8, 3))
    dataset.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.2")
    saved(dataset, tmp_path / "big.dcm")
    with pytest.raises(WritingRefused, match="little endian"):
        transcode(open_dicom(tmp_path / "big.dcm"), [JPEGLSLossless], tmp_path / "out.dcm")
    assert not (tmp_path / "out.dcm").exists()


def test_large_values_of_a_maker_go_along(tmp_path: Path) -> None:
    dataset = native(tmp_path, noise(1, 8, 8, 3))
    block = dataset.private_block(0x0029, "MAKER", create=True)
    block.add_new(0x01, "OB", b"\1\2" * (1 << 20))
    transcode(open_dicom(saved(dataset, tmp_path / "s.dcm")), [JPEGLSLossless], tmp_path / "out.dcm")
    assert pydicom.dcmread(tmp_path / "out.dcm")[0x0029, 0x1001].value == b"\1\2" * (1 << 20)
