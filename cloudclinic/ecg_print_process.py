"""`python -m cloudclinic.ecg_print_process`: the printed report of one ECG.

MessagePack on standard input and output. A process of its own, so that drawing never holds up a call.
"""

from pathlib import Path

from cloudclinic.ecg_sheet import sheet_of
from ecg.drawing.draw_list import DrawList
from ecg.drawing.pages import ecg_report
from ecg.drawing.svg import svg
from ecg.errors import EcgError
from ecg.words import Language
from records.documents.errors import DocumentError, GlyphMissing
from records.documents.pdf import write_pdf
from records.ecg_prints import EcgPrint, Printed, PrintedAs, PrintProblem
from records.exchange.work_apart import answer_once
from records.values import Value


class ToPrint(Value):
    """What is to be printed, and with which font."""

    ecg: EcgPrint
    font: str  # path of the font PDFs are written with


class PrintAnswer(Value):
    """The document, or why there is none."""

    printed: Printed | None
    problem: PrintProblem | None = None
    detail: str = ""


def answer_to(asked: ToPrint) -> PrintAnswer:
    """Draw and write; whatever cannot be printed is answered, not raised."""
    try:
        document = ecg_report(sheet_of(asked.ecg), Language(asked.ecg.language.value))
    except EcgError as fault:
        return _refused(PrintProblem.ECG, str(fault))
    if asked.ecg.written_as is PrintedAs.SVG:
        return _svg(document, asked.ecg.page)
    try:
        data = write_pdf(document, Path(asked.font))
    except GlyphMissing as fault:
        return _refused(PrintProblem.LETTER, fault.letter)
    except DocumentError as fault:
        return _refused(PrintProblem.FONT, str(fault))
    return PrintAnswer(printed=Printed(data=data, pages=len(document.pages)))


def _svg(document: DrawList, page: int) -> PrintAnswer:
    pages = len(document.pages)
    if page > pages:
        return _refused(PrintProblem.PAGE, str(pages))
    data = svg(document.pages[page - 1], document.title, document.language).encode()
    return PrintAnswer(printed=Printed(data=data, pages=pages))


def _refused(problem: PrintProblem, detail: str) -> PrintAnswer:
    return PrintAnswer(printed=None, problem=problem, detail=detail)


if __name__ == "__main__":
    answer_once(ToPrint, answer_to)
