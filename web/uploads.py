"""Files as a browser's form sends them (RFC 7578): what goes along first, then the files."""

import asyncio
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import BodyPartReader, MultipartReader
from aiohttp.http import HttpProcessingError
from aiohttp.web import Request

from records.exchange.ecg_answers import NamedFile
from web.errors import ProblemCode, Refused, field_of
from web.settings import GuardSettings

A = TypeVar("A")
ABOUT, FILE = "about", "file"
ABOUT_LIMIT_BYTES = 16 * 1024
MOST_FILES = 8
LONGEST_NAME = 255
_CHUNK_BYTES = 1 << 16
_AS_IT_IS = ("", "identity", "binary", "8bit", "7bit")


@dataclass(frozen=True, slots=True)
class Upload(Generic[A]):
    """Files, and what was said about them."""

    about: A
    files: tuple[NamedFile, ...]


async def read_upload(request: Request, kind: type, limit_bytes: int, guard: GuardSettings) -> Upload[Any]:
    """Read a form of a part `about`, which is JSON, and up to eight parts `file`.

    Raises
    ------
    Refused : too large (told before it is read), too slow (under 16 kB/s), not such a form, not this struct
    """
    if request.content_type != "multipart/form-data":
        raise Refused(ProblemCode.NOT_A_FORM)
    length = request.content_length
    if length is None:
        raise Refused(ProblemCode.UNREADABLE)  # a browser knows how long its form is
    if length > limit_bytes:
        raise Refused(ProblemCode.TOO_LARGE)
    try:
        async with asyncio.timeout(guard.body_grace_s + length / guard.body_bytes_per_s):
            return await _read_parts(await request.multipart(), kind, limit_bytes)
    except TimeoutError:
        raise Refused(ProblemCode.TOO_SLOW) from None
    except ConnectionError:
        raise Refused(
            ProblemCode.UNREADABLE
        ) from None  # broken off: nobody reads the answer, nothing to look at
    except (ValueError, AssertionError, RuntimeError, LookupError, HttpProcessingError):
        raise Refused(ProblemCode.UNREADABLE) from None  # what aiohttp raises on a form that is none


async def _read_parts(form: MultipartReader, kind: type, limit_bytes: int) -> Upload[Any]:
    about: Any = None
    files: list[NamedFile] = []
    while (part := await form.next()) is not None:
        if not isinstance(part, BodyPartReader) or _unfolds(part):
            raise Refused(ProblemCode.UNREADABLE)
        if part.name == ABOUT and about is None and not files:
            about = _decoded(await _content(part, ABOUT_LIMIT_BYTES), kind)
        elif part.name == FILE and about is not None and len(files) < MOST_FILES:
            data = await _content(part, limit_bytes)
            files.append(NamedFile(name=(part.filename or "")[:LONGEST_NAME], data=data))
        else:
            raise Refused(
                ProblemCode.BAD_FIELDS, {"form": f"`{ABOUT}`, then 1 to {MOST_FILES} times `{FILE}`"}
            )
    if about is None or not files:
        raise Refused(ProblemCode.BAD_FIELDS, {"form": f"`{ABOUT}`, then 1 to {MOST_FILES} times `{FILE}`"})
    return Upload(about, tuple(files))


def _unfolds(part: BodyPartReader) -> bool:
    """Whether it is encoded: what unfolds cannot be limited before it is read."""
    names = ("Content-Encoding", "Content-Transfer-Encoding")
    return any(part.headers.get(name, "").lower() not in _AS_IT_IS for name in names)


async def _content(part: BodyPartReader, limit_bytes: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(_CHUNK_BYTES):
        content += chunk
        if len(content) > limit_bytes:
            raise Refused(ProblemCode.TOO_LARGE)
    return bytes(content)


def _decoded(raw: bytes, kind: type) -> Any:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as fault:
        raise Refused(ProblemCode.BAD_FIELDS, field_of(fault)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(ProblemCode.UNREADABLE) from None
