"""Every message between a client and the server over the signaling WebSocket, written once.

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

import datetime as dt
import re
from enum import StrEnum
from typing import Any

import msgspec

from records.accounts import Language, Presence, Role
from records.consults import (
    Binding,
    ChatLine,
    ConsentForm,
    ConsultState,
    IdentifierKind,
    Urgency,
)
from records.device_checks import CheckOutcome
from records.ids import (
    AccountId,
    BindingId,
    ConsultId,
    InstitutionId,
    ParticipantId,
    RecordingId,
    ResidentId,
    SpecialtyCode,
)
from records.residents import AllergyStatus, Reading, Sex
from records.rooms import MediaKind
from records.values import Value

MESSAGE_LIMIT_BYTES = 64 * 1024
"""The largest JSON message either side accepts."""

SAMPLES_LIMIT_BYTES = 32 * 1024
"""The largest binary (E1) message either side accepts."""


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Message(Value, tag_field="type", tag=_snake):
    """The base of every message."""


class Command(Message):
    """Asks for something to be done. Answered by `Done` or `Refused`."""

    id: str  # made by the client, 8 to 64 characters


class Notice(Message):
    """Tells the server something; not answered."""


class Event(Message, kw_only=True):
    """Something happened. Kept until the client has surely seen it."""

    seq: int = 0  # filled in by the outbox it passes through


class Direct(Message):
    """Only of use now; not kept, not numbered."""


# --- parts that several messages share ------------------------------------------------------------------


class DeviceState(StrEnum):
    """A device at a station, as the station sees it."""

    READY = "ready"
    RUNNING = "running"
    MISSING = "missing"  # none configured
    FAILED = "failed"  # could not be opened, or broke off


class ResidentCard(Value):
    """What the banner and the lists show of a resident."""

    id: ResidentId
    record_number: str
    name: str
    sex: Sex
    birth_date: dt.date
    allergy_status: AllergyStatus
    allergies: tuple[str, ...]
    preferred_language: Language
    phone: str = ""
    name_initials: str = ""  # pinyin initials in lower case, to search a list by: 王秀英 -> wxy


class PersonCard(Value):
    """What others see of an account."""

    id: AccountId
    display_name: str
    role: Role
    title: str
    institution_id: InstitutionId
    institution_name_zh: str
    institution_name_en: str


class SpecialistCard(Value):
    """A specialist in the list of who can be asked."""

    person: PersonCard
    specialties: tuple[SpecialtyCode, ...]
    languages: tuple[Language, ...]
    presence: Presence
    connected: bool
    in_call: bool


class StationCard(Value):
    """A station and its devices."""

    id: AccountId
    name: str
    institution_id: InstitutionId
    institution_name_zh: str
    institution_name_en: str
    connected: bool
    last_seen_at: dt.datetime | None
    ultrasound: DeviceState
    ecg: DeviceState
    device_error: str  # names the source that failed; "" when none did
    simulated: bool
    bound_consult_id: ConsultId | None
    last_test_at: dt.datetime | None = None  # of the last device check; None: never
    last_test_passed: bool | None = None  # None: nothing was tried
    bearer: str = (
        ""  # the line it is connected by: wired, wifi, cellular, local (the same machine); "" unknown
    )
    one_clock: bool = True  # ultrasound and ECG are stamped by the same clock


class ConsultCard(Value):
    """A consult as the worklist, the ringing card and the room show it to one client."""

    id: ConsultId
    number: str
    state: ConsultState
    version: int
    urgency: Urgency
    specialty: SpecialtyCode
    question: str
    language: Language
    resident: ResidentCard
    asked_by: PersonCard
    asked_at: dt.datetime
    waiting_since: dt.datetime
    place: int | None  # 1 is next; None when it does not wait
    expected_wait_s: int | None  # None when it cannot be told
    target_wait_s: int  # for this urgency; beyond it the wait is marked
    rings_me: bool  # this client is being rung now
    ring_deadline_at: dt.datetime | None  # when the circle widens
    specialist: PersonCard | None
    added_specialists: tuple[PersonCard, ...]
    accepted_at: dt.datetime | None
    call_started_at: dt.datetime | None
    ended_at: dt.datetime | None
    signed_at: dt.datetime | None
    reason: str
    station: StationCard | None  # bound to it, or else the asker's own
    binding: Binding | None  # the running one
    readings: tuple[Reading, ...]  # the latest of each kind
    recording_id: RecordingId | None  # the ECG that went along
    prior_recording_id: RecordingId | None
    identity_confirmed: bool
    consent: ConsentForm | None


class Participant(Value):
    """Somebody in a room. Everyone in it is named to all; nobody joins unseen."""

    id: ParticipantId
    person: PersonCard
    microphone_on: bool
    camera_on: bool
    connected: bool
    publishes: tuple[MediaKind, ...]


class RoomView(Value):
    """A consult's room as everyone in it sees it."""

    consult_id: ConsultId
    participants: tuple[Participant, ...]
    opened_at: dt.datetime


