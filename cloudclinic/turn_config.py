"""Writes the configuration of coturn: exactly the workers can be reached through it, and nobody else.

coturn's order (4.6, `good_peer_addr`): multicast and loopback switches first, then `allowed-peer-ip`, which
wins over `denied-peer-ip`. So the workers are allowed one by one and everything is denied, each range that
would hurt by name and the rest of the two address spaces at the end.
"""

import ipaddress
from collections.abc import Iterable
from pathlib import Path

from cloudclinic.addresses import announced, local_addresses
from cloudclinic.directory import DataDirectory
from cloudclinic.errors import CommandFailed
from cloudclinic.settings import Settings
from cloudclinic.turn_ranges import DENIED, EVERYTHING
from media.turn_url import Transport, TurnUrl, read_turn_url

FIRST_RELAY_PORT, LAST_RELAY_PORT = 49152, 65535
NONCE_S = 600
# One connection of a browser allocates once per URL and network of its machine: 3 URLs on Wi-Fi, cable and a
# VPN, IPv4 and IPv6, are 18.
USER_QUOTA = 24
TOTAL_QUOTA = 1200
SESSION_BYTES_PER_S = 1_500_000  # 12 Mbit/s each way: all pictures of a room


def turn_urls(settings: Settings) -> tuple[TurnUrl, ...]:
    """The relay's URLs. Raises CommandFailed when none is set."""
    if not settings.turn_urls:
        raise CommandFailed(
            "turn_urls names no relay; for example turn_urls = "
            '["turn:turn.clinic.example?transport=udp", "turn:turn.clinic.example?transport=tcp", '
            '"turns:turn.clinic.example:443"]'
        )
    return tuple(read_turn_url(text) for text in settings.turn_urls)


def workers(settings: Settings) -> tuple[str, ...]:
    """The addresses relayed packets may go to, and no others."""
    found = announced(settings)
    unusable = [host for host in found if _unspecified_or_multicast(host)]
    if unusable:
        raise CommandFailed(f"media_announce: {unusable[0]} is no address of a worker")
    return found


def _unspecified_or_multicast(host: str) -> bool:
    address = ipaddress.ip_address(host)
    return address.is_unspecified or address.is_multicast


def write_config(settings: Settings, secret: str) -> str:
    """The text of `turnserver.conf`."""
    urls = turn_urls(settings)
    _both_can_listen(settings, urls)
    sections = (
        _head(),
        _listening(settings, urls),
        _credentials(settings, secret),
        _tls(settings, urls),
        _limits(),
        _closed_doors(),
        _peers(workers(settings)),
    )
    return "\n".join("\n".join(section) + "\n" for section in sections)


def _head() -> list[str]:
    return [
        "# Written by `cloudclinic turn config`. Do not edit: change the settings and write it anew,",
        "# then prove it with `cloudclinic turn check`. Whoever can read the secret below can use the relay.",
        "log-file=stdout",
        "simple-log",
    ]


def _listening(settings: Settings, urls: tuple[TurnUrl, ...]) -> list[str]:
    lines = ["# Where clients come to, and where relayed packets leave from"]
    for address in settings.turn_addresses:
        lines += [f"listening-ip={address}", f"relay-ip={address}"]
    offered = {url.transport for url in urls}
    plain = _one_port(urls, (Transport.UDP, Transport.TCP), "turn:")
    lines.append(f"listening-port={plain or 3478}")
    lines.append(f"tls-listening-port={tls_port(settings, urls) or 5349}")
    lines += [f"min-port={FIRST_RELAY_PORT}", f"max-port={LAST_RELAY_PORT}"]
    switches = {Transport.UDP: "no-udp", Transport.TCP: "no-tcp", Transport.TLS: "no-tls"}
    return lines + [switch for transport, switch in switches.items() if transport not in offered]


def _one_port(urls: Iterable[TurnUrl], transports: tuple[Transport, ...], scheme: str) -> int | None:
    ports = {url.port for url in urls if url.transport in transports}
    if len(ports) > 1:
        raise CommandFailed(f"turn_urls: {scheme} URLs name the ports {sorted(ports)}; coturn takes one")
    return next(iter(ports), None)


def tls_port(settings: Settings, urls: tuple[TurnUrl, ...]) -> int | None:
    """Where coturn itself takes TLS: behind a front that shares 443 it is another port than the URL's."""
    offered = _one_port(urls, (Transport.TLS,), "turns:")
    return settings.turn_tls_port or offered if offered else None


def _both_can_listen(settings: Settings, urls: tuple[TurnUrl, ...]) -> None:
    """HTTPS and TURN over TLS on one port need an address each, or a front before both."""
    port = tls_port(settings, urls)
    if port != settings.port:
        return
    wildcard = settings.host in ("0.0.0.0", "::")
    own = local_addresses() if wildcard else (settings.host,)
    if not settings.turn_addresses or set(settings.turn_addresses) & set(own):
        raise CommandFailed(
            f"the pages and turns: both want TCP port {port} of one address: give coturn one of its own in "
            "turn_addresses and the server another in host, or share the port by `cloudclinic turn front`"
        )


def _credentials(settings: Settings, secret: str) -> list[str]:
    return [
        "# Credentials the server makes for one connection each (draft-uberti-behave-turn-rest-00)",
        f"realm={settings.turn_realm}",
        "use-auth-secret",
        f"static-auth-secret={secret}",
        f"stale-nonce={NONCE_S}",
    ]


def _tls(settings: Settings, urls: tuple[TurnUrl, ...]) -> list[str]:
    if tls_port(settings, urls) is None:
        return ["# No turns: URL, so no TLS"]
    certificate, key = certificate_paths(settings)
    return [
        "# coturn's own user must be able to read both files",
        f"cert={certificate.absolute()}",
        f"pkey={key.absolute()}",
        "no-tlsv1",
        "no-tlsv1_1",
    ]


def certificate_paths(settings: Settings) -> tuple[Path, Path]:
    """The certificate browsers see on `turns:`: the relay's own, or the server's."""
    if settings.turn_certificate and settings.turn_certificate_key:
        return settings.turn_certificate, settings.turn_certificate_key
    if settings.certificate and settings.certificate_key:
        return settings.certificate, settings.certificate_key
    own = DataDirectory(settings.data)
    return own.certificate, own.certificate_key


def _limits() -> list[str]:
    return [
        "# A connection takes one allocation per URL and network of the browser's machine",
        f"user-quota={USER_QUOTA}",
        f"total-quota={TOTAL_QUOTA}",
        f"max-bps={SESSION_BYTES_PER_S}",
    ]


def _closed_doors() -> list[str]:
    return [
        "# Nothing but TURN over what is listed above",
        "no-cli",
        "no-dtls",
        "no-tcp-relay",
        "no-multicast-peers",
        "no-rfc5780",
        "no-stun-backward-compatibility",
        "no-software-attribute",
        "no-dynamic-ip-list",
    ]


def _peers(allowed: tuple[str, ...]) -> list[str]:
    lines = ["# Exactly the media workers"]
    if any(ipaddress.ip_address(host).is_loopback for host in allowed):
        lines.append("allow-loopback-peers")  # the loopback's other addresses are denied below
    lines += [f"allowed-peer-ip={host}" for host in allowed]
    lines.append("# and nobody else")
    for denied in (*DENIED, *EVERYTHING):
        lines += [f"# {denied.what}", f"denied-peer-ip={denied.first_last}"]
    return lines
