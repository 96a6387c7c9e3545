"""Handlers of `web.routes.consults`: one consult, its opinion, its stored ECG."""

import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from aiohttp.web import Response
from numpy.typing import NDArray

from ecg import wire
from ecg.errors import WireError
from ecg.leads import MISSING
from records import opinions
from records.archive_queueing import queue_consult
from records.audit import Action
from records.chest_pain import ChestPainStood
from records.consults import Consult, ConsultState, EcgRecording, Opinion, OpinionState
from records.errors import NotFound, RuleBroken
from records.filing import check_filing
from records.ids import AccountId, BindingId, ConsultId, OpinionId, RecordingId, new_id
from records.ledger import Ledger
from records.permissions import Permission, Scope
from records.scope import Sight, resident_in_scope
from signaling import changes, moments
from signaling.cards import read_person
from signaling.messages import PersonCard
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.consults import ConsultList, ConsultPage, SaveDraft, SignOpinion
from web.routing import KIB, RouteTable

table = RouteTable()
_PAST = (ConsultState.SIGNED, ConsultState.CLOSED, ConsultState.CANCELLED)
_WRITABLE = (ConsultState.ACCEPTED, ConsultState.IN_CALL, ConsultState.OPINION_DUE)
HISTORY_MOST = 200
MOST_ASKED_S = 60  # of samples in one answer


@table.route("GET", "/api/consults/history", permission=Permission.SEE_RESIDENTS, scope=Scope.INSTITUTION)
async def list_history(call: Call[None]) -> ConsultList:
    """The caller's own signed, closed and cancelled consults, newest first."""

    def read(ledger: Ledger) -> ConsultList:
        past = [one for one in ledger.consults.of_account(call.account.id) if one.state in _PAST]
        ledger.audit.append(call.event(Action.READ, "consults", ""))
        cards = tuple(call.parts.desk.card(ledger, one, call.account) for one in past[:HISTORY_MOST])
        return ConsultList(consults=cards)

    return await call.parts.records.write(read)


@table.route("GET", "/api/consults/{consult_id}", permission=Permission.SEE_RESIDENTS, scope=Scope.CONSULT)
async def show_consult(call: Call[None]) -> ConsultPage:
    """One consult as a whole; the reading is on the audit trail before a byte leaves."""

    def read(ledger: Ledger) -> ConsultPage:
        consult = _consult(ledger, call)
        ledger.audit.append(call.event(Action.READ, "consult", consult.id, consult.resident_id))
        return _page(ledger, consult, call)

    return await call.parts.records.write(read)


def _consult(ledger: Ledger, call: Call[Any]) -> Consult:
    return ledger.consults.get(ConsultId(call.named("consult_id")))


def _page(ledger: Ledger, consult: Consult, call: Call[None]) -> ConsultPage:
    chat = ledger.consults.chat(consult.id)
    guiding = ledger.guidings.of_consult(consult.id)
    opinion = _visible(ledger.opinions.of_consult(consult.id), call.account.id)
    recordings = ledger.recordings.of_resident(consult.resident_id)
    involved = {consult.asked_by, *(line.author_id for line in chat), *consult.added_specialist_ids}
    involved |= {one for one in (consult.specialist_id, opinion and opinion.author_id) if one}
    involved |= {one.guide_id for one in guiding}
    involved |= {step.by for one in guiding for step in one.steps if step.by is not None}
    card = call.parts.desk.card(ledger, consult, call.account)
    whole = _sees_record(ledger, consult, call)
    return ConsultPage(
        consult=card,
        people=_people(ledger, involved),
        chat=chat,
        guiding=guiding,
        identity_check=ledger.consults.identity_check(consult.id),
        consent=ledger.consults.consent(consult.id),
        opinion=opinion,
        recordings=tuple(one for one in recordings if one.consult_id == consult.id),
        prior_recordings=tuple(
            one
            for one in recordings
            if one.consult_id != consult.id and (whole or one.id == card.prior_recording_id)
        ),
    )


def _sees_record(ledger: Ledger, consult: Consult, call: Call[None]) -> bool:
    """Whether the reader sees more of the resident than what goes along with the consult."""
    try:
        _, sight = resident_in_scope(ledger, call.account, consult.resident_id, call.now)
    except NotFound:
        return False
    return sight is not Sight.REQUEST


def _people(ledger: Ledger, ids: set[AccountId]) -> dict[AccountId, PersonCard]:
    return {one: read_person(ledger, one) for one in ids}


def _visible(opinion: Opinion | None, reader: AccountId) -> Opinion | None:
    """A draft is its author's alone."""
    if opinion is None or opinion.state is OpinionState.SIGNED or opinion.author_id == reader:
        return opinion
    return None


