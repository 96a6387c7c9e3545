"""Files of known pixels in every transfer syntax, and the decoders that theirs are compared with."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import gdcm
import jpeg_ls
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGLSLossless, RLELossless, UltrasoundImageStorage

from tests.ultrasound.cines import cine_dataset, native, of_pydicom, saved

Pixels = NDArray[Any]
RNG_SEED = 20261128


def noise(*shape: int) -> NDArray[np.uint8]:
    """Pixels that no coding can guess: a row or a plane in the wrong place is seen."""
    return np.random.default_rng(RNG_SEED).integers(0, 256, shape).astype(np.uint8)


def transcoded(frames: Pixels, photometric: str, syntax: str, folder: Path) -> Dataset:
    """Known pixels (n, h, w[, 3]) in a transfer syntax, coded by GDCM; not saved yet."""
    plain = native(folder, frames, photometric)
    plain.StudyInstanceUID, plain.SeriesInstanceUID = "1.2.3.5", "1.2.3.6"
    reader = gdcm.ImageReader()
    reader.SetFileName(str(saved(plain, folder / "plain.dcm")))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(syntax)))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    writer.SetFileName(str(folder / "coded.dcm"))
    assert writer.Write()
    return pydicom.dcmread(folder / "coded.dcm")


def in_jpeg_ls(frames: Pixels, photometric: str) -> Dataset:
    """Known pixels in JPEG-LS, coded by CharLS itself."""
    coded = [
        bytes(
            jpeg_ls.encode_pixel_data(
                frame.tobytes(),
                lossy_error=0,
                interleave_mode=2 if frame.ndim == 3 else 0,
                rows=frame.shape[0],
                columns=frame.shape[1],
                samples_per_pixel=frame.shape[2] if frame.ndim == 3 else 1,
                bits_allocated=8,
                bits_stored=8,
                photometric_interpretation=photometric,
                planar_configuration=0,
            )
        )
        for frame in frames
    ]
    return in_fragments(coded, native(Path(), frames, photometric), JPEGLSLossless)


def in_fragments(coded: Sequence[bytes], dataset: Dataset, syntax: str, has_bot: bool = True) -> Dataset:
    """A data set with other pixels: frames that are coded already."""
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID(syntax)
    dataset.PixelData = encapsulate(list(coded), has_bot=has_bot)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return dataset


def in_run_lengths(frames: Pixels, photometric: str) -> Dataset:
    """Known pixels in RLE, coded by pydicom."""
    dataset = native(Path(), frames, photometric)
    if frames.dtype == np.uint16:
        dataset.BitsAllocated = dataset.BitsStored = 16
        dataset.HighBit = 15
        dataset["PixelData"].VR = "OW"
    dataset.compress(RLELossless, encoding_plugin="pydicom", generate_instance_uid=False)
    return dataset


def sparse_cine(path: Path, frames: int, width: int, height: int, known: Mapping[int, bytes]) -> Path:
    """An uncompressed RGB cine of any size: only the known beginnings of frames take room on the disk."""
    frame_bytes = width * height * 3
    saved(cine_dataset(frames, width, height, "RGB"), path)
    with open(path, "ab") as file:
        file.write(b"\xe0\x7f\x10\x00OB\0\0" + (frames * frame_bytes).to_bytes(4, "little"))
        start = file.tell()
        file.truncate(start + frames * frame_bytes)
    with open(path, "r+b") as file:
        for index, data in known.items():
            file.seek(start + index * frame_bytes)
            file.write(data)
    return path


def as_ultrasound(name: str, path: Path) -> tuple[Path, Dataset]:
    """A test file of pydicom's wheel, called an ultrasound image."""
    dataset = pydicom.dcmread(of_pydicom(name))
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = UltrasoundImageStorage
    dataset.save_as(path)
    return path, dataset


def by_ffmpeg(codec: str, coded: bytes) -> Pixels:
    """The samples of a frame as FFmpeg decodes them, in the order of the components."""
    (frame,) = av.CodecContext.create(codec, "r").decode(av.Packet(coded))
    if frame.format.name in ("gbrp", "yuv444p"):
        planes = [
            np.frombuffer(p, np.uint8).reshape(frame.height, -1)[:, : frame.width] for p in frame.planes
        ]
        return np.stack(planes, axis=2)
    return np.asarray(frame.to_ndarray())