class LiveFigures(Value):
    """A live consult's figures on the dashboard. None: no such figure, shown as an en dash."""

    consult_id: ConsultId
    number: str
    station_name: str
    asker_name: str
    specialist_name: str
    specialty: SpecialtyCode
    since: dt.datetime
    state: ConsultState
    round_trip_ms: float | None
    loss_percent: float | None
    up_mbps: float | None  # station and doctor to the server
    down_mbps: float | None  # server to the specialist
    ultrasound_fps: float | None
    ultrasound_delay_ms: float | None
    ultrasound_delay_uncertainty_ms: float | None
    freezes: int | None
    ecg_missing_samples: int | None


class QueueFigures(Value):
    """One specialty's queue on the dashboard."""

    specialty: SpecialtyCode
    emergency: int
    expedited: int
    routine: int
    longest_wait_s: int | None
    available: int  # specialists
    connected: int
    target_wait_s: int | None = None  # of its most urgent request; None: nobody waits


class TodayFigures(Value):
    """Counts since midnight at the server."""

    asked: int
    accepted: int
    signed: int
    returned: int
    cancelled: int
    median_wait_s: int | None
    longest_wait_s: int | None


class Dashboard(Value):
    """All an administrator sees at once. No resident's name, no picture."""

    live: tuple[LiveFigures, ...]
    queues: tuple[QueueFigures, ...]
    stations: tuple[StationCard, ...]
    today: TodayFigures
    audit_chain_ok: bool | None
    certificate_days_left: int | None
    emergency_accesses_to_review: int
    media_workers_ready: int
    media_workers_total: int


class Snapshot(Value):
    """Everything a client needs to start from; the events after it carry on from there."""

    consults: tuple[ConsultCard, ...]
    specialists: tuple[SpecialistCard, ...]
    stations: tuple[StationCard, ...]
    rooms: tuple[RoomView, ...]  # those the client is in
    presence: Presence | None  # the client's own, when a specialist
    unread_chat: dict[ConsultId, int]


# --- client to server -----------------------------------------------------------------------------------


class Hello(Notice):
    """The first message of a socket: who this is (a tab), and from where to go on.

    Answered by `Welcome`. A `client_id` is made once for each page load.
    """

    client_id: str
    resume_after: int | None = None  # the last `seq` seen; None asks for a snapshot
    language: Language = Language.ZH  # of the screens, for sentences in refusals


class ProbeClock(Notice):
    """First stamp of a four-stamp exchange (RFC 5905 section 8). Answered by `ClockProbed`."""

    sent_us: int  # on the client's clock


class SetPresence(Command):
    """A specialist says whether she can be rung."""

    presence: Presence


class RequestConsult(Command):
    """Ask for a consult. `Done.value` is the new consult's id.

    The latest ECG and readings of the resident go along by themselves.
    """

    resident_id: ResidentId
    specialty: SpecialtyCode
    urgency: Urgency
    question: str
    language: Language = Language.ZH
    specialist_id: AccountId | None = None  # ring only this one first


class SupplyInformation(Command):
    """Answer a returned request; it takes its old place in the queue."""

    consult_id: ConsultId
    question: str


class CancelConsult(Command):
    """The asker takes the request back."""

    consult_id: ConsultId
    reason: str


class AcceptConsult(Command):
    """Take a waiting consult. Of two at the same instant exactly one wins; the other is `Refused`."""

    consult_id: ConsultId


