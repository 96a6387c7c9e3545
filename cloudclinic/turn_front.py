"""Writes the configuration of HAProxy for one address that serves HTTPS and TURN over TLS, both on 443.

It reads the name a browser asks for (SNI, RFC 6066) and passes the TLS stream on as it is: the clinic's pages
to the server, the relay's name to coturn. It has no certificate and opens nothing.
"""

import ipaddress

from cloudclinic.addresses import server_names
from cloudclinic.errors import CommandFailed
from cloudclinic.settings import Settings
from cloudclinic.turn_config import tls_port, turn_urls
from media.turn_url import Transport, TurnUrl


def write_front(settings: Settings) -> str:
    """The text of `haproxy.cfg`. Raises CommandFailed where one address cannot serve both."""
    urls = [url for url in turn_urls(settings) if url.transport is Transport.TLS]
    name, port = _relay_name(settings, urls), urls[0].port
    behind = tls_port(settings, turn_urls(settings))
    if behind == port:
        raise CommandFailed(f"turn_tls_port: set the port coturn listens on behind the front, not {port}")
    if settings.on_loopback:
        raise CommandFailed(f"host: on {settings.host} the server speaks plain HTTP; the front passes TLS on")
    coturn = settings.turn_addresses[0] if settings.turn_addresses else "127.0.0.1"
    lines = [
        "# Written by `cloudclinic turn front`.",
        "global",
        "    user haproxy",
        "    group haproxy",
        "",
        "defaults",
        "    mode tcp",
        "    timeout connect 5s",
        "    timeout client 5m",
        "    timeout server 5m",
        "",
        "frontend https_beside_turn",
        f"    bind :::{port} v4v6",
        "    tcp-request inspect-delay 5s",
        "    tcp-request content accept if { req.ssl_hello_type 1 }",
        "    tcp-request content reject",
        f"    use_backend relay if {{ req.ssl_sni -i {name} }}",
        "    default_backend clinic",
        "",
        "backend relay",
        f"    server coturn {_with_port(coturn, behind or 0)}",
        "",
        "backend clinic",
        f"    server cloudclinic {_with_port(_own_address(settings), settings.port)}",
    ]
    return "\n".join(lines) + "\n"


def _relay_name(settings: Settings, urls: list[TurnUrl]) -> str:
    names = {url.host for url in urls}
    if len(names) != 1:
        raise CommandFailed(
            "turn_urls: the front needs one turns: URL; it tells HTTPS and TURN apart by name"
        )
    (name,) = names
    try:
        ipaddress.ip_address(name)
    except ValueError:
        pass
    else:
        raise CommandFailed(f"turn_urls: {name} is an address; browsers name only host names to a front")
    if name in server_names(settings):
        raise CommandFailed(f"turn_urls: {name} is the clinic's own name; give the relay one of its own")
    return name


def _own_address(settings: Settings) -> str:
    try:
        wildcard = ipaddress.ip_address(settings.host).is_unspecified
    except ValueError:
        wildcard = False
    return "127.0.0.1" if wildcard else settings.host


def _with_port(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
