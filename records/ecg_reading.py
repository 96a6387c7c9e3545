"""How an ECG is read: claimed, signed, signed a second time where a site wants it, added to, or rejected.

Over-read is mandatory: nothing leads from a machine's draft to `FINAL` but a physician's signature.
"""

import datetime as dt
import enum
import statistics
from collections.abc import Iterable, Mapping

import msgspec

from records.ecg_studies import (
    Claim,
    EcgStudy,
    Rejection,
    ReturnedReading,
    StudyState,
    StudyUrgency,
)
from records.errors import RuleBroken
from records.ids import AccountId, ResidentId, SpecialtyCode
from records.rules import Rule
from records.values import Value


class ReadingEvent(enum.StrEnum):
    """What can happen to a study."""

    CLAIM = "claim"
    RELEASE = "release"
    EXPIRE = "expire"
    SIGN = "sign"  # and a second signature is wanted
    SIGN_ALONE = "sign_alone"
    COSIGN = "cosign"
    RETURN = "return"
    ADDEND = "addend"
    REJECT = "reject"


TRANSITIONS: Mapping[tuple[StudyState, ReadingEvent], StudyState] = {
    (StudyState.WAITING, ReadingEvent.CLAIM): StudyState.READING,
    (StudyState.READING, ReadingEvent.CLAIM): StudyState.READING,  # once the claim before it has run out
    (StudyState.READING, ReadingEvent.RELEASE): StudyState.WAITING,
    (StudyState.READING, ReadingEvent.EXPIRE): StudyState.WAITING,
    (StudyState.READING, ReadingEvent.SIGN): StudyState.SIGNED,
    (StudyState.READING, ReadingEvent.SIGN_ALONE): StudyState.FINAL,
    (StudyState.READING, ReadingEvent.REJECT): StudyState.REJECTED,
    (StudyState.SIGNED, ReadingEvent.COSIGN): StudyState.FINAL,
    (StudyState.SIGNED, ReadingEvent.RETURN): StudyState.WAITING,
    (StudyState.FINAL, ReadingEvent.ADDEND): StudyState.FINAL,
}
"""State and event to the next state; a pair that is not here is refused."""

OPEN_STATES = frozenset({StudyState.WAITING, StudyState.READING, StudyState.SIGNED})
"""Nobody has read it for good yet."""

_RANK = {StudyUrgency.CRITICAL: 0, StudyUrgency.URGENT: 1, StudyUrgency.ROUTINE: 2}


def _target_times() -> dict[StudyUrgency, int]:
    return {StudyUrgency.CRITICAL: 5 * 60, StudyUrgency.URGENT: 10 * 60, StudyUrgency.ROUTINE: 30 * 60}


class ReadingSettings(Value):
    """What a site may set about reading ECGs."""

    specialty: SpecialtyCode = SpecialtyCode("cardiology")  # whose reading list it is
    target_s: dict[StudyUrgency, int] = msgspec.field(default_factory=_target_times)  # to the last signature
    claim_s: int = 15 * 60  # a claim lasts so long after the last thing that was saved under it
    two_signatures: bool = False

    @property
    def claim_lasts(self) -> dt.timedelta:
        """How long a claim lasts."""
        return dt.timedelta(seconds=self.claim_s)


def next_state(study: EcgStudy, event: ReadingEvent) -> StudyState:
    """Where an event leads; raise `RuleBroken` where it may not happen."""
    found = TRANSITIONS.get((study.state, event))
    if found is None:
        raise RuleBroken(Rule.ECG_STATE, f"the ECG is {study.state}; {event} is not possible")
    return found


# --- claiming -------------------------------------------------------------------------------------------


def claimed(study: EcgStudy, by: AccountId, now: dt.datetime, lasts: dt.timedelta) -> EcgStudy:
    """Take a study to read. Raise `RuleBroken` while another has it and the claim runs."""
    state = next_state(study, ReadingEvent.CLAIM)
    if study.claim is not None and study.claim.by != by and not has_run_out(study, now):
        raise RuleBroken(Rule.ECG_TAKEN, "another physician is reading the ECG")
    return _moved_on(study, state, claim=Claim(by=by, at=now, expires_at=now + lasts))


