"""One line to a relay, by UDP, TCP or TLS: whole TURN messages in and out."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Protocol, cast

from media.errors import RelayUnreachable
from media.turn_messages import split_stream
from media.turn_url import Transport, TurnUrl

CONNECT_LIMIT_S = 5.0
MOST_WAITING_BYTES = 256 * 1024  # towards a relay that does not read: what is newer is dropped, as UDP would


class TurnLine(Protocol):
    """Sends whole messages; what comes is handed to `received`."""

    is_stream: bool

    def send(self, message: bytes) -> None: ...
    def close(self) -> None: ...


async def open_line(
    url: TurnUrl,
    tls: ssl.SSLContext,
    received: Callable[[bytes], None],
    gone: Callable[[], None] = lambda: None,
) -> TurnLine:
    """Connect. Raises RelayUnreachable; `gone` is called when a stream ends by itself."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            if url.transport is Transport.UDP:
                address = (url.host, url.port)
                datagrams = await loop.create_datagram_endpoint(lambda: _Datagrams(received), None, address)
                return datagrams[1]
            streams = await loop.create_connection(
                lambda: _Stream(received, gone),
                url.host,
                url.port,
                ssl=tls if url.transport is Transport.TLS else None,
            )
            return streams[1]
    except ssl.SSLCertVerificationError as error:
        raise RelayUnreachable(f"its certificate is not trusted: {error.verify_message}") from error
    except TimeoutError:
        raise RelayUnreachable(f"no connection within {CONNECT_LIMIT_S:.0f} s") from None
    except OSError as error:
        raise RelayUnreachable(error.strerror or str(error)) from error


class _Datagrams(asyncio.DatagramProtocol):
    is_stream = False

    def __init__(self, received: Callable[[bytes], None]) -> None:
        self._received = received
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, address: object) -> None:
        self._received(data)

    def error_received(self, error: Exception) -> None:
        pass  # nobody listens there: no answer tells it

    def send(self, message: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(message)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class _Stream(asyncio.Protocol):
    is_stream = True

    def __init__(self, received: Callable[[bytes], None], gone: Callable[[], None]) -> None:
        self._received, self._gone = received, gone
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        messages = split_stream(self._buffer)
        if messages is None:
            self.close()
            self._gone()
            return
        for message in messages:
            self._received(message)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._closed:
            self._closed = True
            self._gone()

    def send(self, message: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() <= MOST_WAITING_BYTES:
            transport.write(message)

    def close(self) -> None:
        self._closed = True
        if self._transport is not None:
            self._transport.abort()
