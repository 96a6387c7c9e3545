"""The pixels of a file that names nobody: what a profile or the file's own regions allow, the rest black."""

from collections.abc import Iterator, Sequence

import numpy as np
from jpeg_ls import CharLS
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEGLSLossless

from ultrasound.dicom import DicomCine
from ultrasound.errors import ExportRefused
from ultrasound.privacy.export_record import Encoding, MaskedBy
from ultrasound.privacy.grounds import Seen
from ultrasound.privacy.masking import Cover, Masker
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.visible import hides_nothing, visible_by_profile, visible_by_regions
from ultrasound.regions import DataType, Region, RegionFault

PICTURE = (DataType.TISSUE, DataType.COLOUR_FLOW, DataType.PW_DOPPLER, DataType.CW_DOPPLER)
"""What a region may show to stay; in traces, bars and other graphics text is usual."""

SYNTAXES = {Encoding.JPEG_LS: JPEGLSLossless, Encoding.UNCOMPRESSED: ExplicitVRLittleEndian}
_BY_PIXEL = 2  # JPEG-LS interleave mode: RGBRGB…


class PixelCleaner:
    """Masks every frame of one cine; refuses at once where nothing says what of it names nobody."""

    def __init__(self, cine: DicomCine, profile: DeviceProfile | None, all_black_outside: bool) -> None:
        self._cine = cine
        self._masker: Masker | None = None
        if profile is not None:
            self.masked_by = MaskedBy.PROFILE
            self._masker = Masker([_usable(profile, cine)])
            self.cover = Cover(visible_by_profile(profile))
            return
        regions = _regions_of_picture(cine.regions)
        self.masked_by = MaskedBy.REGIONS if regions else MaskedBy.NOTHING_STAYED
        self.cover = Cover(_visible(regions, cine, all_black_outside))

    def frames(self) -> Iterator[NDArray[np.uint8]]:
        """Every frame masked: uint8 (height, width, 3) RGB, or (height, width) when the cine is grey."""
        for index in range(self._cine.frame_count):
            picture = self._cine.grey_frame(index) if self._cine.grey else self._cine.frame(index)
            frame = np.array(picture, np.uint8, order="C")
            self._mask(frame, index)
            yield frame

    def _mask(self, frame: NDArray[np.uint8], index: int) -> None:
        if self._masker is None:
            self.cover.put_on(frame)
        elif self._masker.mask(frame).seen is not Seen.BY_PROFILE:
            raise ExportRefused(
                f"frame {index + 1} is not in the profile's layout: its anchors are not there"
            )


def put_pixels(clean: Dataset, frames: Iterator[NDArray[np.uint8]], grey: bool, encoding: Encoding) -> None:
    """The frames as Pixel Data, with the attributes that describe it."""
    clean.SamplesPerPixel = 1 if grey else 3
    clean.PhotometricInterpretation = "MONOCHROME2" if grey else "RGB"
    if not grey:
        clean.PlanarConfiguration = 0
    clean.BitsAllocated = clean.BitsStored = 8
    clean.HighBit, clean.PixelRepresentation = 7, 0
    if encoding is Encoding.JPEG_LS:
        clean.PixelData = encapsulate([_jpeg_ls(frame) for frame in frames])
        clean["PixelData"].is_undefined_length = True
    else:
        pixels = b"".join(frame.tobytes() for frame in frames)
        clean.PixelData = pixels + b"\0" * (len(pixels) % 2)
    clean["PixelData"].VR = "OB"


def _jpeg_ls(frame: NDArray[np.uint8]) -> bytes:
    coloured = frame.ndim == 3
    # Told how many bits: `encode_array` would take 2 for a black frame, which contradicts the header.
    return bytes(
        CharLS.encode_pixel_data(
            frame.tobytes(),
            lossy_error=0,
            interleave_mode=_BY_PIXEL if coloured else 0,
            rows=frame.shape[0],
            columns=frame.shape[1],
            samples_per_pixel=3 if coloured else 1,
            bits_allocated=8,
            bits_stored=8,
            photometric_interpretation="RGB" if coloured else "MONOCHROME2",
        )
    )


def _usable(profile: DeviceProfile, cine: DicomCine) -> DeviceProfile:
    if not profile.is_signed_off:
        raise ExportRefused(
            "the profile is not signed off, or was changed since; a person has to look and sign"
        )
    if (profile.width_px, profile.height_px) != (cine.width, cine.height):
        size = f"{profile.width_px}x{profile.height_px}"
        raise ExportRefused(f"the profile is of {size} pixels, the picture of {cine.width}x{cine.height}")
    return profile


def _regions_of_picture(regions: Sequence[Region]) -> list[Region]:
    if any(region.fault is RegionFault.NOT_THIS_PICTURE for region in regions):
        raise ExportRefused("a region reaches far beyond the picture: it is of another one; give a profile")
    return [region for region in regions if region.data_type in PICTURE]


def _visible(regions: Sequence[Region], cine: DicomCine, all_black_outside: bool) -> NDArray[np.bool_]:
    visible = visible_by_regions(regions, cine.width, cine.height)
    if not regions and not all_black_outside:
        raise ExportRefused(
            "has no regions of picture, so nothing says where names are burned in; give a profile"
        )
    if hides_nothing(visible):
        raise ExportRefused("its regions cover the whole picture, so hide nothing; give a profile")
    return visible
