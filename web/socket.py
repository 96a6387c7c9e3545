"""`GET /socket`: the signaling WebSocket of a signed-in browser."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import WSMessage, WSMsgType
from aiohttp.web import WebSocketResponse

from records.permissions import Permission, Scope
from signaling import messages as m
from signaling.reading import Unreadable, read_client_message
from signaling.refusals import Refusal, sentence
from web.call import Call
from web.errors import ProblemCode, Refused
from web.open_sockets import OpenSocket
from web.outbox import SocketOutbox
from web.parts import OPEN_SOCKETS
from web.routing import RouteTable
from web.settings import GuardSettings

table = RouteTable()

Talk = Callable[[Call[None], WebSocketResponse, SocketOutbox, OpenSocket], Awaitable[None]]
"""What one side says and is answered, from its first message on."""


@table.route("GET", "/socket", permission=Permission.SIGNED_IN, scope=Scope.NONE, is_socket=True)
async def open_socket(call: Call[None]) -> WebSocketResponse:
    """Carry one client's messages to the desk and the desk's to the client, until either side ends it."""
    sockets = call.request.app[OPEN_SOCKETS]
    socket = new_socket(call.parts.settings.guard)
    if not socket.can_prepare(call.request):
        raise Refused(ProblemCode.UNREADABLE)
    with sockets.place(OpenSocket(call.account.id, call.session, "")) as place:
        return await carried(call, socket, place, _converse, "ended")


async def carried(
    call: Call[None], socket: WebSocketResponse, place: OpenSocket, talk: Talk, code: str
) -> WebSocketResponse:
    """Open a socket and carry what is said on it until either side ends it; `code` is said at the end."""
    await socket.prepare(call.request)
    outbox = place.outbox = SocketOutbox(socket, call.parts.settings.guard, time.monotonic)
    async with asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(outbox.run())
        try:
            await talk(call, socket, outbox, place)
        finally:
            outbox.close(code)
        await writer
    return socket


def new_socket(guard: GuardSettings) -> WebSocketResponse:
    """A WebSocket with limits. What is larger than a message may be is refused in words by whoever reads it;
    only beyond `socket_bytes`, which nobody sends by mistake, the socket is closed with 1009."""
    return WebSocketResponse(
        max_msg_size=guard.socket_bytes, heartbeat=guard.ping_s, compress=False, timeout=1.0
    )


async def _converse(
    call: Call[None], socket: WebSocketResponse, outbox: SocketOutbox, place: OpenSocket
) -> None:
    hello = await _first_message(socket, outbox, call)
    if hello is None:
        return
    place.greeted = True
    desk = call.parts.desk
    line = await desk.connect(call.account, call.session.id, hello, outbox)
    try:
        async for frame in socket:
            await _take(call, line, frame, place)
    finally:
        await desk.disconnect(line)


async def _first_message(socket: WebSocketResponse, outbox: SocketOutbox, call: Call[None]) -> m.Hello | None:
    frame = await first_frame(socket, call.parts.settings.guard.hello_s)
    if frame is None:
        outbox.close("hello_first")
        return None
    try:
        message = read_client_message(frame)
    except Unreadable:
        message = None
    if isinstance(message, m.Hello):
        return message
    refusal = Refusal.HELLO_FIRST
    outbox.put(m.Refused(re="", code=refusal.value, sentence=sentence(refusal, call.language)))
    outbox.close(refusal.value)
    return None


async def first_frame(socket: WebSocketResponse, within_s: float) -> str | None:
    """The first text message of a socket; None when none came in time."""
    try:
        async with asyncio.timeout(within_s):
            frame = await socket.receive()
    except TimeoutError:
        return None
    return frame.data if frame.type is WSMsgType.TEXT else None


async def _take(call: Call[None], line: Any, frame: WSMessage, place: OpenSocket) -> None:
    desk = call.parts.desk
    if frame.type is not WSMsgType.TEXT:
        await desk.refuse_unreadable(line, "a client sends text only")
        return
    try:
        message = read_client_message(frame.data)
    except Unreadable as fault:
        await desk.refuse_unreadable(line, str(fault), fault.re, fault.refusal)
        return
    if isinstance(message, m.Command):
        place.used_at = call.parts.clock()  # what a person did; probes and reports are no use
    await desk.receive(line, message)
