"""The printer of a running server: each report is drawn and written in a process of its own."""

from pathlib import Path

from cloudclinic.ecg_print_process import PrintAnswer, ToPrint
from records.ecg_prints import EcgPrint, Printed, PrintProblem, PrintRefused
from records.exchange.apart import DEFAULT_LIMITS, Limits
from records.exchange.work_apart import WorkApart

MODULE = "cloudclinic.ecg_print_process"


class PrinterProcesses:
    """Implements `records.ecg_prints.EcgPrinter`. `font`: the file PDFs are written with."""

    def __init__(self, font: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        self._font = font.absolute()  # the process works elsewhere
        self._work = WorkApart[ToPrint, PrintAnswer](MODULE, PrintAnswer, limits)

    async def print(self, asked: EcgPrint) -> Printed:
        """The document; raises `PrintRefused`, and `WorkFailed` where the process broke off."""
        answer = await self._work.ask(ToPrint(ecg=asked, font=str(self._font)))
        if answer.printed is None:
            raise PrintRefused(answer.problem or PrintProblem.ECG, answer.detail)
        return answer.printed
