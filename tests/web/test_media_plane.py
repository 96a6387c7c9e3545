"""Several media workers as one plane, and the durable samples behind one port."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from ecg import wire
from ecg.errors import WireError
from media import messages as w
from records.ids import BindingId
from records.rooms import NO_GRANTS, ClientOffer, GivenUp, MediaKind
from records.store.segments import SampleFiles
from signaling.ports import (
    LineWeak,
    MediaEvent,
    MediaRefused,
    MediaUnavailable,
    PeerDown,
    PeerUp,
    SlotFilled,
    SourceCapped,
    WorkerRestarted,
)
from tests.fakes.workers import FakeWorker
from web.media_plane import MediaWorkers
from web.samples import StoredSamples


class Plane:
    """Two fake workers behind the real plane."""

    def __init__(self) -> None:
        self.workers: list[FakeWorker] = []
        self.events: asyncio.Queue[MediaEvent] = asyncio.Queue()
        self.plane = MediaWorkers(self._start, 2, self.events.put)

    async def _start(self, index: int) -> FakeWorker:
        self.workers.append(FakeWorker(index))
        return self.workers[-1]

    async def open(self, room: str, participant: str = "p") -> str:
        return (await self.plane.open_peer(room, participant, NO_GRANTS, False)).peer_id


@pytest.fixture
async def two() -> AsyncIterator[Plane]:
    plane = Plane()
    await plane.plane.start()
    yield plane
    await plane.plane.close()
    assert all(worker.dead for worker in plane.workers)


async def test_a_room_stays_on_its_worker_and_the_next_goes_to_the_least_loaded(two: Plane) -> None:
    peers = [await two.open(room) for room in ("a", "a", "b", "b", "b", "c")]
    assert [peer[0] for peer in peers] == ["0", "0", "1", "1", "1", "0"]
    assert two.plane.ready() == (2, 2)


async def test_every_worker_is_probed_and_nothing_is_left_of_it(two: Plane) -> None:
    await two.open("a")
    probes = await two.plane.open_at_each("probe")
    assert [probe.peer_id[0] for probe in probes] == ["0", "1"]
    await two.plane.close_at_each("probe")
    asked = [worker.asked for worker in two.workers]
    assert asked[0] == [("open", "a"), ("open", "probe-0"), ("close room", "probe-0")]
    assert asked[1] == [("open", "probe-1"), ("close room", "probe-1")]
    assert await two.open("b") == "1-2"  # worker 1 counts as free again


async def test_what_a_worker_tells_reaches_the_desk_in_its_own_words(two: Plane) -> None:
    peer = await two.open("a")
    two.workers[0].tell(w.PeerConnected(peer_id=peer))
    two.workers[0].tell(w.SourceBound(peer_id=peer, mid="3", participant_id="q", kind=MediaKind.FACE))
    two.workers[0].tell(w.SourceStarted(peer_id=peer, participant_id="q", kind=MediaKind.FACE))
    two.workers[0].tell(w.ViewerReduced(peer_id=peer, given_up=frozenset({GivenUp.FACES})))
    two.workers[0].tell(w.SourceLimited(peer_id=peer, mid="1", kind=MediaKind.FACE, bits_per_second=300_000))
    two.workers[0].tell(w.PeerLost(peer_id=peer, reason="silent"))
    assert [await two.events.get() for _ in range(5)] == [
        PeerUp(peer_id=peer),
        SlotFilled(peer_id=peer, mid="3", participant_id="q", kind=MediaKind.FACE),
        LineWeak(peer_id=peer, given_up=frozenset({GivenUp.FACES})),
        SourceCapped(peer_id=peer, mid="1", kind=MediaKind.FACE, bits_per_second=300_000),
        PeerDown(peer_id=peer, reason="silent"),
    ]


async def taped_and_dead(two: Plane) -> FakeWorker:
    """A room whose recorder was fed by a worker that died; the worker that came in its place."""
    await two.open("room")
    await two.plane.open_tap("room", "/sockets/tape", 7)
    assert two.plane.is_tapped("room") and not two.plane.is_tapped("another")
    two.workers[0].die()
    assert await two.events.get() == WorkerRestarted(room_ids=("room",))
    assert not two.plane.is_tapped("room")
    return two.workers[2]


def taps(two: Plane) -> int:
    """How often the workers that live were asked to feed the recorder."""
    return sum(worker.asked.count(("open tap", "room")) for worker in two.workers[1:])


@pytest.mark.parametrize("first", ["browser", "device"])
async def test_whoever_comes_first_after_a_workers_death_the_recorder_goes_on(two: Plane, first: str) -> None:
    await taped_and_dead(two)
    if first == "device":
        offer = ClientOffer(
            room_id="room", participant_id="encoder", grants=NO_GRANTS, publishes=True, kinds=(), sdp="v=0"
        )
        await two.plane.answer_offer(offer)
    else:
        await two.open("room")
    assert two.plane.is_tapped("room") and taps(two) == 1
    await two.open("room", "another")
    assert taps(two) == 1  # once is enough
    await two.plane.close_tap("room")
    assert not two.plane.is_tapped("room")


async def test_a_recorder_that_could_not_be_fed_keeps_nobody_out_and_is_tried_again(two: Plane) -> None:
    await taped_and_dead(two)
    for worker in two.workers[1:]:
        worker.refuses_taps = True
    await two.open("room")
    assert not two.plane.is_tapped("room")
    with pytest.raises(MediaUnavailable):
        await two.plane.open_tap("room", "/sockets/tape", 7)
    assert not two.plane.is_tapped("room")
    for worker in two.workers[1:]:
        worker.refuses_taps = False
    await two.plane.open_tap("room", "/sockets/tape", 7)
    assert two.plane.is_tapped("room") and taps(two) == 3


async def test_a_dead_worker_is_replaced_and_its_rooms_are_told_of(two: Plane) -> None:
    peer = await two.open("a")
    await two.open("b")
    two.workers[0].die()
    assert await two.events.get() == WorkerRestarted(room_ids=("a",))
    with pytest.raises(MediaUnavailable):
        await two.plane.take_answer(peer, "v=0")
    await two.plane.close_peer(peer)  # gone with its worker: no fault
    await two.open("a")
    assert len(two.workers) == 3 and two.plane.restarts == 1


async def test_a_refused_answer_is_not_a_dead_worker(two: Plane) -> None:
    peer = await two.open("a")
    two.workers[0].refuses = True
    with pytest.raises(MediaRefused, match="no fingerprint"):
        await two.plane.take_answer(peer, "v=0")
    with pytest.raises(MediaUnavailable):
        await two.open("a")


async def test_a_worker_that_does_not_answer_is_unavailable(two: Plane) -> None:
    peer = await two.open("a")
    two.workers[0].dead = True
    with pytest.raises(MediaUnavailable):
        await two.plane.set_grants(peer, NO_GRANTS)


async def test_a_closed_room_may_live_elsewhere(two: Plane) -> None:
    await two.open("a")
    await two.open("b")
    await two.open("b")
    await two.plane.close_room("a")
    await two.plane.close_room("a")
    assert two.workers[0].asked[-1] == ("close room", "a")
    assert two.workers[0].asked.count(("close room", "a")) == 1


def wave(first: int, count: int = 10) -> bytes:
    samples = np.full((2, count), first, dtype=np.int16)
    return wire.encode(wire.Wave(stream_id=1, first_index=first, captured_us=0, samples=samples))


async def test_samples_are_kept_by_index_and_read_back_as_backfill(tmp_path: Path) -> None:
    files = await SampleFiles.open(tmp_path / "samples", lambda key: None)
    stored, binding = StoredSamples(files), BindingId("b" * 32)
    assert await stored.append(binding, wave(0)) == 10
    assert await stored.append(binding, wave(20)) == 10
    assert await stored.append(binding, wire.encode(wire.End(stream_id=1, total=30, sha256=bytes(32)))) == 10
    assert await stored.append(binding, wave(10)) == 30
    read = [wire.decode(packet) for packet in await stored.read(binding, 5, 10)]
    assert [one.first_index for one in read if isinstance(one, wire.Wave)] == [0, 10]
    assert all(one.flags & wire.Flag.BACKFILL for one in read)
    assert await stored.read_joined(binding, 5, 10) == await stored.read(binding, 5, 10)
    with pytest.raises(WireError):
        await stored.append(binding, b"not E1")
    await files.close()
    files = await SampleFiles.open(tmp_path / "samples", lambda key: None)
    assert await StoredSamples(files).contiguous_end(binding) == 30
    await files.close()


async def test_a_long_hole_is_read_in_few_packets_with_every_sample(tmp_path: Path) -> None:
    files = await SampleFiles.open(tmp_path / "samples", lambda key: None)
    stored, binding = StoredSamples(files), BindingId("b" * 32)
    rows = np.arange(24_000).reshape(2, 12_000).astype(np.int16)
    pieces = [
        wire.Wave(stream_id=1, first_index=at, captured_us=at * 2000, samples=rows[:, at : at + 100])
        for at in range(0, 12_000, 100)
    ]
    await asyncio.gather(*(stored.append(binding, wire.encode(piece)) for piece in pieces))
    packets = [wire.decode(packet) for packet in await stored.read_joined(binding, 0, 12_000)]
    waves = [one for one in packets if isinstance(one, wire.Wave)]
    assert [wave.sample_count for wave in waves] == [7200, 4800]
    assert np.array_equal(np.concatenate([wave.samples for wave in waves], axis=1), rows)
    assert all(wave.flags & wire.Flag.BACKFILL for wave in waves)
    await files.close()
