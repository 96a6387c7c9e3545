"""The application: every route, every layer before it, and what runs beside."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp.web import Application, HTTPException, Request, StreamResponse, middleware

from web import clip_filing, metrics, socket, static, station_socket
from web.call import keeper_of, language_of_request
from web.errors import problem_response
from web.headers import add_headers
from web.open_sockets import OpenSockets
from web.origins import check_host, check_origin
from web.parts import OPEN_SOCKETS, PARTS, WebParts
from web.permissions import check_permission, check_scope, find_actor
from web.routes import (
    account_handlers,
    archive_outbox_handlers,
    audit_handlers,
    card_profile_handlers,
    consult_pages,
    derived_measurement_handlers,
    directory_handlers,
    ecg_comparison_handlers,
    ecg_intake_handlers,
    ecg_print_handlers,
    ecg_report_handlers,
    ecg_study_handlers,
    emergency_handlers,
    guest_handlers,
    import_handlers,
    resident_pages,
    scanner_worklist_handlers,
    score_handlers,
    screen_handlers,
    signing,
    still_handlers,
    tape_handlers,
    ultrasound_clip_handlers,
    ultrasound_exam_handlers,
    ultrasound_still_handlers,
    whep_handlers,
    whip_handlers,
)
from web.routing import RouteTable, check_declared, register

log = logging.getLogger(__name__)
Next = Callable[[Request], Awaitable[StreamResponse]]

TABLES: tuple[RouteTable, ...] = (
    signing.table,
    resident_pages.table,
    consult_pages.table,
    tape_handlers.table,
    ecg_intake_handlers.table,
    ecg_study_handlers.table,
    ecg_report_handlers.table,
    ecg_print_handlers.table,
    ecg_comparison_handlers.table,
    directory_handlers.table,
    guest_handlers.table,
    account_handlers.table,
    import_handlers.table,
    audit_handlers.table,
    emergency_handlers.table,
    score_handlers.table,
    screen_handlers.table,
    still_handlers.table,
    scanner_worklist_handlers.table,
    ultrasound_still_handlers.table,
    derived_measurement_handlers.table,
    ultrasound_clip_handlers.table,
    ultrasound_exam_handlers.table,
    archive_outbox_handlers.table,
    card_profile_handlers.table,
    whip_handlers.table,
    whep_handlers.table,
    socket.table,
    station_socket.table,
    metrics.table,
    static.table,  # last: it takes what no other route did
)

SWEEP_EVERY_S = 2.0
LARGEST_BODY_BYTES = 1024 * 1024


@middleware
async def translate_problems(request: Request, handler: Next) -> StreamResponse:
    """Turn every error into a `Problem`: nothing else ever tells a client what went wrong."""
    try:
        return await handler(request)
    except (asyncio.CancelledError, ConnectionError):
        raise
    except HTTPException as answer:
        if answer.status < 400:
            raise
        return problem_response(answer, language_of_request(request))
    except Exception as error:
        return problem_response(error, language_of_request(request))


LAYERS: tuple[Any, ...] = (
    translate_problems,
    check_host,
    find_actor,
    check_origin,
    check_permission,
    check_scope,
)


def make_app(parts: WebParts, tables: tuple[RouteTable, ...] = TABLES) -> Application:
    """Put the application together.

    Raises
    ------
    UndeclaredRoute : a route declares no permission
    """
    app = Application(middlewares=LAYERS, client_max_size=LARGEST_BODY_BYTES)
    app[PARTS] = parts
    app[OPEN_SOCKETS] = OpenSockets(parts.settings.guard)
    app.on_response_prepare.append(add_headers(parts.settings))
    register(app, *tables)
    check_declared(app)
    app.on_shutdown.append(_close_sockets)
    app.cleanup_ctx.append(_sweep_sockets)
    app.cleanup_ctx.append(metrics.watch_loop)
    return app


async def _close_sockets(app: Application) -> None:
    await app[OPEN_SOCKETS].close_all()


async def _sweep_sockets(app: Application) -> AsyncIterator[None]:
    """Every 2 s, close what may not be open any more, and remove what is left of clips that were given up."""
    task = asyncio.create_task(_sweep(app), name="sweep sockets")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _sweep(app: Application) -> None:
    parts = app[PARTS]
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        try:
            await app[OPEN_SOCKETS].sweep(parts.records, keeper_of(parts), parts.desk)
            await clip_filing.forget_abandoned(parts)
        except Exception:
            log.exception("open sockets and clips could not be looked through")
