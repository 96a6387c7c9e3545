"""What signaling needs of the rooms beside and above it; `cloudclinic/running.py` plugs them in."""

from collections.abc import Sequence
from typing import Protocol

from records.ids import BindingId, TapeId
from records.rooms import ClientOffer, Encoding, GivenUp, Grants, MediaKind
from records.tapes import Tape, TapeSeal
from records.values import Value
from signaling.messages import LineFault, Message


class Outbox(Protocol):
    """One socket's way out. Never blocks; bounded: an overflow closes the socket (1013)."""

    def put(self, message: Message) -> None: ...
    def put_bytes(self, packet: bytes) -> None: ...
    def close(self, code: str) -> None: ...


class PeerOffer(Value):
    """A new peer connection's offer."""

    peer_id: str
    sdp: str
    publish: dict[str, MediaKind]


class PeerAnswer(Value):
    """The answer for a client that offered itself (WHIP, WHEP)."""

    peer_id: str
    sdp: str


class PeerMeasured(Value):
    """What a worker counts of one connected peer. None: not known (yet)."""

    room_id: str
    participant_id: str
    round_trip_ms: float | None = None
    loss_percent: float | None = None  # towards this peer
    up_mbps: float | None = None  # from this peer
    down_mbps: float | None = None  # to this peer


class MediaUnavailable(Exception):
    """No media worker can take it now. The text is for the log; people read `Refusal.MEDIA_UNAVAILABLE`."""


class MediaFull(MediaUnavailable):
    """Every media worker carries as much as it may: no new room now, the running ones go on."""


class MediaRefused(Exception):
    """The worker refused, e.g. a malformed SDP answer; nothing changed."""


class WebhookFailed(Exception):
    """The webhook was not delivered. The text is for the log: a status or the name of an error."""


class MediaPlane(Protocol):
    """The media workers. All methods raise `MediaUnavailable`; one that takes an SDP also `MediaRefused`."""

    async def open_peer(
        self, room_id: str, participant_id: str, grants: Grants, is_station: bool
    ) -> PeerOffer: ...
    async def answer_offer(self, offer: ClientOffer) -> PeerAnswer:
        """Take the offer of a client of WHIP or WHEP."""

    async def take_answer(self, peer_id: str, sdp: str) -> None: ...
    async def set_grants(self, peer_id: str, grants: Grants) -> None: ...
    async def close_peer(self, peer_id: str) -> None: ...
    async def close_room(self, room_id: str) -> None: ...
    async def open_tap(self, room_id: str, socket_path: str, epoch_us: int) -> None:
        """Give a room's packets to the recorder that listens there, wherever the room moves.

        They are timed by the tape's clock (`signaling.tape_clock`), which `epoch_us` tells.
        """

    def is_tapped(self, room_id: str) -> bool:
        """Whether the room's packets go to its recorder now: not so while its worker is away."""

    async def close_tap(self, room_id: str) -> None:
        """Not one packet more, from the moment this returns."""

    async def measured(self) -> tuple[PeerMeasured, ...]:
        """Every connected peer of the workers that answer."""


class SpoilLine(Protocol):
    """The demo's faults on a participant's line."""

    async def __call__(self, participant_id: str, fault: LineFault) -> bool:
        """Make a fault; True: the participant's media is to be offered anew, and the fault follows."""


class RecorderUnavailable(Exception):
    """A recorder did not start, or did not end in order. The text is for the log."""


class TapeRecorders(Protocol):
    """The recorder processes, one a tape. `start`, `stop` and `seal` raise `RecorderUnavailable`."""

    async def start(self, tape: Tape, epoch_us: int) -> str:
        """Start a recorder, which goes on behind what is on the tape; the path it listens at."""

    def alive(self, tape_id: TapeId) -> bool:
        """Whether its recorder still runs."""

    def act(self, tape_id: TapeId, at_us: int, message: bytes) -> None:
        """Write down an act at a moment of the tape's clock; never waits: what is not taken is lost."""

    async def stop(self, tape_id: TapeId, until_us: int) -> None:
        """Let the recorder write what came up to a moment of the tape's clock, and end.

        It is told that before anything is waited for.
        """

    async def seal(self, tape_id: TapeId) -> TapeSeal:
        """Seal what is whole of a tape nobody records any more: reads all of it, which may take long."""


class NoRecorders:
    """Where nothing can be recorded: every tape fails at once, and the room is told so."""

    async def start(self, tape: Tape, epoch_us: int) -> str:
        """Refuse."""
        raise RecorderUnavailable("this server records nothing")

    def alive(self, tape_id: TapeId) -> bool:
        """No."""
        return False

    def act(self, tape_id: TapeId, at_us: int, message: bytes) -> None:
        """Nothing."""

    async def stop(self, tape_id: TapeId, until_us: int) -> None:
        """Refuse."""
        raise RecorderUnavailable("this server records nothing")

    async def seal(self, tape_id: TapeId) -> TapeSeal:
        """Refuse."""
        raise RecorderUnavailable("this server records nothing")


class PeerUp(Value):
    """A peer connection is up."""

    peer_id: str


class PeerDown(Value):
    """A peer connection is gone."""

    peer_id: str
    reason: str


class SlotFilled(Value):
    """A viewer's m-line carries another source now."""

    peer_id: str
    mid: str
    participant_id: str | None
    kind: MediaKind


class LineWeak(Value):
    """What a viewer's line makes the worker leave out for it (empty: nothing any more), and which encoding of
    the ultrasound it gets."""

    peer_id: str
    given_up: frozenset[GivenUp]
    encoding: Encoding = Encoding.MAIN


class SourceCapped(Value):
    """How much a peer should send at most on an m-line from now on."""

    peer_id: str
    mid: str
    kind: MediaKind
    bits_per_second: int


class WorkerRestarted(Value):
    """A worker died and a new one runs: every room of it must be opened anew."""

    room_ids: tuple[str, ...]


MediaEvent = PeerUp | PeerDown | SlotFilled | LineWeak | SourceCapped | WorkerRestarted


class Samples(Protocol):
    """The durable ECG samples."""

    async def append(self, binding_id: BindingId, packet: bytes) -> int:
        """Keep an E1 packet of a binding; return its contiguous end once that is synced to disk.

        Raises `ecg.errors.WireError` for bytes that are not E1.
        """

    async def read(self, binding_id: BindingId, first: int, count: int) -> Sequence[bytes]:
        """E1 WAVE packets, backfill flag set, that cover what is stored of a range of sample indices."""

    async def read_joined(self, binding_id: BindingId, first: int, count: int) -> Sequence[bytes]:
        """The same samples in as few packets as hold them."""

    async def contiguous_end(self, binding_id: BindingId) -> int:
        """Samples stored without a gap from index 0."""

    async def notes(self, binding_id: BindingId) -> Sequence[bytes]:
        """The E1 packets of a binding that are not WAVE (META, EVENT, END), in the order they came."""
