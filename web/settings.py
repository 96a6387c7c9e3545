"""What the front door tells `web` about this server."""

import datetime as dt

from records.ecg_reading import ReadingSettings
from records.values import Value
from web.routes.session import DemoAccount

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


class GuardSettings(Value):
    """How patient the server is with one connection."""

    head_s: float = 5.0  # to a complete request head
    body_grace_s: float = 2.0
    body_bytes_per_s: int = 16_384  # slower bodies are refused
    hello_s: float = 5.0  # to the first message of a socket
    answer_s: float = 30.0  # a handler's time, sockets excepted
    sockets_per_account: int = 20
    sockets_without_hello: int = 200
    sockets_total: int = 5_000
    socket_bytes: int = 1024 * 1024  # of one message that is still read, to be refused in words
    outbox_bytes: int = 256 * 1024
    outbox_s: float = 2.0  # the oldest waiting message may be this old
    ping_s: float = 20.0


class WebSettings(Value):
    """Everything about this server that routes and layers need."""

    version: str = ""
    demo: bool = False
    demo_accounts: tuple[DemoAccount, ...] = ()
    tls: bool = False
    self_signed: bool = False
    on_loopback: bool = True
    names: tuple[str, ...] = ()  # host names and addresses it answers to, loopback's beside
    idle_timeout_s: int = 900
    absolute_timeout_s: int = 43_200
    metrics_token: str = ""
    archives: tuple[str, ...] = ()  # where what consults keep is sent
    reading: ReadingSettings = ReadingSettings()
    guard: GuardSettings = GuardSettings()

    @property
    def idle_timeout(self) -> dt.timedelta:
        """A session unused for so long ends."""
        return dt.timedelta(seconds=self.idle_timeout_s)

    @property
    def absolute_timeout(self) -> dt.timedelta:
        """A session ends so long after sign-in at the latest."""
        return dt.timedelta(seconds=self.absolute_timeout_s)

    @property
    def scheme(self) -> str:
        """Of the origin its pages have."""
        return "https" if self.tls else "http"

    def answers_to(self, host: str) -> bool:
        """Tell whether a `Host` header (RFC 9110 section 7.2), port or not, names this server."""
        name = _without_port(host.lower())
        if name in {one.lower() for one in self.names}:
            return True
        return self.on_loopback and (name in LOOPBACK_NAMES or name.endswith(".localhost"))


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[: host.find("]") + 1]
    name, _, port = host.partition(":")
    return name if not port or port.isdecimal() else ""
