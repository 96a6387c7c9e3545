"""One end of a peer connection that is no browser: ICE checks answered and sent, DTLS once, then datagrams.

It works against any server that speaks WebRTC over UDP, so that two servers are measured with the very same
peer. What arrives is counted without being decrypted, unless somebody asks to be shown it.
"""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Callable, Sequence
from typing import Any

from media.aiortc_seams import Certificate, Dtls, PacketBuffer
from media.egress import Lane, Path, SendBuffer
from media.rtcp import write_receiver_report, write_remb
from media.rtp import is_rtcp
from media.stun import REQUEST, RESPONSE, is_authentic, read_check, write_request, write_response
from records.values import Value

CONNECT_LIMIT_S = 15.0
CHECK_FIRST_S = 0.1
CHECK_S = 2.0
REPORT_S = 1.0
ESTIMATE_BPS = 50_000_000  # as a viewer on a wide line tells its server, every second
SOCKET_BUFFER_BYTES = 4 << 20
_BURST = 256


class Credentials(Value):
    """What the other side has to know of an end."""

    ufrag: str
    password: str
    fingerprint: str  # sha-256
    host: str
    port: int


class Endpoint:
    """Make it, tell its `credentials` to the server, then `connect` with the server's.

    `together`: what is sent at once leaves in as few calls as it can; else packet by packet.
    """

    def __init__(self, host: str, together: bool = True) -> None:
        self.rtp_packets = 0
        self.show: Callable[[memoryview], None] | None = None  # decrypted RTP, valid during the call
        self.show_rtcp: Callable[[bytes], None] | None = None
        self._loop = asyncio.get_running_loop()
        self._certificate = Certificate()
        self._dtls = Dtls(self._certificate, self._send_raw)
        self._lane = Lane()
        self._in, self._sending = PacketBuffer(), SendBuffer(segments=together)
        self._tie_breaker = secrets.randbits(64)
        self._ssrc = secrets.randbits(32)
        self._reached = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._server: Credentials | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER_BYTES)
        self._socket.bind((host, 0))
        self.credentials = Credentials(
            ufrag=secrets.token_hex(4),
            password=secrets.token_hex(16),
            fingerprint=self._certificate.fingerprint,
            host=host,
            port=self._socket.getsockname()[1],
        )
        self._loop.add_reader(self._socket.fileno(), self._readable)

    async def connect(
        self, server: Credentials, receives: Sequence[int] = (), as_client: bool = True
    ) -> None:
        """ICE, then DTLS. `receives`: SSRCs whose budget is told to the server.

        Raises TimeoutError, or ConnectionError when the handshake fails.
        """
        self._server = server
        self._socket.connect((server.host, server.port))
        self._lane.path = Path(self._socket, (server.host, server.port))
        self._keeping = self._loop.create_task(self._keep(server, receives))
        async with asyncio.timeout(CONNECT_LIMIT_S):
            await self._reached.wait()
            self._lane.srtp = await self._dtls.handshake(server.fingerprint, as_client)
        if self._lane.srtp is None:
            raise ConnectionError("the DTLS handshake failed")

    async def close(self) -> None:
        """Say goodbye and close the socket."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        self._lane.srtp = None
        await self._dtls.close()
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def send(self, packets: Sequence[bytes]) -> int:
        """Encrypt RTP packets and send them at once; how many were sent."""
        before = self._sending.unsent
        if not self._sending.begin(self._lane):
            return 0
        for packet in packets:
            self._sending.put(packet)
        self._sending.flush()
        return len(packets) - (self._sending.unsent - before)

    def send_rtcp(self, data: bytes) -> None:
        """Encrypt and send one compound RTCP packet."""
        self._sending.send_rtcp(self._lane, data)

    async def _keep(self, server: Credentials, receives: Sequence[int]) -> None:
        """Ask until the server answers, then every 2 s; tell the budget every second, as a browser does."""
        asked_at = float("-inf")
        while True:
            now = self._loop.time()
            if now - asked_at >= (CHECK_S if self._reached.is_set() else CHECK_FIRST_S):
                asked_at = now
                self._ask(server)
            if receives and self._lane.is_open:
                report = write_receiver_report(self._ssrc, [])
                self.send_rtcp(report + write_remb(self._ssrc, list(receives), ESTIMATE_BPS))
            await asyncio.sleep(REPORT_S if self._lane.srtp else CHECK_FIRST_S)

    def _ask(self, server: Credentials) -> None:
        username = f"{server.ufrag}:{self.credentials.ufrag}"
        self._send_raw(write_request(secrets.token_bytes(12), username, server.password, self._tie_breaker))

    def _send_raw(self, datagram: bytes) -> None:
        with contextlib.suppress(OSError):
            self._socket.send(datagram)

    def _readable(self) -> None:
        view, receive = self._in.view, self._socket.recv_into
        for _ in range(_BURST):
            try:
                size = receive(view)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue
            first = view[0]
            if first <= 3:
                self._take_check(bytes(view[:size]))
            elif first <= 63:
                self._dtls.feed(bytes(view[:size]))
            elif is_rtcp(view[1]):
                self._take_rtcp(size)
            else:
                self.rtp_packets += 1
                if self.show is not None:
                    self._open(size, self.show)

    def _open(self, size: int, show: Callable[[memoryview], None]) -> None:
        srtp = self._lane.srtp
        if srtp is not None and (opened := srtp.open_rtp(self._in, 0, size)) > 0:
            show(self._in.view[:opened])

    def _take_rtcp(self, size: int) -> None:
        srtp = self._lane.srtp
        if self.show_rtcp is None or srtp is None:
            return
        if (opened := srtp.open_rtcp(self._in, 0, size)) > 0:
            self.show_rtcp(bytes(self._in.view[:opened]))

    def _take_check(self, data: bytes) -> None:
        check, server = read_check(data), self._server
        if check is None or server is None:
            return
        if check.kind == REQUEST and is_authentic(check, self.credentials.password):
            address: Any = (server.host, server.port)
            self._send_raw(write_response(check.transaction, address, self.credentials.password))
        elif check.kind == RESPONSE and is_authentic(check, server.password):
            self._reached.set()
