"""A worker's counters as signaling wants them: one line a connected peer."""

from collections.abc import Iterable

from media.messages import PeerFigures, TrackFigures, WorkerFigures
from records.rooms import MediaKind
from records.values import Value
from signaling.ports import PeerMeasured


class Egress(Value):
    """What a worker has sent one participant of one kind, since that peer connection was made."""

    participant_id: str
    kind: MediaKind
    packets: int


def peers_measured(workers: Iterable[WorkerFigures]) -> tuple[PeerMeasured, ...]:
    """Every peer that is connected. A rate that is not known yet is None, and so is a sum it belongs to."""
    peers = (peer for worker in workers for peer in worker.peers)
    return tuple(_measured(peer) for peer in peers if peer.connected)


def egress_of(workers: Iterable[WorkerFigures]) -> tuple[Egress, ...]:
    """What every connected peer was sent, kind by kind; one that may receive nothing has nothing here."""
    sent: dict[tuple[str, MediaKind], int] = {}
    for peer in (peer for worker in workers for peer in worker.peers if peer.connected):
        for track in (track for track in peer.tracks if not track.incoming):
            key = (peer.participant_id, track.kind)
            sent[key] = sent.get(key, 0) + track.packets
    return tuple(Egress(participant_id=who, kind=kind, packets=sent[who, kind]) for who, kind in sorted(sent))


def _measured(peer: PeerFigures) -> PeerMeasured:
    return PeerMeasured(
        room_id=peer.room_id,
        participant_id=peer.participant_id,
        round_trip_ms=peer.round_trip_ms,
        loss_percent=peer.loss_percent,
        up_mbps=_mbps(one for one in peer.tracks if one.incoming),
        down_mbps=_mbps(one for one in peer.tracks if not one.incoming),
    )


def _mbps(tracks: Iterable[TrackFigures]) -> float | None:
    rates = [one.bits_per_second / 1e6 if one.frames_per_second is not None else None for one in tracks]
    known = [rate for rate in rates if rate is not None]
    return sum(known) if rates and len(known) == len(rates) else None