@table.route(
    "GET", "/api/consults/{consult_id}/opinion", permission=Permission.SEE_RESIDENTS, scope=Scope.CONSULT
)
async def show_opinion(call: Call[None]) -> Opinion:
    """The opinion of a consult; a draft only to its author."""

    def read(ledger: Ledger) -> Opinion:
        consult = _consult(ledger, call)
        opinion = _visible(ledger.opinions.of_consult(consult.id), call.account.id)
        if opinion is None:
            raise NotFound("no opinion yet")
        ledger.audit.append(call.event(Action.READ, "opinion", opinion.id, consult.resident_id))
        return opinion

    return await call.parts.records.write(read)


@table.route(
    "PUT",
    "/api/consults/{consult_id}/opinion",
    permission=Permission.WRITE_OPINION,
    scope=Scope.CONSULT,
    body=SaveDraft,
    body_limit_bytes=128 * KIB,
)
async def save_draft(call: Call[SaveDraft]) -> Opinion:
    """Keep the opinion as it stands. A version somebody overtook is refused: `changed_meanwhile`."""

    def save(ledger: Ledger) -> Opinion:
        consult = _own_consult(ledger, call)
        before = ledger.opinions.of_consult(consult.id)
        draft = _drafted(call, consult, before, _is_simulated(ledger, consult))
        ledger.opinions.save(draft)
        ledger.audit.append(call.event(Action.CHANGE, "opinion", draft.id, consult.resident_id))
        return draft

    return await call.parts.records.write(save)


def _own_consult(ledger: Ledger, call: Call[Any]) -> Consult:
    consult = _consult(ledger, call)
    if consult.specialist_id != call.account.id:
        raise RuleBroken("not_the_specialist", "only the specialist of the consult writes its opinion")
    if consult.state not in _WRITABLE:
        over = consult.state in (ConsultState.SIGNED, ConsultState.CLOSED)
        raise RuleBroken("opinion_signed" if over else "wrong_state", f"the consult is {consult.state}")
    return consult


def _drafted(call: Call[SaveDraft], consult: Consult, before: Opinion | None, simulated: bool) -> Opinion:
    """The opinion to keep. After a hand-over the first text of the new specialist takes the place of her
    predecessor's draft, which she never saw."""
    given = call.body
    inherited = before is not None and before.author_id != call.account.id and given.version == 0
    return Opinion(
        id=before.id if before else OpinionId(new_id()),
        consult_id=consult.id,
        author_id=call.account.id,
        state=OpinionState.DRAFT,
        version=(before.version if before and inherited else given.version) + 1,
        findings=given.findings,
        impression=given.impression,
        advice=given.advice,
        advice_text=given.advice_text,
        plan=given.plan,
        saved_at=call.now,
        simulated=simulated,
    )


def _is_simulated(ledger: Ledger, consult: Consult) -> bool:
    """Whether anything the specialist looked at was played or made up."""
    shown = [one for one in ledger.recordings.of_resident(consult.resident_id) if _shown(one, consult)]
    bindings = ledger.bindings.of_consult(consult.id)
    return any(one.simulated for one in bindings) or any(one.simulated for one in shown)


def _shown(recording: EcgRecording, consult: Consult) -> bool:
    return recording.consult_id == consult.id or recording.id == consult.recording_id


@table.route(
    "POST",
    "/api/consults/{consult_id}/opinion/sign",
    permission=Permission.SIGN_OPINION,
    scope=Scope.CONSULT,
    body=SignOpinion,
)
async def sign_opinion(call: Call[SignOpinion]) -> Opinion:
    """Sign exactly the version the specialist saw. It never changes again."""
    demo = call.parts.settings.demo

    def sign(ledger: Ledger) -> Opinion:
        consult = _own_consult(ledger, call)
        draft = ledger.opinions.of_consult(consult.id)
        if draft is None or draft.author_id != call.account.id:
            raise NotFound("no opinion of this specialist's yet")
        if draft.version != call.body.version:
            raise Refused(ProblemCode.CHANGED_MEANWHILE, {"version": str(draft.version)})
        simulated = draft.simulated or _is_simulated(ledger, consult)
        check_filing(simulated=simulated, demo=demo)
        draft = msgspec.structs.replace(draft, simulated=simulated)
        signed = opinions.signed(draft, call.now, _clock_as_it_stands(ledger, consult, call))
        ledger.opinions.save(signed)
        ledger.consults.save(changes.signed(consult, call.now))
        ledger.audit.append(call.event(Action.SIGN, "opinion", signed.id, consult.resident_id))
        archives = call.parts.settings.archives
        if queue_consult(ledger, consult, archives, call.now):
            ledger.audit.append(call.event(Action.EXPORT, "archive_outbox", consult.id, consult.resident_id))
        return signed

    signed = await call.parts.records.write(sign)
    call.parts.archive.hint()
    await call.parts.desk.announce_opinion(signed.consult_id)
    return signed


