"""A consult as the lists, the ringing card and the room show it: one picture read from the records.

`HTTP` routes and the socket use the same builder, so the two never differ.
"""

import datetime as dt

import msgspec

from records.accounts import Account, Role
from records.consults import Binding, ConsentForm, Consult, ConsultState, Declined, EcgRecording
from records.ids import AccountId, RecordingId
from records.ledger import Ledger
from records.permissions import Permission, may
from records.residents import AllergyStatus
from records.values import Value
from signaling import ringing
from signaling.checklists import checklists_of
from signaling.chest_pain import clock_of
from signaling.live import Live
from signaling.messages import (
    ConsultCard,
    DeclineCard,
    GuestCard,
    PersonCard,
    SpecialistCard,
    StationCard,
)
from signaling.people import person_card, resident_card
from signaling.queue import EMPTY_BOARD, Board, board
from signaling.scopes import GUESTS
from signaling.settings import DeskSettings
from signaling.shared_reads import SharedReads


class Around(Value):
    """What a card needs beside the records."""

    live: Live
    settings: DeskSettings
    now: dt.datetime


def midnight(now: dt.datetime) -> dt.datetime:
    """The last midnight at the server."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


def read_board(ledger: Ledger, now: dt.datetime) -> Board:
    """All queues, read from the records."""
    return board(ledger.consults.open(), ledger.consults.since(midnight(now)))


def consult_card(
    ledger: Ledger, consult: Consult, viewer: Account, around: Around, queues: Board | None = None
) -> ConsultCard:
    """Build the card of one consult for one viewer, who must be allowed to see it."""
    shared = SharedReads(ledger, around.live)
    card = plain_card(ledger, consult, around, queues, shared)
    rings = viewer.id in rung_now(consult, around.live, shared)
    return for_viewer(msgspec.structs.replace(card, rings_me=rings), viewer)


def plain_card(
    ledger: Ledger, consult: Consult, around: Around, queues: Board | None, shared: SharedReads
) -> ConsultCard:
    """Build the card as nobody in particular sees it: it rings no one."""
    if queues is None:
        waits = consult.state is ConsultState.WAITING
        queues = read_board(ledger, around.now) if waits else EMPTY_BOARD
    binding = ledger.bindings.running_of_consult(consult.id)
    consent = ledger.consults.consent(consult.id)
    recordings = ledger.recordings.of_resident(consult.resident_id)
    return ConsultCard(
        id=consult.id,
        number=consult.number,
        state=consult.state,
        version=consult.version,
        urgency=consult.urgency,
        specialty=consult.specialty,
        question=consult.question,
        language=consult.language,
        resident=resident_card(ledger.residents.get(consult.resident_id)),
        asked_by=shared.person(consult.asked_by),
        asked_at=consult.asked_at,
        waiting_since=consult.waiting_since,
        place=queues.place(consult),
        expected_wait_s=queues.expected_wait_s(consult, around.now),
        target_wait_s=around.settings.target_wait_s[consult.urgency],
        rings_me=False,
        ring_deadline_at=consult.ring_deadline_at,
        specialist=shared.person(consult.specialist_id) if consult.specialist_id else None,
        added_specialists=tuple(shared.person(one) for one in consult.added_specialist_ids),
        accepted_at=consult.accepted_at,
        call_started_at=consult.call_started_at,
        ended_at=consult.ended_at,
        signed_at=consult.signed_at,
        reason=consult.reason,
        station=_station_of(consult, binding, shared),
        binding=binding,
        readings=ledger.readings.latest(consult.resident_id),
        recording_id=_along(consult, recordings),
        prior_recording_id=_prior(consult, recordings),
        identity_confirmed=ledger.consults.identity_check(consult.id) is not None,
        consent=consent.form if consent else None,
        declined=tuple(_decline_card(one, shared) for one in consult.declined),
        nobody_left=_nobody_left(consult, shared),
        handed_to=shared.person(consult.handed_to) if consult.handed_to else None,
        opinion_due_at=consult.opinion_due_at,
        opinion_free=consult.opinion_free,
        guests=tuple(shared.person(one.account_id) for one in consult.guests),
        recording_consent=_recording_consent(ledger, consult),
        chest_pain=clock_of(ledger, consult, shared),
        checklists=checklists_of(ledger, consult, shared),
    )


def _recording_consent(ledger: Ledger, consult: Consult) -> ConsentForm | None:
    given = ledger.tapes.consent(consult.id)
    return given.form if given is not None and given.holds else None


def card_again(
    ledger: Ledger, consult: Consult, before: ConsultCard, around: Around, queues: Board, shared: SharedReads
) -> ConsultCard:
    """The card of a consult that waits on as it was, while others came or went before it.

    What belongs to the consult itself is told of when it changes; what may change without that is read anew.
    """
    return msgspec.structs.replace(
        before,
        resident=resident_card(ledger.residents.get(consult.resident_id)),
        asked_by=shared.person(consult.asked_by),
        place=queues.place(consult),
        expected_wait_s=queues.expected_wait_s(consult, around.now),
        station=_station_of(consult, before.binding, shared),
        nobody_left=_nobody_left(consult, shared),
    )


def rung_now(consult: Consult, live: Live, shared: SharedReads) -> frozenset[AccountId]:
    """Everyone whose screen rings for this consult, those brought in to a running one included."""
    if consult.state in (ConsultState.ACCEPTED, ConsultState.IN_CALL):
        brought_in = (*consult.added_specialist_ids, *(one.account_id for one in consult.guests))
        return frozenset(brought_in) - frozenset(consult.entered_ids)
    if consult.state is not ConsultState.WAITING:
        return frozenset()
    return ringing.rung(consult, (live.ringable(one) for one in shared.specialists()))


def for_viewer(card: ConsultCard, viewer: Account) -> ConsultCard:
    """The card with no more than a guest needs: an interpreter translates and does not read the case.

    An interpreter's screen shows nothing of what is emptied here, so that nothing empty is taken for a fact.
    """
    if viewer.role not in GUESTS:
        return card
    resident = msgspec.structs.replace(card.resident, record_number="", phone="")
    bare = msgspec.structs.replace(
        card, resident=resident, recording_id=None, prior_recording_id=None, reason=""
    )
    if may(viewer.role, Permission.SEE_DEVICES):
        return bare
    unread = msgspec.structs.replace(resident, allergy_status=AllergyStatus.NOT_ASKED, allergies=())
    return msgspec.structs.replace(
        bare,
        resident=unread,
        question="",
        station=None,
        binding=None,
        readings=(),
        chest_pain=None,
        checklists=(),
    )


def read_guests(ledger: Ledger, live: Live) -> tuple[GuestCard, ...]:
    """Every interpreter and observer who can be invited, by name."""
    accounts = (one for role in sorted(GUESTS) for one in ledger.accounts.by_role(role))
    return tuple(
        GuestCard(
            person=person_card(one, ledger.directory.institution(one.institution_id)),
            languages=one.languages,
            connected=one.id in live.connected,
            in_call=one.id in live.in_call,
        )
        for one in accounts
        if not one.disabled
    )


def read_person(ledger: Ledger, account_id: AccountId) -> PersonCard:
    """What others see of an account, read from the records."""
    account = ledger.accounts.get(account_id)
    return person_card(account, ledger.directory.institution(account.institution_id))


def read_specialists(ledger: Ledger, live: Live) -> tuple[SpecialistCard, ...]:
    """Every specialist who can be asked."""
    return tuple(
        live.specialist_card(one, ledger.directory.institution(one.institution_id))
        for one in ledger.accounts.by_role(Role.SPECIALIST)
        if not one.disabled
    )


def read_station(ledger: Ledger, account_id: AccountId, live: Live) -> StationCard:
    """A station and its devices."""
    account = ledger.accounts.get(account_id)
    return live.station_card(account, ledger.directory.institution(account.institution_id))


def read_stations(ledger: Ledger, live: Live) -> tuple[StationCard, ...]:
    """Every station that is not disabled, by name."""
    return SharedReads(ledger, live).stations()


def _decline_card(declined: Declined, shared: SharedReads) -> DeclineCard:
    return DeclineCard(person=shared.person(declined.specialist_id), kind=declined.kind, at=declined.at)


def _nobody_left(consult: Consult, shared: SharedReads) -> bool:
    waits = consult.state is ConsultState.WAITING
    return waits and not ringing.somebody_left(consult, shared.specialists())


def _station_of(consult: Consult, binding: Binding | None, shared: SharedReads) -> StationCard | None:
    if binding is not None:
        return next((one for one in shared.stations() if one.id == binding.station_id), None)
    own = [one for one in shared.stations() if one.institution_id == consult.institution_id]
    connected = [one for one in own if one.connected]
    return next(iter(connected or own), None)


def _along(consult: Consult, of_resident: tuple[EcgRecording, ...]) -> RecordingId | None:
    """The ECG that went along, unless it was moved since to the resident it was really taken of."""
    return next((one.id for one in of_resident if one.id == consult.recording_id), None)


def _prior(consult: Consult, newest_first: tuple[EcgRecording, ...]) -> RecordingId | None:
    for recording in newest_first:
        if recording.id != consult.recording_id and recording.consult_id != consult.id:
            return recording.id
    return None
