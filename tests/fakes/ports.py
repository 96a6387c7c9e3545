"""Ports for programs that must be told theirs before they listen.

Not one of those that the system hands out by itself: between looking and listening it would give it to
somebody else, and on a busy machine it does.
"""

import itertools
import random
import socket

_FIRST, _END = 20_000, 32_000
"""Below the range of Linux's `ip_local_port_range`, above what services are known by."""

_next = itertools.count(random.randrange(_END - _FIRST))


def free_port() -> int:
    """A port that nobody has on the loopback, for UDP and TCP alike; never the same one twice."""
    while True:
        port = _FIRST + next(_next) % (_END - _FIRST)
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            try:
                stream.bind(("127.0.0.1", port))
                datagrams.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
