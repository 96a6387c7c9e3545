"""ECGs to keep, and who reads and judges them without a process of their own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cloudclinic.ecg_comparing import compared
from cloudclinic.ecg_print_process import ToPrint
from cloudclinic.ecg_print_process import answer_to as printed_answer
from ecg.errors import SourceUnreadable
from ecg.leads import STANDARD_LEADS, Lead
from ecg.tracing import Channel, FileKind, Tracing
from records.ecg_comparisons import EcgComparison, ToCompare
from records.ecg_drafts import (
    OF_A_FILE,
    Acquisition,
    CriticalOutcome,
    CriticalResult,
    DraftValue,
    MachineDraft,
    QualityVerdict,
    Subject,
)
from records.ecg_prints import EcgPrint, Printed, PrintRefused
from records.ecg_samples import unpack_tracing
from records.exchange.ecg_answers import EcgRead, NamedFile, ReadEcg
from records.exchange.ecg_files import ForeignEcg, digest_of_files
from records.exchange.ecg_reading_process import answer_to
from tests.fakes.records import NOW

DATA = Path(__file__).parents[1] / "data" / "ecg"
FONT = DATA.parent / "fonts" / "wqy-microhei-part.ttf"


def ecg_file(name: str) -> bytes:
    """A file of the tests' recordings."""
    return (DATA / name).read_bytes()


LUDB = {"1.hea": ecg_file("ludb/1.hea"), "1.dat": ecg_file("ludb/1.dat")}
"""Twelve leads of 10 s at 500 Hz; the record names nobody and no time."""

PHILIPS = {"ecg.xml": ecg_file("philips/pagewriter-touch-1.04.xml")}
"""Names a patient of the maker's own."""


def a_tracing(count: int = 5000, leads: Sequence[Lead] = STANDARD_LEADS, seed: int = 1) -> Tracing:
    """Samples that are no heart's, all different."""
    rows = np.random.default_rng(seed).integers(-2000, 2000, (len(leads), count)).astype(np.int16)
    channels = tuple(
        Channel(name=lead, lead=lead, samples=row, nv_per_step=2500.0)
        for lead, row in zip(leads, rows, strict=True)
    )
    return Tracing(kind=FileKind.E1, rate_hz=500.0, channels=channels)


class FakeAppraiser:
    """Says what it was told to say, and remembers what it was shown."""

    def __init__(self) -> None:
        self.draft = MachineDraft(
            algorithm="fake 1",
            made_at=NOW,
            quality=QualityVerdict.GOOD,
            values=(DraftValue(measure="rate", unit="/min", value=72.0, confidence=0.9),),
        )
        self.shown: list[tuple[Tracing, Subject, Acquisition]] = []

    def hits(self, rule: str = "bradycardia") -> None:
        """From now on a rule of the critical values hits."""
        result = CriticalResult(rule=rule, outcome=CriticalOutcome.HIT, zh="心室率过缓", en="slow rate")
        self.draft = MachineDraft(algorithm="fake 1", made_at=NOW, critical=(result,))

    async def appraise(
        self, tracing: Tracing, subject: Subject, acquisition: Acquisition = OF_A_FILE
    ) -> MachineDraft:
        self.shown.append((tracing, subject, acquisition))
        return self.draft


class InlinePrinter:
    """Prints where it is called. `font`: what the site set."""

    def __init__(self, font: Path = FONT) -> None:
        self.font = font
        self.asked: list[EcgPrint] = []

    async def print(self, asked: EcgPrint) -> Printed:
        self.asked.append(asked)
        answer = printed_answer(ToPrint(ecg=asked, font=str(self.font)))
        if answer.printed is None:
            assert answer.problem is not None
            raise PrintRefused(answer.problem, answer.detail)
        return answer.printed


class InlineComparer:
    """Compares where it is called, and remembers what."""

    def __init__(self) -> None:
        self.asked: list[tuple[ToCompare, ToCompare]] = []

    async def compare(self, earlier: ToCompare, later: ToCompare) -> EcgComparison:
        self.asked.append((earlier, later))
        return compared(earlier, later)


class InlineEcgReader:
    """Reads files where it is called."""

    async def read(self, files: Sequence[NamedFile]) -> ForeignEcg:
        answer = answer_to(ReadEcg(files=tuple(files)))
        if not isinstance(answer, EcgRead):
            raise SourceUnreadable(answer.sentence, answer.why)
        return ForeignEcg(
            unpack_tracing(answer.samples), answer.acquisition, answer.stated, digest_of_files(files)
        )
