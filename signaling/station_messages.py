"""Every message between a station and the server, over the station's own WebSocket, written once.

JSON messages as below; binary messages are E1 packets (`ecg.wire`): from the station META, WAVE and END of
the durable path, to the station HAVE (the contiguous end that is synced to the server's disk) and NEED.
"""

from enum import StrEnum
from typing import Any

import msgspec

from records.ids import BindingId, ConsultId
from records.residents import ReadingKind
from records.rooms import Encoding, GivenUp, MediaKind
from signaling.messages import DemoFault, DeviceState, IceServer, Message, PicturePart


class StationHello(Message):
    """The first message: what this station has. Answered by `StationWelcome`."""

    ultrasound: DeviceState
    ecg: DeviceState
    device_error: str = ""
    simulated: bool = False
    version: str = ""
    bearer: str = ""
    one_clock: bool = True  # ultrasound and ECG are stamped by the same clock
    unfinished: tuple[BindingId, ...] = ()  # bindings whose samples are not all delivered


class StationDevices(Message):
    """A device changed."""

    ultrasound: DeviceState
    ecg: DeviceState
    device_error: str = ""


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
    """What the station measures of itself, every 2 s while bound. None: no such figure."""

    binding_id: BindingId
    captured_fps: float | None = None
    encoded_fps: float | None = None
    encode_ms: float | None = None
    sent_mbps: float | None = None
    undelivered_samples: int | None = None


class StationPicture(Message):
    """Which part of the captured picture is sent from the picture captured at `since_us` on, and what a weak
    line makes the station give up in that encoding. Said at every change, before that picture is sent."""

    binding_id: BindingId
    since_us: int  # on the station's clock
    part: PicturePart
    given_up: tuple[GivenUp, ...] = ()
    encoding: Encoding = Encoding.MAIN


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
)
ToStation = (
    StationWelcome | Bind | Release | StationClockProbed | StationMediaOffer | StationFault | StationRefused
)

_from_station: msgspec.json.Decoder[Any] = msgspec.json.Decoder(FromStation)
_to_station: msgspec.json.Decoder[Any] = msgspec.json.Decoder(ToStation)


def decode_from_station(text: bytes | str) -> Any:
    """Read one message from a station; raises `msgspec.DecodeError`."""
    return _from_station.decode(text)


def decode_to_station(text: bytes | str) -> Any:
    """Read one message to a station; raises `msgspec.DecodeError`."""
    return _to_station.decode(text)
