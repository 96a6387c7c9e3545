"""The door for ultrasound files of other makers: read in a process of its own, refused in one sentence."""

import os
import stat
from pathlib import Path

import msgspec

from records.exchange.apart import Limits, Why, WorkFailed, work_apart
from records.exchange.ultrasound_answers import ReadUltrasound, UltrasoundAnswer, UltrasoundRead
from ultrasound.errors import SourceUnreadable

MODULE = "records.exchange.ultrasound_reading_process"

LIMITS = Limits(memory_bytes=1 << 30, data_bytes=400 << 20, cpu_s=8, answer_bytes=64 << 20)
"""Libraries take up to 100 MB beside the data: together it stays under 512 MB. Eight seconds of a processor
are as many by the clock on a free machine; on a busy one a good file must not be refused for others' work."""

_SENTENCES = {
    Why.TOO_LONG: "it takes longer to read than a picture may",
    Why.BROKE_OFF: "the reader broke off on it: damaged, or too large for the memory a picture may take",
    Why.ANSWER_TOO_LARGE: "it unfolds into more pixels than a picture may have",
}
_answers: msgspec.msgpack.Decoder[UltrasoundAnswer] = msgspec.msgpack.Decoder(UltrasoundAnswer)


async def read_ultrasound(path: Path, frame: int | None = None, limits: Limits = LIMITS) -> UltrasoundRead:
    """What a file holds, and one frame of it where one is asked for, counted from 1.

    Raises
    ------
    SourceUnreadable : one sentence with the file's name in front
    WorkFailed : no process could be started
    OSError : the file cannot be opened
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SourceUnreadable(f"{path.name}: no file, but a directory or a device")
        request = ReadUltrasound(descriptor=descriptor, name=path.name, frame=frame)
        raw = await work_apart(MODULE, msgspec.msgpack.encode(request), limits, (descriptor,))
        answer = _answers.decode(raw)
    except WorkFailed as failed:
        if failed.why not in _SENTENCES:
            raise
        raise SourceUnreadable(f"{path.name}: {_SENTENCES[failed.why]}") from None
    except msgspec.DecodeError:
        raise SourceUnreadable(f"{path.name}: {_SENTENCES[Why.BROKE_OFF]}") from None
    finally:
        os.close(descriptor)
    if not isinstance(answer, UltrasoundRead):
        raise SourceUnreadable(answer.sentence)
    return answer
