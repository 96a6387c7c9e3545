"""A worker's counters, as the dashboard is told of them: absent is None, never 0."""

from typing import Any

from media.messages import PeerFigures, TrackFigures, WorkerFigures
from records.rooms import MediaKind
from signaling.ports import PeerMeasured
from tests.fakes.workers import figures
from web.measured import Egress, egress_of, peers_measured


def track(incoming: bool, bits_per_second: float, frames_per_second: float | None = 25.0) -> TrackFigures:
    return TrackFigures(
        mid="0",
        kind=MediaKind.FACE,
        participant_id="p",
        incoming=incoming,
        packets=10,
        bytes=1000,
        lost=None,
        jitter_ms=None,
        frames=5,
        key_frames=1,
        frames_per_second=frames_per_second,
        bits_per_second=bits_per_second,
        freezes=0,
        frozen_s=0.0,
        refused_packets=0,
    )


def worker(*tracks: TrackFigures, **fields: Any) -> WorkerFigures:
    said = {"connected": True, "round_trip_ms": 12.0, "loss_percent": 0.5} | fields
    peer = PeerFigures(peer_id="1", room_id="r", participant_id="p", tracks=tracks, **said)
    return figures(peers=(peer,))


def test_rates_are_summed_each_way() -> None:
    counted = worker(track(True, 1e6), track(True, 0.5e6), track(False, 4e6))
    assert peers_measured([counted]) == (
        PeerMeasured(
            room_id="r", participant_id="p", round_trip_ms=12.0, loss_percent=0.5, up_mbps=1.5, down_mbps=4.0
        ),
    )


def test_a_rate_that_is_not_known_yet_is_not_nought() -> None:
    (measured,) = peers_measured([worker(track(True, 1e6), track(True, 0.0, frames_per_second=None))])
    assert (measured.up_mbps, measured.down_mbps) == (None, None)


def test_a_peer_that_is_not_connected_measures_nothing() -> None:
    assert peers_measured([worker(track(True, 1e6), connected=False)]) == ()


def test_what_a_participant_was_sent_is_counted_by_kind_and_what_came_from_it_is_not() -> None:
    counted = worker(track(False, 1e6), track(False, 2e6), track(True, 4e6))
    assert egress_of([counted]) == (Egress(participant_id="p", kind=MediaKind.FACE, packets=20),)
    assert egress_of([worker(track(True, 1e6))]) == ()
    assert egress_of([worker(track(False, 1e6), connected=False)]) == ()
