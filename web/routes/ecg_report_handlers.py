"""Handlers of `web.routes.ecg_reports`: claiming, drafting, signing, adding to and rejecting ECGs."""

from collections.abc import Callable
from typing import Any

from records import ecg_reading, ecg_reports
from records.audit import Action
from records.ecg_phrases import PhraseList, check_phrases
from records.ecg_reports import (
    Cosignature,
    EcgReport,
    ReportKind,
    ReportState,
    chosen_terms,
    corrected,
    is_unchanged,
    lacking,
)
from records.ecg_studies import EcgStudy, Rejection, RejectKind
from records.ecg_terms import TERMS
from records.errors import SealBroken
from records.filing import check_filing
from records.ids import EcgReportId, EcgStudyId, new_id
from records.ledger import Ledger
from records.permissions import Permission, Scope
from signaling import scopes
from web.call import Call
from web.ecg_cards import study_card
from web.errors import ProblemCode, Refused
from web.routes.ecg_reports import (
    AddToEcgReport,
    CosignEcgReport,
    EcgTermList,
    RejectEcg,
    ReturnEcgReport,
    SaveEcgReport,
    SavePhrases,
    SignEcgReport,
)
from web.routes.ecg_studies import EcgStudyCard
from web.routing import KIB, RouteTable

table = RouteTable()
_SHORTEST_REASON, _LONGEST_REASON = 2, 500


# --- claiming -------------------------------------------------------------------------------------------


@table.route("POST", "/api/ecg-studies/{study_id}/claim", permission=Permission.READ_ECG, scope=Scope.QUEUE)
async def claim_study(call: Call[None]) -> EcgStudyCard:
    """Take a study to read; of two at once exactly one gets it, the other `ecg_taken`.

    The claim runs out (15 min unless the site says otherwise) after the last thing saved under it.
    """
    lasts = call.parts.settings.reading.claim_lasts
    return await _act(
        call, Action.CLAIM, lambda study: ecg_reading.claimed(study, call.account.id, call.now, lasts)
    )


@table.route("POST", "/api/ecg-studies/{study_id}/release", permission=Permission.READ_ECG, scope=Scope.QUEUE)
async def release_study(call: Call[None]) -> EcgStudyCard:
    """Give a claimed study back to the list; what was written stays its author's draft."""
    return await _act(call, Action.UNCLAIM, lambda study: ecg_reading.released(study, call.account.id))


@table.route(
    "POST",
    "/api/ecg-studies/{study_id}/reject",
    permission=Permission.READ_ECG,
    scope=Scope.QUEUE,
    body=RejectEcg,
)
async def reject_study(call: Call[RejectEcg]) -> EcgStudyCard:
    """It cannot be read and is to be repeated; who filed it is told why.

    Where a rule of the critical values hit, it needs the physician's own word on it, as a signature does;
    without it `critical_value_needed`.
    """
    given = call.body
    reason = given.reason.strip()
    if len(reason) > _LONGEST_REASON or (given.kind is RejectKind.OTHER and len(reason) < _SHORTEST_REASON):
        raise Refused(
            ProblemCode.BAD_FIELDS, {"reason": f"{_SHORTEST_REASON} to {_LONGEST_REASON} characters"}
        )
    rejection = Rejection(
        by=call.account.id, at=call.now, kind=given.kind, reason=reason, critical_value=given.critical_value
    )
    return await _act(
        call, Action.REJECT, lambda study: ecg_reading.rejected(study, rejection), _on_the_trail(rejection)
    )


def _on_the_trail(rejection: Rejection) -> str:
    """Why it is repeated and what was said of a critical value, in words that are nobody's own."""
    said = {None: "", True: ", critical value", False: ", no critical value"}[rejection.critical_value]
    return rejection.kind.value + said


async def _act(
    call: Call[Any], action: Action, change: Callable[[EcgStudy], EcgStudy], reason: str = ""
) -> EcgStudyCard:
    """Change a study's state in one transaction with its audit entry, and tell everyone it concerns."""

    def act(ledger: Ledger) -> tuple[EcgStudy, EcgStudyCard]:
        after = change(_study(ledger, call))
        ledger.ecg_studies.save(after)
        ledger.audit.append(call.event(action, "ecg_study", after.id, after.resident_id, reason))
        return after, study_card(ledger, after, call.account, call.parts.settings.reading, call.now)

    study, card = await call.parts.records.write(act)
    await call.parts.desk.announce_study(study)
    return card


# --- the report -----------------------------------------------------------------------------------------