def released(study: EcgStudy, by: AccountId) -> EcgStudy:
    """Give a study back to the list."""
    check_claim(study, by)
    return _moved_on(study, next_state(study, ReadingEvent.RELEASE), claim=None)


def expired(study: EcgStudy) -> EcgStudy:
    """A study whose claim has run out, in the list again."""
    return _moved_on(study, next_state(study, ReadingEvent.EXPIRE), claim=None)


def renewed(study: EcgStudy, by: AccountId, now: dt.datetime, lasts: dt.timedelta) -> EcgStudy:
    """A claim goes on for as long as something is saved under it."""
    check_claim(study, by)
    assert study.claim is not None
    claim = msgspec.structs.replace(study.claim, expires_at=now + lasts)
    return _moved_on(study, study.state, claim=claim)


def has_run_out(study: EcgStudy, now: dt.datetime) -> bool:
    """Whether somebody had claimed it, for too long."""
    return study.claim is not None and study.claim.expires_at <= now


def check_claim(study: EcgStudy, by: AccountId) -> None:
    """Raise `RuleBroken` unless the study is this physician's to read now.

    A claim that has run out and that nobody took away still holds: what she wrote is not lost by a minute.
    """
    if study.state is StudyState.READING and study.claim is not None and study.claim.by == by:
        return
    if study.state is StudyState.READING:
        raise RuleBroken(Rule.ECG_TAKEN, "another physician is reading the ECG")
    raise RuleBroken(Rule.ECG_NOT_CLAIMED, f"the ECG is {study.state}; claim it first")


# --- signing --------------------------------------------------------------------------------------------


def signed(study: EcgStudy, by: AccountId, now: dt.datetime, *, two_signatures: bool) -> EcgStudy:
    """The first signature; the only one where a site wants no second."""
    check_claim(study, by)
    event = ReadingEvent.SIGN if two_signatures else ReadingEvent.SIGN_ALONE
    state = next_state(study, event)
    return _moved_on(
        study,
        state,
        claim=None,
        first_signed_at=now,
        first_signed_by=by,
        final_at=now if state is StudyState.FINAL else None,
        reader_ids=_with(study.reader_ids, by),
    )


def cosigned(study: EcgStudy, by: AccountId, now: dt.datetime) -> EcgStudy:
    """The second signature. Raise `RuleBroken` for who gave the first."""
    state = next_state(study, ReadingEvent.COSIGN)
    _check_other(study, by)
    return _moved_on(study, state, final_at=now, reader_ids=_with(study.reader_ids, by))


def returned(study: EcgStudy, by: AccountId, now: dt.datetime, reason: str) -> EcgStudy:
    """Not signed a second time: to be read again. Who signed first may take it back as well."""
    state = next_state(study, ReadingEvent.RETURN)
    return _moved_on(
        study,
        state,
        first_signed_at=None,
        first_signed_by=None,
        reader_ids=_with(study.reader_ids, by),
        returned=(*study.returned, ReturnedReading(by=by, at=now, reason=reason)),
    )


def addended(study: EcgStudy, by: AccountId) -> EcgStudy:
    """Something is added to a final report; what was signed stays."""
    return _moved_on(study, next_state(study, ReadingEvent.ADDEND), reader_ids=_with(study.reader_ids, by))


def rejected(study: EcgStudy, rejection: Rejection) -> EcgStudy:
    """It cannot be read and is to be repeated.

    Raises `RuleBroken` where a rule of the critical values hit and nothing is said of it: a tracing that is
    too poor to read does not make a patient well.
    """
    check_claim(study, rejection.by)
    if study.critical_rules and rejection.critical_value is None:
        raise RuleBroken(
            Rule.CRITICAL_VALUE_NEEDED,
            f"{len(study.critical_rules)} possible critical values and no word on them; say yes or no",
        )
    return _moved_on(
        study,
        next_state(study, ReadingEvent.REJECT),
        claim=None,
        rejection=rejection,
        reader_ids=_with(study.reader_ids, rejection.by),
    )


