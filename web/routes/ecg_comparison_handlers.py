"""Handlers of `web.routes.ecg_comparisons`: an earlier ECG of the resident over a later one."""

from typing import Any, NamedTuple

from records.audit import Action
from records.ecg_comparisons import ComparisonRefused, EcgComparison, ToCompare, WhyNot
from records.ecg_drafts import MachineDraft
from records.ecg_samples import pack_tracing
from records.ecg_studies import EcgStudy, StudyState
from records.errors import NotFound
from records.ids import ConsultId, EcgStudyId, ResidentId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from signaling import scopes
from signaling.ecg_excerpts import Excerpt, WantedExcerpt
from web import ecg_filing
from web.call import Call
from web.ecg_cards import study_card
from web.errors import ProblemCode, Refused
from web.routes.ecg_comparisons import ComparedEcg, CompareEcg, EcgComparisonPage
from web.routes.ecg_studies import EcgStudyList
from web.routing import RouteTable

table = RouteTable()


class _Kept(NamedTuple):
    """A study with what a program made of it."""

    study: EcgStudy
    draft: MachineDraft


class _Pair(NamedTuple):
    """Two studies of one resident."""

    earlier: _Kept
    later: _Kept


# --- two kept ones --------------------------------------------------------------------------------------


@table.route(
    "GET", "/api/ecg-studies/{study_id}/comparison", permission=Permission.SEE_RESIDENTS, scope=Scope.STUDY
)
async def compare_studies(call: Call[None]) -> EcgComparisonPage:
    """A study against the one before it, or against `earlier`: an earlier one of the same resident.

    Both must be the caller's to see; another resident's answers like one that does not exist. Two that must
    not be laid over each other are refused (`not_comparable`, with `why`). Both are on the audit trail as
    read before a byte leaves.
    """
    pair = await call.parts.records.read(lambda ledger: _pair(ledger, call))
    comparison = await _compared(
        call, await _to_compare(call, pair.earlier), await _to_compare(call, pair.later)
    )
    again = await call.parts.records.write(lambda ledger: _noted(ledger, call))
    if (again.earlier.study.id, again.earlier.study.resident_id) != (
        pair.earlier.study.id,
        pair.earlier.study.resident_id,
    ):
        raise Refused(ProblemCode.CHANGED_MEANWHILE)
    return EcgComparisonPage(earlier=_named(pair.earlier), later=_named(pair.later), comparison=comparison)


def _noted(ledger: Ledger, call: Call[None]) -> _Pair:
    """Looked at again, as one may have been moved to another resident meanwhile; and written down."""
    pair = _pair(ledger, call)
    for one in pair:
        ledger.audit.append(call.event(Action.READ, "ecg_comparison", one.study.id, one.study.resident_id))
    return pair


def _pair(ledger: Ledger, call: Call[None]) -> _Pair:
    later = ledger.ecg_studies.get(EcgStudyId(call.named("study_id")))
    named = call.request.query.get("earlier")
    if named is None:
        found = scopes.prior_ecg(ledger, later)
        if found is None:
            raise NotFound("ecg_studies: no earlier one")
        named = found.id
    earlier = _earlier(ledger, call, EcgStudyId(named), later.resident_id)
    if earlier.study.taken_at >= later.taken_at:
        raise _not_comparable(WhyNot.NOT_EARLIER)
    return _Pair(earlier, _Kept(later, ledger.ecg_studies.draft(later.id)))


def _earlier(ledger: Ledger, call: Call[Any], study_id: EcgStudyId, resident_id: ResidentId) -> _Kept:
    """An earlier ECG of this very resident, the caller's to see, not rejected; else as if there was none."""
    study = ledger.ecg_studies.get(study_id)
    if study.resident_id != resident_id or study.state is StudyState.REJECTED:
        raise NotFound("ecg_studies: no such one of this resident")
    if not scopes.may_see_ecg(ledger, call.account, study, call.now):
        raise NotFound("ecg_studies: not in scope")
    return _Kept(study, ledger.ecg_studies.draft(study.id))


# --- in the room ----------------------------------------------------------------------------------------


