"""A cable between two network namespaces, in user space: two TUN devices and a slow line each way.

`python -m benchmarks.lines.tun_cable NAMESPACE ADDRESS NAMESPACE ADDRESS --delay MS --jitter MS`; it prints
a line when the cable lies, and ends when its standard input closes.
"""

import argparse
import fcntl
import os
import select
import struct
import subprocess
import sys
import time

from benchmarks.lines.machine import enter
from benchmarks.lines.slow_line import SlowLine, Slowness

DEVICE = "cable"
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x4004_54CA, 0x0001, 0x1000  # <linux/if_tun.h>
_MOST_BYTES = 65_536


def open_end(namespace: str, address: str) -> int:
    """One end of the cable, up, with its address; a descriptor that reads and writes IP packets."""
    enter(namespace)
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    request = struct.pack("16sH22x", DEVICE.encode(), _IFF_TUN | _IFF_NO_PI)
    fcntl.ioctl(descriptor, _TUNSETIFF, request)
    for command in (["ip", "addr", "add", address, "dev", DEVICE], ["ip", "link", "set", DEVICE, "up"]):
        subprocess.run(command, check=True)
    return descriptor


def carry(ends: tuple[int, int], lines: tuple[SlowLine, SlowLine]) -> None:
    """Carry packets both ways until standard input closes."""
    ways = ((ends[0], ends[1], lines[0]), (ends[1], ends[0], lines[1]))
    while True:
        due = [line.next_due for line in lines if line.next_due is not None]
        pause = max(0.0, min(due) - time.monotonic()) if due else None
        ready, _, _ = select.select([*ends, sys.stdin], [], [], pause)
        if sys.stdin in ready and not os.read(sys.stdin.fileno(), 64):
            return
        for source, target, line in ways:
            if source in ready:
                _drain(source, line)
            for packet in line.due(time.monotonic()):
                _write(target, packet)


def _drain(source: int, line: SlowLine) -> None:
    try:
        while True:
            line.put(os.read(source, _MOST_BYTES), time.monotonic())
    except BlockingIOError:
        return


def _write(target: int, packet: bytes) -> None:
    try:
        os.write(target, packet)
    except OSError:
        return  # a full or closed end loses a packet, as a cable does


def main() -> None:
    """Lay the cable and carry."""
    parser = argparse.ArgumentParser(description=__doc__)
    for end in ("one", "other"):
        parser.add_argument(f"{end}_namespace")
        parser.add_argument(f"{end}_address")
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--jitter", type=float, default=0.0)
    asked = parser.parse_args()
    ends = (
        open_end(asked.one_namespace, asked.one_address),
        open_end(asked.other_namespace, asked.other_address),
    )
    lines = (
        SlowLine(Slowness(delay_ms=asked.delay, jitter_ms=asked.jitter, seed=1)),
        SlowLine(Slowness(delay_ms=asked.delay, jitter_ms=asked.jitter, seed=2)),
    )
    print("ready", flush=True)
    carry(ends, lines)


if __name__ == "__main__":
    main()
