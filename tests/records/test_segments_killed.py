"""A process killed at any moment has lost nothing that it acknowledged; the control shows that one could."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from records.store.segments import SampleFiles

ROUNDS = 6

WRITER = """
import asyncio, sys
from pathlib import Path
from records.store.segment_files import RealFiles
from records.store.segments import SampleFiles

class AcknowledgesTooEarly(RealFiles):
    def __init__(self):
        self.held = bytearray()

    def write(self, descriptor, data):
        self.held += data
        if len(self.held) > 20_000:
            super().write(descriptor, bytes(self.held))
            self.held.clear()

async def main():
    files = AcknowledgesTooEarly() if sys.argv[2] == "early" else RealFiles()
    store = await SampleFiles.open(Path(sys.argv[1]), lambda _: None, files, commit_interval_s=0)
    number = 0
    while True:
        await store.append("stream", number, 1, number.to_bytes(4, "little") * 60)
        number += 1
        print(number, flush=True)

asyncio.run(main())
"""


def killed_after(directory: Path, acknowledgements: int, how: str) -> int:
    """Let a process append, kill it after so many acknowledgements; how many it gave."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(directory), how], stdout=subprocess.PIPE, cwd=os.getcwd()
    )
    assert writer.stdout is not None
    with writer.stdout as lines:
        for line in lines:
            if int(line) >= acknowledgements:
                break
        writer.send_signal(signal.SIGKILL)
        acknowledged = int(line)
        for rest in lines:
            if rest.endswith(b"\n"):
                acknowledged = int(rest)
    writer.wait()
    return acknowledged


async def kept(directory: Path) -> int:
    store = await SampleFiles.open(directory, lambda _: None)
    try:
        end = store.contiguous_end("stream")
        payloads = await store.read("stream", 0, end)
        assert payloads == [number.to_bytes(4, "little") * 60 for number in range(end)]
        return end
    finally:
        await store.close()


async def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    moments = random.Random(5)
    for number in range(ROUNDS):
        directory = tmp_path / str(number)
        acknowledged = killed_after(directory, moments.randrange(1, 200), "synced")
        assert await kept(directory) >= acknowledged


async def test_the_proof_can_fail_when_acknowledged_before_the_sync(tmp_path: Path) -> None:
    lost = 0
    for number in range(3):
        directory = tmp_path / str(number)
        acknowledged = killed_after(directory, 20 + 10 * number, "early")
        lost += await kept(directory) < acknowledged
    assert lost > 0