class DeclineConsult(Command):
    """Say no to a ring, with a reason; others go on being rung."""

    consult_id: ConsultId
    reason: str


class ReturnConsult(Command):
    """退回补充资料: give the request back to its asker, who owes information."""

    consult_id: ConsultId
    reason: str


class HandOver(Command):
    """Give an accepted consult to another specialist, who is rung and may accept or decline."""

    consult_id: ConsultId
    specialist_id: AccountId
    reason: str


class AddSpecialist(Command):
    """Bring a second specialist into the room."""

    consult_id: ConsultId
    specialist_id: AccountId


class ConfirmIdentity(Command):
    """Two different identifiers of the resident were compared and agree."""

    consult_id: ConsultId
    identifiers: tuple[IdentifierKind, ...]


class RecordConsent(Command):
    """The resident's consent, in one of three forms; each needs its own evidence."""

    consult_id: ConsultId
    form: ConsentForm
    witness: str = ""
    reason: str = ""
    signature_svg_path: str = ""


class BindStation(Command):
    """A person confirmed that this station's devices are on this consult's resident.

    `Done.value` is the binding's id. Ends the station's binding before it.
    """

    consult_id: ConsultId
    station_id: AccountId


class ReleaseStation(Command):
    """End a binding; the station stops acquiring."""

    binding_id: BindingId


class ReportDeviceCheck(Command):
    """A person went through a station's device check; `StationCard.last_test_at` and `.last_test_passed`
    tell of the last one. What was not tried, and what the station does not have, is `skipped`."""

    station_id: AccountId
    camera: CheckOutcome
    microphone: CheckOutcome
    speaker: CheckOutcome
    network: CheckOutcome
    ultrasound: CheckOutcome
    ecg: CheckOutcome


class MoveRecording(Command):
    """A physician moves a recording that was taken under the wrong resident, with a reason."""

    recording_id: RecordingId
    to_resident_id: ResidentId
    reason: str


class JoinRoom(Command):
    """Enter a consult's room, or come back to it. Followed by `MediaOffer` once media may open."""

    consult_id: ConsultId
    microphone_on: bool
    camera_on: bool


class LeaveRoom(Command):
    """Leave the room; the consult goes on."""

    consult_id: ConsultId


class AnswerMedia(Command):
    """The SDP answer (RFC 3264) to the `MediaOffer` with this `peer_id`."""

    peer_id: str
    sdp: str


class RestartMedia(Command):
    """The media path is lost: make a new peer connection under the same participant."""

    consult_id: ConsultId


class SetMuted(Command):
    """Microphone and camera as they are now; held through reconnects."""

    consult_id: ConsultId
    microphone_on: bool
    camera_on: bool


class SayChat(Command):
    """Write a line to everybody in the consult."""

    consult_id: ConsultId
    text: str


class EndConsult(Command):
    """End the call; the opinion is due."""

    consult_id: ConsultId


class ForceEnd(Command):
    """An administrator ends a session, with a reason that both sides see."""

    consult_id: ConsultId
    reason: str


class AcknowledgeOpinion(Command):
    """The asker has read the signed opinion; the consult is closed."""

    consult_id: ConsultId


class WatchDashboard(Command):
    """Begin or stop receiving `DashboardFigures` every 2 s."""

    on: bool


class ForceFault(Command):
    """Demo only: make something go wrong on purpose."""

    station_id: AccountId
    fault: "DemoFault"


class DemoFault(StrEnum):
    """What the demo's fault panel can do."""

    V2_OFF = "v2_off"  # the electrode V2 comes loose
    V2_ON = "v2_on"
    CABLE_OUT_10_S = "cable_out_10_s"  # the station's network cable


class NeedSamples(Notice):
    """Ask for stored samples of a binding; answered by the stream's META, binary E1 WAVE packets with the
    backfill flag, then `SamplesSent`."""

    binding_id: BindingId
    first: int  # sample index
    count: int  # samples per lead, at most 30 s


class WantLiveSamples(Notice):
    """For a browser that cannot read the ECG's RTP stream: send a binding's META and, from now on, its new
    samples over this socket."""

    binding_id: BindingId
    on: bool


