"""What can follow `cloudclinic ecg`."""

import argparse
from pathlib import Path

from cloudclinic.command_groups import run_of

KINDS = (
    "wfdb",
    "edf",
    "csv",
    "dicom-12-lead",
    "dicom-general",
    "dicom-ambulatory",
    "dicom-general-32",
    "fhir-r4",
    "fhir-r5",
)
"""`ecg.files.writing.WrittenKind`, written out: `--help` imports no signal work. A test compares them."""

LAYOUTS = ("3x4+1", "3x4+3", "6x2", "12x1")
"""`ecg.drawing.layouts.Layout`, written out for the same reason."""

RECORD = "a WFDB record is named by its .hea"


def add_ecg(to: argparse.ArgumentParser) -> None:
    """All commands on ECG files; each module is imported when its command is given."""
    names = to.add_subparsers(dest="ecg_command", required=True, metavar="WHAT")

    def command(name: str, module: str, says: str, files: str = "FILE") -> argparse.ArgumentParser:
        added = names.add_parser(name, help=says, description=says, allow_abbrev=False)
        added.add_argument("files", nargs="+", metavar=files, help=f"of any readable kind; {RECORD}")
        added.add_argument("--json", action="store_true", help="objects for programs, one a line")
        added.set_defaults(run=run_of(f"cloudclinic.ecg_commands.{module}"))
        return added

    command("info", "info", "format, leads, rate, samples, scale and filters found")
    _lead(command("beats", "beats", "every QRS complex, by sample number"))
    measured = command("measure", "measuring", "intervals, axes and amplitudes, each with how sure it is")
    measured.add_argument("--beats", action="store_true", help="limits of P, QRS and T of each beat as well")
    _subject(command("findings", "findings", "statements and critical values: a draft, never a diagnosis"))
    _language(command("compare", "comparing", "what has changed from an earlier ECG to a later one"))
    _report(command("report", "report", "the printed ECG, true to the millimetre, as PDF or SVG: a draft"))
    _kinds(command("convert", "convert", "write as another kind of file, and say what does not survive"))
    command("quality", "quality", "whether a recording may go as it is, and what is wrong with it")
    _lead(command("score", "score", "compare with the record's own reference beats (150 ms)", "RECORD"))


def _lead(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--lead",
        metavar="NAME",
        action="append",
        help="use this lead alone; again for another; all unless given",
    )


def _language(to: argparse.ArgumentParser) -> None:
    to.add_argument("--language", choices=("zh", "en"), default="en", help="of sentences; JSON has codes")


def _subject(to: argparse.ArgumentParser) -> None:
    to.add_argument("--age", type=float, metavar="YEARS", help="limits depend on it; an adult unless given")
    to.add_argument("--sex", choices=("female", "male"), help="the limit of QTc depends on it")
    to.add_argument("--critical-values", type=Path, metavar="FILE", help="the site's list (TOML)")
    _language(to)


def _report(to: argparse.ArgumentParser) -> None:
    to.add_argument("--output", type=Path, default=Path(), metavar="DIR", help="here, unless given")
    to.add_argument("--as", dest="written_as", choices=("pdf", "svg"), default="pdf", help="pdf unless given")
    to.add_argument("--earlier", metavar="FILE", help="an earlier ECG of the same person, to compare with")
    to.add_argument("--layout", choices=LAYOUTS, default=LAYOUTS[0], help="of twelve leads")
    to.add_argument("--cabrera", action="store_true", help="limb leads by their angle, aVR inverted")
    to.add_argument("--speed", type=float, default=25.0, metavar="MM_S", help="12.5, 25 or 50 mm/s")
    to.add_argument("--gain", type=float, default=10.0, metavar="MM_MV", help="2.5, 5, 10 or 20 mm/mV")
    to.add_argument(
        "--mains", type=int, choices=(50, 60), help="a notch at this frequency; none unless given"
    )
    _subject(to)


def _kinds(to: argparse.ArgumentParser) -> None:
    to.add_argument("--to", required=True, choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    to.add_argument("--output", type=Path, default=Path(), metavar="DIR", help="here, unless given")
    to.add_argument(
        "--acquired", metavar="YYYYMMDDHHMMSS", help="where the file does not say when; DICOM needs it"
    )
    to.add_argument(
        "--patient",
        choices=("keep", "drop"),
        default="keep",
        help="whom the file names: kept where the kind has a place for it (DICOM), unless left off by drop",
    )
    to.add_argument(
        "--findings", action="store_true", help="measure, and write what is found: a draft nobody has signed"
    )
