"""Which worker takes a new consult, and when none does."""

import pytest

from media.messages import WorkerFigures
from signaling.ports import MediaFull
from tests.fakes.workers import FakeWorker, figures
from tests.web.test_media_plane import Plane, two
from web.admission import Candidate, Limits, Load, choose

__all__ = ["two"]
LIMITS = Limits()


def test_a_load_is_what_was_used_between_two_looks() -> None:
    before, after = figures(cpu_s=10.0), figures(cpu_s=12.5, loop_lag_p95_ms=7.0, memory_bytes=5)
    assert Load.between(before, after, 5.0) == Load(0.5, 7.0, 5)
    assert Load.between(after, before, 5.0).cpu_share == 0.0  # another process in its place


@pytest.mark.parametrize(
    ("load", "says"),
    [
        (Load(), None),
        (Load(0.85, 150.0, 2e9), None),
        (Load(cpu_share=0.9), "90% of a core"),
        (Load(loop_lag_ms=200.0), "200 ms late"),
        (Load(memory_bytes=3e9), "3000 MB"),
    ],
)
def test_each_limit_is_named(load: Load, says: str | None) -> None:
    over = load.over(LIMITS)
    assert (over is None) if says is None else (over is not None and says in over)


def test_the_least_loaded_one_takes_it_and_one_over_its_limit_never() -> None:
    busy = Candidate(0, Load(cpu_share=0.5), 2)
    idle_but_fuller = Candidate(1, Load(cpu_share=0.1), 9)
    late = Candidate(2, Load(loop_lag_ms=500.0), 0)
    assert choose([busy, idle_but_fuller, late], LIMITS) == idle_but_fuller
    assert choose([late], LIMITS) is None
    alike = [Candidate(0, Load(0.11), 5), Candidate(1, Load(0.12), 3)]
    assert choose(alike, LIMITS) == alike[1]


def make_late(worker: FakeWorker) -> None:
    worker.counts = figures(loop_lag_p95_ms=900.0)


async def test_a_new_room_is_refused_and_a_running_one_goes_on(two: Plane) -> None:
    await two.open("a")
    for worker in two.workers:
        make_late(worker)
    await two.plane.look_at_loads()
    await two.plane.look_at_loads()
    with pytest.raises(MediaFull, match="worker 0: it is 900 ms late.*worker 1"):
        await two.open("b")
    assert (await two.open("a", "another")).startswith("0-")
    two.workers[1].counts = figures()
    await two.plane.look_at_loads()
    assert (await two.open("b")).startswith("1-")


async def test_a_worker_that_does_not_answer_keeps_its_last_load(two: Plane) -> None:
    two.workers[0].dead = True
    await two.plane.look_at_loads()
    counted: WorkerFigures = two.workers[1].counts
    assert counted.peers == ()
