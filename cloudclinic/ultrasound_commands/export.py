"""`cloudclinic ultrasound export`: files that name nobody, and in `export.jsonl` a line for each."""

import argparse
import asyncio
import datetime as dt
import os
import secrets
from pathlib import Path

import msgspec

from cloudclinic.answers import Answer
from cloudclinic.errors import CommandFailed
from cloudclinic.ultrasound_commands.files import for_each
from records.exchange.ultrasound_exports import export_ultrasound
from ultrasound.errors import ExportRefused
from ultrasound.privacy.export_record import Dates, Encoding, ExportRecord

RECORDS = "export.jsonl"
_KEY_BYTES = 32


def run(options: argparse.Namespace) -> int:
    """Write each file under its new UID: the name of a file may be somebody's."""
    if not options.output.is_dir():
        raise CommandFailed(f"{options.output} is no directory to write into")
    key = _key(options.key_file)
    profile = options.profile.read_bytes() if options.profile else None
    return for_each(options, lambda file: answer(file, key, profile, options))


def answer(file: str, key: bytes, profile: bytes | None, options: argparse.Namespace) -> Answer:
    """Nothing is written when the file is refused, or when it was exported into this directory before."""
    done = asyncio.run(
        export_ultrasound(
            Path(file),
            key,
            profile=profile,
            all_black_outside=options.all_black_outside,
            looked_at=bool(options.looked_at),
            dates=Dates(options.dates),
            encoding=Encoding(options.encoding.replace("-", "_")),
        )
    )
    path = options.output / f"{done.record.sop_instance_uid}.dcm"
    try:
        out = open(path, "xb")
    except FileExistsError:
        raise ExportRefused(f"{path.name} is there already; nothing was written") from None
    try:
        with out:
            out.write(done.data)
        _remember(options.output / RECORDS, done.record, options.looked_at)
    except OSError:
        path.unlink()  # neither half a file, nor a whole one that no record tells of
        raise
    told = {"file": file, "written": str(path), "record": msgspec.to_builtins(done.record)}
    return Answer(told, [f"{file}: {path}", *_lines(done.record)])


def _remember(path: Path, record: ExportRecord, looked_at_by: str | None) -> None:
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    line = {"at": at, "looked_at_by": looked_at_by or None} | msgspec.to_builtins(record)
    with open(path, "ab") as out:
        out.write(msgspec.json.encode(line) + b"\n")


def _lines(record: ExportRecord) -> list[str]:
    share = f"{100 * record.hidden_share:.0f} % of the picture black by {record.masked_by.replace('_', ' ')}"
    look = (
        f"{record.text_boxes_left} places in what stayed may be text: look, then export with --looked-at NAME"
        if not record.looked_at
        else "looked at: burned-in annotation stated as NO"
    )
    kept = f"{record.attributes_kept} attributes kept, {record.attributes_removed} removed or replaced"
    return [f"  {share}", f"  {kept} ({record.private_attributes_removed} private)", f"  {look}"]


def _key(path: Path | None) -> bytes:
    if path is None:
        return secrets.token_bytes(_KEY_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return path.read_bytes()
    key = secrets.token_bytes(_KEY_BYTES)
    with os.fdopen(descriptor, "wb") as out:
        out.write(key)
    return key
