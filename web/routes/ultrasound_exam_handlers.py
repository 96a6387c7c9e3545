"""Handlers of `web.routes.ultrasound_exams`."""

import asyncio
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from aiohttp.web import Response

from records.audit import Action
from records.errors import NotFound
from records.exchange.picture_answers import FileDescription
from records.ids import ConsultId, KeptClipId, KeptStillId, ResidentId
from records.ledger import Ledger
from records.permissions import Permission, Scope
from records.residents import Resident
from records.scope import Sight, resident_in_scope
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_exams import ExamPicture, ExamSeries, ExamSource, PictureKind, UltrasoundExam
from records.ultrasound_stills import UltrasoundStill
from signaling.scopes import may_see_picture
from ultrasound.errors import SourceUnreadable
from web.call import Call
from web.ecg_samples_body import samples_body
from web.errors import ProblemCode, Refused
from web.routes.ecg_studies import LONGEST_SAMPLES_S
from web.routes.ultrasound_exams import UltrasoundExamList, UltrasoundExamPage
from web.routing import RouteTable

table = RouteTable()
Kept = UltrasoundStill | UltrasoundClip
_MOST_FRAMES = 99_999


@table.route(
    "GET",
    "/api/residents/{resident_id}/ultrasound-exams",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.RESIDENT,
)
async def list_exams(call: Call[None]) -> UltrasoundExamList:
    """Exams with kept pictures, the latest first, and those that the archives have of this resident.

    An archive is asked by the resident's record number, and given 20 s. An exam whose own words name another
    patient is not listed, only counted.
    """

    def read(ledger: Ledger) -> tuple[tuple[UltrasoundExam, ...], Resident | None]:
        resident, whole = _resident(ledger, call)
        _noted(call, ledger, "ultrasound_exams", resident.id)
        return _kept_exams(ledger, _visible(ledger, call, resident.id)), resident if whole else None

    kept, resident = await call.parts.records.write(read)
    found, searches = await call.parts.exams.found(resident) if resident is not None else ((), ())
    exams = sorted((*kept, *found), key=lambda one: str(one.taken_on or ""), reverse=True)
    return UltrasoundExamList(
        resident_id=ResidentId(call.named("resident_id")), exams=tuple(exams), archives=searches
    )


@table.route(
    "GET",
    "/api/residents/{resident_id}/ultrasound-exams/{exam_id}",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.RESIDENT,
)
async def show_exam(call: Call[None]) -> UltrasoundExamPage:
    """One exam with its pictures, their frame times and their scale.

    One of an archive is fetched in the background when it is first asked for: `coming` until it is `here`,
    or `failed` with the reason. Every object is held to the resident before anything of it is given out.
    """
    exam_id = call.named("exam_id")

    def read(ledger: Ledger) -> tuple[tuple[Kept, ...], UltrasoundExam | None, Resident | None]:
        resident, whole = _resident(ledger, call)
        _noted(call, ledger, "ultrasound_exam", exam_id, resident.id)
        kept = tuple(one for one in _visible(ledger, call, resident.id) if one.consult_id == exam_id)
        exams = _kept_exams(ledger, kept)
        return kept, exams[0] if exams else None, resident if whole else None

    kept, exam, resident = await call.parts.records.write(read)
    _opened(call).add((call.session.id, exam_id))
    if exam is not None:
        return await _kept_page(call, exam, kept)
    if resident is None:
        raise NotFound("exams: no such thing")
    found = await call.parts.exams.archived(resident, exam_id)
    return UltrasoundExamPage(
        resident_id=resident.id,
        exam=found.exam,
        series=found.series,
        ecgs=found.ecgs,
        unreadable=found.unreadable,
    )


