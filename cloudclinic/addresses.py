"""Under which names and addresses this machine's server is reached."""

import ipaddress
import socket

import ifaddr

from cloudclinic.settings import Settings

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = ("localhost", LOOPBACK)


def local_addresses() -> tuple[str, ...]:
    """Every IPv4 address of this machine but the loopback's."""
    found = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    return tuple(ip for ip in dict.fromkeys(found) if not ipaddress.ip_address(ip).is_loopback)


def server_names(settings: Settings) -> tuple[str, ...]:
    """What a `Host` header may name, and what the certificate is for: the set names first.

    On a wildcard address (`0.0.0.0`, `::`) these are the machine's own name and every address it has.
    """
    names = list(settings.names)
    try:
        wildcard = ipaddress.ip_address(settings.host).is_unspecified
    except ValueError:
        wildcard = False
    names += [socket.gethostname(), *local_addresses()] if wildcard else [settings.host]
    return tuple(dict.fromkeys((*names, *LOOPBACK_NAMES)))


def server_url(settings: Settings, port: int) -> str:
    """Where a browser finds the server, by its first name."""
    name = server_names(settings)[0]
    host = f"[{name}]" if ":" in name else name  # RFC 3986 section 3.2.2
    return f"{'http' if settings.on_loopback else 'https'}://{host}:{port}"


def announced(settings: Settings) -> tuple[str, ...]:
    """The addresses browsers are told for media: as set, or the loopback, or every local address."""
    if settings.media_announce:
        return settings.media_announce
    return (LOOPBACK,) if settings.on_loopback else local_addresses() or (LOOPBACK,)
