"""Every message between a station and the server, over the station's own WebSocket, written once.

JSON messages as below; binary messages are E1 packets (`ecg.wire`): from the station META, WAVE and END of
the durable path, to the station HAVE (the contiguous end that is synced to the server's disk) and NEED.
"""

from enum import StrEnum
from typing import Any

import msgspec

from records.ecg_drafts import QualityNote
from records.exam_presets import ExamPreset
from records.ids import BindingId, ClipId, ConsultId, GuidingId, StillId
from records.residents import ReadingKind
from records.rooms import Encoding, GivenUp, MediaKind
from records.scanner_controls import (
    ControlOutcome,
    RemoteEvent,
    ScannerControl,
    ScannerOffer,
    ScannerSetting,
)
from records.stills import Calibration, LossyCodec
from records.values import Value
from signaling.messages import (
    ClipFailure,
    DemoFault,
    DeviceState,
    IceServer,
    Message,
    NotStepped,
    PicturePart,
    ScaleRefusal,
    StepUnit,
    StillAbsence,
)
from ultrasound.trouble import PictureTrouble


class StationHello(Message):
    """The first message: what this station has. Answered by `StationWelcome`."""

    ultrasound: DeviceState
    ecg: DeviceState
    device_error: str = ""
    picture_troubles: tuple[PictureTrouble, ...] = ()
    picture_offset_bound_ms: float | None = None
    simulated: bool = False
    version: str = ""
    bearer: str = ""
    one_clock: bool = True  # ultrasound and ECG are stamped by the same clock
    unfinished: tuple[BindingId, ...] = ()  # bindings whose samples are not all delivered


class StationDevices(Message):
    """A device changed, or the captured picture: `picture_troubles` is what is wrong with it now.

    `picture_offset_bound_ms`: the picture's own delay against the ECG was measured and taken off its capture
    times, right to within this; None: it was not measured.
    """

    ultrasound: DeviceState
    ecg: DeviceState
    device_error: str = ""
    picture_troubles: tuple[PictureTrouble, ...] = ()
    picture_offset_bound_ms: float | None = None


class StationProbeClock(Message):
    """First stamp of a four-stamp exchange; `offset_us` is the result of the exchange before it."""

    sent_us: int
    offset_us: int | None = None  # station clock minus server clock
    uncertainty_us: int | None = None


class StationAnswerMedia(Message):
    """The SDP answer to the `StationMediaOffer` with this `peer_id`."""

    peer_id: str
    sdp: str


class StationReading(Message):
    """A vital sign from a device, under a binding."""

    binding_id: BindingId
    kind: ReadingKind
    value: float
    measured_us: int  # on the station's clock
    simulated: bool


class StationReleased(Message):
    """Acquisition under the binding has stopped and everything under it was emptied."""

    binding_id: BindingId
    delivered: bool  # every sample was acknowledged


class StationFigures(Message):
    """What the station measures of itself, every 2 s while bound. None: no such figure.

    `ecg_drift_ppm`: how much slower than it says an ECG device counts its samples, by the station's clock.
    `ecg_quality`: what is wrong with the ECG now; empty: nothing was found. `ring_s`: how far back captured
    pictures are kept without loss; `ring_short`: memory does not hold what should be.
    """

    binding_id: BindingId
    captured_fps: float | None = None
    encoded_fps: float | None = None
    encode_ms: float | None = None
    sent_mbps: float | None = None
    undelivered_samples: int | None = None
    ecg_drift_ppm: float | None = None
    ecg_quality: tuple[QualityNote, ...] | None = None
    ring_s: float | None = None
    ring_short: bool = False


class StationPicture(Message):
    """Which part of the captured picture is sent from the picture captured at `since_us` on, and what a weak
    line makes the station give up in that encoding. Said at every change, before that picture is sent."""

    binding_id: BindingId
    since_us: int  # on the station's clock
    part: PicturePart
    given_up: tuple[GivenUp, ...] = ()
    encoding: Encoding = Encoding.MAIN


class StationStillFound(Message):
    """The frame that `GiveStill` asks for is in the ring: its still follows by `PUT`."""

    binding_id: BindingId
    still_id: StillId
    capture_us: int  # on the station's clock
    frame_number: int  # counted from 0 under the binding


class StationStillAbsent(Message):
    """There will be no such still: `absent`, or `not_stepped` when the frame stays what it was."""

    binding_id: BindingId
    still_id: StillId
    absent: StillAbsence | None = None
    not_stepped: NotStepped | None = None


class StationScaleSet(Message):
    """What came of `SetScale`: `refused` None, it is set, and stills that are given from now on say it."""

    binding_id: BindingId
    still_id: StillId
    refused: ScaleRefusal | None = None


class StationStill(Value):
    """What a station says of a still it puts to `/api/station/stills/{still_id}`: the part `about` of the
    form. The PNG is its one `file`: 8 bits, grey or RGB, not interlaced."""

    binding_id: BindingId
    capture_us: int  # on the station's clock
    frame_number: int
    width: int
    height: int
    grey: bool
    pixels_sha256: str  # row by row from the upper left: one byte each when grey, else red, green, blue
    masked: bool
    calibration: Calibration | None
    simulated: bool
    mask_signed: bool = False  # by a profile that a person signed, in whose layout it is
    came_in: LossyCodec | None = None  # with what loss the source gave it; None: none, or nobody knows


class StationScanner(Message):
    """What of the scanner can be turned from here, and how it stands; None: nothing. Said when a binding
    begins, on every new line, and at every change."""

    binding_id: BindingId
    offer: ScannerOffer | None


class StationTurned(Message):
    """What came of `TurnScanner`, by the scanner's own report; `setting` is how it stands."""

    binding_id: BindingId
    guiding_id: GuidingId
    outcome: ControlOutcome
    setting: ScannerSetting | None = None


