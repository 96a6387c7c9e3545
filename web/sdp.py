"""What WHIP and WHEP have in common over HTTP: an offer in, an answer out, a session in between."""

from collections.abc import Awaitable

from aiohttp.web import HTTPMethodNotAllowed, Response

from signaling.doors import DoorOpened
from signaling.messages import IceServer
from signaling.ports import MediaRefused
from web.call import Call
from web.errors import ProblemCode, Refused

OFFER_LIMIT_BYTES = 64 * 1024
_TOLD_OF_SDP = 300


def check_rate(call: Call[str], whose: str) -> None:
    """Raise `Refused` when a device or a screen offers too often."""
    if call.parts.door_rates.full(whose, call.now):
        raise Refused(ProblemCode.RATE_LIMITED)
    call.parts.door_rates.count(whose, call.now)


async def answer_offer(opening: Awaitable[DoorOpened], at: str) -> Response:
    """The 201 of RFC 9725 section 4.2: the answer, and where the session is ended."""
    try:
        opened = await opening
    except MediaRefused as error:
        raise Refused(ProblemCode.BAD_SDP, {"sdp": str(error)[:_TOLD_OF_SDP]}) from None
    response = Response(
        status=201,
        body=opened.sdp.encode(),
        content_type="application/sdp",
        headers={"Location": f"{at}/{opened.session_id}"},
    )
    for server in opened.ice_servers:
        for url in server.urls:
            response.headers.add("Link", _link(url, server))
    return response


def _link(url: str, server: IceServer) -> str:
    """A relay the client may take, with credentials for this one session (RFC 9725 section 4.6)."""
    return (
        f'<{url}>; rel="ice-server"; username="{server.username}"; '
        f'credential="{server.credential}"; credential-type="password"'
    )


def what_is_taken() -> Response:
    """The answer to OPTIONS: what may be posted (RFC 9725 section 4.2)."""
    return Response(status=204, headers={"Accept-Post": "application/sdp", "Allow": "OPTIONS, POST"})


def take_no_patch() -> HTTPMethodNotAllowed:
    """Neither trickled candidates nor ICE restarts are taken (RFC 9725 section 4.3.1): a 405 to raise."""
    return HTTPMethodNotAllowed("PATCH", ["DELETE"])
