"""Pictures of earlier exams as the web room uses them: of kept clips, and of archives."""

import asyncio

from cloudclinic.archive_exams import ArchiveExams
from cloudclinic.kept_pictures import KeptPictures, Read
from ecg.tracing import Tracing
from records.exchange.picture_answers import FileDescription, FileOfPictures, PicturesRead
from records.exchange.picture_files import read_pictures
from records.residents import Resident
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_exams import ArchiveSearch, ExamContents, UltrasoundExam
from web.ports import ClipArchive

AT_ONCE = 2
"""Processes at a time: more would only take each other's processor, and a call's as well."""


class ExamLibrary:
    """Implements `web.ports.Exams`."""

    def __init__(self, clips: ClipArchive, archives: ArchiveExams) -> None:
        self._clips = clips
        self._archives = archives
        self._pictures = KeptPictures()
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def of_clip(self, clip: UltrasoundClip) -> FileDescription:
        """Size, times and scale of a kept clip."""
        return await self._pictures.description(clip.id, self._reading(clip))

    async def clip_frame(self, clip: UltrasoundClip, number: int) -> bytes:
        """A frame of a kept clip as PNG, counted from 1."""
        return await self._pictures.frame(clip.id, number, self._reading(clip))

    async def found(self, resident: Resident) -> tuple[tuple[UltrasoundExam, ...], tuple[ArchiveSearch, ...]]:
        """What the archives have of a resident, and how asking each went."""
        return await self._archives.found(resident)

    async def archived_ecg(self, resident: Resident, exam_id: str, ecg_id: str) -> Tracing:
        """An ECG of an archive's exam that is here."""
        return await self._archives.ecg(resident, exam_id, ecg_id)

    async def archived(self, resident: Resident, exam_id: str) -> ExamContents:
        """An archive's exam; its fetching begins with the first call."""
        return await self._archives.archived(resident, exam_id)

    async def archived_frame(self, resident: Resident, exam_id: str, picture_id: str, number: int) -> bytes:
        """A frame of an archive's exam that is here."""
        held = await self._archives.held(resident, exam_id, picture_id)

        async def read(first: int, most: int) -> PicturesRead:
            async with self._slots:
                return await read_pictures(held.content, FileOfPictures.DICOM, first, most)

        return await self._pictures.frame(f"{resident.id} {exam_id} {picture_id}", number, read)

    async def close(self) -> None:
        """Fetch nothing more."""
        await self._archives.close()

    def _reading(self, clip: UltrasoundClip) -> Read:
        async def read(first: int, most: int) -> PicturesRead:
            parts = [await self._clips.part(clip, number) for number in range(len(clip.parts))]
            async with self._slots:
                return await read_pictures(b"".join(parts), FileOfPictures.CLIP, first, most)

        return read
