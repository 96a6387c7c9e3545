"""Request bodies: their limit first, then their pace, then their content."""

import asyncio
from typing import Any

import msgspec
from aiohttp.web import Request

from web.errors import ProblemCode, Refused, field_of
from web.settings import GuardSettings


async def read_body(request: Request, kind: type | None, limit_bytes: int, guard: GuardSettings) -> Any:
    """Read and decode a JSON body; None where the route takes none.

    Raises
    ------
    Refused : too large (told before it is read), too slow (under 16 kB/s), not JSON, or not this struct
    """
    if kind is None:
        if request.body_exists and request.can_read_body:
            await _read(request, 1024, guard)  # e.g. the {} some clients send with every POST
        return None
    if request.content_type != "application/json":
        raise Refused(ProblemCode.NOT_JSON)
    raw = await _read(request, limit_bytes, guard)
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as fault:
        raise Refused(ProblemCode.BAD_FIELDS, field_of(fault)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(ProblemCode.UNREADABLE) from None


async def read_sdp(request: Request, limit_bytes: int, guard: GuardSettings) -> str:
    """Read an SDP offer as it came. Raises `Refused`: too large, too slow, not SDP, not text."""
    if request.content_type != "application/sdp":
        raise Refused(ProblemCode.NOT_SDP)
    raw = await _read(request, limit_bytes, guard)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Refused(ProblemCode.BAD_SDP) from None


async def _read(request: Request, limit_bytes: int, guard: GuardSettings) -> bytes:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(ProblemCode.NOT_JSON)  # what unfolds cannot be limited before it is read
    declared = request.content_length
    if declared is not None and declared > limit_bytes:
        raise Refused(ProblemCode.TOO_LARGE)
    allowed_s = guard.body_grace_s + (declared or limit_bytes) / guard.body_bytes_per_s
    raw = bytearray()
    try:
        async with asyncio.timeout(allowed_s):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > limit_bytes:
                    raise Refused(ProblemCode.TOO_LARGE)
    except TimeoutError:
        raise Refused(ProblemCode.TOO_SLOW) from None
    return bytes(raw)