class StationTurningEnded(Message):
    """Turning is not allowed at this station (any more): said when it was not told to end."""

    binding_id: BindingId
    grant_id: str
    why: RemoteEvent


class StationClipFailed(Message):
    """There will be no such clip."""

    binding_id: BindingId
    clip_id: ClipId
    why: ClipFailure


class StationClip(Value):
    """What a station says of a clip with each of its parts, always the same: the part `about` of the form it
    puts to `/api/station/clips/{clip_id}/parts/{part}`. The file (`records.clip_file`) is cut every 2 MiB."""

    binding_id: BindingId
    from_us: int  # of its first frame, on the station's clock
    until_us: int  # of its last
    frames: int
    size_bytes: int  # of the whole
    sha256: str  # of the whole
    parts: int
    masked: bool
    simulated: bool
    mask_signed: bool = False  # by a profile that a person signed, in whose layout every frame is


class StationWelcome(Message):
    """The answer to `StationHello`. Carries the running binding, if there is one."""

    server_us: int
    bind: "Bind | None" = None
    demo: bool = False


class Bind(Message):
    """Begin to acquire under this binding; ends the one before it."""

    binding_id: BindingId
    consult_id: ConsultId
    ecg_stream_id: int
    ultrasound_stream_id: int


class StationPreset(Message):
    """The examination that was chosen for the running binding; None: none (any more)."""

    binding_id: BindingId
    preset: ExamPreset | None = None


class Release(Message):
    """Stop acquiring; empty everything. What is journaled is still delivered under its binding."""

    binding_id: BindingId


class StationClockProbed(Message):
    """Second and third stamp."""

    sent_us: int
    received_us: int
    answered_us: int


class StationMediaOffer(Message):
    """The server's SDP offer for the station's peer connection."""

    binding_id: BindingId
    peer_id: str
    sdp: str
    publish: dict[str, MediaKind]
    ice_servers: tuple[IceServer, ...] = ()


class PictureStep(Value):
    """A step from one frame of the ring to another: back below 0, on above."""

    by: int
    unit: StepUnit


class GiveStill(Message):
    """Put the exact still of the frame of this capture time, or of that to which the steps lead from it, one
    after the other; a step by frames ends where the ring does. The still before it is left once this one's
    frame is found."""

    binding_id: BindingId
    still_id: StillId
    capture_us: int  # on the station's clock
    steps: tuple[PictureStep, ...] = ()


class LeaveStill(Message):
    """A still is not wanted any more."""

    binding_id: BindingId
    still_id: StillId


class SetScale(Message):
    """Set what a pixel is worth at the depth which the frame of this capture time shows, by two places on its
    ruler. Answered by `StationScaleSet`."""

    binding_id: BindingId
    still_id: StillId
    capture_us: int  # on the station's clock
    points: tuple[tuple[float, float], tuple[float, float]]  # captured pixels
    apart_mm: float


class AllowScanner(Message):
    """The operator lets the scanner be turned, by this grant alone. It ends with the line, with the binding,
    and by a hand at the scanner itself; the station sees to that by itself."""

    binding_id: BindingId
    grant_id: str


class ForbidScanner(Message):
    """It is taken back, at once and for what is under way. None: whatever is allowed."""

    binding_id: BindingId
    grant_id: str | None = None


class TurnScanner(Message):
    """Turn a control by one step. Answered by `StationTurned`; after `until_us` it is not turned."""

    binding_id: BindingId
    grant_id: str
    guiding_id: GuidingId
    control: ScannerControl
    until_us: int  # on the station's clock


class GiveClip(Message):
    """Put the last seconds before a frame, or before now, part by part, behind what is live. One that is on
    its way already goes on."""

    binding_id: BindingId
    clip_id: ClipId
    seconds: float
    until_us: int | None = None  # on the station's clock; None: now


class LeaveClip(Message):
    """A clip is not wanted any more."""

    binding_id: BindingId
    clip_id: ClipId


class StationFault(Message):
    """Demo only."""

    fault: DemoFault


class StationRefused(Message):
    """A message was refused; nothing changed."""

    code: str
    sentence: str


class StationCloseCode(StrEnum):
    """Why the server closes a station's socket, in the close reason."""

    REVOKED = "revoked"  # the token is no longer good, or the account is disabled
    REPLACED = "replaced"  # the same token connected again
    PROTOCOL = "protocol"  # no `station_hello` within 5 s, or the conversation is over


FromStation = (
    StationHello
    | StationDevices
    | StationProbeClock
    | StationAnswerMedia
    | StationReading
    | StationReleased
    | StationFigures
    | StationPicture
    | StationStillFound
    | StationStillAbsent
    | StationScaleSet
    | StationScanner
    | StationTurned
    | StationTurningEnded
    | StationClipFailed
)
ToStation = (
    StationWelcome
    | Bind
    | StationPreset
    | Release
    | StationClockProbed
    | StationMediaOffer
    | GiveStill
    | LeaveStill
    | SetScale
    | AllowScanner
    | ForbidScanner
    | TurnScanner
    | GiveClip
    | LeaveClip
    | StationFault
    | StationRefused
)

_from_station: msgspec.json.Decoder[Any] = msgspec.json.Decoder(FromStation)
_to_station: msgspec.json.Decoder[Any] = msgspec.json.Decoder(ToStation)


def decode_from_station(text: bytes | str) -> Any:
    """Read one message from a station; raises `msgspec.DecodeError`."""
    return _from_station.decode(text)


def decode_to_station(text: bytes | str) -> Any:
    """Read one message to a station; raises `msgspec.DecodeError`."""
    return _to_station.decode(text)
