"""Where a relay must never send: every range that is not a public host, and why.

After IANA's registries of special-purpose addresses (RFC 6890, as of 2026). IPv6 spellings of IPv4 addresses
are ranges of their own: relays have let them past a full list of IPv4 ranges (CVE-2026-27624).
"""

import ipaddress
from dataclasses import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class DeniedRange:
    """A range, what it is, and an address in it that `turn check` asks for."""

    network: Network
    what: str
    sample: str

    @property
    def first_last(self) -> str:
        """As coturn writes a range."""
        return f"{self.network[0]}-{self.network[-1]}"


def _range(network: str, what: str, sample: str) -> DeniedRange:
    made = DeniedRange(ipaddress.ip_network(network), what, sample)
    assert ipaddress.ip_address(sample) in made.network
    return made


DENIED: tuple[DeniedRange, ...] = (
    _range("0.0.0.0/8", "this network", "0.0.0.1"),
    _range("10.0.0.0/8", "private", "10.0.0.1"),
    _range("100.64.0.0/10", "carrier-grade NAT", "100.64.0.1"),
    _range("127.0.0.0/8", "loopback", "127.0.0.53"),
    _range("169.254.0.0/16", "link-local, cloud metadata", "169.254.169.254"),
    _range("172.16.0.0/12", "private", "172.16.0.1"),
    _range("192.0.0.0/24", "protocol assignments", "192.0.0.170"),
    _range("192.0.2.0/24", "documentation", "192.0.2.254"),
    _range("192.31.196.0/24", "AS112", "192.31.196.1"),
    _range("192.52.193.0/24", "AMT", "192.52.193.1"),
    _range("192.88.99.0/24", "6to4 relay", "192.88.99.1"),
    _range("192.168.0.0/16", "private", "192.168.0.1"),
    _range("192.175.48.0/24", "AS112", "192.175.48.1"),
    _range("198.18.0.0/15", "benchmarking", "198.18.0.1"),
    _range("198.51.100.0/24", "documentation", "198.51.100.1"),
    _range("203.0.113.0/24", "documentation", "203.0.113.1"),
    _range("224.0.0.0/4", "multicast", "224.0.0.1"),
    _range("240.0.0.0/4", "reserved, broadcast", "255.255.255.255"),
    _range("::/96", "unspecified, loopback, IPv4-compatible", "::1"),
    _range("::ffff:0:0/96", "IPv4-mapped", "::ffff:127.0.0.1"),
    _range("::ffff:0:0:0/96", "IPv4-translated", "::ffff:0:7f00:1"),
    _range("64:ff9b::/96", "NAT64", "64:ff9b::7f00:1"),
    _range("64:ff9b:1::/48", "NAT64, local use", "64:ff9b:1::7f00:1"),
    _range("100::/64", "discard only", "100::1"),
    _range("2001::/23", "protocol assignments, Teredo, ORCHID", "2001::1"),
    _range("2001:db8::/32", "documentation", "2001:db8::1"),
    _range("2002::/16", "6to4", "2002:7f00:1::1"),
    _range("2620:4f:8000::/48", "AS112", "2620:4f:8000::1"),
    _range("3fff::/20", "documentation", "3fff::1"),
    _range("5f00::/16", "segment routing", "5f00::1"),
    _range("fc00::/7", "unique local", "fd00::1"),
    _range("fe80::/10", "link-local", "fe80::1"),
    _range("fec0::/10", "site-local", "fec0::1"),
    _range("ff00::/8", "multicast", "ff02::1"),
)

EVERYTHING: tuple[DeniedRange, ...] = (
    _range("0.0.0.0/0", "every other IPv4 host", "9.9.9.9"),
    _range("::/0", "every other IPv6 host", "2620:fe::fe"),
)
"""Last: whatever no rule names is no worker of ours."""
