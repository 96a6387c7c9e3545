"""Which host names and origins a request may come with. Parsed and compared, never by prefix."""

from collections.abc import Awaitable, Callable

from aiohttp.web import Request, StreamResponse, middleware

from records.permissions import Permission
from web.errors import ProblemCode, Refused
from web.parts import PARTS
from web.routing import declared_of

Next = Callable[[Request], Awaitable[StreamResponse]]
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def is_upgrade(request: Request) -> bool:
    """Tell whether a request asks for another protocol (RFC 9110 section 7.8)."""
    return "Upgrade" in request.headers or "upgrade" in request.headers.get("Connection", "").lower()


def own_origin(request: Request) -> str:
    """The one origin (RFC 6454) that pages of this server have at the host the request names."""
    return f"{request.app[PARTS].settings.scheme}://{request.host}"


@middleware
async def check_host(request: Request, handler: Next) -> StreamResponse:
    """Refuse host names that are not ours: a page elsewhere may have pointed its name at us."""
    if not request.app[PARTS].settings.answers_to(request.host):
        raise Refused(ProblemCode.WRONG_HOST)
    return await handler(request)


@middleware
async def check_origin(request: Request, handler: Next) -> StreamResponse:
    """Refuse writes and upgrades that a page of another origin made.

    Encoders and screens, which come with a token, need no `Origin`, and must carry none but ours.
    An upgrade with a cookie needs an `Origin`; one without a cookie (a station) must carry none but ours.
    """
    if is_upgrade(request):
        if request.body_exists:
            raise Refused(ProblemCode.UPGRADE_WITH_BODY)
        _check(request, required="Cookie" in request.headers)
    elif request.method not in _READING:
        _check(request, required=not _by_token(request))
    return await handler(request)


def _by_token(request: Request) -> bool:
    """Tell whether a route looks at a token alone, never at the cookie a browser sends by itself."""
    route = declared_of(request)
    return route is not None and route.permission in (Permission.RUN_STATION, Permission.WATCH_BY_LINK)


def _check(request: Request, required: bool) -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin"):
        raise Refused(ProblemCode.WRONG_ORIGIN)
    origin = request.headers.get("Origin")
    if origin is None and required and site is None:
        raise Refused(ProblemCode.WRONG_ORIGIN)
    if origin is None and required and is_upgrade(request):
        raise Refused(ProblemCode.WRONG_ORIGIN)
    if origin is not None and origin.lower() != own_origin(request).lower():
        raise Refused(ProblemCode.WRONG_ORIGIN)
