"""What was lost before an object was written, said truthfully (PS3.3 C.7.6.1.1.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydicom.dataset import Dataset
from pydicom.uid import JPEG2000, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless

from ultrasound.errors import WritingRefused


class LossMethod(StrEnum):
    """Lossy Image Compression Method, PS3.3 C.7.6.1.1.5.1."""

    JPEG = "ISO_10918_1"
    JPEG_LS_NEAR_LOSSLESS = "ISO_14495_1"
    JPEG_2000 = "ISO_15444_1"
    H264 = "ISO_14496_10"
    HEVC = "ISO_23008_2"


LOSSY_SYNTAXES: dict[str, LossMethod] = {
    JPEGBaseline8Bit: LossMethod.JPEG,
    JPEGExtended12Bit: LossMethod.JPEG,
    JPEGLSNearLossless: LossMethod.JPEG_LS_NEAR_LOSSLESS,
    JPEG2000: LossMethod.JPEG_2000,
}
"""Transfer syntaxes that may have lost something, of those that are read."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One lossy compression the pictures went through; `ratio`: bytes before for each byte after, None: not
    known."""

    method: LossMethod
    ratio: float | None


def put_losses(dataset: Dataset, losses: Sequence[Loss] | None) -> None:
    """Write all of them, the earliest first. A picture that once was compressed with loss stays so.

    None: nobody knows whether anything was lost before, and nothing is said of it (type 3 and 1C: PS3.3
    C.7.6.1, C.8.5.6). Ratios stand in the order of the methods, so they are written where all are known.
    """
    if losses is None:
        return
    dataset.LossyImageCompression = "01" if losses else "00"
    if losses:
        ratios = [loss.ratio for loss in losses if loss.ratio is not None]
        if len(ratios) == len(losses):
            dataset.LossyImageCompressionRatio = [_ratio(one) for one in ratios]
        dataset.LossyImageCompressionMethod = [loss.method.value for loss in losses]


def _ratio(ratio: float) -> str:
    """Always of the same length: the header of a cine is written again once its own ratio is known."""
    if not 0 < ratio < 100_000:
        raise WritingRefused(f"a compression of {ratio:g} to 1; 0 to 100000 can be told")
    return f"{ratio:09.3f}"
