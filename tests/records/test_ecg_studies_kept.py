"""Studies, drafts, reports, second signatures and phrases in the store."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from records.ecg_drafts import DeviceSpan
from records.ecg_phrases import DEFAULT_PHRASES, PhraseList
from records.ecg_reading import claimed, rejected
from records.ecg_reports import Cosignature, ReportState, signed
from records.ecg_studies import EcgStudy, RejectKind, StudyState
from records.errors import Conflict, NotFound, RuleBroken
from records.ids import BindingId, ConsultId, EcgReportId, EcgStudyId, ResidentId
from records.ledger import Ledger
from records.store.database import FILE_NAME, Database
from tests.fakes.records import CHEN, HOSPITAL, LI_JIANGUO, NOW, WANG_XIUYING, ZHAO
from tests.records.ecgs import DRAFT, another_study, rejection, report, study
from tests.records.test_ecg_reading import FOR
from tests.records.values import binding, consult, later


async def filed(records: Database, **changes: object) -> EcgStudy:
    one = study(**changes)
    await records.write(lambda ledger: ledger.ecg_studies.add(one, DRAFT, "zhou:request-1"))
    return one


async def test_a_study_comes_back_with_its_draft(records: Database) -> None:
    one = await filed(records)
    read = await records.read(
        lambda ledger: (ledger.ecg_studies.get(one.id), ledger.ecg_studies.draft(one.id))
    )
    assert read == (one, DRAFT)
    with pytest.raises(NotFound):
        await records.read(lambda ledger: ledger.ecg_studies.get(EcgStudyId("none")))


async def test_one_request_makes_one_study(records: Database) -> None:
    one = await filed(records)
    found = await records.read(lambda ledger: ledger.ecg_studies.by_request("zhou:request-1"))
    assert found == one
    with pytest.raises(Conflict):
        await records.write(
            lambda ledger: ledger.ecg_studies.add(another_study("b", 2), DRAFT, "zhou:request-1")
        )


async def test_of_two_who_claim_at_once_exactly_one_gets_it(records: Database) -> None:
    """Both looked while it waited; the second to save is refused by the version."""
    one = await filed(records)
    mine, hers = (claimed(one, by.id, NOW, FOR) for by in (CHEN, ZHAO))
    done = await asyncio.gather(
        *(records.write(lambda ledger, it=it: ledger.ecg_studies.save(it)) for it in (mine, hers)),
        return_exceptions=True,
    )
    assert [type(one) for one in done].count(Conflict) == 1


async def test_lists_hold_what_is_open_what_was_closed_and_what_is_whose(records: Database) -> None:
    def fill(ledger: Ledger) -> None:
        ledger.consults.add(consult())
        ledger.bindings.add(binding())
        for one in (
            another_study("a", 1, consult_id=ConsultId("consult"), binding_id=BindingId("binding")),
            another_study("b", 2, resident_id=LI_JIANGUO.id, taken_at=later(-9), file_sha256="f0"),
            another_study("c", 3, resident_id=LI_JIANGUO.id, taken_at=later(-5)),
            another_study("d", 4, state=StudyState.FINAL, final_at=later(-600), taken_at=later(-600)),
            rejected(claimed(another_study("e", 5), CHEN.id, NOW, FOR), rejection(kind=RejectKind.OTHER)),
        ):
            ledger.ecg_studies.add(one, DRAFT)

    await records.write(fill)

    def read(ledger: Ledger) -> tuple[list[str], ...]:
        kept = ledger.ecg_studies
        lists = (
            kept.open(),
            kept.closed_since(later(-60)),
            kept.of_resident(LI_JIANGUO.id),
            kept.of_resident(WANG_XIUYING.id),
            kept.of_consult(ConsultId("consult")),
            kept.of_binding(BindingId("binding")),
        )
        return tuple([one.id for one in listed] for listed in lists)

    assert await records.read(read) == (
        ["a", "b", "c"],
        ["e"],
        ["c", "b"],
        ["e", "a", "d"],
        ["a"],
        ["a"],
    )
    again = await records.read(lambda ledger: ledger.ecg_studies.of_file(LI_JIANGUO.id, "f0"))
    elsewhere = await records.read(lambda ledger: ledger.ecg_studies.of_file(WANG_XIUYING.id, "f0"))
    assert (again and again.id, elsewhere) == ("b", None)


async def test_numbers_run_by_day(records: Database) -> None:
    def draw(ledger: Ledger) -> list[str]:
        days = (NOW.date(), NOW.date(), later(60 * 24).date())
        return [ledger.ecg_studies.next_number(day) for day in days]

    assert await records.write(draw) == ["XD-20261123-0001", "XD-20261123-0002", "XD-20261124-0001"]


async def test_a_study_needs_its_resident(records: Database) -> None:
    with pytest.raises(NotFound):
        await filed(records, resident_id=ResidentId("nobody"))


# --- reports --------------------------------------------------------------------------------------------


async def test_a_draft_is_one_of_an_author_and_follows_its_version(records: Database) -> None:
    await filed(records)
    await records.write(lambda ledger: ledger.ecg_reports.save(report()))
    with pytest.raises(Conflict):
        await records.write(lambda ledger: ledger.ecg_reports.save(report(version=3)))
    with pytest.raises(Conflict):
        await records.write(lambda ledger: ledger.ecg_reports.save(report(id=EcgReportId("second draft"))))
    hers = report(id=EcgReportId("hers"), author_id=ZHAO.id)
    await records.write(lambda ledger: ledger.ecg_reports.save(hers))
    found = await records.read(lambda ledger: ledger.ecg_reports.draft_of(study().id, ZHAO.id))
    assert found == hers


async def test_a_signed_report_cannot_be_saved_over_nor_its_signature_doubled(records: Database) -> None:
    await filed(records)
    kept = signed(report(), study(), later())
    signature = Cosignature(
        report_id=kept.id, study_id=study().id, by=ZHAO.id, at=later(2), report_digest=kept.digest
    )

    def sign(ledger: Ledger) -> None:
        ledger.ecg_reports.save(report())
        ledger.ecg_reports.save(kept)
        ledger.ecg_reports.add_cosignature(signature)

    await records.write(sign)
    with pytest.raises(RuleBroken, match="never changes"):
        await records.write(lambda ledger: ledger.ecg_reports.save(report(version=3)))
    with pytest.raises(Conflict):
        await records.write(lambda ledger: ledger.ecg_reports.add_cosignature(signature))
    read = await records.read(
        lambda ledger: (ledger.ecg_reports.signed(study().id), ledger.ecg_reports.cosignatures(study().id))
    )
    assert read == ((kept,), (signature,))
    assert kept.state is ReportState.SIGNED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ecg_reports SET body = x'00'",
        "DELETE FROM ecg_reports",
        "UPDATE ecg_cosignatures SET body = x'00'",
        "DELETE FROM ecg_cosignatures",
    ],
)
async def test_not_even_sql_changes_what_was_signed(
    records: Database, tmp_path: Path, statement: str
) -> None:
    await test_a_signed_report_cannot_be_saved_over_nor_its_signature_doubled(records)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="never changes"):
            connection.execute(statement)


async def test_a_study_kept_before_device_states_were_is_read_as_one_nothing_was_said_of(
    records: Database, tmp_path: Path
) -> None:
    said = (DeviceSpan(first=10, count=20, electrodes_off=("V2",), unusable=("V2",)),)
    await records.write(lambda ledger: ledger.ecg_studies.add(study(device_states=said, paces=(5,)), DRAFT))
    read = await records.read(lambda ledger: ledger.ecg_studies.get(study().id))
    assert (read.device_states, read.paces) == (said, (5,))
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute(
            "UPDATE ecg_studies SET body = CAST(json_remove(body, '$.device_states', '$.paces') AS BLOB)"
        )
        connection.commit()
    read = await records.read(lambda ledger: ledger.ecg_studies.get(study().id))
    assert read == study()


# --- phrases --------------------------------------------------------------------------------------------


async def test_an_institution_has_the_phrases_to_start_from_until_it_changes_them(records: Database) -> None:
    def own(ledger: Ledger) -> PhraseList:
        return ledger.ecg_phrases.of_institution(HOSPITAL.id)

    before = await records.read(own)
    assert (before.version, before.phrases) == (0, DEFAULT_PHRASES)
    for version in (1, 2):
        changed = PhraseList(institution_id=HOSPITAL.id, version=version, phrases=DEFAULT_PHRASES[:version])
        await records.write(lambda ledger, it=changed: ledger.ecg_phrases.save(it))  # type: ignore[misc]
    assert len((await records.read(own)).phrases) == 2
    for overtaken in (1, 2, 4):
        late = PhraseList(institution_id=HOSPITAL.id, version=overtaken, phrases=())
        with pytest.raises(Conflict):
            await records.write(lambda ledger, it=late: ledger.ecg_phrases.save(it))  # type: ignore[misc]
