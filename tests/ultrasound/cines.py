"""Files the tests of ultrasound read, and small ones they make."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, UltrasoundMultiFrameImageStorage

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO_CINE = ROOT / "cloudclinic" / "demo_data" / "cardiac_a4c_120_frames.dcm"
TWO_PALETTE_FRAMES = ROOT / "tests" / "data" / "ultrasound" / "philips_cx50_ob_rle_2frame.dcm"


def of_pydicom(name: str) -> str:
    """A file inside pydicom's own wheel."""
    path = get_testdata_file(name, download=False)
    assert path is not None
    return str(path)


def colour_bars(width: int = 96, height: int = 64) -> NDArray[np.uint8]:
    """Red, green, blue, white, grey and yellow side by side, RGB."""
    colours = [(220, 30, 30), (30, 200, 40), (20, 40, 230), (250, 250, 250), (90, 90, 90), (230, 220, 20)]
    picture = np.zeros((height, width, 3), np.uint8)
    for k, colour in enumerate(colours):
        picture[:, k * width // 6 : (k + 1) * width // 6] = colour
    return picture


def cine_dataset(frames: int, width: int, height: int, photometric: str) -> Dataset:
    """An ultrasound multi-frame header without pixels."""
    dataset = Dataset()
    dataset.SOPClassUID = UltrasoundMultiFrameImageStorage
    dataset.SOPInstanceUID = "1.2.3.4"
    dataset.Modality = "US"
    dataset.NumberOfFrames = frames
    dataset.Rows, dataset.Columns = height, width
    dataset.SamplesPerPixel = 1 if photometric in ("MONOCHROME2", "PALETTE COLOR") else 3
    dataset.PhotometricInterpretation = photometric
    if dataset.SamplesPerPixel == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.FrameTime = "40"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def native(path: Path, frames: NDArray[np.uint8], photometric: str = "RGB") -> Dataset:
    """Put frames (n, h, w[, 3]) uncompressed into a header; not saved yet, `path` is remembered."""
    dataset = cine_dataset(frames.shape[0], frames.shape[2], frames.shape[1], photometric)
    dataset.PixelData = frames.tobytes() + b"\0" * (frames.size % 2)
    dataset["PixelData"].VR = "OB"
    return dataset


def jpeg(picture: NDArray[np.uint8], quality: int = 95) -> bytes:
    """A JPEG frame as a scanner writes it: Y Cb Cr, 4:2:2."""
    sampling = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422]
    bgr = picture[:, :, ::-1] if picture.ndim == 3 else picture
    done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality, *sampling])
    assert done
    return data.tobytes()


def encapsulated(frames: list[bytes], width: int, height: int, photometric: str = "YBR_FULL_422") -> Dataset:
    """JPEG frames in a header."""
    dataset = cine_dataset(len(frames), width, height, photometric)
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.PixelData = encapsulate(frames)
    dataset["PixelData"].is_undefined_length = True
    dataset["PixelData"].VR = "OB"
    return dataset


def saved(dataset: Dataset, path: Path) -> Path:
    """Write the file."""
    dataset.save_as(path, enforce_file_format=True)
    return path
