"""The door for ECG files of other makers: read in a process of their own, refused in one sentence."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from ecg.errors import SourceUnreadable
from ecg.tracing import Tracing
from records.ecg_drafts import Acquisition
from records.ecg_samples import unpack_tracing
from records.exchange.apart import DEFAULT_LIMITS, Limits, Why, WorkFailed, work_apart
from records.exchange.ecg_answers import EcgAnswer, EcgRead, NamedFile, ReadEcg
from records.stated_patient import StatedPatient

MODULE = "records.exchange.ecg_reading_process"
AT_ONCE = 2
"""Processes at a time: more would only take each other's processor, and a call's as well."""

MOST_WAITING = 8
"""Files wait in memory; beyond this many one is turned away at once."""

_SENTENCES = {
    Why.TOO_LONG: "it takes longer to read than an ECG may",
    Why.BROKE_OFF: "the reader broke off on it: damaged, or too large for the memory an ECG may take",
    Why.ANSWER_TOO_LARGE: "it unfolds into more samples than an ECG may have",
}
_answers: msgspec.msgpack.Decoder[EcgAnswer] = msgspec.msgpack.Decoder(EcgAnswer)


@dataclass(frozen=True, slots=True)
class ForeignEcg:
    """An ECG out of files, whom the files say it is of, and the SHA-256 of all of them."""

    tracing: Tracing
    acquisition: Acquisition
    stated: StatedPatient
    file_sha256: str


class EcgFileReader:
    """Reads ECG files, a few at a time."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def read(self, files: Sequence[NamedFile]) -> ForeignEcg:
        """Read the ECG of one file, or of a WFDB record's several.

        Raises
        ------
        SourceUnreadable : one sentence with the place; no name of a file, nothing of a patient
        WorkFailed : no process could be started, or too many files wait already
        """
        if self._waiting >= AT_ONCE + MOST_WAITING:
            raise WorkFailed(Why.BUSY)
        self._waiting += 1
        try:
            async with self._slots:
                raw = await self._read_apart(files)
        finally:
            self._waiting -= 1
        answer = _answers.decode(raw)
        if not isinstance(answer, EcgRead):
            raise SourceUnreadable(answer.sentence, answer.why)
        return ForeignEcg(
            unpack_tracing(answer.samples), answer.acquisition, answer.stated, digest_of_files(files)
        )

    async def _read_apart(self, files: Sequence[NamedFile]) -> bytes:
        request = msgspec.msgpack.encode(ReadEcg(files=tuple(files)))
        try:
            return await work_apart(MODULE, request, self._limits)
        except WorkFailed as failed:
            if failed.why not in _SENTENCES:
                raise
            raise SourceUnreadable(_SENTENCES[failed.why]) from None


def digest_of_files(files: Sequence[NamedFile]) -> str:
    """SHA-256 over the files, hexadecimal; the same in whatever order they came."""
    each = sorted(hashlib.sha256(one.data).digest() for one in files)
    return hashlib.sha256(b"".join(each)).hexdigest()
