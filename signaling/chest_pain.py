"""The chest-pain clock as everyone is shown it: what people entered, and what kept ECGs tell."""

from records.chest_pain import TARGETS, ChestPainMoment, standing
from records.consults import Consult
from records.ecg_studies import EcgStudy, StudyState
from records.ledger import Ledger
from signaling.messages.chest_pain import ChestPainClock, ChestPainLine, ChestPainTime
from signaling.shared_reads import SharedReads


def clock_of(ledger: Ledger, consult: Consult, shared: SharedReads) -> ChestPainClock | None:
    """The consult's clock; None when nobody started one."""
    if not consult.chest_pain:
        return None
    known = times_of(ledger, consult, shared)
    return ChestPainClock(
        times=tuple(known[moment] for moment in ChestPainMoment if moment in known),
        log=tuple(
            ChestPainLine(
                moment=one.moment,
                at=one.at,
                by_name=shared.person(one.by).display_name,
                entered_at=one.entered_at,
                reason=one.reason,
            )
            for one in consult.chest_pain
        ),
        targets=TARGETS,
    )


def times_of(ledger: Ledger, consult: Consult, shared: SharedReads) -> dict[ChestPainMoment, ChestPainTime]:
    """The moments that are known. What a person entered stands before what a kept ECG tells."""
    entered = {
        moment: ChestPainTime(
            moment=moment,
            at=entry.at,
            by_name=shared.person(entry.by).display_name,
            entered_at=entry.entered_at,
        )
        for moment, entry in standing(consult.chest_pain).items()
        if entry.at is not None
    }
    study = _first_ecg(ledger, consult)
    if study is None or ChestPainMoment.FIRST_ECG in entered:
        return entered
    return _told_by(study, shared) | entered


def _first_ecg(ledger: Ledger, consult: Consult) -> EcgStudy | None:
    """The first ECG kept of this consult; none that could not be read, or was another resident's."""
    kept = (
        one
        for one in ledger.ecg_studies.of_consult(consult.id)
        if one.resident_id == consult.resident_id and one.state is not StudyState.REJECTED
    )
    return next(kept, None)


def _told_by(study: EcgStudy, shared: SharedReads) -> dict[ChestPainMoment, ChestPainTime]:
    taken = ChestPainTime(
        moment=ChestPainMoment.FIRST_ECG,
        at=study.taken_at,
        by_name="",
        entered_at=None,
        study_id=study.id,
    )
    told = {taken.moment: taken}
    if study.first_signed_at is not None and study.first_signed_by is not None:
        told[ChestPainMoment.ECG_READ] = ChestPainTime(
            moment=ChestPainMoment.ECG_READ,
            at=study.first_signed_at,
            by_name=shared.person(study.first_signed_by).display_name,
            entered_at=None,
            study_id=study.id,
        )
    return told
