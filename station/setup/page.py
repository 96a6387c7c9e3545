"""The set-up page, served to this machine alone: the one place where a picture is seen unmasked.

It listens on the loopback only. Every request for a picture carries a token that was made at the start and
stands in the page's address behind the #, which no browser sends or logs; and the Host has to be this
machine's, so that no other site's name leads here.
"""

import asyncio
import datetime as dt
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from aiohttp.web import (
    Application,
    AppRunner,
    FileResponse,
    HTTPException,
    Request,
    Response,
    StreamResponse,
    TCPSite,
    middleware,
)

from station.picture_profiles import read_profiles
from station.setup.seen_frames import SeenFrames
from station.setup.signing import NotDone, Ruled, WhyNot, calibrated, proposed, sign
from station.stills import as_png
from ultrasound.captured import CapturedFrame
from ultrasound.errors import UltrasoundError
from ultrasound.privacy.profile import MAX_BYTES, DeviceProfile
from ultrasound.privacy.shapes import Box, Shape

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
TOKEN_HEADER = "X-Setup-Token"
_PAGE = "setup.html"
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' blob: data:",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    ),
}

Handler = Callable[[Request], Awaitable[StreamResponse]]
V = TypeVar("V")


class State(msgspec.Struct, frozen=True):
    """What the page shows of the source."""

    source: str
    problem: str
    frame: int | None
    width: int
    height: int
    layouts: tuple[DeviceProfile, ...]
    broken: str


class Proposed(msgspec.Struct, frozen=True):
    """A shape for the moving part, and text found beside it."""

    keep: Shape | None
    agreement: float
    text: tuple[Box, ...]


class Calibrate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Have the scale of a depth reckoned on one frame."""

    draft: DeviceProfile
    frame: int
    ruled: Ruled


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sign a draft; `looked`: the person says that the masked, moving picture names nobody."""

    draft: DeviceProfile
    by: str
    looked: bool


class Problem(msgspec.Struct, frozen=True):
    """Why something was not done."""

    why: WhyNot
    text: str


class SetupPage:
    """One source's set-up. `address` is what the person opens; it is no one else's."""

    def __init__(self, source: str, frames: SeenFrames, profiles: Path, static: Path) -> None:
        self._source = source
        self._frames = frames
        self._profiles = profiles
        self._static = static
        self._token = secrets.token_urlsafe(32)
        self._port = 0
        self._runner: AppRunner | None = None

    @property
    def address(self) -> str:
        """To be opened on this machine."""
        return f"http://{LOOPBACK}:{self._port}/#{self._token}"

    async def open(self, port: int = 0) -> None:
        """Listen on the loopback; raises OSError."""
        app = Application(middlewares=[self._guard], client_max_size=2 * MAX_BYTES)
        app.router.add_get("/", self._page)
        app.router.add_get("/api/setup/state", self._state)
        app.router.add_get("/api/setup/frames/{number}", self._frame)
        app.router.add_post("/api/setup/propose", self._propose)
        app.router.add_post("/api/setup/calibrate", self._calibrate)
        app.router.add_post("/api/setup/sign", self._sign)
        if (self._static / "assets").is_dir():
            app.router.add_static("/assets/", self._static / "assets")
        self._runner = AppRunner(app, access_log=None)
        await self._runner.setup()
        site = TCPSite(self._runner, LOOPBACK, port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    # --- who may ask ------------------------------------------------------------------------------------

    @middleware
    async def _guard(self, request: Request, handler: Handler) -> StreamResponse:
        if request.host not in (f"{LOOPBACK}:{self._port}", f"localhost:{self._port}"):
            return Response(status=421, text="this page answers to this machine's own name alone")
        if request.path.startswith("/api/") and not self._is_known(request):
            return Response(status=403, text="open the address that was printed when the set-up began")
        try:
            response = await handler(request)
        except NotDone as refused:
            response = _json(Problem(refused.why, refused.text), status=409)
        except UltrasoundError as refused:  # a frame damaged on its way, a profile that is none
            response = _json(Problem(WhyNot.NOT_PLAUSIBLE, str(refused)), status=409)
        except HTTPException as refused:
            response = Response(status=refused.status)
        response.headers.update(_HEADERS)
        return response

    def _is_known(self, request: Request) -> bool:
        given = request.headers.get(TOKEN_HEADER, "")
        return hmac.compare_digest(given.encode(), self._token.encode())

    # --- what is asked ----------------------------------------------------------------------------------

    async def _page(self, request: Request) -> StreamResponse:
        page = self._static / _PAGE
        if not page.is_file():
            return Response(status=503, text="The pages are not built: run `make client` in the project.")
        return FileResponse(page)

    async def _state(self, request: Request) -> StreamResponse:
        newest = self._frames.newest()
        found = await asyncio.to_thread(read_profiles, self._profiles, self._source)
        return _json(
            State(
                source=self._source,
                problem=self._frames.problem,
                frame=newest.number if newest is not None else None,
                width=newest.width if newest is not None else 0,
                height=newest.height if newest is not None else 0,
                layouts=found.of_source,
                broken=found.broken,
            )
        )

    async def _frame(self, request: Request) -> StreamResponse:
        """The newest frame, or one that is held, as it was captured; without loss."""
        asked = request.match_info["number"]
        frame = self._frames.newest() if asked == "newest" else self._held(asked)
        if frame is None:
            raise NotDone(WhyNot.NO_PICTURE, self._frames.problem)
        png = await asyncio.to_thread(lambda: as_png(frame.pixels.shown()))
        return Response(body=png, content_type="image/png", headers={"X-Frame": str(frame.number)})

    async def _propose(self, request: Request) -> StreamResponse:
        found = await asyncio.to_thread(proposed, self._frames.all())
        return _json(Proposed(found.keep, float(found.agreement), found.text))

    async def _calibrate(self, request: Request) -> StreamResponse:
        asked = await _read(request, Calibrate)
        frame = self._held(str(asked.frame))
        if frame is None:
            raise NotDone(WhyNot.FRAME_GONE)
        return _json(await asyncio.to_thread(calibrated, asked.draft, frame, asked.ruled))

    async def _sign(self, request: Request) -> StreamResponse:
        asked = await _read(request, Sign)
        if not asked.looked:
            raise NotDone(WhyNot.NAMELESS, "who signs says that the masked picture names nobody")
        frames = self._frames.all()
        signed = await asyncio.to_thread(
            lambda: sign(asked.draft, asked.by, frames, self._profiles, lambda: dt.datetime.now(dt.UTC))
        )
        log.info("a profile of %dx%d was signed off", signed.width_px, signed.height_px)
        return _json(signed)

    def _held(self, number: str) -> CapturedFrame | None:
        return self._frames.hold(int(number)) if number.isascii() and number.isdecimal() else None


async def _read(request: Request, kind: type[V]) -> V:
    """What a request carries; raises NotDone for what is not of that kind."""
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise NotDone(WhyNot.NOT_PLAUSIBLE, str(fault)) from fault


def _json(value: Any, status: int = 200) -> Response:
    return Response(body=msgspec.json.encode(value), content_type="application/json", status=status)
