"""Every message between a client and the server over the signaling WebSocket, written once: a file a concept.

From these structs come the decoder, the schema in `docs/`, and the TypeScript types. A message is one
JSON object; `type` is the name of the struct in snake_case.

Client to server: a `Hello`, then commands and notices. A command carries `id`, made by the client, unique
for its account; it is answered by exactly one `Done` or `Refused` with the same id in `re`, and a repeat of
the same id returns the first answer without doing anything again. A notice carries no id and has no answer.

Server to client: answers, events and direct messages. An event carries `seq`, growing by one for each
event to that client; a client that reconnects names the last one it saw and gets the rest, or a snapshot.
A direct message (media, pointer, clock, samples) is only of use now, carries no `seq`, and is not kept.

Times on this wire are ISO 8601 in UTC; `_us` are microseconds since 1970 on the server's clock.
"""

from typing import Any

import msgspec

from signaling.messages.answers import Done, Refused
from signaling.messages.base import (
    MESSAGE_LIMIT_BYTES,
    SAMPLES_LIMIT_BYTES,
    Command,
    Direct,
    Event,
    Message,
    Notice,
)
from signaling.messages.cards import (
    ConsultCard,
    DeclineCard,
    DeviceState,
    PersonCard,
    ResidentCard,
    SpecialistCard,
    StationCard,
)
from signaling.messages.checklists import ChecklistCard, OpenChecklist, TickView, ViewTick
from signaling.messages.chest_pain import (
    ChestPainClock,
    ChestPainLine,
    ChestPainTime,
    EnterChestPainMoment,
)
from signaling.messages.clips import ClipChanged, ClipFailure, ClipState, ClipView, TakeClip
from signaling.messages.connecting import ClockProbed, Hello, ProbeClock, SignedOut, Snapshot, Welcome
from signaling.messages.consent import ConfirmIdentity, RecordConsent
from signaling.messages.dashboard import (
    Dashboard,
    DashboardFigures,
    ForceEnd,
    LiveFigures,
    OpinionDueFigures,
    QueueFigures,
    SessionConcern,
    TodayFigures,
    WatchDashboard,
)
from signaling.messages.devices import (
    PublisherClock,
    PublisherPicture,
    PublishUltrasound,
    ReportClock,
    ReportPicture,
    SetAuscultation,
)
from signaling.messages.ecg import (
    CaliperKind,
    EcgBeingTaken,
    EcgCalipers,
    EcgMeasured,
    EcgQuality,
    EcgStudyChanged,
    MeasureEcg,
)
from signaling.messages.freezing import (
    SAME_FRAME_US,
    FreezePicture,
    FrozenPicture,
    MeasurementDerived,
    NotStepped,
    PictureFrozen,
    PictureNotStepped,
    PictureScaleRefused,
    ScaleRefusal,
    SetPictureScale,
    StepPicture,
    StepUnit,
    StillAbsence,
    StillCard,
    StillKept,
    UnfreezePicture,
)
from signaling.messages.guests import DismissGuest, GuestCard, InviteGuest
from signaling.messages.guiding import (
    AllowTurning,
    AnswerGuiding,
    GuideProbe,
    GuidingView,
    RequestControl,
    ScannerView,
    TakeBackGuiding,
    TurningAllowed,
)
from signaling.messages.marks import (
    ClearMarks,
    DrawMark,
    Mark,
    MarkDrawn,
    MarkPassing,
    MarksCleared,
    MarkShape,
    MarkUndone,
    MeasurePicture,
    PictureCalipers,
    PictureMeasured,
    PictureTool,
    UndoMark,
)
from signaling.messages.media import (
    AnswerMedia,
    IceServer,
    MediaLost,
    MediaOffer,
    ReportQuality,
    RestartMedia,
    SlotBound,
)
from signaling.messages.opinions import (
    AcknowledgeOpinion,
    EndConsult,
    OpinionSigned,
    ReassignOpinion,
    TakeOpinion,
)
from signaling.messages.recording import (
    ConsentToRecording,
    StartTape,
    StopTape,
    TapeState,
    TapeView,
    WithdrawRecordingConsent,
)
from signaling.messages.requests import (
    AcceptConsult,
    AddSpecialist,
    CancelConsult,
    ConsultChanged,
    ConsultGone,
    DeclineConsult,
    GoneWhy,
    HandOver,
    RequestConsult,
    ReturnConsult,
    RingAgain,
    SetPresence,
    SpecialistChanged,
    SupplyInformation,
)
from signaling.messages.rooms import (
    ChatSaid,
    JoinRoom,
    LeaveRoom,
    Participant,
    PointAt,
    PointerMoved,
    RoomChanged,
    RoomClosed,
    RoomView,
    SayChat,
    SetMuted,
)
from signaling.messages.samples import NeedSamples, ReadingTaken, SamplesSent, WantLiveSamples
from signaling.messages.stations import (
    BindStation,
    ChooseExamPreset,
    DemoFault,
    ForceFault,
    MoveRecording,
    ReleaseStation,
    ReportDeviceCheck,
    StationChanged,
    StationClock,
)
from signaling.messages.weak_lines import (
    LineFault,
    LineReduced,
    PicturePart,
    PictureShown,
    SendAtMost,
    SpoilLine,
)

