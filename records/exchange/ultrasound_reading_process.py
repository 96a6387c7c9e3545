"""`python -m records.exchange.ultrasound_reading_process`: reads one ultrasound file, or one frame of it.

MessagePack on standard input and output: `records.exchange.ultrasound_answers`. It runs under the limits of
`records.exchange.apart`, and reads the file from a descriptor it was given: it may be larger than the memory.
"""

import os
import sys

import cv2
import msgspec

from records.exchange.ultrasound_answers import (
    DecodedFrame,
    ReadUltrasound,
    UltrasoundAnswer,
    UltrasoundRead,
    UltrasoundRefused,
)
from ultrasound.dicom import DicomCine, read_dicom
from ultrasound.errors import SourceUnreadable, UltrasoundError
from ultrasound.files.description import describe
from ultrasound.files.display import as_displayed


def answer_to(request: ReadUltrasound) -> UltrasoundAnswer:
    """Read what is asked for, or say why not."""
    try:
        cine = read_dicom(os.fdopen(request.descriptor, "rb"), request.name, paced=False)
        frame = _frame(cine, request) if request.frame is not None else None
        return UltrasoundRead(description=describe(cine), frame=frame)
    except UltrasoundError as refusal:
        return UltrasoundRefused(sentence=str(refusal))
    except MemoryError:
        return UltrasoundRefused(sentence=f"{request.name}: it takes more memory than a picture may")


def _frame(cine: DicomCine, request: ReadUltrasound) -> DecodedFrame:
    number = request.frame or 0
    if not 1 <= number <= cine.frame_count:
        raise SourceUnreadable(f"{request.name}: no frame {number}; 1 to {cine.frame_count} exist")
    picture = cine.grey_frame(number - 1) if cine.grey else as_displayed(cine.frame(number - 1))
    return DecodedFrame(width=cine.width, height=cine.height, samples=picture.tobytes())


def main() -> None:
    """Read one request, write one answer."""
    cv2.setNumThreads(1)  # more may not be started
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=ReadUltrasound)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer_to(request)))


if __name__ == "__main__":
    main()