def _clock_as_it_stands(ledger: Ledger, consult: Consult, call: Call[Any]) -> Iterator[ChestPainStood]:
    clock = call.parts.desk.chest_pain(ledger, consult)
    for time in clock.times if clock is not None else ():
        yield ChestPainStood(moment=time.moment, at=time.at)


# --- stored ECG -----------------------------------------------------------------------------------------


@table.route(
    "GET", "/api/recordings/{recording_id}", permission=Permission.SEE_RESIDENTS, scope=Scope.RESIDENT
)
async def show_recording(call: Call[None]) -> EcgRecording:
    """What a stored ECG is: rate, step, leads, length, what is missing."""
    return await call.parts.records.write(lambda ledger: _opened(ledger, call, "recording"))


def _opened(ledger: Ledger, call: Call[None], kind: str) -> EcgRecording:
    recording = ledger.recordings.get(RecordingId(call.named("recording_id")))
    ledger.audit.append(call.event(Action.READ, kind, recording.id, recording.resident_id))
    return recording


@table.route(
    "GET",
    "/api/recordings/{recording_id}/samples",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.RESIDENT,
)
async def show_samples(call: Call[None]) -> Response:
    """A range of a recording as E1 WAVE packets in order; what is missing is -32768, never left out.

    Each packet stands behind its length, 4 bytes little-endian: an E1 packet has at most 32 KiB.
    """
    first, count = _range(call)
    recording = await call.parts.records.write(lambda ledger: _opened(ledger, call, "recording_samples"))
    most = math.floor(MOST_ASKED_S * recording.rate_hz)
    if not 1 <= count <= most or first < 0 or first >= max(1, recording.sample_count):
        raise Refused(ProblemCode.OUT_OF_RANGE, {"count": f"1 to {most}", "first": "within the recording"})
    count = min(count, recording.sample_count - first) if recording.sample_count else count
    key = BindingId(recording.binding_id or recording.id)
    packets = await call.parts.samples.read(key, first, count)
    body = b"".join(_framed(recording, packets, first, count))
    return Response(body=body, content_type="application/octet-stream")


def _framed(recording: EcgRecording, packets: Sequence[bytes], first: int, count: int) -> Iterator[bytes]:
    step = _most_samples(len(recording.leads))
    for start in range(first, first + count, step):
        packet = wire.encode(_one_wave(recording, packets, start, min(step, first + count - start)))
        yield struct.pack("<I", len(packet)) + packet


def _range(call: Call[None]) -> tuple[int, int]:
    query = call.request.query
    try:
        return int(query.get("first", "")), int(query.get("count", ""))
    except ValueError:
        raise Refused(
            ProblemCode.BAD_FIELDS, {"first": "a whole number", "count": "a whole number"}
        ) from None


def _most_samples(leads: int) -> int:
    """Samples per lead that fit one packet."""
    return (wire.MAX_PACKET_BYTES - wire.HEADER_BYTES) // (2 * max(1, leads))


def _one_wave(recording: EcgRecording, packets: Iterable[bytes], first: int, count: int) -> wire.Wave:
    """Lay what is stored over a ground of missing samples."""
    samples: NDArray[np.int16] = np.full((len(recording.leads), count), MISSING, np.int16)
    off, unusable, clipped = 0, 0, 0
    captured_us = moments.to_us(recording.started_at) + math.floor(first * 1e6 / recording.rate_hz)
    earliest: wire.Wave | None = None
    simulated = wire.Flag.SIMULATED if recording.simulated else wire.Flag.NONE
    for packet in packets:
        wave = wire.decode(packet)
        if not isinstance(wave, wire.Wave) or wave.samples.shape[0] != len(recording.leads):
            raise WireError(
                f"a packet of recording {recording.id} is not a WAVE of {len(recording.leads)} leads"
            )
        start, end = max(first, wave.first_index), min(first + count, wave.end_index)
        if start < end:
            if earliest is None or wave.first_index < earliest.first_index:
                # A device's quartz drifts: when its samples were taken is what the station said of them.
                earliest, ahead = wave, first - wave.first_index
                captured_us = max(0, wave.captured_us + math.floor(ahead * 1e6 / recording.rate_hz))
            simulated |= wave.flags & wire.Flag.SIMULATED
            samples[:, start - first : end - first] = wave.samples[
                :, start - wave.first_index : end - wave.first_index
            ]
            off, unusable, clipped = (
                off | int(wave.electrodes_off),
                unusable | wave.unusable,
                clipped | wave.clipped,
            )
    return wire.Wave(
        stream_id=recording.stream_id,
        first_index=first,
        captured_us=captured_us,
        samples=samples,
        flags=wire.Flag.BACKFILL | simulated,
        electrodes_off=wire.Electrode(off),
        unusable=unusable,
        clipped=clipped,
    )
