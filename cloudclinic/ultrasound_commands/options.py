"""What can follow `cloudclinic ultrasound`."""

import argparse
import re
from pathlib import Path

from cloudclinic.command_groups import run_of


def add_ultrasound(to: argparse.ArgumentParser) -> None:
    """All commands on ultrasound files; each module is imported when its command is given."""
    names = to.add_subparsers(dest="ultrasound_command", required=True, metavar="WHAT")

    def command(name: str, module: str, says: str, files: int | str = "+") -> argparse.ArgumentParser:
        added = names.add_parser(name, help=says, description=says, allow_abbrev=False)
        added.add_argument("files", nargs=files, metavar="FILE", help="DICOM ultrasound, a still or a cine")
        added.add_argument("--json", action="store_true", help="objects for programs, one a line")
        added.set_defaults(run=run_of(f"cloudclinic.ultrasound_commands.{module}"))
        return added

    _caliper(
        command("measure", "measure", "a caliper on a frame: value, unit, doubt and origin of its scale")
    )
    command("info", "info", "scanner, size, frames and their times, colours, calibrated regions")
    still = command("still", "still", "one frame as PNG, without loss, as it is displayed", files=1)
    still.add_argument("--frame", type=int, default=1, metavar="N", help="from 1; the first unless given")
    still.add_argument("--output", "-o", type=Path, required=True, metavar="OUT.png", help="written over")
    _mask_options(
        command("mask", "mask", "blacken by a device profile, propose one, or sign it off", files=1)
    )
    _export_options(command("export", "export", "write DICOM that names nobody, with a record of each file"))
    send = command("send", "send", "send DICOM files to an archive (PACS), as they are")
    where = "HOST:PORT/AET, dicoms://HOST:PORT/AET or https://HOST/PATH"
    send.add_argument("--to", metavar="ARCHIVE", help=f"{where}; those of the settings unless given")
    send.add_argument("--config", type=Path, help="settings file (TOML)")


def _mask_options(to: argparse.ArgumentParser) -> None:
    how = to.add_mutually_exclusive_group(required=True)
    how.add_argument("--profile", type=Path, metavar="P.json", help="mask by this device profile")
    how.add_argument(
        "--propose", action="store_true", help="the shape of a moving loop, and text found beside it"
    )
    out = "OUT.png of one frame, or a directory for all; of --propose: the profile to write"
    to.add_argument("--output", "-o", type=Path, metavar="OUT", help=out)
    to.add_argument("--frame", type=int, default=1, metavar="N", help="from 1; the first unless given")
    to.add_argument("--sign-off", metavar="NAME", help="who looked at the masked frames: signs P.json off")
    to.add_argument(
        "--source", default="", metavar="NAME", help="of --propose: the station's source or the scanner"
    )
    to.add_argument("--layout", default="", metavar="NAME", help="of --propose: what this screen is called")
    for name, says in (
        ("--allow", "text that may be seen: probe marker, depth ruler, colour scale, MI/TI"),
        ("--black", "black whatever else is kept"),
        ("--anchor", "a place that always looks the same and names nobody, such as a logo"),
    ):
        to.add_argument(
            name, action="append", default=[], metavar="LEFT,TOP,WIDTH,HEIGHT", help=f"of --propose: {says}"
        )


def _export_options(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--output", "-o", type=Path, required=True, metavar="DIR", help="nothing in it is written over"
    )
    to.add_argument(
        "--profile", type=Path, metavar="P.json", help="signed off; the file's own regions unless given"
    )
    to.add_argument(
        "--all-black-outside",
        action="store_true",
        help="all black where neither profile nor region says otherwise",
    )
    to.add_argument("--looked-at", metavar="NAME", help="who saw the masked pictures, and no name in them")
    to.add_argument("--dates", choices=("removed", "shifted"), default="removed", help="removed unless given")
    to.add_argument(
        "--encoding", choices=("jpeg-ls", "uncompressed"), default="jpeg-ls", help="both without loss"
    )
    key = "keeps files of several exports together; made when it is not there"
    to.add_argument(
        "--key-file", type=Path, metavar="FILE", help=f"{key}; a key for this export alone unless given"
    )


def _caliper(to: argparse.ArgumentParser) -> None:
    # "-5,10,20,20" are points, left of the picture, and no option; the caliper refuses them in its own words.
    to._negative_number_matcher = re.compile(r"-[\d.]")
    to.add_argument(
        "--frame", type=int, default=1, metavar="N", help="counted from 1; the first unless given"
    )
    tools = to.add_mutually_exclusive_group(required=True)
    for name, metavar, says in _CALIPERS:
        tools.add_argument(f"--{name}", type=_points, metavar=metavar, help=says)
    scales = to.add_mutually_exclusive_group()
    scales.add_argument(
        "--tick-mm",
        type=float,
        metavar="MM",
        help="read the ruler in the picture; from tick to tick it is MM",
    )
    scales.add_argument(
        "--known", type=_numbers, metavar="X,Y,X,Y,MM", help="two points of the picture that are MM apart"
    )


_CALIPERS = (
    ("line", "X,Y,X,Y", "between two points, in pixels from 0, the middle of a pixel being a whole number"),
    ("path", "X,Y,X,Y,…", "along points"),
    ("ellipse", "X,Y,X,Y,X,Y,X,Y", "area by the ends of one axis, then of the other"),
    ("polygon", "X,Y,X,Y,X,Y,…", "area within an outline"),
    ("angle", "X,Y,X,Y,X,Y", "at the second of three points"),
    ("time", "X,Y,X,Y", "from one point of a sweep to the other"),
    ("velocity", "X,Y", "at a point of spectral Doppler"),
)


def _numbers(text: str) -> list[float]:
    numbers = _all_numbers(text)
    if len(numbers) != 5:
        raise argparse.ArgumentTypeError(f"{len(numbers)} numbers; two points and millimetres are five")
    return numbers


def _points(text: str) -> list[tuple[float, float]]:
    numbers = _all_numbers(text)
    if len(numbers) % 2:
        raise argparse.ArgumentTypeError(f"{len(numbers)} numbers; every point has two")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _all_numbers(text: str) -> list[float]:
    try:
        return [float(number) for number in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}; numbers with commas between them are right") from None
