"""`cloudclinic ecg convert`: a file as a file of another kind, with what does not survive said."""

import argparse
from dataclasses import replace
from pathlib import Path

from cloudclinic.answers import Answer
from cloudclinic.ecg_commands.alongside import Named, alongside, named_in
from cloudclinic.ecg_commands.files import for_each, path_of
from cloudclinic.errors import CommandFailed
from ecg.errors import SignalError
from ecg.files.date_times import start_of
from ecg.files.writing import FORMS, Written, WrittenKind, write
from ecg.tracing import Tracing


def run(options: argparse.Namespace) -> int:
    """Write each file into a directory, under its own name with the kind's ending."""
    folder = options.output
    if not folder.is_dir():
        raise CommandFailed(f"{folder} is no directory to write into")
    _check_time(options.acquired)
    return for_each(options, lambda file, tracing: answer(file, _at(tracing, options), options))


def _check_time(acquired: str | None) -> None:
    """Refuse what is no time at all: a kind that has no place for it would drop it unsaid."""
    start = start_of(acquired) if acquired is not None else None
    if acquired is not None and (start is None or len(start.time) < len("HHMMSS")):
        raise CommandFailed(f"--acquired {acquired!r} is no date and time of the form YYYYMMDDHHMMSS")


def _at(tracing: Tracing, options: argparse.Namespace) -> Tracing:
    """With the time of acquisition that was given, where the file has none of its own, or less of it."""
    if not options.acquired:
        return tracing
    if not options.acquired.startswith(tracing.acquired):
        raise SignalError(
            f"acquired {tracing.acquired} by the file itself; --acquired is for one that does not say"
        )
    return replace(tracing, acquired=options.acquired)


def answer(file: str, tracing: Tracing, options: argparse.Namespace) -> Answer:
    """Refused before anything is written where a file of that name is there already."""
    kind, folder = WrittenKind(options.to), options.output
    named = named_in(path_of(file).read_bytes(), tracing, keep=options.patient == "keep")
    along = alongside(tracing, named.identity, kind, findings=options.findings)
    written = write(tracing, kind, Path(file).stem, along)
    for name in written.files:
        if (folder / name).exists():
            raise SignalError(f"{name} is there already; nothing was written")
    for name, data in written.files.items():
        (folder / name).write_bytes(data)
    return _answer(file, written, named, folder)


def _answer(file: str, written: Written, named: Named, folder: Path) -> Answer:
    names = [str(folder / name) for name in written.files]
    lost = [*named.left, *written.lost]
    told = {
        "file": file,
        "kind": written.kind,
        "written": names,
        "patient": _fate(written, named),
        "lost": lost,
    }
    return Answer(told, [f"{file}: {', '.join(names)}", *(f"  not kept: {one}" for one in lost)])


def _fate(written: Written, named: Named) -> str:
    """What became of whom the file names; never who it is."""
    if not named.states:
        return "not stated"
    return "written" if named.identity.is_known and written.kind in FORMS else "not written"
