"""A client of a relay (TURN, RFC 8656): allocate, allow a peer, send and receive through a channel."""

import asyncio
import secrets
import ssl
import struct
from collections.abc import Callable, Sequence

from media.errors import RelayRefused, RelayUnreachable
from media.turn_line import TurnLine, open_line
from media.turn_messages import (
    ADDRESS_FAMILY,
    CHANNEL_NUMBER,
    LIFETIME,
    RELAYED_ADDRESS,
    REQUESTED_TRANSPORT,
    Address,
    Attribute,
    Challenge,
    Credentials,
    Method,
    Response,
    is_signed,
    peer_address,
    read_channel_data,
    read_response,
    write_channel_data,
    write_request,
)
from media.turn_url import TurnUrl

UDP, TCP = 17, 6  # IANA protocol numbers, as REQUESTED-TRANSPORT names them
UNAUTHORIZED, STALE_NONCE = 401, 438
_RESEND_S = (0.25, 0.5, 1.0, 1.5)  # over UDP; a stream is waited for as long in all
_FIRST_CHANNEL = 0x4000


class TurnClient:
    """One allocation of one relay. `connect`, then `allocate` before anything else; `close` at the end.

    Every request raises RelayRefused with the relay's code, and RelayUnreachable when it does not answer.
    """

    def __init__(self, credentials: Credentials | None, received: Callable[[bytes, Address], None]) -> None:
        self._credentials = credentials
        self._received = received
        self._challenge: Challenge | None = None
        self._line: TurnLine | None = None
        self._waiting: dict[bytes, asyncio.Future[Response]] = {}
        self._channels: dict[Address, int] = {}
        self._peers: dict[int, Address] = {}
        self._allocated = self._gone = False

    @classmethod
    async def connect(
        cls,
        url: TurnUrl,
        credentials: Credentials | None,
        tls: ssl.SSLContext,
        received: Callable[[bytes, Address], None] = lambda data, peer: None,
    ) -> "TurnClient":
        """Reach the relay; asks nothing of it yet. Raises RelayUnreachable."""
        client = cls(credentials, received)
        client._line = await open_line(url, tls, client._take, client._lost)
        return client

    async def allocate(self, family: int = 4, protocol: int = UDP) -> Address:
        """Ask for a relayed address; returns it."""
        attributes: list[Attribute] = [(REQUESTED_TRANSPORT, bytes((protocol, 0, 0, 0)))]
        if family == 6:
            attributes.append((ADDRESS_FAMILY, bytes((2, 0, 0, 0))))
        address = (await self._ask(Method.ALLOCATE, attributes)).address(RELAYED_ADDRESS)
        self._allocated = True
        if address is None:
            raise RelayUnreachable("the relay's answer holds no relayed address")
        return address

    async def permit(self, host: str) -> None:
        """Ask the relay to let this peer through (CreatePermission); good for 5 min."""
        await self._ask(Method.CREATE_PERMISSION, [], (host, 0))

    async def bind(self, peer: Address) -> None:
        """Bind a channel to a peer, or bind it again; permits the peer's address too. Good for 5 min."""
        channel = self._channels.get(peer, _FIRST_CHANNEL + len(self._channels))
        await self._ask(Method.CHANNEL_BIND, [(CHANNEL_NUMBER, struct.pack("!HH", channel, 0))], peer)
        self._channels[peer], self._peers[channel] = channel, peer

    async def refresh(self, lifetime_s: int = 600) -> None:
        """Keep the allocation for so long; 0 gives it back."""
        await self._ask(Method.REFRESH, [(LIFETIME, struct.pack("!I", lifetime_s))])

    def send(self, data: bytes | memoryview, peer: Address) -> None:
        """Send one packet to a peer with a channel; to others nothing is sent."""
        channel = self._channels.get(peer)
        if channel is not None and self._line is not None and not self._gone:
            self._line.send(write_channel_data(channel, data, self._line.is_stream))

    def close(self) -> None:
        """Leave the relay at once; it drops the allocation when its time is over. Safe to call twice."""
        self._lost()
        if self._line is not None:
            self._line.close()

    async def leave(self) -> None:
        """Give the allocation back, then close."""
        try:
            if self._allocated:
                await self.refresh(0)
        except (RelayRefused, RelayUnreachable):
            pass  # the relay drops it by itself
        finally:
            self.close()

    # --- asking -----------------------------------------------------------------------------------------

    async def _ask(
        self, method: Method, attributes: Sequence[Attribute], peer: Address | None = None
    ) -> Response:
        """Ask, and once more when the relay wants a signature or has a new nonce."""
        signed_before = self._challenge is not None
        response = await self._ask_once(method, attributes, peer)
        wants_signature = response.error == UNAUTHORIZED and not signed_before
        if wants_signature or response.error == STALE_NONCE:
            self._challenge = response.challenge
            if self._challenge is not None and self._credentials is not None:
                response = await self._ask_once(method, attributes, peer)
        if response.error is not None:
            raise RelayRefused(response.error, method.name)
        return response

    async def _ask_once(
        self, method: Method, attributes: Sequence[Attribute], peer: Address | None
    ) -> Response:
        transaction = secrets.token_bytes(12)
        asked = [*attributes, peer_address(peer, transaction)] if peer else attributes
        message = write_request(method, transaction, asked, self._credentials, self._challenge)
        waiting = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        try:
            return await self._answer(message, waiting)
        finally:
            del self._waiting[transaction]

    async def _answer(self, message: bytes, waiting: "asyncio.Future[Response]") -> Response:
        for attempt, pause_s in enumerate(_RESEND_S):
            if self._gone or self._line is None:
                raise RelayUnreachable("the relay hung up")
            if attempt == 0 or not self._line.is_stream:
                self._line.send(message)
            done, _ = await asyncio.wait((waiting,), timeout=pause_s)
            if done:
                return waiting.result()
        raise RelayUnreachable(f"no answer within {sum(_RESEND_S):.1f} s")

    # --- hearing ----------------------------------------------------------------------------------------

    def _take(self, message: bytes) -> None:
        packet = read_channel_data(message)
        if packet is not None:
            peer = self._peers.get(packet[0])
            if peer is not None:
                self._received(packet[1], peer)
            return
        response = read_response(message)
        waiting = self._waiting.get(response.transaction) if response else None
        if response is None or waiting is None or waiting.done() or not self._believed(response):
            return
        waiting.set_result(response)

    def _believed(self, response: Response) -> bool:
        """Once we sign, a success must be signed too; refusals, and a relay open to all, sign nothing."""
        if response.error is not None or self._credentials is None or self._challenge is None:
            return True
        return is_signed(response, self._credentials.key(self._challenge.realm))

    def _lost(self) -> None:
        self._gone = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(RelayUnreachable("the relay hung up"))
