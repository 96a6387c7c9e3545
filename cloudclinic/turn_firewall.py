"""Writes nftables rules, a second wall around coturn: what its own lists let past, its user cannot send.

coturn allows peers by address only. The rules name the workers' ports as well, so that other services on a
worker's machine are out of reach too.
"""

import ipaddress
from collections.abc import Iterable

from cloudclinic.settings import Settings
from cloudclinic.turn_config import FIRST_RELAY_PORT, LAST_RELAY_PORT, tls_port, turn_urls, workers
from media.turn_url import Transport

COTURN_USER = "turnserver"  # of Debian's package


def write_firewall(settings: Settings) -> str:
    """The text for `nft -f`; loading it again replaces the rules of before."""
    urls = turn_urls(settings)
    udp = _listed({url.port for url in urls if url.transport is Transport.UDP})
    tls = tls_port(settings, urls)
    streams = {url.port for url in urls if url.transport is Transport.TCP} | ({tls} if tls else set())
    rules = [
        *([f'udp sport {udp} accept comment "answers to clients"'] if udp else []),
        *([f'tcp sport {_listed(streams)} accept comment "answers to clients"'] if streams else []),
        *_to_workers(settings),
        'counter reject comment "nobody else"',
    ]
    lines = [
        "# Written by `cloudclinic turn firewall`. Load with `nft -f`.",
        "table inet cloudclinic_turn",
        "delete table inet cloudclinic_turn",
        "table inet cloudclinic_turn {",
        "    chain output {",
        "        type filter hook output priority filter; policy accept;",
        f"        meta skuid {COTURN_USER} jump relay",
        "    }",
        "    chain relay {",
        *(f"        {rule}" for rule in rules),
        "    }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _to_workers(settings: Settings) -> list[str]:
    ports = ""
    if settings.media_udp_port:
        last = settings.media_udp_port + settings.media_workers - 1
        ports = f" udp dport {settings.media_udp_port}-{last}"
    from_relay = f"udp sport {FIRST_RELAY_PORT}-{LAST_RELAY_PORT}"
    families = {"ip": 4, "ip6": 6}
    rules = []
    for word, version in families.items():
        hosts = [host for host in workers(settings) if ipaddress.ip_address(host).version == version]
        if hosts:
            rules.append(f'{word} daddr {_listed(hosts)} {from_relay}{ports} accept comment "media workers"')
    return rules


def _listed(items: Iterable[object]) -> str:
    texts = sorted(str(item) for item in items)
    return f"{{ {', '.join(texts)} }}" if texts else ""