@table.route(
    "GET",
    "/api/residents/{resident_id}/ultrasound-exams/{exam_id}/{picture_id}/frames/{frame}.png",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.RESIDENT,
)
async def show_frame(call: Call[None]) -> Response:
    """A frame, counted from 1, as a PNG without loss, as it is to be shown: grey where every pixel is grey.

    Its pixels are those that `regions` and measurements count in.
    """
    exam_id, picture_id, number = call.named("exam_id"), call.named("picture_id"), _frame(call)

    def read(ledger: Ledger) -> tuple[Kept | None, Resident | None]:
        resident, whole = _resident(ledger, call)
        if (call.session.id, exam_id) not in _opened(call):
            _noted(call, ledger, "ultrasound_exam", exam_id, resident.id)
        return _kept_picture(ledger, call, resident.id), resident if whole else None

    kept, resident = await call.parts.records.write(read)
    _opened(call).add((call.session.id, exam_id))
    try:
        png = await _png(call, kept, resident, exam_id, picture_id, number)
    except SourceUnreadable as fault:
        raise Refused(ProblemCode.NOT_A_PICTURE) from fault
    return Response(body=png, content_type="image/png", headers={"Cache-Control": "no-store"})


@table.route(
    "GET",
    "/api/residents/{resident_id}/ultrasound-exams/{exam_id}/ecgs/{ecg_id}/samples",
    permission=Permission.SEE_RESIDENTS,
    scope=Scope.RESIDENT,
)
async def show_ecg(call: Call[None]) -> Response:
    """The samples of an archive's ECG, bit for bit: its first 120 s at most.

    Laid out as those of a kept ECG (`/api/ecg-studies/{study_id}/samples`), under its id here.
    """
    exam_id, ecg_id = call.named("exam_id"), call.named("ecg_id")

    def read(ledger: Ledger) -> Resident:
        resident, whole = _resident(ledger, call)
        if not whole:
            raise NotFound("exams: no such thing")
        _noted(call, ledger, "ultrasound_exam", exam_id, resident.id)
        return resident

    resident = await call.parts.records.write(read)
    tracing = await call.parts.exams.archived_ecg(resident, exam_id, ecg_id)
    count = min(tracing.sample_count, int(LONGEST_SAMPLES_S * tracing.rate_hz))
    body = samples_body(ecg_id, tracing, 0, count)
    return Response(body=body, content_type="application/octet-stream", headers={"Cache-Control": "no-store"})


async def _png(
    call: Call[None],
    kept: Kept | None,
    resident: Resident | None,
    exam_id: str,
    picture_id: str,
    number: int,
) -> bytes:
    if isinstance(kept, UltrasoundStill):
        if number != 1:
            raise NotFound("frames: no such thing")
        return await call.parts.stills.png(kept)
    if isinstance(kept, UltrasoundClip):
        return await call.parts.exams.clip_frame(kept, number)
    if resident is None:
        raise NotFound("exams: no such thing")
    return await call.parts.exams.archived_frame(resident, exam_id, picture_id, number)


def _noted(
    call: Call[Any], ledger: Ledger, kind: str, object_id: str, resident_id: ResidentId | None = None
) -> None:
    """Put a reading on the trail."""
    ledger.audit.append(call.event(Action.READ, kind, object_id, resident_id or ResidentId(object_id)))


def _opened(call: Call[Any]) -> set[tuple[str, str]]:
    return call.parts.exams_opened


def _resident(ledger: Ledger, call: Call[Any]) -> tuple[Resident, bool]:
    """The resident, and whether the whole record is open: only then an archive is asked."""
    resident, sight = resident_in_scope(ledger, call.account, ResidentId(call.named("resident_id")), call.now)
    return resident, sight in (Sight.RECORD, Sight.EMERGENCY)


def _visible(ledger: Ledger, call: Call[Any], resident_id: ResidentId) -> list[Kept]:
    stills, clips = ledger.ultrasound_stills, ledger.ultrasound_clips
    every: list[Kept] = [*stills.of_resident(resident_id), *clips.of_resident(resident_id)]
    return [one for one in every if may_see_picture(ledger, call.account, one, call.now)]