__all__ = (
    "AcceptConsult",
    "AcknowledgeOpinion",
    "AddSpecialist",
    "AllowTurning",
    "AnswerGuiding",
    "AnswerMedia",
    "BindStation",
    "CaliperKind",
    "CancelConsult",
    "ChatSaid",
    "ChecklistCard",
    "ChestPainClock",
    "ChestPainLine",
    "ChestPainTime",
    "ClearMarks",
    "ChooseExamPreset",
    "ClientMessage",
    "ClipChanged",
    "ClipFailure",
    "ClipState",
    "ClipView",
    "ClockProbed",
    "Command",
    "ConfirmIdentity",
    "ConsentToRecording",
    "ConsultCard",
    "ConsultChanged",
    "ConsultGone",
    "Dashboard",
    "DashboardFigures",
    "DeclineCard",
    "DeclineConsult",
    "decode_client_message",
    "DemoFault",
    "DeviceState",
    "Direct",
    "DismissGuest",
    "Done",
    "DrawMark",
    "EcgBeingTaken",
    "EcgCalipers",
    "EcgMeasured",
    "EcgQuality",
    "EcgStudyChanged",
    "encode",
    "EndConsult",
    "EnterChestPainMoment",
    "Event",
    "ForceEnd",
    "ForceFault",
    "FreezePicture",
    "FrozenPicture",
    "GoneWhy",
    "GuestCard",
    "GuideProbe",
    "GuidingView",
    "HandOver",
    "Hello",
    "IceServer",
    "InviteGuest",
    "JoinRoom",
    "LeaveRoom",
    "LineFault",
    "LineReduced",
    "LiveFigures",
    "Mark",
    "MarkDrawn",
    "MarkPassing",
    "MarksCleared",
    "MarkShape",
    "MarkUndone",
    "MeasureEcg",
    "MeasurePicture",
    "MeasurementDerived",
    "MediaLost",
    "MediaOffer",
    "Message",
    "MESSAGE_LIMIT_BYTES",
    "MoveRecording",
    "NeedSamples",
    "Notice",
    "NotStepped",
    "OpenChecklist",
    "OpinionDueFigures",
    "OpinionSigned",
    "Participant",
    "PersonCard",
    "PictureCalipers",
    "PictureFrozen",
    "PictureMeasured",
    "PictureNotStepped",
    "PictureScaleRefused",
    "ScaleRefusal",
    "SetPictureScale",
    "PicturePart",
    "PictureShown",
    "PictureTool",
    "PointAt",
    "PointerMoved",
    "ProbeClock",
    "PublisherClock",
    "PublishUltrasound",
    "PublisherPicture",
    "QueueFigures",
    "ReadingTaken",
    "ReassignOpinion",
    "RecordConsent",
    "Refused",
    "ReleaseStation",
    "ReportClock",
    "ReportPicture",
    "ReportDeviceCheck",
    "ReportQuality",
    "RequestConsult",
    "RequestControl",
    "ResidentCard",
    "RestartMedia",
    "ReturnConsult",
    "RingAgain",
    "RoomChanged",
    "RoomClosed",
    "RoomView",
    "SAME_FRAME_US",
    "SAMPLES_LIMIT_BYTES",
    "SamplesSent",
    "SayChat",
    "SendAtMost",
    "ServerMessage",
    "SessionConcern",
    "SetAuscultation",
    "SetMuted",
    "SetPresence",
    "SignedOut",
    "SlotBound",
    "Snapshot",
    "SpecialistCard",
    "SpecialistChanged",
    "SpoilLine",
    "StartTape",
    "StationCard",
    "StationChanged",
    "StationClock",
    "StepPicture",
    "StepUnit",
    "StillAbsence",
    "StillCard",
    "StillKept",
    "StopTape",
    "SupplyInformation",
    "TakeClip",
    "ScannerView",
    "TakeBackGuiding",
    "TurningAllowed",
    "TakeOpinion",
    "TapeState",
    "TapeView",
    "TickView",
    "TodayFigures",
    "UndoMark",
    "UnfreezePicture",
    "ViewTick",
    "WantLiveSamples",
    "WatchDashboard",
    "Welcome",
    "WithdrawRecordingConsent",
)

