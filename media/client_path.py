"""The answering end of a peer connection: one UDP socket, a controlling ICE agent, DTLS and SRTP.

The station publishes through it. The server is an ICE-lite agent that learns our address from our checks,
so nothing is gathered: one socket asks every announced address and takes the first that answers.
"""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Callable, Mapping
from typing import Any

from media.aiortc_seams import Certificate, Dtls, PacketBuffer
from media.answer import write_answer
from media.egress import Lane, Path, SendBuffer, send
from media.offer import LocalTransport, RemoteOffer, SendingSsrcs
from media.rtp import MAX_DATAGRAM, is_rtcp
from media.stun import RESPONSE, is_authentic, read_check, write_request

FIRST_CHECK_S = 0.05
CONSENT_INTERVAL_S = 2.0  # RFC 7675 asks for no more than 5 s
CONSENT_LIMIT_S = 8.0
CONNECT_LIMIT_S = 15.0
_BURST = 64


class ClientPath:
    """Callbacks get the decrypted packet as a view that is valid only during the call."""

    def __init__(
        self,
        offer: RemoteOffer,
        ssrcs: Mapping[str, SendingSsrcs],
        *,
        on_rtp: Callable[[memoryview, float], None],
        on_rtcp: Callable[[bytes, float], None],
        on_lost: Callable[[str], None],
    ) -> None:
        self._offer = offer
        self._on_rtp, self._on_rtcp, self._on_lost = on_rtp, on_rtcp, on_lost
        self._loop = asyncio.get_running_loop()
        self._ufrag, self._password = secrets.token_hex(4), secrets.token_hex(16)
        self._tie_breaker = secrets.randbits(64)
        self._certificate = Certificate()
        self._dtls = Dtls(self._certificate, self._send_raw)
        self._lane = Lane()
        self._in, self._sending = PacketBuffer(), SendBuffer()
        self._transactions: dict[bytes, Any] = {}
        self._answered_at = 0.0
        self._lost = self._closed = False
        self._reached = asyncio.Event()
        self._addresses: list[Any] = []
        transport = LocalTransport(self._ufrag, self._password, self._certificate.fingerprint)
        self.answer_sdp = write_answer(offer.lines, transport, dict(ssrcs), secrets.token_hex(8))
        self._socket = self._open_socket()
        self._checking = self._loop.create_task(self._check())

    def _open_socket(self) -> socket.socket:
        is_v6 = all(":" in host for host, _ in self._offer.addresses)
        each = socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET, socket.SOCK_DGRAM)
        each.setblocking(False)
        each.bind(("::" if is_v6 else "0.0.0.0", 0))
        self._addresses = [(host, port) for host, port in self._offer.addresses if (":" in host) is is_v6]
        self._loop.add_reader(each.fileno(), self._readable)
        return each

    @property
    def remote(self) -> tuple[str, int] | None:
        """The address that answered; None while none has."""
        path = self._lane.path
        return None if path is None else (path.address[0], path.address[1])

    async def connected(self) -> bool:
        """Wait for ICE and DTLS; False when they did not come up in 15 s. Call once."""
        try:
            async with asyncio.timeout(CONNECT_LIMIT_S):
                await self._reached.wait()
                srtp = await self._dtls.handshake(self._offer.fingerprint, as_client=True)
        except TimeoutError:
            return False
        if srtp is None:
            return False
        self._lane.srtp = srtp
        self._dtls.on_closed(lambda: self._lose("closed by the server"))
        return True

    async def close(self) -> None:
        """Say goodbye and close the socket; safe to call twice."""
        if self._closed:
            return
        self._closed = self._lost = True
        self._lane.srtp = None
        self._checking.cancel()
        await asyncio.gather(self._checking, return_exceptions=True)
        await self._dtls.close()
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _lose(self, reason: str) -> None:
        if not self._lost:
            self._lost = True
            self._lane.srtp = None
            self._on_lost(reason)

    async def _check(self) -> None:
        """Ask every address until one answers, then that one for ever."""
        pause_s = FIRST_CHECK_S
        while not self._lost:
            targets = [self._lane.path.address] if self._lane.path else self._addresses
            for address in targets:
                self._ask(address)
            if self._lane.path is not None:
                pause_s = CONSENT_INTERVAL_S
                if self._loop.time() - self._answered_at > CONSENT_LIMIT_S:
                    self._lose("the server does not answer")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, 0.5)

    def _ask(self, address: Any) -> None:
        transaction = secrets.token_bytes(12)
        self._transactions[transaction] = address
        while len(self._transactions) > 64:
            del self._transactions[next(iter(self._transactions))]
        username = f"{self._offer.ufrag}:{self._ufrag}"
        data = write_request(transaction, username, self._offer.password, self._tie_breaker)
        with contextlib.suppress(OSError):
            self._socket.sendto(data, address)

    def _readable(self) -> None:
        now = self._loop.time()
        for _ in range(_BURST):
            if self._closed:
                return
            try:
                size, address = self._socket.recvfrom_into(self._in.view)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue
            if 0 < size <= MAX_DATAGRAM:
                self._sort(address, size, now)

    def _sort(self, address: Any, size: int, now: float) -> None:
        view = self._in.view
        first = view[0]
        if first <= 3:
            self._take_response(bytes(view[:size]), address, now)
        elif self._lane.path is None or address[:2] != self._lane.path.address[:2]:
            return
        elif 20 <= first <= 63:
            self._dtls.feed(bytes(view[:size]))
        elif 128 <= first <= 191 and size >= 12 and self._lane.srtp is not None:
            self._take_srtp(size, now)

    def _take_response(self, data: bytes, address: Any, now: float) -> None:
        check = read_check(data)
        if check is None or check.kind != RESPONSE or not is_authentic(check, self._offer.password):
            return
        asked = self._transactions.pop(check.transaction, None)
        if asked is None or asked[:2] != address[:2]:
            return
        self._answered_at = now
        if self._lane.path is None:
            self._lane.path = Path(self._socket, asked)
            self._reached.set()

    def _take_srtp(self, size: int, now: float) -> None:
        srtp, view = self._lane.srtp, self._in.view
        assert srtp is not None
        if is_rtcp(view[1]):
            if (opened := srtp.open_rtcp(self._in, 0, size)) > 0:
                self._on_rtcp(bytes(view[:opened]), now)
        elif (opened := srtp.open_rtp(self._in, 0, size)) > 0:
            self._on_rtp(view[:opened], now)

    def send_rtp(self, *packets: bytes) -> bool:
        """Encrypt and send, all at once; False while there is no connection."""
        if not self._sending.begin(self._lane):
            return False
        for packet in packets:
            self._sending.put(packet)
        self._sending.flush()
        return True

    def send_rtcp(self, data: bytes) -> bool:
        """Encrypt and send; False while there is no connection."""
        return self._sending.send_rtcp(self._lane, data)

    def _send_raw(self, datagram: bytes) -> None:
        if self._lane.path is not None:
            send(self._lane.path, datagram)
