"""The door out for ultrasound files: written anew in a process of its own, so that they name nobody."""

import os
import stat
from pathlib import Path

import msgspec

from records.exchange.apart import Limits, Why, WorkFailed, work_apart
from records.exchange.ultrasound_export_answers import (
    ExportUltrasound,
    UltrasoundExportAnswer,
    UltrasoundExported,
)
from ultrasound.errors import ExportRefused
from ultrasound.privacy.export_record import Dates, Encoding

MODULE = "records.exchange.ultrasound_export_process"

LIMITS = Limits(
    memory_bytes=4 << 30, data_bytes=3 << 30, cpu_s=300, wall_s=600.0, answer_bytes=(2 << 30) + (1 << 20)
)
"""As much as the largest cine that is read takes uncompressed."""

_SENTENCES = {
    Why.TOO_LONG: "it takes longer to export than a file may",
    Why.BROKE_OFF: "the export broke off on it: damaged, or too large for the memory an export may take",
    Why.ANSWER_TOO_LARGE: "it unfolds into more pixels than an export may have",
}
_answers: msgspec.msgpack.Decoder[UltrasoundExportAnswer] = msgspec.msgpack.Decoder(UltrasoundExportAnswer)


async def export_ultrasound(
    path: Path,
    key: bytes,
    *,
    profile: bytes | None = None,
    all_black_outside: bool = False,
    looked_at: bool = False,
    dates: Dates = Dates.REMOVED,
    encoding: Encoding = Encoding.JPEG_LS,
    limits: Limits = LIMITS,
) -> UltrasoundExported:
    """The file as one that names nobody, by a device profile (its JSON) or by its own regions.

    Raises
    ------
    ExportRefused : one sentence
    WorkFailed : no process could be started
    OSError : the file cannot be opened
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ExportRefused("no file, but a directory or a device")
        request = ExportUltrasound(
            descriptor=descriptor,
            name=path.name,
            key=key,
            profile=profile,
            all_black_outside=all_black_outside,
            looked_at=looked_at,
            dates=dates,
            encoding=encoding,
        )
        answer = _answers.decode(
            await work_apart(MODULE, msgspec.msgpack.encode(request), limits, (descriptor,))
        )
    except WorkFailed as failed:
        if failed.why not in _SENTENCES:
            raise
        raise ExportRefused(_SENTENCES[failed.why]) from None
    except msgspec.DecodeError:
        raise ExportRefused(_SENTENCES[Why.BROKE_OFF]) from None
    finally:
        os.close(descriptor)
    if not isinstance(answer, UltrasoundExported):
        raise ExportRefused(answer.sentence)
    return answer