@table.route(
    "PUT",
    "/api/ecg-studies/{study_id}/report",
    permission=Permission.READ_ECG,
    scope=Scope.QUEUE,
    body=SaveEcgReport,
    body_limit_bytes=64 * KIB,
)
async def save_report(call: Call[SaveEcgReport]) -> EcgReport:
    """Keep the report as it stands, under one's claim. A version somebody overtook: `changed_meanwhile`."""
    lasts = call.parts.settings.reading.claim_lasts

    def save(ledger: Ledger) -> EcgReport:
        study = _study(ledger, call)
        renewed = ecg_reading.renewed(study, call.account.id, call.now, lasts)
        draft = _drafted(ledger, call, study)
        ledger.ecg_reports.save(draft)
        ledger.ecg_studies.save(renewed)
        ledger.audit.append(call.event(Action.CHANGE, "ecg_report", draft.id, study.resident_id))
        return draft

    return await call.parts.records.write(save)


def _drafted(ledger: Ledger, call: Call[SaveEcgReport], study: EcgStudy) -> EcgReport:
    given = call.body
    before = ledger.ecg_reports.draft_of(study.id, call.account.id)
    machine = ledger.ecg_studies.draft(study.id)
    return EcgReport(
        id=before.id if before else EcgReportId(new_id()),
        study_id=study.id,
        kind=ReportKind.READING,
        author_id=call.account.id,
        state=ReportState.DRAFT,
        version=given.version + 1,
        conclusion=given.conclusion,
        terms=chosen_terms(given.terms),
        text=ecg_reports.check_text(given.text),
        corrections=corrected(given.corrections, machine),
        critical_value=given.critical_value,
        saved_at=call.now,
        simulated=study.simulated,
        samples_sha256=study.seal.sha256,
        algorithm=machine.algorithm,
    )


@table.route(
    "POST",
    "/api/ecg-studies/{study_id}/report/sign",
    permission=Permission.SIGN_ECG,
    scope=Scope.QUEUE,
    body=SignEcgReport,
)
async def sign_report(call: Call[SignEcgReport]) -> EcgReport:
    """Sign exactly the version the physician saw, on samples that are still those that were kept.

    It never changes again. Where the site wants two signatures, another physician's is still missing.
    """
    settings, demo = call.parts.settings.reading, call.parts.settings.demo
    await _hold_to_samples(call)

    def sign(ledger: Ledger) -> tuple[EcgStudy, EcgReport]:
        study = _study(ledger, call)
        after = ecg_reading.signed(study, call.account.id, call.now, two_signatures=settings.two_signatures)
        draft = ledger.ecg_reports.draft_of(study.id, call.account.id)
        if draft is None:
            raise Refused(ProblemCode.REPORT_INCOMPLETE, {"report": "nothing was written yet"})
        if draft.version != call.body.version:
            raise Refused(ProblemCode.CHANGED_MEANWHILE, {"version": str(draft.version)})
        _check_complete(draft, study)
        check_filing(simulated=study.simulated, demo=demo)
        signed = ecg_reports.signed(draft, study, call.now)
        ledger.ecg_reports.save(signed)
        ledger.ecg_studies.save(after)
        ledger.audit.append(call.event(Action.SIGN, "ecg_report", signed.id, study.resident_id))
        return after, signed

    study, report = await call.parts.records.write(sign)
    await call.parts.desk.announce_study(study)
    return report


def _check_complete(report: EcgReport, study: EcgStudy) -> None:
    missing = lacking(report, study)
    if missing:
        raise Refused(ProblemCode.REPORT_INCOMPLETE, dict.fromkeys(missing, "needed"))


@table.route(
    "POST",
    "/api/ecg-studies/{study_id}/report/cosign",
    permission=Permission.SIGN_ECG,
    scope=Scope.QUEUE,
    body=CosignEcgReport,
)
async def cosign_report(call: Call[CosignEcgReport]) -> Cosignature:
    """The second signature, on the very content with this digest; never by who gave the first.

    It is on samples that are still those that were kept, as the first is.
    """
    given = call.body
    await _hold_to_samples(call)

    def cosign(ledger: Ledger) -> tuple[EcgStudy, Cosignature]:
        study = _study(ledger, call)
        after = ecg_reading.cosigned(study, call.account.id, call.now)
        report = _awaiting(ledger, study)
        if (report.id, report.digest) != (given.report_id, given.digest):
            raise Refused(ProblemCode.CHANGED_MEANWHILE, {"report_id": report.id})
        signature = Cosignature(
            report_id=report.id,
            study_id=study.id,
            by=call.account.id,
            at=call.now,
            report_digest=report.digest,
        )
        ledger.ecg_reports.add_cosignature(signature)
        ledger.ecg_studies.save(after)
        ledger.audit.append(call.event(Action.COSIGN, "ecg_report", report.id, study.resident_id))
        return after, signature

    study, signature = await call.parts.records.write(cosign)
    await call.parts.desk.announce_study(study)
    return signature


async def _hold_to_samples(call: Call[Any]) -> None:
    """Read the samples again; raise `SealBroken` when they are not what was sealed."""
    study = await call.parts.records.read(lambda ledger: _study(ledger, call))
    await call.parts.ecgs.tracing(study)


