"""Whether this machine can make weak lines: every reason at once why not, in words."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

TOOLS = {"ip": "iproute2", "tc": "iproute2", "nft": "nftables"}
PROBE = f"cloudclinic-probe-{os.getpid()}"  # not that of a run that was killed before it took it away


def obstacles(
    is_root: bool, has_tool: Callable[[str], bool], works: Callable[[list[str]], bool]
) -> list[str]:
    """What stands in the way; nothing: all cases can run. `works` runs a command and tells whether it did."""
    if not is_root:
        return ["not root: network namespaces need it (sudo)"]
    missing = [
        f"no `{tool}` (Debian package {package})" for tool, package in TOOLS.items() if not has_tool(tool)
    ]
    if missing:
        return missing
    if not works(["ip", "netns", "add", PROBE]):
        return ["no network namespaces (`ip netns add` fails): this kernel or this container has none"]
    try:
        return [why for command, why in _probes() if not works(command)]
    finally:
        works(["ip", "netns", "del", PROBE])


def _probes() -> list[tuple[list[str], str]]:
    inside = ["ip", "netns", "exec", PROBE]
    veth = [*inside, "ip", "link", "add", "probe0", "type", "veth", "peer", "name", "probe1"]
    rate = [*inside, *"tc qdisc add dev probe0 root tbf rate 1mbit burst 16kb latency 300ms".split()]
    chain = "add table inet probe; add chain inet probe p { type filter hook prerouting priority -300 ; }; "
    loss = [*inside, "nft", chain + "add rule inet probe p numgen random mod 100 < 5 drop"]
    return [
        (veth, "no veth pairs in this kernel"),
        (rate, "no `tbf` in this kernel (`tc qdisc add … tbf` fails): a narrow line cannot be made"),
        (loss, "nft's `numgen` does not work here: losses cannot be made"),
        (["test", "-c", "/dev/net/tun"], "no /dev/net/tun: delay and jitter cannot be made"),
    ]


def look() -> list[str]:
    """What stands in the way here."""
    return obstacles(os.geteuid() == 0, lambda tool: shutil.which(tool) is not None, _works)


def _works(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False, timeout=20).returncode == 0


_CLONE_NEWNET = 0x4000_0000  # <sched.h>


def enter(namespace: str) -> None:
    """Move the calling thread into a named network namespace (setns(2))."""
    descriptor = os.open(Path("/var/run/netns") / namespace, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(descriptor, _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns into {namespace}")
    finally:
        os.close(descriptor)
