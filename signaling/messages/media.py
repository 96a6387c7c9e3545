"""The one peer connection of a participant, and how good its line is."""

from records.ids import ConsultId, ParticipantId
from records.rooms import MediaKind
from records.values import Value
from signaling.messages.base import Command, Direct, Notice


class AnswerMedia(Command):
    """The SDP answer (RFC 3264) to the `MediaOffer` with this `peer_id`."""

    peer_id: str
    sdp: str


class RestartMedia(Command):
    """The media path is lost: make a new peer connection under the same participant."""

    consult_id: ConsultId


class ReportQuality(Notice):
    """What a viewer's own statistics say, every 2 s. None: no such figure."""

    consult_id: ConsultId
    round_trip_ms: float | None = None
    loss_percent: float | None = None
    down_mbps: float | None = None
    up_mbps: float | None = None
    ultrasound_fps: float | None = None
    ultrasound_delay_ms: float | None = None
    ultrasound_delay_uncertainty_ms: float | None = None
    freezes: int | None = None
    ecg_missing_samples: int | None = None
    alignment_residual_ms: float | None = None  # shown frame to the ECG sample laid under it, p95


class IceServer(Value):
    """A relay the browser may take (RTCIceServer), with credentials for this one peer connection."""

    urls: tuple[str, ...]
    username: str
    credential: str

    def __repr__(self) -> str:
        return f"IceServer(urls={self.urls!r}, username={self.username!r}, credential=hidden)"


class MediaOffer(Direct):
    """The server's SDP offer for this participant's one peer connection. Answer with `AnswerMedia`."""

    consult_id: ConsultId
    peer_id: str
    sdp: str
    publish: dict[str, MediaKind]  # mid -> what to publish there by replaceTrack
    ice_servers: tuple[IceServer, ...] = ()
    relay_only: bool = False  # the site wants every browser to take the relay


class SlotBound(Direct):
    """From now on this m-line carries that source; None: nothing."""

    peer_id: str
    mid: str
    participant_id: ParticipantId | None
    kind: MediaKind


class MediaLost(Direct):
    """The peer connection failed on the server's side; a new `MediaOffer` follows `RestartMedia`.

    `is_full`: none could be made, because every media worker carries as much as it may; it is tried again.
    """

    consult_id: ConsultId
    peer_id: str
    is_full: bool = False