def _awaiting(ledger: Ledger, study: EcgStudy) -> EcgReport:
    """The signed reading that a second signature is wanted on; raise `SealBroken` when it was changed."""
    readings = [one for one in ledger.ecg_reports.signed(study.id) if one.kind is ReportKind.READING]
    report = readings[-1]
    if not is_unchanged(report) or report.samples_sha256 != study.seal.sha256:
        raise SealBroken("a signed report is not what was signed")
    return report


@table.route(
    "POST",
    "/api/ecg-studies/{study_id}/report/return",
    permission=Permission.SIGN_ECG,
    scope=Scope.QUEUE,
    body=ReturnEcgReport,
)
async def return_report(call: Call[ReturnEcgReport]) -> EcgStudyCard:
    """Do not give the second signature: it is to be read again, and the first report stays on record."""
    reason = call.body.reason.strip()
    if not _SHORTEST_REASON <= len(reason) <= _LONGEST_REASON:
        raise Refused(
            ProblemCode.BAD_FIELDS, {"reason": f"{_SHORTEST_REASON} to {_LONGEST_REASON} characters"}
        )
    return await _act(
        call,
        Action.RETURN,
        lambda study: ecg_reading.returned(study, call.account.id, call.now, reason),
        reason,
    )


@table.route(
    "POST",
    "/api/ecg-studies/{study_id}/addenda",
    permission=Permission.SIGN_ECG,
    scope=Scope.STUDY,
    body=AddToEcgReport,
    body_limit_bytes=64 * KIB,
)
async def add_to_report(call: Call[AddToEcgReport]) -> EcgReport:
    """Sign something in addition to a final report. Nothing that was signed changes.

    It is on samples that are still those that were kept, as every signature is.
    """
    demo = call.parts.settings.demo
    await _hold_to_samples(call)

    def add(ledger: Ledger) -> tuple[EcgStudy, EcgReport]:
        study = _study(ledger, call)
        if not scopes.may_read_ecg(ledger, call.account, study):
            raise Refused(ProblemCode.NOT_ALLOWED)
        after = ecg_reading.addended(study, call.account.id)
        addendum = _addendum(ledger, call, study)
        _check_complete(addendum, study)
        check_filing(simulated=study.simulated, demo=demo)
        ledger.ecg_reports.save(addendum)
        signed = ecg_reports.signed(addendum, study, call.now)
        ledger.ecg_reports.save(signed)
        ledger.ecg_studies.save(after)
        ledger.audit.append(call.event(Action.ADDEND, "ecg_report", signed.id, study.resident_id))
        return after, signed

    study, report = await call.parts.records.write(add)
    await call.parts.desk.announce_study(study)
    return report


def _addendum(ledger: Ledger, call: Call[AddToEcgReport], study: EcgStudy) -> EcgReport:
    given, machine = call.body, ledger.ecg_studies.draft(study.id)
    return EcgReport(
        id=EcgReportId(new_id()),
        study_id=study.id,
        kind=ReportKind.ADDENDUM,
        author_id=call.account.id,
        state=ReportState.DRAFT,
        version=1,
        conclusion=None,
        terms=chosen_terms(given.terms),
        text=ecg_reports.check_text(given.text),
        corrections=corrected(given.corrections, machine),
        critical_value=None,
        saved_at=call.now,
        simulated=study.simulated,
        samples_sha256=study.seal.sha256,
        algorithm=machine.algorithm,
    )


# --- terms and phrases ----------------------------------------------------------------------------------


@table.route("GET", "/api/ecg-terms", permission=Permission.EDIT_PHRASES, scope=Scope.INSTITUTION)
async def list_terms(call: Call[None]) -> EcgTermList:
    """The coded terms a report is made of, and the phrases of the caller's institution."""
    phrases = await call.parts.records.read(
        lambda ledger: ledger.ecg_phrases.of_institution(call.account.institution_id)
    )
    return EcgTermList(terms=TERMS, phrases=phrases)


@table.route(
    "PUT",
    "/api/ecg-phrases",
    permission=Permission.EDIT_PHRASES,
    scope=Scope.INSTITUTION,
    body=SavePhrases,
    body_limit_bytes=512 * KIB,
)
async def save_phrases(call: Call[SavePhrases]) -> PhraseList:
    """Put the phrases of one's own institution in place of those before; an overtaken version is refused."""
    check_phrases(call.body.phrases)
    phrases = PhraseList(
        institution_id=call.account.institution_id,
        version=call.body.version + 1,
        phrases=call.body.phrases,
        changed_by=call.account.id,
        changed_at=call.now,
    )

    def save(ledger: Ledger) -> PhraseList:
        ledger.ecg_phrases.save(phrases)
        ledger.audit.append(call.event(Action.CHANGE, "ecg_phrases", phrases.institution_id))
        return phrases

    return await call.parts.records.write(save)


def _study(ledger: Ledger, call: Call[Any]) -> EcgStudy:
    return ledger.ecg_studies.get(EcgStudyId(call.named("study_id")))