def moved_to(study: EcgStudy, resident_id: ResidentId) -> EcgStudy:
    """The study is another resident's: it was taken or filed under the wrong one.

    Who is reading it read it as the other's, of another age: she claims it again before she signs.
    """
    origin = study.moved_from or study.resident_id
    state = StudyState.WAITING if study.state is StudyState.READING else study.state
    return _moved_on(study, state, claim=None, resident_id=resident_id, moved_from=origin)


def _check_other(study: EcgStudy, by: AccountId) -> None:
    if study.first_signed_by == by:
        raise RuleBroken(Rule.OWN_SIGNATURE, "nobody countersigns her own report")


def _with(ids: tuple[AccountId, ...], one: AccountId) -> tuple[AccountId, ...]:
    return ids if one in ids else (*ids, one)


def _moved_on(study: EcgStudy, state: StudyState, **changes: object) -> EcgStudy:
    return msgspec.structs.replace(study, state=state, version=study.version + 1, **changes)


# --- the list -------------------------------------------------------------------------------------------


def in_order(studies: Iterable[EcgStudy]) -> tuple[EcgStudy, ...]:
    """Those that are not read for good, the next one first: by urgency, then by waiting."""
    waiting = (one for one in studies if one.state in OPEN_STATES)
    return tuple(sorted(waiting, key=lambda one: (_RANK[one.urgency], one.waiting_since, one.id)))


def waited_s(study: EcgStudy, now: dt.datetime) -> int:
    """Whole seconds from coming in to the last signature or the rejection, or until now."""
    end = study.final_at or (study.rejection.at if study.rejection else now)
    return max(0, int((end - study.waiting_since).total_seconds()))


def is_overdue(study: EcgStudy, now: dt.datetime, settings: ReadingSettings) -> bool:
    """Whether it waits for longer than the target of its class."""
    return study.state in OPEN_STATES and waited_s(study, now) > settings.target_s[study.urgency]


class ReadingFigures(Value):
    """Of one class of urgency: what waits and how the day went. No resident."""

    urgency: StudyUrgency
    waiting: int  # nobody has it
    being_read: int
    awaiting_second: int  # signed once, and a second signature is wanted
    overdue: int  # of all three
    longest_wait_s: int | None
    target_s: int
    finished_today: int
    rejected_today: int
    median_turnaround_s: int | None  # of those finished today; None: none


def figures_of(
    open_studies: Iterable[EcgStudy],
    closed_today: Iterable[EcgStudy],
    settings: ReadingSettings,
    now: dt.datetime,
) -> tuple[ReadingFigures, ...]:
    """The figures of every class, the most urgent first."""
    waiting, closed = tuple(open_studies), tuple(closed_today)
    return tuple(_figures(urgency, waiting, closed, settings, now) for urgency in _RANK)


def _figures(
    urgency: StudyUrgency,
    open_studies: tuple[EcgStudy, ...],
    closed_today: tuple[EcgStudy, ...],
    settings: ReadingSettings,
    now: dt.datetime,
) -> ReadingFigures:
    here = [one for one in open_studies if one.urgency is urgency and one.state in OPEN_STATES]
    states = [one.state for one in here]
    closed = [one for one in closed_today if one.urgency is urgency]
    turnaround_s = [waited_s(one, now) for one in closed if one.state is StudyState.FINAL]
    return ReadingFigures(
        urgency=urgency,
        waiting=states.count(StudyState.WAITING),
        being_read=states.count(StudyState.READING),
        awaiting_second=states.count(StudyState.SIGNED),
        overdue=sum(is_overdue(one, now, settings) for one in here),
        longest_wait_s=max((waited_s(one, now) for one in here), default=None),
        target_s=settings.target_s[urgency],
        finished_today=len(turnaround_s),
        rejected_today=sum(one.state is StudyState.REJECTED for one in closed),
        median_turnaround_s=int(statistics.median(turnaround_s)) if turnaround_s else None,
    )