def _kept_exams(ledger: Ledger, kept: Iterable[Kept]) -> tuple[UltrasoundExam, ...]:
    by_consult = sorted(kept, key=lambda one: (one.consult_id, one.taken_at))
    return tuple(
        _kept_exam(ledger, consult_id, list(some))
        for consult_id, some in groupby(by_consult, key=lambda one: one.consult_id)
    )


def _kept_exam(ledger: Ledger, consult_id: ConsultId, kept: list[Kept]) -> UltrasoundExam:
    consult = ledger.consults.get(consult_id)
    institution = ledger.directory.institution(kept[0].institution_id)
    stills = sum(isinstance(one, UltrasoundStill) for one in kept)
    return UltrasoundExam(
        id=consult_id,
        source=ExamSource.CONSULT,
        taken_on=kept[0].taken_at.astimezone().date(),
        institution=institution.name_zh,
        consult_id=consult_id,
        consult_number=consult.number if consult.resident_id == kept[0].resident_id else "",
        stills=stills,
        clips=len(kept) - stills,
    )


async def _kept_page(call: Call[Any], exam: UltrasoundExam, kept: Iterable[Kept]) -> UltrasoundExamPage:
    in_order = sorted(kept, key=lambda one: one.taken_at)
    found = await asyncio.gather(*(_kept_one(call, one) for one in in_order))
    pictures = tuple(one for one in found if one is not None)
    series = (ExamSeries(id="kept", description="", pictures=pictures),)
    return UltrasoundExamPage(
        resident_id=in_order[0].resident_id,
        exam=exam,
        series=series,
        unreadable=len(in_order) - len(pictures),
    )


async def _kept_one(call: Call[Any], kept: Kept) -> ExamPicture | None:
    """None: it cannot be shown faithfully."""
    if isinstance(kept, UltrasoundStill):
        return _still(kept)
    try:
        return _clip(kept, await call.parts.exams.of_clip(kept))
    except SourceUnreadable:
        return None


def _still(still: UltrasoundStill) -> ExamPicture:
    scale = still.calibration
    return ExamPicture(
        id=still.id,
        kind=PictureKind.STILL,
        number=still.number,
        taken_at=still.taken_at,
        width=still.width,
        height=still.height,
        frames=1,
        frame_times_ms=(0.0,),
        regions=scale.regions if scale is not None else (),
        calibration=scale.source if scale is not None else None,
        scale_uncertainty=scale.scale_uncertainty if scale is not None else 0.0,
        simulated=still.simulated,
        masked=still.masked,
    )


def _clip(clip: UltrasoundClip, about: FileDescription) -> ExamPicture:
    return ExamPicture(
        id=clip.id,
        kind=PictureKind.CINE,
        number=clip.number,
        taken_at=clip.taken_at,
        width=about.width,
        height=about.height,
        frames=about.frames,
        frame_times_ms=about.frame_times_ms,
        regions=about.regions,
        calibration=about.calibration,
        scale_uncertainty=about.scale_uncertainty,
        simulated=clip.simulated,
        masked=clip.masked,
    )


def _kept_picture(ledger: Ledger, call: Call[Any], resident_id: ResidentId) -> Kept | None:
    """The kept still or clip that is named, of this exam and this resident; None: it is none of ours."""
    picture_id, found = call.named("picture_id"), list[Kept]()
    for get in (
        lambda: ledger.ultrasound_stills.get(KeptStillId(picture_id)),
        lambda: ledger.ultrasound_clips.get(KeptClipId(picture_id)),
    ):
        try:
            found.append(get())
        except NotFound:
            continue
    if not found:
        return None
    (kept,) = found
    is_hers = kept.resident_id == resident_id and kept.consult_id == call.named("exam_id")
    if not is_hers or not may_see_picture(ledger, call.account, kept, call.now):
        raise NotFound("pictures: no such thing")
    return kept


def _frame(call: Call[Any]) -> int:
    text = call.named("frame")
    if not (text.isdecimal() and text.isascii() and 1 <= int(text[:6]) <= _MOST_FRAMES):
        raise Refused(ProblemCode.NOT_FOUND)
    return int(text[:6])
