"""Two network namespaces, made and taken away again: the server's side and the viewer's, and their cable."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

SERVER_ADDRESS = "10.77.0.1"
VIEWER_ADDRESS = "10.77.0.2"
OTHER_VIEWER_ADDRESS = "10.77.0.3"
_TABLE = "cloudclinic"


@dataclass(frozen=True)
class Namespaces:
    """The names of both sides and of the device each has its end of the cable on."""

    server: str
    viewer: str
    device: str

    def narrow(self, kilobits_per_s: int | None) -> None:
        """Let so much through each way, with a queue of 300 ms; None: all."""
        for side in (self.server, self.viewer):
            if kilobits_per_s is None:
                _inside(side, "tc", "qdisc", "del", "dev", self.device, "root")
            else:
                rate = f"rate {kilobits_per_s}kbit burst 16kb latency 300ms"
                _inside(side, *f"tc qdisc replace dev {self.device} root tbf {rate}".split())

    def lose(self, percent: int) -> None:
        """Lose so much of what arrives at the viewer."""
        _rule(self.viewer, f"iifname {self.device} numgen random mod 100 < {percent} drop")

    def cut(self) -> None:
        """Lose everything, both ways."""
        for side in (self.server, self.viewer):
            _rule(side, f"iifname {self.device} drop")

    def block_udp(self) -> None:
        """Lose every UDP packet, both ways, as a strict firewall does."""
        for side in (self.server, self.viewer):
            _rule(side, f"iifname {self.device} meta l4proto udp drop")

    def mend(self) -> None:
        """Lose nothing any more."""
        for side in (self.server, self.viewer):
            _inside(side, "nft", "flush", "ruleset")

    def change_address(self) -> None:
        """Give the viewer another address, as from Wi-Fi to 5G; the one before is gone."""
        shown = ["ip", "netns", "exec", self.viewer, *f"ip -4 -o addr show dev {self.device}".split()]
        has_first = VIEWER_ADDRESS in subprocess.run(shown, check=True, capture_output=True, text=True).stdout
        # Away first: with the first address of a network the kernel takes away the others.
        _inside(self.viewer, *f"ip addr flush dev {self.device}".split())
        now = OTHER_VIEWER_ADDRESS if has_first else VIEWER_ADDRESS
        _inside(self.viewer, *f"ip addr add {now}/24 dev {self.device}".split())


@contextlib.contextmanager
def namespaces(delay_ms: float = 0.0, jitter_ms: float = 0.0) -> Iterator[Namespaces]:
    """Two namespaces with a cable of the kernel's between them, or one of ours where it is to be slow."""
    number = os.getpid()
    server, viewer = f"cloudclinic-server-{number}", f"cloudclinic-viewer-{number}"
    made = []
    try:
        for name in (server, viewer):
            _run("ip", "netns", "add", name)
            made.append(name)
            _inside(name, "ip", "link", "set", "lo", "up")
        if delay_ms or jitter_ms:
            with _slow_cable(server, viewer, delay_ms, jitter_ms) as device:
                yield Namespaces(server, viewer, device)
        else:
            yield Namespaces(server, viewer, _cable(server, viewer))
    finally:
        for name in made:
            _run("ip", "netns", "del", name)


def _cable(server: str, viewer: str) -> str:
    device = "cable"
    _inside(server, *f"ip link add {device} type veth peer name {device} netns {viewer}".split())
    for side, address in ((server, SERVER_ADDRESS), (viewer, VIEWER_ADDRESS)):
        # Packets that were sent in one call must cross it, and be lost, one by one.
        _inside(side, *f"ip link set dev {device} gso_max_segs 1".split())
        _inside(side, *f"ip addr add {address}/24 dev {device}".split())
        _inside(side, *f"ip link set {device} up".split())
    return device


@contextlib.contextmanager
def _slow_cable(server: str, viewer: str, delay_ms: float, jitter_ms: float) -> Iterator[str]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "benchmarks.lines.tun_cable"),
            *(server, f"{SERVER_ADDRESS}/24", viewer, f"{VIEWER_ADDRESS}/24"),
            *("--delay", str(delay_ms), "--jitter", str(jitter_ms)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin and process.stdout
    try:
        if process.stdout.readline().strip() != b"ready":
            raise RuntimeError("the slow cable could not be laid")
        yield "cable"
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def _rule(side: str, rule: str) -> None:
    chain = f"add chain inet {_TABLE} lost {{ type filter hook prerouting priority -300 ; }}"
    _inside(side, "nft", f"add table inet {_TABLE}; {chain}; add rule inet {_TABLE} lost {rule}")


def _inside(namespace: str, *command: str) -> None:
    _run("ip", "netns", "exec", namespace, *command)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=20)
