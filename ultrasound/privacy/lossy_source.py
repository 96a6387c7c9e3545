"""That a picture lost something before it came here is said on, however losslessly it is written anew."""

from pydicom.dataset import Dataset
from pydicom.uid import UID

_METHODS = {
    "1.2.840.10008.1.2.4.50": "ISO_10918_1",
    "1.2.840.10008.1.2.4.51": "ISO_10918_1",
    "1.2.840.10008.1.2.4.81": "ISO_14495_1",
    "1.2.840.10008.1.2.4.91": "ISO_15444_1",
    "1.2.840.10008.1.2.4.102": "ISO_14496_10",
}
"""Of transfer syntaxes with loss (PS3.3 C.7.6.1.1.5.1)."""

_MOST_RATIO = 1000.0


def state_lossy_source(clean: Dataset, source: Dataset, stored_bytes: int, decoded_bytes: int) -> None:
    """Lossy Image Compression of the source, or of its transfer syntax; method and ratio where there was
    loss.
    """
    syntax = UID(source.file_meta.TransferSyntaxUID)
    said = str(source.get("LossyImageCompression", ""))
    if syntax not in _METHODS and said != "01":
        clean.LossyImageCompression = "00"
        return
    clean.LossyImageCompression = "01"
    clean.LossyImageCompressionRatio = _ratio(source, decoded_bytes / max(1, stored_bytes))
    method = _METHODS.get(syntax, str(source.get("LossyImageCompressionMethod", "")))
    if method in _METHODS.values():
        clean.LossyImageCompressionMethod = method


def _ratio(source: Dataset, reckoned: float) -> str:
    """The ratio the source states, if it is one; else that of its own size."""
    try:
        stated = float(source.LossyImageCompressionRatio)
    except (AttributeError, TypeError, ValueError):
        stated = 0.0
    return f"{stated if 1 <= stated <= _MOST_RATIO else max(1.0, reckoned):.2f}"
