"""`cloudclinic ecg report`: the printed ECG of each file, a machine draft nobody has signed."""

import argparse
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from cloudclinic.answers import Answer
from cloudclinic.ecg_commands.files import for_each, path_of
from cloudclinic.ecg_commands.findings import subject_of, table_of
from cloudclinic.errors import CommandFailed
from cloudclinic.settings import load
from ecg.appraisal import appraise
from ecg.common_steps import recording_of
from ecg.comparison import Compared, compare
from ecg.critical.rule import CriticalTable
from ecg.drawing.appraised import with_appraisal, with_comparison
from ecg.drawing.channels import usual_filters
from ecg.drawing.draw_list import DrawList
from ecg.drawing.layouts import Layout, LimbOrder
from ecg.drawing.pages import ecg_report
from ecg.drawing.paper import Scale
from ecg.drawing.report import EcgReport, Person
from ecg.drawing.svg import svg
from ecg.errors import EcgError, ReportError
from ecg.files.door import read_any
from ecg.measuring import measure
from ecg.pacing import marks_of_annotations
from ecg.recording import Recording
from ecg.signal.filters import Mains
from ecg.subject import Subject
from ecg.tracing import Tracing
from ecg.words import Language
from records.documents.pdf import write_pdf


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What every report of this command has in common."""

    options: argparse.Namespace
    subject: Subject
    table: CriticalTable | None
    language: Language
    scale: Scale
    earlier: Compared | None


def run(options: argparse.Namespace) -> int:
    """Write a report of each file into a directory, under the file's own name."""
    if not options.output.is_dir():
        raise CommandFailed(f"{options.output} is no directory to write into")
    wanted = _Wanted(
        options=options,
        subject=subject_of(options),
        table=table_of(options.critical_values),
        language=Language(options.language),
        scale=_scale(options),
        earlier=_earlier(options.earlier),
    )
    return for_each(options, lambda file, tracing: answer(file, tracing, wanted))


def _scale(options: argparse.Namespace) -> Scale:
    try:
        return Scale(options.speed, options.gain)
    except EcgError as error:
        raise CommandFailed(str(error)) from error


def _earlier(file: str | None) -> Compared | None:
    if file is None:
        return None
    try:
        recording, _ = recording_of(read_any(path_of(file)))
    except EcgError as error:
        raise CommandFailed(str(error)) from error
    return Compared(recording=recording, measurements=measure(recording))


def answer(file: str, tracing: Tracing, wanted: _Wanted) -> Answer:
    """Refused before anything is written where a file of that name is there already."""
    report = _report(tracing, wanted)
    files = _written(ecg_report(report, wanted.language), Path(file).stem, wanted.options)
    folder = wanted.options.output
    for name in files:
        if (folder / name).exists():
            raise ReportError(f"{name} is there already; nothing was written")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    names = [str(folder / name) for name in files]
    return Answer({"file": file, "written": names}, [f"{file}: {', '.join(names)}"])


def _report(tracing: Tracing, wanted: _Wanted) -> EcgReport:
    options = wanted.options
    age = wanted.subject.age_years
    report = EcgReport(
        tracing=tracing,
        software=f"cloudclinic {version('cloudclinic')}",
        person=Person(sex=wanted.subject.sex, age_years=None if age is None else int(age)),
        scale=wanted.scale,
        layout=Layout(options.layout),
        limb_order=LimbOrder.CABRERA if options.cabrera else LimbOrder.CLASSIC,
        filters=usual_filters(tracing.rate_hz, Mains(options.mains or 0)),
    )
    if all(channel.lead is None for channel in tracing.channels):
        return report  # nothing is known of such leads but their traces
    recording, _ = recording_of(tracing)
    return _appraised(report, recording, wanted)


def _appraised(report: EcgReport, recording: Recording, wanted: _Wanted) -> EcgReport:
    marks = marks_of_annotations(report.tracing)
    found = appraise(recording, wanted.subject, device_marks=marks, table=wanted.table)
    report = with_appraisal(report, recording, found, wanted.language)
    if wanted.earlier is None:
        return report
    earlier, now = wanted.earlier, Compared(recording=recording, measurements=found.measurements)
    compared = compare(earlier, now)
    return with_comparison(report, earlier.recording, earlier.measurements, compared, wanted.language)


def _written(document: DrawList, stem: str, options: argparse.Namespace) -> dict[str, bytes]:
    if options.written_as == "pdf":
        return {f"{stem}.pdf": write_pdf(document, load().report_font)}
    names = [f"{stem}.svg", *(f"{stem}-{page}.svg" for page in range(2, len(document.pages) + 1))]
    return {
        name: svg(page, document.title, document.language).encode()
        for name, page in zip(names, document.pages, strict=True)
    }
