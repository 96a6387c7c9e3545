"""`cloudclinic turn`: write the relay's configuration, and prove it."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloudclinic import control
from cloudclinic.directory import DataDirectory
from cloudclinic.errors import CommandFailed
from cloudclinic.settings import Settings
from cloudclinic.turn_check import TurnCheck
from cloudclinic.turn_config import write_config
from cloudclinic.turn_firewall import write_firewall
from cloudclinic.turn_front import write_front
from cloudclinic.turn_probe import Probe, new_check, read_probes
from cloudclinic.turn_secret import ensure_secret


def write(options: argparse.Namespace, settings: Settings) -> None:
    """Print one of the files, or write it where it is wanted."""
    if options.what == "config":
        DataDirectory(settings.data).require()
        text = write_config(settings, ensure_secret(settings))
    elif options.what == "front":
        text = write_front(settings)
    else:
        text = write_firewall(settings)
    if options.output is None:
        print(text, end="")
        return
    _write_file(options.output, text)
    print(f"wrote {options.output}")


def _write_file(path: Path, text: str) -> None:
    """Only its owner may read a new file; one that is there keeps its owner and mode (Debian's coturn)."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            if os.fstat(file.fileno()).st_mode & 0o007:
                raise CommandFailed(f"{path} can be read by everybody; `chmod o= {path}`")
            file.truncate(0)
            file.write(text)
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror}") from error


async def check(options: argparse.Namespace, settings: Settings) -> int:
    """Prove it; 1 when something needs a cure."""
    directory = DataDirectory(settings.data)
    directory.require()
    ill = 0
    this = new_check()
    try:
        probes = await _probes(directory, this)
        async for finding in TurnCheck(settings, probes, options.ca).findings():
            print(f"{'✓' if finding.well else '✗'} {finding.what:<44} {finding.said}", flush=True)
            if not finding.well:
                ill = 1
                print(f"  → {finding.cure}", flush=True)
    finally:
        await control.ask(directory.path, "turn.close_probes", this)
    return ill


async def _probes(directory: DataDirectory, this: Mapping[str, Any]) -> tuple[Probe, ...]:
    done = await control.ask(directory.path, "turn.open_probes", this)
    return () if done is None else read_probes(done)
