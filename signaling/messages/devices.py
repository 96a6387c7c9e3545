"""A participant's own devices beyond camera and microphone: a stethoscope, a capture card and its clock."""

from records.ids import ConsultId, ParticipantId
from signaling.messages.base import Command, Direct, Notice
from ultrasound.trouble import PictureTrouble


class SetAuscultation(Command):
    """One's own microphone as a stethoscope: unprocessed sound, shown to all. One in a room at a time."""

    consult_id: ConsultId
    on: bool


class PublishUltrasound(Command):
    """Begin or stop sending a capture card of one's own computer as the room's ultrasound.

    One in a room at a time; meanwhile the station's picture is not forwarded. To begin, a person confirms
    whose picture it is: the consult's own resident's.
    """

    consult_id: ConsultId
    on: bool
    resident_confirmed: bool = False


class ReportClock(Notice):
    """Who publishes ultrasound tells how its clock stands: server = client + offset. Sent on as
    `PublisherClock`."""

    consult_id: ConsultId
    offset_us: int
    uncertainty_us: int


class PublisherClock(Direct):
    """How the clock of who publishes ultrasound from a browser stands: publisher = server + offset."""

    consult_id: ConsultId
    participant_id: ParticipantId
    offset_us: int
    uncertainty_us: int


class ReportPicture(Notice):
    """Who publishes ultrasound from a browser tells what is wrong with the captured picture now, at every
    change and again every few seconds. Sent on as `PublisherPicture`."""

    consult_id: ConsultId
    troubles: tuple[PictureTrouble, ...]


class PublisherPicture(Direct):
    """What is wrong with the picture of who publishes ultrasound from a browser; empty: nothing."""

    consult_id: ConsultId
    participant_id: ParticipantId
    troubles: tuple[PictureTrouble, ...]
