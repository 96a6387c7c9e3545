"""Pictures of earlier exams as the web room uses them: of kept clips, and of archives."""

import asyncio

from cloudclinic.kept_pictures import KeptPictures, Read
from records.exchange.picture_answers import FileDescription, FileOfPictures, PicturesRead
from records.exchange.picture_files import read_pictures
from records.ultrasound_clips import UltrasoundClip
from web.ports import ClipArchive, NoExams

AT_ONCE = 2
"""Processes at a time: more would only take each other's processor, and a call's as well."""


class ExamLibrary(NoExams):
    """Implements `web.ports.Exams`."""

    def __init__(self, clips: ClipArchive) -> None:
        self._clips = clips
        self._pictures = KeptPictures()
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def of_clip(self, clip: UltrasoundClip) -> FileDescription:
        """Size, times and scale of a kept clip."""
        return await self._pictures.description(clip.id, self._reading(clip))

    async def clip_frame(self, clip: UltrasoundClip, number: int) -> bytes:
        """A frame of a kept clip as PNG, counted from 1."""
        return await self._pictures.frame(clip.id, number, self._reading(clip))

    def _reading(self, clip: UltrasoundClip) -> Read:
        async def read(first: int, most: int) -> PicturesRead:
            parts = [await self._clips.part(clip, number) for number in range(len(clip.parts))]
            async with self._slots:
                return await read_pictures(b"".join(parts), FileOfPictures.CLIP, first, most)

        return read
