"""The door for pictures of an exam: a file in memory, read in a process of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from records.exchange.apart import Limits, Why, WorkFailed, work_apart
from records.exchange.picture_answers import FileOfPictures, PicturesAnswer, PicturesRead, ReadPictures
from ultrasound.errors import SourceUnreadable

MODULE = "records.exchange.picture_reading_process"

LIMITS = Limits(memory_bytes=2 << 30, data_bytes=700 << 20, cpu_s=20, wall_s=60.0, answer_bytes=96 << 20)
"""A clip of 128 MB is read as a whole; a frame of it, and the PNGs of an answer, come beside it."""

_SENTENCES = {
    Why.TOO_LONG: "it takes longer to read than a picture may",
    Why.BROKE_OFF: "the reader broke off on it: damaged, or too large for the memory a picture may take",
    Why.ANSWER_TOO_LARGE: "it unfolds into more pixels than a picture may have",
}
_answers: msgspec.msgpack.Decoder[PicturesAnswer] = msgspec.msgpack.Decoder(PicturesAnswer)


async def read_pictures(
    content: bytes, kind: FileOfPictures, first: int = 1, most: int = 0, limits: Limits = LIMITS
) -> PicturesRead:
    """What a file says, and up to `most` of its frames from `first` on, from 1; as many as fit, one at least.

    Raises
    ------
    SourceUnreadable : one sentence
    WorkFailed : no process could be started
    """
    try:
        with in_memory(content) as descriptor:
            request = ReadPictures(descriptor=descriptor, kind=kind, first=first, most=most)
            raw = await work_apart(MODULE, msgspec.msgpack.encode(request), limits, (descriptor,))
        answer = _answers.decode(raw)
    except WorkFailed as failed:
        if failed.why not in _SENTENCES:
            raise
        raise SourceUnreadable(_SENTENCES[failed.why]) from None
    except msgspec.DecodeError:
        raise SourceUnreadable(_SENTENCES[Why.BROKE_OFF]) from None
    if not isinstance(answer, PicturesRead):
        raise SourceUnreadable(answer.sentence)
    return answer


@contextmanager
def in_memory(content: bytes) -> Iterator[int]:
    """A file that is on no disk, open for reading only."""
    written = os.memfd_create("picture")
    try:
        with open(written, "wb", closefd=False) as file:
            file.write(content)
        descriptor = os.open(f"/proc/self/fd/{written}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(written)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
