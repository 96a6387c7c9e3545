"""What a peer counts, as the figures others read."""

from media.messages import PeerFigures, TrackFigures
from media.outgoing import Outgoing
from media.peer import Peer, PeerState
from media.source import Source


def peer_figures(peer: Peer) -> PeerFigures:
    """The figures of one peer connection."""
    round_trips = [out.round_trip_ms for out in peer.outgoing.values() if out.round_trip_ms is not None]
    incoming = [
        _incoming(mid, source)
        for mid, source in peer.sources.items()
        if source.main is source or source.started
    ]
    outgoing = [_outgoing(mid, out) for mid, out in peer.outgoing.items() if out.packets or out.source]
    return PeerFigures(
        peer_id=peer.peer_id,
        room_id=peer.room_id,
        participant_id=peer.participant_id,
        connected=peer.state is PeerState.CONNECTED,
        round_trip_ms=min(round_trips, default=None),
        loss_percent=None if peer.fraction_lost is None else 100 * peer.fraction_lost,
        tracks=tuple(incoming + outgoing),
    )


def _incoming(mid: str, source: Source) -> TrackFigures:
    frames_per_second, bits_per_second = source.rates.rates()
    return TrackFigures(
        mid=mid,
        kind=source.kind,
        participant_id=source.participant_id,
        incoming=True,
        packets=source.packets,
        bytes=source.bytes,
        lost=source.lost,
        jitter_ms=source.jitter_ms,
        frames=source.frames,
        key_frames=source.key_frames,
        frames_per_second=frames_per_second,
        bits_per_second=bits_per_second,
        freezes=source.freezes.count if source.is_video else 0,
        frozen_s=source.freezes.total_s if source.is_video else 0.0,
        refused_packets=source.refused_packets,
        encoding=source.agreed.line.encoding,
    )


def _outgoing(mid: str, out: Outgoing) -> TrackFigures:
    frames_per_second, bits_per_second = out.rates.rates()
    return TrackFigures(
        mid=mid,
        kind=out.kind,
        participant_id=out.source.participant_id if out.source else "",
        incoming=False,
        packets=out.packets,
        bytes=out.bytes,
        lost=out.lost,
        jitter_ms=out.jitter_ms,
        frames=out.frames,
        key_frames=out.key_frames,
        frames_per_second=frames_per_second,
        bits_per_second=bits_per_second,
        freezes=out.freezes.count if out.agreed.line.is_video else 0,
        frozen_s=out.freezes.total_s if out.agreed.line.is_video else 0.0,
        refused_packets=0,
    )
