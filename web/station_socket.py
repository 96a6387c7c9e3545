"""`GET /station/socket`: the WebSocket of a station, by its own revocable token."""

from typing import Any

from aiohttp import WSMessage, WSMsgType
from aiohttp.web import WebSocketResponse

from records.permissions import Permission, Scope
from signaling import station_messages as s
from signaling.messages import SAMPLES_LIMIT_BYTES
from signaling.reading import Unreadable, read_station_message
from web.call import Call
from web.errors import ProblemCode, Refused
from web.open_sockets import OpenSocket, bearer_hash
from web.outbox import SocketOutbox
from web.parts import OPEN_SOCKETS
from web.routing import RouteTable
from web.socket import carried, first_frame, new_socket

table = RouteTable()


@table.route("GET", "/station/socket", permission=Permission.RUN_STATION, scope=Scope.NONE, is_socket=True)
async def open_station_socket(call: Call[None]) -> WebSocketResponse:
    """Carry a station's messages and E1 packets to the desk, and the desk's to the station."""
    socket = new_socket(call.parts.settings.guard)
    if not socket.can_prepare(call.request):
        raise Refused(ProblemCode.UNREADABLE)
    token = bearer_hash(call.request.headers.get("Authorization", "")) or ""
    with call.request.app[OPEN_SOCKETS].place(OpenSocket(call.account.id, None, token)) as place:
        return await carried(call, socket, place, _converse, s.StationCloseCode.PROTOCOL.value)


async def _converse(
    call: Call[None], socket: WebSocketResponse, outbox: SocketOutbox, place: OpenSocket
) -> None:
    hello = await _first_message(socket, call)
    if hello is None:
        return
    place.greeted = True
    desk = call.parts.desk
    line = await desk.station_connect(call.account, hello, outbox)
    try:
        async for frame in socket:
            await _take(call, line, frame)
    finally:
        await desk.station_disconnect(line)


async def _first_message(socket: WebSocketResponse, call: Call[None]) -> s.StationHello | None:
    frame = await first_frame(socket, call.parts.settings.guard.hello_s)
    try:
        message = read_station_message(frame or "")
    except Unreadable:
        return None
    return message if isinstance(message, s.StationHello) else None


async def _take(call: Call[None], line: Any, frame: WSMessage) -> None:
    desk = call.parts.desk
    if frame.type is WSMsgType.BINARY:
        if len(frame.data) > SAMPLES_LIMIT_BYTES:
            await desk.refuse_station_unreadable(line, f"a packet of {len(frame.data)} bytes")
        else:
            await desk.station_packet(line, frame.data)
    elif frame.type is WSMsgType.TEXT:
        try:
            message = read_station_message(frame.data)
        except Unreadable as fault:
            await desk.refuse_station_unreadable(line, str(fault), fault.refusal)
            return
        await desk.station_receive(line, message)
