"""What passes between a program and the process that writes an ultrasound file so that it names nobody."""

from records.values import Value
from ultrasound.privacy.export_record import Dates, Encoding, ExportRecord


class ExportUltrasound(Value):
    """A file, open under this descriptor in the process, and `ultrasound.privacy.deidentifying.Choices`."""

    descriptor: int
    name: str  # for the sentence of a refusal
    key: bytes
    profile: bytes | None  # its JSON
    all_black_outside: bool
    looked_at: bool
    dates: Dates
    encoding: Encoding


class UltrasoundExported(Value, tag="exported"):
    """A DICOM file, and what was done to it."""

    data: bytes
    record: ExportRecord


class UltrasoundExportRefused(Value, tag="refused"):
    """A file that is not written: one sentence."""

    sentence: str


UltrasoundExportAnswer = UltrasoundExported | UltrasoundExportRefused
