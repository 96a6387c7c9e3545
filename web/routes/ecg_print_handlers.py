"""Handlers of `web.routes.ecg_prints`: a kept ECG with what was signed of it, as PDF or SVG."""

from typing import NamedTuple

from aiohttp.web import Response

from records.accounts import Institution, Language
from records.audit import Action
from records.ecg_drafts import MachineDraft
from records.ecg_prints import (
    EcgPrint,
    KeptEcg,
    PrintedAs,
    PrintedPerson,
    PrintProblem,
    PrintRefused,
    check_signed,
    standing_reading,
)
from records.ecg_reports import Cosignature, EcgReport
from records.ecg_samples import pack_tracing
from records.ecg_studies import EcgStudy, StudyState
from records.ids import AccountId, EcgStudyId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from records.residents import Resident
from signaling import scopes
from signaling.cards import read_person
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routing import RouteTable

table = RouteTable()
_CONTENT = {PrintedAs.PDF: "application/pdf", PrintedAs.SVG: "image/svg+xml"}


class _Kept(NamedTuple):
    """A study with what a program made of it."""

    study: EcgStudy
    draft: MachineDraft


class _Read(NamedTuple):
    """What the records hold of one report."""

    kept: _Kept
    resident: Resident
    reports: tuple[EcgReport, ...]
    cosignatures: tuple[Cosignature, ...]
    names: dict[AccountId, str]
    site: str
    reading_site: str
    earlier: _Kept | None


@table.route(
    "GET", "/api/ecg-studies/{study_id}/report.pdf", permission=Permission.SEE_RESIDENTS, scope=Scope.STUDY
)
async def print_pdf(call: Call[None]) -> Response:
    """The report as PDF, at its true size on A4. Not signed yet, it is marked so on every page.

    `language`: zh or en, else the caller's. In it are the machine's draft as it was kept, every signed report
    that stands with its addenda, and the ECG before it where the caller may see that one too. Refused: a
    rejected ECG (`ecg_state`), no font (`report_font`, `report_letter`), and what is not as it was signed or
    sealed (`samples_changed`). Printing is on the audit trail before a byte leaves.
    """
    return await _print(call, PrintedAs.PDF)


@table.route(
    "GET", "/api/ecg-studies/{study_id}/report.svg", permission=Permission.SEE_RESIDENTS, scope=Scope.STUDY
)
async def print_svg(call: Call[None]) -> Response:
    """One page of the same report as SVG, the first unless `page` says otherwise; it needs no font.

    `Link` names the next page, where there is one (RFC 8288).
    """
    return await _print(call, PrintedAs.SVG)


async def _print(call: Call[None], written_as: PrintedAs) -> Response:
    language, page = _language(call), _page(call)
    read = await call.parts.records.read(lambda ledger: _read(ledger, call, language))
    asked = EcgPrint(
        ecg=await _kept(call, read.kept),
        person=_person(read.resident),
        reports=read.reports,
        cosignatures=read.cosignatures,
        names=read.names,
        site=read.site,
        reading_site=read.reading_site,
        earlier=await _kept(call, read.earlier) if read.earlier else None,
        language=language,
        written_as=written_as,
        page=page,
        printed_at=call.now,
        utc_offset_s=_utc_offset_s(call),
    )
    try:
        printed = await call.parts.printer.print(asked)
    except PrintRefused as refusal:
        raise _refused(refusal) from None
    await call.parts.records.write(lambda ledger: _note(ledger, call, read, written_as))
    more = page < printed.pages and written_as is PrintedAs.SVG
    return _answer(read, language, printed.data, written_as, page if more else None)


def _answer(
    read: _Read, language: Language, data: bytes, written_as: PrintedAs, page_before_next: int | None
) -> Response:
    answer = Response(body=data, content_type=_CONTENT[written_as])
    study = read.kept.study
    # The number of the study names nobody.
    draft = "" if study.state is StudyState.FINAL else "-draft"
    name = f"{study.number}{draft}.{written_as}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if page_before_next is not None:
        following = f"report.svg?language={language}&page={page_before_next + 1}"
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def _language(call: Call[None]) -> Language:
    asked = call.request.query.get("language")
    if asked is None:
        return call.language
    try:
        return Language(asked)
    except ValueError:
        raise Refused(ProblemCode.BAD_FIELDS, {"language": "zh or en"}) from None


