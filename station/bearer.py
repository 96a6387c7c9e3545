"""By which line the station reaches its server: what an administrator asks first when a picture stutters."""

import ipaddress
import socket
from pathlib import Path
from urllib.parse import urlsplit

import ifaddr

# systemd's predictable interface names: wl wireless LAN, ww wireless WAN (4G, 5G), en and eth wired.
_KINDS = {"wl": "wifi", "ww": "cellular", "en": "wired", "et": "wired"}


def bearer_to(server_url: str) -> str:
    """Name the line to a server: wired, wifi, cellular, local (this machine); "" when it cannot be told."""
    address = _local_address(urlsplit(server_url).hostname or "")
    if not address:
        return ""
    if ipaddress.ip_address(address).is_loopback:
        return "local"
    return kind_of(_interface_of(address))


def kind_of(interface: str) -> str:
    """Name the kind of an interface by its name; "" for kinds nobody foresaw."""
    if (Path("/sys/class/net") / interface / "wireless").exists():
        return "wifi"
    return _KINDS.get(interface[:2], "")


def _local_address(host: str) -> str:
    """The address this machine would send from; nothing is sent to find it out."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 9, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(address)
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def _interface_of(address: str) -> str:
    for adapter in ifaddr.get_adapters():
        if any(address == (ip.ip if isinstance(ip.ip, str) else ip.ip[0]) for ip in adapter.ips):
            return adapter.name
    return ""
