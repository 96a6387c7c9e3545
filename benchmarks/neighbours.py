"""How much of the machine went to work that is not the benchmark's while a figure was taken."""

import os
from pathlib import Path

_IDLE, _IOWAIT = 3, 4  # columns of the first line of /proc/stat, see proc(5)


class Neighbours:
    """Counts from its making until `said`. Processes that begin and end meanwhile count as others' work."""

    def __init__(self) -> None:
        self._total, self._idle, self._ours = _counted()

    def said(self) -> str:
        """Shares of all cores: what others took (the kernel's own threads with them), and what was idle."""
        total, idle, ours = _counted()
        took = max(1, total - self._total)
        idle_share = (idle - self._idle) / took
        others_share = max(0.0, 1 - idle_share - (ours - self._ours) / took)
        return f"others took {100 * others_share:.0f} % of the cores, {100 * idle_share:.0f} % idle"


def _counted() -> tuple[int, int, int]:
    """Ticks since boot: all, idle, and those of this process and its descendants."""
    columns = [int(one) for one in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(columns), columns[_IDLE] + columns[_IOWAIT], _ours()


def _ours() -> int:
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (read := _process(folder)) is not None:
            parents[int(folder.name)], ticks[int(folder.name)] = read
    return sum(spent for pid, spent in ticks.items() if _descends(pid, parents))


def _process(folder: Path) -> tuple[int, int] | None:
    """Parent and ticks of a process; None when it has just ended."""
    try:
        fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return int(fields[1]), int(fields[11]) + int(fields[12])


def _descends(pid: int, parents: dict[int, int]) -> bool:
    while pid > 1:
        if pid == os.getpid():
            return True
        pid = parents.get(pid, 0)
    return False