def _page(call: Call[None]) -> int:
    try:
        page = int(call.request.query.get("page", "1"))
    except ValueError:
        raise Refused(ProblemCode.BAD_FIELDS, {"page": "a whole number"}) from None
    if page < 1:
        raise Refused(ProblemCode.OUT_OF_RANGE, {"page": "1 is the first"})
    return page


def _utc_offset_s(call: Call[None]) -> int:
    offset = call.now.astimezone().utcoffset()
    return round(offset.total_seconds()) if offset is not None else 0


def _read(ledger: Ledger, call: Call[None], language: Language) -> _Read:
    study = ledger.ecg_studies.get(EcgStudyId(call.named("study_id")))
    if study.state is StudyState.REJECTED:
        raise Refused(ProblemCode.ECG_STATE, {"state": "a rejected ECG is taken anew, not printed"})
    reports = ledger.ecg_reports.signed(study.id)
    check_signed(study, reports)
    cosignatures = ledger.ecg_reports.cosignatures(study.id)
    signers = {one.author_id for one in reports} | {one.by for one in cosignatures}
    people = {one: read_person(ledger, one) for one in signers | {study.filed_by}}
    standing = standing_reading(study, reports)
    read_at = ledger.directory.institution(people[standing.author_id].institution_id) if standing else None
    return _Read(
        kept=_Kept(study, ledger.ecg_studies.draft(study.id)),
        resident=ledger.residents.get(study.resident_id),
        reports=reports,
        cosignatures=cosignatures,
        names={one: card.display_name for one, card in people.items()},
        site=_name(ledger.directory.institution(study.institution_id), language),
        reading_site=_name(read_at, language) if read_at else "",
        earlier=_earlier(ledger, call, study),
    )


def _earlier(ledger: Ledger, call: Call[None], study: EcgStudy) -> _Kept | None:
    """The ECG before it, where the caller may see that one too."""
    prior = scopes.prior_ecg(ledger, study)
    if prior is None or not scopes.may_see_ecg(ledger, call.account, prior, call.now):
        return None
    return _Kept(prior, ledger.ecg_studies.draft(prior.id))


def _name(institution: Institution, language: Language) -> str:
    return institution.name_zh if language is Language.ZH else institution.name_en


def _person(resident: Resident) -> PrintedPerson:
    return PrintedPerson(
        name=resident.name,
        record_number=resident.record_number,
        sex=resident.sex,
        birth_date=resident.birth_date,
    )


async def _kept(call: Call[None], kept: _Kept) -> KeptEcg:
    """With its samples, held to their seal."""
    tracing = await call.parts.ecgs.tracing(kept.study)
    return KeptEcg(study=kept.study, draft=kept.draft, samples=pack_tracing(tracing))


def _note(ledger: Ledger, call: Call[None], read: _Read, written_as: PrintedAs) -> None:
    """Who took which ECG out of the house; of the one before it as well, whose values are on the sheet."""
    study = read.kept.study
    reason = written_as.value if study.state is StudyState.FINAL else f"{written_as}, draft"
    ledger.audit.append(call.event(Action.EXPORT, "ecg_study", study.id, study.resident_id, reason))
    if read.earlier is not None:
        earlier = read.earlier.study
        ledger.audit.append(call.event(Action.READ, "ecg_study", earlier.id, earlier.resident_id))


def _refused(refusal: PrintRefused) -> Refused:
    match refusal.problem:
        case PrintProblem.FONT:
            return Refused(ProblemCode.REPORT_FONT, {"font": refusal.detail})
        case PrintProblem.LETTER:
            return Refused(ProblemCode.REPORT_LETTER, {"letter": refusal.detail})
        case PrintProblem.PAGE:
            return Refused(ProblemCode.OUT_OF_RANGE, {"page": f"1 to {refusal.detail}"})
        case PrintProblem.ECG:
            return Refused(ProblemCode.NOT_PRINTABLE, {"ecg": refusal.detail})
