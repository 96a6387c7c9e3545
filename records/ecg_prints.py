"""What a printed report of a kept ECG is made of, and who prints it.

Everything on the paper is what was kept: the sealed samples, the machine's draft as it was made, what
physicians signed. Nothing is measured again for it.
"""

import datetime as dt
import enum
from typing import Protocol

from records.accounts import Language
from records.ecg_drafts import MachineDraft
from records.ecg_reports import Cosignature, EcgReport, ReportKind, is_unchanged
from records.ecg_studies import EcgStudy, StudyState
from records.errors import RecordsError, SealBroken
from records.ids import AccountId
from records.residents import Sex
from records.values import Value

WHOLE_UP_TO_S = 300.0
"""A longer ECG is printed on its first page alone, which says so: the rest would take more than 30 pages."""


def prints_whole(study: EcgStudy) -> bool:
    """Whether the printed report goes on to the end of the ECG."""
    return study.duration_s <= WHOLE_UP_TO_S


class PrintedAs(enum.StrEnum):
    """The kinds of document."""

    PDF = "pdf"  # all pages
    SVG = "svg"  # one page


class KeptEcg(Value):
    """A study with its samples and the machine's draft of them."""

    study: EcgStudy
    draft: MachineDraft
    samples: bytes  # `records.ecg_samples.pack_tracing`


class PrintedPerson(Value):
    """Whose ECG it is, as it is printed."""

    name: str
    record_number: str
    sex: Sex
    birth_date: dt.date


class EcgPrint(Value):
    """One report to be printed. Names are of accounts and institutions, in the language of the print."""

    ecg: KeptEcg
    person: PrintedPerson
    reports: tuple[EcgReport, ...]  # signed ones, the first first
    cosignatures: tuple[Cosignature, ...]
    names: dict[AccountId, str]  # of whoever filed or signed
    site: str  # where it was taken
    reading_site: str  # where it was read; empty while nobody has
    earlier: KeptEcg | None  # the ECG before it, where whoever prints may see that one too
    language: Language
    written_as: PrintedAs
    page: int  # of an SVG, from 1
    printed_at: dt.datetime
    utc_offset_s: int  # of the clock on the wall where it is printed


class Printed(Value):
    """A document, and how many pages the whole has."""

    data: bytes
    pages: int


class PrintProblem(enum.StrEnum):
    """Why nothing was printed."""

    FONT = "font"  # there is none at the place that was set, or none that can be put into a PDF
    LETTER = "letter"  # the font has no sign for it
    PAGE = "page"  # an SVG's page that is not there
    ECG = "ecg"  # it cannot be drawn


class PrintRefused(RecordsError):
    """No document was made. `detail`: the letter, the number of pages, or a sentence; never a person's."""

    def __init__(self, problem: PrintProblem, detail: str) -> None:
        super().__init__(f"not printed: {problem}: {detail}")
        self.problem = problem
        self.detail = detail


class EcgPrinter(Protocol):
    """Draws and writes reports."""

    async def print(self, asked: EcgPrint) -> Printed:
        """The document; raises `PrintRefused`, `WorkFailed`."""


def standing_reading(study: EcgStudy, reports: tuple[EcgReport, ...]) -> EcgReport | None:
    """The signed reading that stands; None while nobody has signed, and after it was returned."""
    if study.state not in (StudyState.SIGNED, StudyState.FINAL):
        return None
    readings = [one for one in reports if one.kind is ReportKind.READING]
    return readings[-1] if readings else None


def check_signed(study: EcgStudy, reports: tuple[EcgReport, ...]) -> None:
    """Raise `SealBroken` when a signed report is not what was signed, or was signed on other samples."""
    for one in reports:
        if not is_unchanged(one) or one.samples_sha256 != study.seal.sha256:
            raise SealBroken("a signed report is not what was signed")
