"""How a route is declared: its permission, its scope, its body and the body's limit, beside its handler."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp.web import AppKey, Application, Request, StreamResponse
from aiohttp.web_urldispatcher import AbstractRoute

from records.permissions import Permission, Scope
from web.bodies import read_body, read_sdp
from web.call import Call, answer, call_of
from web.errors import UndeclaredRoute
from web.uploads import read_upload

Handler = Callable[[Call[Any]], Awaitable[Any]]
H = TypeVar("H", bound=Handler)

KIB = 1024


class Route:
    """One declared route."""

    def __init__(
        self,
        method: str,
        path: str,
        handler: Handler,
        permission: Permission,
        scope: Scope,
        body: type | None,
        body_limit_bytes: int,
        before_password_change: bool,
        is_socket: bool,
        takes_sdp: bool,
        takes_files: bool,
    ) -> None:
        self.method = method
        self.path = path
        self.handler = handler
        self.permission = permission
        self.scope = scope
        self.body = body
        self.body_limit_bytes = body_limit_bytes
        self.before_password_change = before_password_change
        self.is_socket = is_socket
        self.takes_sdp = takes_sdp
        self.takes_files = takes_files

    async def handle(self, request: Request) -> StreamResponse:
        """Read the body, call the handler, write its answer."""
        guard = call_of(request).parts.settings.guard
        body: Any
        if self.takes_sdp:
            body = await read_sdp(request, self.body_limit_bytes, guard)
        elif self.takes_files:
            assert self.body is not None, "files come with something about them"
            body = await read_upload(request, self.body, self.body_limit_bytes, guard)
        else:
            body = await read_body(request, self.body, self.body_limit_bytes, guard)
        return answer(await self.handler(call_of(request, body)))


class RouteTable:
    """The routes of one concept."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(
        self,
        method: str,
        path: str,
        *,
        permission: Permission,
        scope: Scope,
        body: type | None = None,
        body_limit_bytes: int = 16 * KIB,
        before_password_change: bool = False,
        is_socket: bool = False,
        takes_sdp: bool = False,
        takes_files: bool = False,
    ) -> Callable[[H], H]:
        """Declare a route. Nothing has a default that would let somebody in."""

        def declare(handler: H) -> H:
            self.routes.append(
                Route(
                    method,
                    path,
                    handler,
                    permission,
                    scope,
                    body,
                    body_limit_bytes,
                    before_password_change,
                    is_socket,
                    takes_sdp,
                    takes_files,
                )
            )
            return handler

        return declare


DECLARED = AppKey("declared", dict[AbstractRoute, Route])


def register(app: Application, *tables: RouteTable) -> None:
    """Put the declared routes into an application."""
    declared = app.setdefault(DECLARED, {})
    for table in tables:
        for one in table.routes:
            declared[app.router.add_route(one.method, one.path, one.handle)] = one


def check_declared(app: Application) -> None:
    """Raise `UndeclaredRoute` when a route of the application declares nothing: it must not start."""
    undeclared = [str(one) for one in app.router.routes() if one not in app[DECLARED]]
    if undeclared:
        raise UndeclaredRoute(f"no permission declared for: {', '.join(undeclared)}")


def declared_of(request: Request) -> Route | None:
    """The declaration of the route a request goes to; None: it goes to none."""
    return request.app[DECLARED].get(request.match_info.route)
