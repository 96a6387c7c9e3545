"""`python -m records.exchange.ultrasound_export_process`: writes one ultrasound file so that it names nobody.

MessagePack on standard input and output: `records.exchange.ultrasound_export_answers`. It runs under the
limits of `records.exchange.apart`, and reads the file from a descriptor it was given.
"""

import os
import sys

import cv2
import msgspec

from records.exchange.ultrasound_export_answers import (
    ExportUltrasound,
    UltrasoundExportAnswer,
    UltrasoundExported,
    UltrasoundExportRefused,
)
from ultrasound.errors import UltrasoundError
from ultrasound.privacy.deidentifying import Choices, deidentify_open
from ultrasound.privacy.profile import read_profile
from ultrasound.privacy.pseudonyms import Pseudonyms


def answer_to(request: ExportUltrasound) -> UltrasoundExportAnswer:
    """Write what is asked for, or say why not."""
    try:
        file = os.fdopen(request.descriptor, "rb")
        done = deidentify_open(file, request.name, _choices(request))
        return UltrasoundExported(data=done.data, record=done.record)
    except UltrasoundError as refusal:
        return UltrasoundExportRefused(sentence=str(refusal))
    except MemoryError:
        return UltrasoundExportRefused(sentence=f"{request.name}: it takes more memory than an export may")


def _choices(request: ExportUltrasound) -> Choices:
    return Choices(
        pseudonyms=Pseudonyms(request.key),
        profile=read_profile(request.profile) if request.profile is not None else None,
        all_black_outside=request.all_black_outside,
        looked_at=request.looked_at,
        dates=request.dates,
        encoding=request.encoding,
    )


def main() -> None:
    """Read one request, write one answer."""
    cv2.setNumThreads(1)  # more may not be started
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=ExportUltrasound)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer_to(request)))


if __name__ == "__main__":
    main()
