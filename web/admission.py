"""Which media worker takes a new consult, and when none does: running consults are never disturbed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from media.messages import WorkerFigures


@dataclass(frozen=True)
class Limits:
    """Beyond any of these a worker takes no new room."""

    cpu_share: float = 0.85  # of one core
    loop_lag_ms: float = 150.0  # 95th percentile of the last 10 s
    memory_bytes: float = 2e9


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Load:
    """What a worker was doing lately."""

    cpu_share: float = 0.0
    loop_lag_ms: float = 0.0
    memory_bytes: float = 0.0

    @classmethod
    def between(cls, before: WorkerFigures, after: WorkerFigures, apart_s: float) -> "Load":
        """By what a worker counted twice, so many seconds apart."""
        return cls(
            cpu_share=max(0.0, after.cpu_s - before.cpu_s) / max(apart_s, 1e-3),
            loop_lag_ms=after.loop_lag_p95_ms,
            memory_bytes=after.memory_bytes,
        )

    def over(self, limits: Limits) -> str | None:
        """Which limit it is over, in words for the log; None: it takes a new room."""
        if self.cpu_share > limits.cpu_share:
            return f"{self.cpu_share:.0%} of a core is used; at most {limits.cpu_share:.0%} is right"
        if self.loop_lag_ms > limits.loop_lag_ms:
            return f"it is {self.loop_lag_ms:.0f} ms late; at most {limits.loop_lag_ms:.0f} ms is right"
        if self.memory_bytes > limits.memory_bytes:
            most = limits.memory_bytes / 1e6
            return f"it has {self.memory_bytes / 1e6:.0f} MB; at most {most:.0f} MB is right"
        return None


@dataclass(frozen=True)
class Candidate:
    """A worker that runs."""

    index: int
    load: Load
    peers: int


def choose(candidates: Iterable[Candidate], limits: Limits) -> Candidate | None:
    """The least loaded worker that takes a new room: by processor in steps of 5 %, then by peers."""
    willing = [one for one in candidates if one.load.over(limits) is None]
    return min(
        willing, key=lambda one: (round(one.load.cpu_share / 0.05), one.peers, one.index), default=None
    )