ClientMessage = (
    Hello
    | ProbeClock
    | SetPresence
    | RequestConsult
    | SupplyInformation
    | CancelConsult
    | AcceptConsult
    | DeclineConsult
    | RingAgain
    | ReturnConsult
    | HandOver
    | TakeOpinion
    | ReassignOpinion
    | AddSpecialist
    | InviteGuest
    | DismissGuest
    | ConfirmIdentity
    | RecordConsent
    | ConsentToRecording
    | WithdrawRecordingConsent
    | StartTape
    | StopTape
    | BindStation
    | ChooseExamPreset
    | ReleaseStation
    | ReportDeviceCheck
    | MoveRecording
    | JoinRoom
    | LeaveRoom
    | AnswerMedia
    | RestartMedia
    | SetMuted
    | SetAuscultation
    | PublishUltrasound
    | FreezePicture
    | StepPicture
    | SetPictureScale
    | UnfreezePicture
    | DrawMark
    | UndoMark
    | ClearMarks
    | TakeClip
    | EnterChestPainMoment
    | OpenChecklist
    | TickView
    | GuideProbe
    | RequestControl
    | AnswerGuiding
    | AllowTurning
    | TakeBackGuiding
    | SayChat
    | EndConsult
    | ForceEnd
    | AcknowledgeOpinion
    | WatchDashboard
    | ForceFault
    | SpoilLine
    | NeedSamples
    | WantLiveSamples
    | PointAt
    | MeasureEcg
    | MeasurePicture
    | ReportClock
    | ReportPicture
    | ReportQuality
)

ServerMessage = (
    Done
    | Refused
    | Welcome
    | ConsultChanged
    | ConsultGone
    | SpecialistChanged
    | StationChanged
    | RoomChanged
    | RoomClosed
    | ChatSaid
    | PictureFrozen
    | StillKept
    | MeasurementDerived
    | ClipChanged
    | MarkDrawn
    | MarkUndone
    | MarksCleared
    | ReadingTaken
    | OpinionSigned
    | EcgStudyChanged
    | ClockProbed
    | StationClock
    | MediaOffer
    | SlotBound
    | SendAtMost
    | LineReduced
    | PictureShown
    | MediaLost
    | PointerMoved
    | PictureNotStepped
    | PictureScaleRefused
    | MarkPassing
    | PictureMeasured
    | EcgBeingTaken
    | EcgMeasured
    | EcgQuality
    | PublisherClock
    | PublisherPicture
    | SamplesSent
    | DashboardFigures
    | SignedOut
)

_client_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(ClientMessage)
_encoder = msgspec.json.Encoder()


def decode_client_message(text: bytes | str) -> Any:
    """Read one client message.

    Raises
    ------
    msgspec.DecodeError : not JSON, or not one of `ClientMessage`; the text names the place
    """
    return _client_decoder.decode(text)


def encode(message: Message) -> bytes:
    """Write one message as JSON."""
    return _encoder.encode(message)
