"""A relay's address as browsers are given it: `turn:` and `turns:` URLs (RFC 7065). Pure."""

import enum
import ipaddress
import re
from dataclasses import dataclass

PORT, TLS_PORT = 3478, 5349  # when the URL names none (RFC 8656 section 19)
_URL = re.compile(
    r"(?P<scheme>turns?):(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:(?P<port>[0-9]{1,5}))?"
    r"(\?transport=(?P<transport>udp|tcp))?"
)


class Transport(enum.Enum):
    """How a client speaks to the relay; to the peer the relay always speaks UDP."""

    UDP = "UDP"
    TCP = "TCP"
    TLS = "TLS"


@dataclass(frozen=True)
class TurnUrl:
    """One way to a relay."""

    host: str
    port: int
    transport: Transport

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "turns" if self.transport is Transport.TLS else "turn"
        wire = "udp" if self.transport is Transport.UDP else "tcp"
        return f"{scheme}:{host}:{self.port}?transport={wire}"


def read_turn_url(text: str) -> TurnUrl:
    """Read a URL. DTLS (`turns:` over UDP) is not among what is offered: raises ValueError, as for others."""
    found = _URL.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT]")
    secure, wire, host = found["scheme"] == "turns", found["transport"], found["host"].strip("[]")
    if secure and wire == "udp":
        raise ValueError(f"{text!r}: TURN over DTLS is not offered; use ?transport=tcp")
    port = int(found["port"] or (TLS_PORT if secure else PORT))
    if not 1 <= port <= 65535:
        raise ValueError(f"{text!r}: {port} is not a port")
    if ":" in host:
        ipaddress.IPv6Address(host)
    transport = Transport.TLS if secure else Transport.TCP if wire == "tcp" else Transport.UDP
    return TurnUrl(host, port, transport)
