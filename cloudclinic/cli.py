"""The command `cloudclinic`: what one can ask for, on one page."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cloudclinic import commands
from cloudclinic.ecg_commands.options import add_ecg
from cloudclinic.errors import FrontDoorError
from cloudclinic.leaving import leave_threads
from cloudclinic.ultrasound_commands.options import add_ultrasound
from records.errors import RecordsError
from station.errors import StationError


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; the exit status is 0 when it was done, 2 when it was refused.

    As a program, without `arguments`, it ends the process where a thread is left that nobody waits for.
    """
    status = _carried_out(parser().parse_args(arguments))
    if arguments is None:
        leave_threads(status)
    return status


def _carried_out(asked: argparse.Namespace) -> int:
    try:
        return int(asked.run(asked) or 0)
    except (FrontDoorError, RecordsError, StationError) as error:
        print(f"cloudclinic {asked.command}: {error}", file=sys.stderr)
        return 2
    except OSError as error:  # a port that is taken, a directory that cannot be written: not a fault of ours
        print(f"cloudclinic {asked.command}: {_in_words(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _in_words(error: OSError) -> str:
    """What the system refused, without its number; asyncio puts the address into the text itself."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="cloudclinic", description=__doc__, allow_abbrev=False)
    names = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int | None], says: str
    ) -> argparse.ArgumentParser:
        added = names.add_parser(name, help=says, description=says, allow_abbrev=False)
        added.set_defaults(run=run)
        return added

    _server_options(command("serve", commands.serve, "run the server until it is told to stop"))
    _station_options(command("station", commands.station, "run beside the patient: devices, journal, media"))
    _demo_options(command("demo", commands.demo, "server, station, demo accounts and residents"))
    _server_options(command("init", commands.init, "make the data directory, keys, certificate, first code"))
    _account_options(command("account", commands.account, "list, add, disable, password, token, revoke"))
    _server_options(command("migrate", commands.migrate, "bring the database to this version"))
    _audit_options(command("audit", commands.audit, "check the audit trail link by link"))
    _server_options(command("doctor", commands.doctor, "check everything around and say the cure"))
    _turn_options(command("turn", commands.turn, "write the relay's configuration, and prove it"))
    ecg = names.add_parser("ecg", help="read, measure, convert ECG files", allow_abbrev=False)
    add_ecg(ecg)
    ultrasound = names.add_parser("ultrasound", help="read ultrasound files", allow_abbrev=False)
    add_ultrasound(ultrasound)
    _bench_options(command("bench", commands.bench, "measure on this machine and print a table"))
    return top


def _server_options(to: argparse.ArgumentParser) -> None:
    to.add_argument("--config", type=Path, help="settings file (TOML)")
    to.add_argument("--host", help="address to listen on")
    to.add_argument("--port", type=int, help="TCP port; 0 picks a free one")
    to.add_argument("--data", type=Path, help="data directory")


ECG_HELP = (
    "dicom:FILE, wfdb:FILE.hea, edf:FILE, file:FILE, simulator[:SCENARIO], synthetic, lsl:NAME, ble:ADDRESS,"
    " serial:PORT?protocol=NAME or none"
)

ULTRASOUND_HELP = (
    "dicom:FILE, video:FILE, simulator[:SCENARIO], synthetic, v4l2:PATH[?size=WxH&rate=HZ], rtsp://HOST/PATH,"
    " igtl:HOST[:PORT], ndi:NAME or none"
)


def _station_options(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "what", nargs="?", default="run", choices=("run", "setup"), help="run; or sign off what is seen"
    )
    to.add_argument("--server", metavar="URL", help="run: https://… of the server")
    to.add_argument("--token-file", type=Path, help="run: file with the station's token")
    trust = to.add_mutually_exclusive_group()
    trust.add_argument("--server-fingerprint", metavar="SHA256", help="of the server's certificate")
    trust.add_argument("--ca", type=Path, metavar="FILE", help="certificate of the authority (PEM)")
    to.add_argument("--ultrasound", default="none", metavar="SOURCE", help=ULTRASOUND_HELP)
    to.add_argument(
        "--ultrasound-mbps", type=float, default=4.0, metavar="MBPS", help="the most its pictures may take"
    )
    to.add_argument(
        "--ring-mb",
        type=int,
        default=400,
        metavar="MB",
        help="memory for the last minute of its pictures, kept without loss",
    )
    to.add_argument(
        "--profiles",
        type=Path,
        metavar="DIR",
        help="signed device profiles: what of its pictures may be seen; `profiles` in --data unless given",
    )
    to.add_argument(
        "--when-unsure",
        choices=("largest-shape", "nothing"),
        default="largest-shape",
        help="what is seen of a screen that no signed profile knows",
    )
    to.add_argument("--ecg", default="none", metavar="SOURCE", help=ECG_HELP)
    _worklist_options(to)
    to.add_argument("--data", type=Path, default=Path("station-data"), help="directory of the ECG journal")
    to.add_argument(
        "--port", type=int, default=0, help="setup: of the page on this machine; 0 picks a free one"
    )


def _worklist_options(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--worklist-port",
        type=int,
        default=0,
        metavar="PORT",
        help="run: on which the scanner asks whose scan comes next (DICOM modality worklist)",
    )
    to.add_argument("--worklist-host", default="127.0.0.1", metavar="ADDRESS", help="run: address of it")
    to.add_argument("--worklist-title", default="CLOUDCLINIC", metavar="AET", help="run: the station's title")
    to.add_argument(
        "--worklist-scanner",
        action="append",
        default=[],
        metavar="AET",
        help="run: a scanner that is answered, by its title; more than once for several",
    )


def _demo_options(to: argparse.ArgumentParser) -> None:
    _server_options(to)
    to.add_argument("--synthetic", action="store_true", help="measuring sources instead of recordings")
    to.add_argument("--ultrasound", metavar="SOURCE", help="another ultrasound, e.g. simulator:depth=12")
    to.add_argument("--ecg", metavar="SOURCE", help="another ECG, e.g. simulator:rhythm=av-block-3")
    to.add_argument("--ready-json", action="store_true", help="print one JSON line when ready")


def _account_options(to: argparse.ArgumentParser) -> None:
    to.add_argument("what", choices=("list", "add", "disable", "enable", "password", "token", "revoke"))
    to.add_argument("name", nargs="?", help="sign-in name")
    to.add_argument("--role", help="community_doctor, nurse, specialist, administrator or station")
    to.add_argument("--institution", help="its name")
    to.add_argument("--display-name", help="as others see it")
    to.add_argument("--specialty", action="append", default=[], help="code; may be given several times")
    to.add_argument("--config", type=Path, help="settings file (TOML)")
    to.add_argument("--data", type=Path, help="data directory")


def _audit_options(to: argparse.ArgumentParser) -> None:
    to.add_argument("what", choices=("verify",))
    to.add_argument("--config", type=Path, help="settings file (TOML)")
    to.add_argument("--data", type=Path, help="data directory")


def _turn_options(to: argparse.ArgumentParser) -> None:
    to.add_argument("what", choices=("config", "check", "front", "firewall"))
    to.add_argument("--output", type=Path, metavar="FILE", help="write there instead of printing")
    to.add_argument("--ca", type=Path, metavar="FILE", help="check: the site's own authority (PEM)")
    to.add_argument("--config", type=Path, help="settings file (TOML)")
    to.add_argument("--data", type=Path, help="data directory")


BENCHMARKS = (
    *("consult", "relay", "latency", "join", "loss", "congestion", "capacity", "soak"),
    *("ecg", "ultrasound", "still"),
)


def _bench_options(to: argparse.ArgumentParser) -> None:
    to.add_argument("what", choices=BENCHMARKS)
    to.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    to.add_argument("--keep", action="store_true", help="keep the run in benchmarks/results/")
    to.add_argument("--case", action="append", default=[], help="congestion: a weak line; may be repeated")
    to.add_argument(
        "--runs", type=_positive, default=5, help="congestion: runs of each case; medians are told"
    )
    to.add_argument("--seconds", type=_seconds, default=20, help="how long each figure is watched, 5 to 3600")
    to.add_argument("--rounds", type=_positive, default=3, help="how often, in turns with the peer")
    to.add_argument("--minutes", type=_positive, default=30, help="how long a soak lasts")
    to.add_argument(
        "--peer",
        choices=("janus", "none"),
        default="janus",
        help="others beside us; ecg, ultrasound: libraries",
    )
    to.add_argument(
        "--data", type=Path, metavar="DIR", help="ecg: WFDB records; ultrasound: DICOM files, phantoms"
    )


def _seconds(text: str) -> int:
    """In fewer there is nothing to take a percentile of."""
    if not text.isdecimal() or not 5 <= int(text) <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not 5 to 3600")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not 1 to 1000")
    return int(text)