class PointAt(Notice):
    """The sender's pointer on the ultrasound picture; x and y in 0..1 of the picture, None: taken away."""

    consult_id: ConsultId
    x: float | None
    y: float | None


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


# --- server to client: answers --------------------------------------------------------------------------


class Done(Message):
    """The command was carried out."""

    re: str
    value: str = ""  # an id, where the command makes something


class Refused(Message):
    """The command, or a message that could not be read, was refused. Nothing changed."""

    re: str  # "" when the message had no readable id
    code: str  # stable, see `signaling.refusals`
    sentence: str  # in the client's language


class Welcome(Message):
    """The answer to `Hello`."""

    account_id: AccountId
    seq: int  # of the last event before this
    resumed: bool  # true: the missed events follow; false: start from the snapshot
    snapshot: Snapshot | None
    server_us: int
    demo: bool


# --- server to client: events ---------------------------------------------------------------------------


class ConsultChanged(Event):
    """A consult this client may see is new or has changed; the card replaces the older one."""

    consult: ConsultCard


class ConsultGone(Event):
    """A consult is no longer this client's to see (taken by another, cancelled)."""

    consult_id: ConsultId


class SpecialistChanged(Event):
    """A specialist's presence or connection changed."""

    specialist: SpecialistCard


class StationChanged(Event):
    """A station came, went, or one of its devices changed."""

    station: StationCard


class RoomChanged(Event):
    """Who is in the room changed, or who is muted."""

    room: RoomView


class RoomClosed(Event):
    """The room is gone; media is closed."""

    consult_id: ConsultId
    reason: str  # "" when it ended in order


class ChatSaid(Event):
    """A new line in a consult's chat."""

    line: ChatLine


class ReadingTaken(Event):
    """A new vital sign for a consult in progress, live when `binding_id` is set."""

    consult_id: ConsultId
    reading: Reading
    binding_id: BindingId | None = None


class OpinionSigned(Event):
    """A consult's opinion was signed and is in the record."""

    consult_id: ConsultId


# --- server to client: direct ---------------------------------------------------------------------------


class ClockProbed(Direct):
    """Second and third stamp of a four-stamp exchange."""

    sent_us: int  # the client's stamp, repeated
    received_us: int
    answered_us: int


class StationClock(Direct):
    """How the bound station's clock stands to the server's: station = server + offset."""

    binding_id: BindingId
    offset_us: int
    uncertainty_us: int


class MediaOffer(Direct):
    """The server's SDP offer for this participant's one peer connection. Answer with `AnswerMedia`."""

    consult_id: ConsultId
    peer_id: str
    sdp: str
    publish: dict[str, MediaKind]  # mid -> what to publish there by replaceTrack


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


class PointerMoved(Direct):
    """Somebody's pointer on the ultrasound picture."""

    consult_id: ConsultId
    participant_id: ParticipantId
    x: float | None
    y: float | None


class SamplesSent(Direct):
    """All stored samples of the asked range have been sent."""

    binding_id: BindingId
    first: int
    count: int  # samples per lead that were stored and sent
    stored_end: int  # contiguous end on the server


class DashboardFigures(Direct):
    """The dashboard, every 2 s while watched."""

    dashboard: Dashboard


class SignedOut(Direct):
    """The session ended (signed out, expired, disabled); the socket closes after this."""

    code: str


ClientMessage = (
    Hello
    | ProbeClock
    | SetPresence
    | RequestConsult
    | SupplyInformation
    | CancelConsult
    | AcceptConsult
    | DeclineConsult
    | ReturnConsult
    | HandOver
    | AddSpecialist
    | ConfirmIdentity
    | RecordConsent
    | BindStation
    | ReleaseStation
    | ReportDeviceCheck
    | MoveRecording
    | JoinRoom
    | LeaveRoom
    | AnswerMedia
    | RestartMedia
    | SetMuted
    | SayChat
    | EndConsult
    | ForceEnd
    | AcknowledgeOpinion
    | WatchDashboard
    | ForceFault
    | NeedSamples
    | WantLiveSamples
    | PointAt
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
    | ReadingTaken
    | OpinionSigned
    | ClockProbed
    | StationClock
    | MediaOffer
    | SlotBound
    | MediaLost
    | PointerMoved
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
