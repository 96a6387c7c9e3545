"""What the web process and a media worker say to each other over a Unix socket, written once.

Each message is one msgpack value behind a 4-byte big-endian length. A request carries `re`; its answer
carries the same. Events come unasked.
"""

import re
from typing import Any

import msgspec

from records.rooms import ClientOffer, Encoding, GivenUp, Grants, MediaKind
from records.values import Value


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class WorkerMessage(Value, tag_field="type", tag=_snake):
    """The base of what is said to and by a worker."""


class WorkerRequest(WorkerMessage):
    """Asks the worker for something."""

    re: int


class OpenPeer(WorkerRequest):
    """Make a participant's peer connection in a room. Answered by `Offered` or `WorkerRefused`.

    A participant's earlier peer connection in the room is closed.
    """

    room_id: str
    participant_id: str
    grants: Grants
    is_station: bool  # decides the m-line layout


class AnswerOffer(WorkerRequest):
    """Make a peer connection for a client that offers itself. Answered by `Answered` or `WorkerRefused`."""

    offer: ClientOffer


class TakeAnswer(WorkerRequest):
    """The remote SDP answer. Answered by `Carried` or `WorkerRefused`."""

    peer_id: str
    sdp: str


class SetGrants(WorkerRequest):
    """Replace what a participant may publish and receive, at once. Answered by `Carried`."""

    peer_id: str
    grants: Grants


class ClosePeer(WorkerRequest):
    """Close one peer connection; closing an unknown one is no fault. Answered by `Carried`."""

    peer_id: str


class CloseRoom(WorkerRequest):
    """Close a room and all in it. Answered by `Carried`."""

    room_id: str


class OpenTap(WorkerRequest):
    """Give every packet of the room, as its source sent it, to the recorder that listens on this Unix
    SOCK_SEQPACKET socket; the ECG is kept elsewhere. Packets are timed by the tape's clock, which showed
    `epoch_us` when the machine's monotonic one stood at zero. Answered by `Carried` or `WorkerRefused`."""

    room_id: str
    socket_path: str
    epoch_us: int


class CloseTap(WorkerRequest):
    """Give the recorder not one packet more; closing none is no fault. Answered by `Carried`."""

    room_id: str


class AskFigures(WorkerRequest):
    """Answered by `WorkerFigures`."""


class Offered(WorkerMessage):
    """The offer for a new peer connection."""

    re: int
    peer_id: str
    sdp: str
    publish: dict[str, MediaKind]  # mid -> kind the peer publishes there


class Answered(WorkerMessage):
    """The answer for a client that offered itself."""

    re: int
    peer_id: str
    sdp: str


class Carried(WorkerMessage):
    """Done."""

    re: int


class WorkerRefused(WorkerMessage):
    """Not done. `code` is one of `media.errors`; nothing changed."""

    re: int
    code: str
    message: str


class TrackFigures(Value):
    """One stream in one direction, as the worker counts it. None: not known."""

    mid: str
    kind: MediaKind
    participant_id: str  # whose source it is
    incoming: bool
    packets: int
    bytes: int
    lost: int | None  # incoming: by gaps; outgoing: by the viewer's receiver reports
    jitter_ms: float | None
    frames: int
    key_frames: int
    frames_per_second: float | None
    bits_per_second: float
    freezes: int  # of a picture: pauses far longer than usual between its frames, here in the worker
    frozen_s: float
    refused_packets: int  # arrived without the right to be forwarded
    encoding: Encoding = Encoding.MAIN  # a source that has two is two tracks, once it has sent both


class PeerFigures(Value):
    """One peer connection, as the worker counts it."""

    peer_id: str
    room_id: str
    participant_id: str
    connected: bool
    round_trip_ms: float | None
    loss_percent: float | None  # towards this peer, by its receiver reports
    tracks: tuple[TrackFigures, ...]


class WorkerFigures(WorkerMessage):
    """All figures of a worker."""

    re: int
    peers: tuple[PeerFigures, ...]
    cpu_s: float  # processor seconds since start, user and system
    memory_bytes: int  # resident now
    loop_lag_ms: float  # worst of the last 10 s
    loop_lag_p95_ms: float
    stray_datagrams: int  # from addresses nobody proved
    added_ms_p95: float | None  # kernel's receive stamp to the last send, of the last 10 to 20 s
    unsent_datagrams: int  # the socket did not take them
    faults: int = 0  # exceptions while one peer was served, kept from the others
    tasks: int = 0  # that run in its event loop: what is left of peers that went shows here


class WorkerReady(WorkerMessage):
    """The first event: the worker listens."""

    udp_port: int
    addresses: tuple[str, ...]


class PeerConnected(WorkerMessage):
    """Event: ICE and DTLS are up."""

    peer_id: str


class PeerLost(WorkerMessage):
    """Event: the peer connection failed, went silent, or was not up in 15 s; it is closed."""

    peer_id: str
    reason: str


class SourceBound(WorkerMessage):
    """Event: this viewer's m-line now carries that source (None: nothing)."""

    peer_id: str
    mid: str
    participant_id: str | None
    kind: MediaKind


class SourceStarted(WorkerMessage):
    """Event: the first packet of a participant's source was forwarded or could have been."""

    peer_id: str
    participant_id: str
    kind: MediaKind


class ViewerReduced(WorkerMessage):
    """Event: what this viewer's line makes the worker leave out from now on (empty: nothing any more), and
    which encoding of the ultrasound it gets."""

    peer_id: str
    given_up: frozenset[GivenUp]
    encoding: Encoding = Encoding.MAIN


class SourceLimited(WorkerMessage):
    """Event: how much this peer should send at most on an m-line from now on.

    Its share of the budget that the peer is told as a whole by REMB: browsers split that evenly otherwise.
    """

    peer_id: str
    mid: str
    kind: MediaKind
    bits_per_second: int


ToWorker = (
    OpenPeer | AnswerOffer | TakeAnswer | SetGrants | ClosePeer | CloseRoom | OpenTap | CloseTap | AskFigures
)
FromWorker = (
    Offered
    | Answered
    | Carried
    | WorkerRefused
    | WorkerFigures
    | WorkerReady
    | PeerConnected
    | PeerLost
    | SourceBound
    | SourceStarted
    | ViewerReduced
    | SourceLimited
)

to_worker_decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(ToWorker)
from_worker_decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(FromWorker)
encoder = msgspec.msgpack.Encoder()
