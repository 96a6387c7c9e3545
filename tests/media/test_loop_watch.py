"""Whoever blocks a worker's loop is noticed."""

import asyncio
import socket
import time

import pytest

from media.egress import Path
from media.loop_watch import LoopWatch
from media.port import UdpPort
from media.worker import Worker
from tests.media.test_isolation import Heard


async def test_a_block_is_seen_by_the_packets_that_waited_and_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = UdpPort.open(0, ["127.0.0.1"], ["127.0.0.1"])
    worker = Worker(port)
    worker.keep_time()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        receiver = Heard()
        port.bind(Path(port._sockets[0], sender.getsockname()), receiver)
        sender.sendto(b"\x80" + bytes(20), ("127.0.0.1", port.number))
        time.sleep(0.07)  # noqa: ASYNC251  the fault; the look that is due in 50 ms is only 20 late
        await receiver.passed_on.wait()
    assert receiver.calls == ["received", "pass_on"] and worker._figures(1).loop_lag_ms >= 60
    await worker.close()
    assert "media worker: stood still for" in capsys.readouterr().err


async def test_a_block_of_an_idle_worker_is_seen_by_the_look_that_was_due() -> None:
    worker = Worker(UdpPort.open(0, ["127.0.0.1"], ["127.0.0.1"]))
    worker.keep_time()
    asyncio.get_running_loop().call_soon(time.sleep, 0.4)  # the fault
    for _ in range(5):
        await asyncio.sleep(0)
    assert worker._figures(1).loop_lag_ms >= 100
    await worker.close()


def test_the_worst_is_kept_as_long_as_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    watch = LoopWatch()
    watch.waited(0.045, 0.0)
    watch.look(0.04, 0.05)
    for number in range(1, 40):
        watch.look(0.001, number / 4)
    assert watch.worst_ms == 45.0 and watch.percentile_ms(0.95) == 1.0
    watch.look(0.001, 10.02)
    assert watch.worst_ms == 40.0
    watch.look(0.001, 10.1)
    assert watch.worst_ms == 1.0 and capsys.readouterr().err == ""


def test_blocks_are_told_at_most_every_ten_seconds_and_the_worst_of_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    watch = LoopWatch()
    for at, lag_s in (
        *((0.0, 0.06), (1.0, 0.3), (2.0, 0.07), (10.1, 0.0)),
        *((12.0, 0.06), (25.0, 0.0), (40.0, 0.0)),
    ):
        watch.look(lag_s, at)
    assert capsys.readouterr().err.splitlines() == [
        "media worker: stood still for 60 ms",
        "media worker: stood still for 300 ms",
        "media worker: stood still for 60 ms",
    ]
