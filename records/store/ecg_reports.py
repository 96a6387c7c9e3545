"""Reports on ECG studies and second signatures; a signed report never changes."""

from typing import Any

from sqlalchemy import Connection

from records.ecg_reports import Cosignature, EcgReport, ReportState
from records.errors import Conflict, RuleBroken
from records.ids import AccountId, EcgReportId, EcgStudyId
from records.rules import Rule
from records.store.rows import Rows, unix_us, unix_us_or_none
from records.store.schema import ecg_cosignatures, ecg_reports


class EcgReports:
    """See `records.ledger.EcgReports`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, ecg_reports, EcgReport)
        self._cosignatures = Rows(connection, ecg_cosignatures, Cosignature)

    def save(self, report: EcgReport) -> None:
        kept = self._rows.find(ecg_reports.c.id == report.id)
        if kept is None:
            if report.version != 1:
                raise Conflict(f"ecg_reports: version {report.version} of one that is not there")
            fixed = {"id": report.id, "study_id": report.study_id, "author_id": report.author_id}
            self._rows.add(report, **fixed, **_columns(report))
            return
        if kept.state is ReportState.SIGNED:
            raise RuleBroken(Rule.REPORT_SIGNED, "the report is signed; a signed report never changes")
        follows = ecg_reports.c.version == report.version - 1
        self._rows.save(report.id, report, follows, **_columns(report))

    def get(self, report_id: EcgReportId) -> EcgReport:
        return self._rows.get(report_id)

    def draft_of(self, study_id: EcgStudyId, author_id: AccountId) -> EcgReport | None:
        table = ecg_reports.c
        return self._rows.find(
            table.study_id == study_id,
            table.author_id == author_id,
            table.state == ReportState.DRAFT.value,
        )

    def signed(self, study_id: EcgStudyId) -> tuple[EcgReport, ...]:
        return self._rows.all(
            ecg_reports.c.study_id == study_id,
            ecg_reports.c.state == ReportState.SIGNED.value,
            order=(ecg_reports.c.signed_at,),
        )

    def add_cosignature(self, cosignature: Cosignature) -> None:
        self._cosignatures.add(
            cosignature,
            report_id=cosignature.report_id,
            study_id=cosignature.study_id,
            at=unix_us(cosignature.at),
        )

    def cosignatures(self, study_id: EcgStudyId) -> tuple[Cosignature, ...]:
        return self._cosignatures.all(ecg_cosignatures.c.study_id == study_id, order=(ecg_cosignatures.c.at,))


def _columns(report: EcgReport) -> dict[str, Any]:
    return {
        "state": report.state.value,
        "version": report.version,
        "signed_at": unix_us_or_none(report.signed_at),
    }
