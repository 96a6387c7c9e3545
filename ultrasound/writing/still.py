"""A still as a US Image object (PS3.3 A.6), every pixel as it was captured."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import UltrasoundImageStorage

from ultrasound.files.display import as_displayed
from ultrasound.files.pixel_form import Colour
from ultrasound.quiet_pydicom import quiet_pydicom
from ultrasound.writing.acquisition import Acquisition, put_acquisition
from ultrasound.writing.file_meta import put_file_meta
from ultrasound.writing.frame_coding import Lossless, lossless_frames
from ultrasound.writing.frame_stream import put_pixel_form
from ultrasound.writing.identity import Identity, Place, put_identity
from ultrasound.writing.loss import put_losses


def write_still(
    picture: NDArray[np.uint8],
    identity: Identity,
    place: Place,
    acquisition: Acquisition,
    coding: Lossless = Lossless.JPEG_LS,
) -> bytes:
    """The file of a still: uint8 (height, width) or (height, width, 3) RGB.

    Where all pixels are grey it is written as MONOCHROME2. The coding loses nothing; what was lost before
    stands in `acquisition`. Raises WritingRefused and PictureError.
    """
    shown = as_displayed(picture) if picture.ndim == 3 and picture.shape[2] == 3 else picture
    stream = lossless_frames([shown], coding)
    (coded,) = stream.frames
    dataset = Dataset()
    dataset.SOPClassUID = UltrasoundImageStorage
    dataset.Modality = "US"
    put_identity(dataset, identity, place)
    put_acquisition(dataset, acquisition, stream.width, stream.height)
    put_pixel_form(dataset, stream.colour, stream.width, stream.height)
    put_losses(dataset, acquisition.losses)
    dataset.UltrasoundColorDataPresent = int(stream.colour is not Colour.MONOCHROME2)
    put_file_meta(dataset, coding.syntax)
    _put_pixels(dataset, coded, coding)
    out = BytesIO()
    with quiet_pydicom():
        dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _put_pixels(dataset: Dataset, coded: bytes, coding: Lossless) -> None:
    if coding is Lossless.UNCOMPRESSED:
        dataset.PixelData = coded + b"\0" * (len(coded) % 2)
    else:
        dataset.PixelData = encapsulate([coded])
        dataset["PixelData"].is_undefined_length = True
    dataset["PixelData"].VR = "OB"