@table.route(
    "GET", "/api/consults/{consult_id}/earlier-ecgs", permission=Permission.TAKE_ECG, scope=Scope.CONSULT
)
async def list_earlier(call: Call[None]) -> EcgStudyList:
    """The kept ECGs of the consult's resident that the caller may see, the last taken first; none that was
    rejected."""
    settings = call.parts.settings.reading

    def read(ledger: Ledger) -> EcgStudyList:
        consult = ledger.consults.get(ConsultId(call.named("consult_id")))
        shown = [
            one
            for one in ledger.ecg_studies.of_resident(consult.resident_id)
            if one.state is not StudyState.REJECTED
            and scopes.may_see_ecg(ledger, call.account, one, call.now)
        ]
        ledger.audit.append(call.event(Action.READ, "ecg_studies", consult.id, consult.resident_id))
        cards = [study_card(ledger, one, call.account, settings, call.now) for one in shown]
        return EcgStudyList(studies=tuple(sorted(cards, key=lambda one: one.taken_at, reverse=True)))

    return await call.parts.records.write(read)


@table.route(
    "POST",
    "/api/consults/{consult_id}/ecg-comparison",
    permission=Permission.TAKE_ECG,
    scope=Scope.CONSULT,
    body=CompareEcg,
)
async def compare_live(call: Call[CompareEcg]) -> EcgComparisonPage:
    """Ten seconds of the consult's live ECG, taken or frozen, against an earlier kept one. Keeps nothing.

    The seconds are measured as those that are kept, on the same durable samples for both sides. Refused as
    `compare_studies` does, and as `look_at_ecg` where there are no such seconds.
    """
    given = call.body
    wanted = WantedExcerpt(
        consult_id=ConsultId(call.named("consult_id")), binding_id=given.binding_id, first=given.first
    )
    excerpt = await call.parts.desk.take_ecg(call.account, wanted)
    resident_id = excerpt.binding.resident_id
    earlier = await call.parts.records.read(lambda ledger: _earlier(ledger, call, given.earlier, resident_id))
    if earlier.study.taken_at >= excerpt.taken_at:
        raise _not_comparable(WhyNot.NOT_EARLIER)
    draft = await _appraised(call, excerpt)
    comparison = await _compared(call, await _to_compare(call, earlier), _live(excerpt, draft))
    await call.parts.records.write(lambda ledger: _note_live(ledger, call, excerpt))
    later = ComparedEcg(
        study_id=None,
        number="",
        taken_at=excerpt.taken_at,
        quality=draft.quality,
        simulated=excerpt.simulated,
    )
    return EcgComparisonPage(earlier=_named(earlier), later=later, comparison=comparison)


async def _appraised(call: Call[CompareEcg], excerpt: Excerpt) -> MachineDraft:
    resident_id = excerpt.binding.resident_id
    resident = await call.parts.records.read(lambda ledger: ledger.residents.get(resident_id))
    subject = ecg_filing.subject_of(resident, excerpt.taken_at)
    return await call.parts.appraiser.appraise(excerpt.tracing, subject, excerpt.acquisition)


def _live(excerpt: Excerpt, draft: MachineDraft) -> ToCompare:
    return ToCompare(
        samples=pack_tracing(excerpt.tracing),
        draft=draft,
        resident=excerpt.binding.resident_id,
        simulated=excerpt.simulated,
        breaks=excerpt.acquisition.breaks,
        unusable=tuple(excerpt.unusable),
    )


def _note_live(ledger: Ledger, call: Call[CompareEcg], excerpt: Excerpt) -> None:
    """Looked at again, as either may have been moved to another resident meanwhile; and written down."""
    resident_id = ledger.bindings.get(excerpt.binding.id).resident_id
    if resident_id != excerpt.binding.resident_id:
        raise NotFound("bindings: another resident's now")
    earlier = _earlier(ledger, call, call.body.earlier, resident_id).study
    ledger.audit.append(call.event(Action.READ, "ecg_comparison", earlier.id, resident_id))


# --- both -----------------------------------------------------------------------------------------------


async def _to_compare(call: Call[Any], kept: _Kept) -> ToCompare:
    study = kept.study
    return ToCompare(
        samples=pack_tracing(await call.parts.ecgs.tracing(study)),
        draft=kept.draft,
        resident=study.resident_id,
        simulated=study.simulated,
        breaks=study.breaks,
        unusable=study.unusable_leads,
    )


async def _compared(call: Call[Any], earlier: ToCompare, later: ToCompare) -> EcgComparison:
    try:
        return await call.parts.comparer.compare(earlier, later)
    except ComparisonRefused as refusal:
        raise _not_comparable(refusal.why) from None


def _not_comparable(why: WhyNot) -> Refused:
    return Refused(ProblemCode.NOT_COMPARABLE, {"why": why.value})


def _named(kept: _Kept) -> ComparedEcg:
    return ComparedEcg(
        study_id=kept.study.id,
        number=kept.study.number,
        taken_at=kept.study.taken_at,
        quality=kept.study.quality,
        simulated=kept.study.simulated,
    )
