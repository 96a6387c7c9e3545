"""`cloudclinic ecg compare EARLIER LATER`: what has changed between two ECGs of one person."""

import argparse
from collections.abc import Iterator

from cloudclinic.answers import Answer, columns, show
from cloudclinic.ecg_commands.files import REFUSED, path_of, refuse
from cloudclinic.errors import CommandFailed
from ecg.common_steps import recording_of
from ecg.comparison import Compared, Comparison, compare
from ecg.comparison_words import NOTES
from ecg.comparison_words import REFUSED as REFUSED_WORDS
from ecg.errors import EcgError
from ecg.files.door import read_any
from ecg.measuring import measure
from ecg.words import Language


def run(options: argparse.Namespace) -> int:
    """Print differences with what of them is beyond measuring error, and what was not compared and why."""
    if len(options.files) != 2:
        raise CommandFailed(f"{len(options.files)} files; an earlier and a later one are compared")
    both = []
    for file in options.files:
        try:
            both.append(_read(file))
        except (EcgError, OSError) as error:
            refuse(options, file, error)
            return REFUSED
    try:
        found = compare(*both)
    except EcgError as error:
        refuse(options, options.files[1], error)
        return REFUSED
    show(answer(options.files, found, Language(options.language)), as_json=options.json)
    return 0


def _read(file: str) -> Compared:
    recording, _ = recording_of(read_any(path_of(file)))
    return Compared(recording=recording, measurements=measure(recording))


def answer(files: list[str], found: Comparison, language: Language) -> Answer:
    """The comparison; that both files are of one person is for who asks to know."""
    return Answer(_object(files, found), list(_lines(files, found, language)))


def _object(files: list[str], found: Comparison) -> dict[str, object]:
    return {
        "earlier": files[0],
        "later": files[1],
        "changes": {
            change.measure: {
                "earlier": change.earlier,
                "later": change.later,
                "difference": change.difference,
                "unit": change.unit,
                "noise": change.noise,
                "beyond_noise": change.beyond_noise,
            }
            for change in found.changes
        },
        "not_compared": {one.measure: one.why for one in found.not_compared},
        "st": [
            {
                "lead": one.lead,
                "at": one.at,
                "earlier_uv": one.earlier_uv,
                "later_uv": one.later_uv,
                "difference_uv": one.difference_uv,
                "noise_uv": one.noise_uv,
                "beyond_noise": one.beyond_noise,
            }
            for one in found.st
        ],
        "st_refused": found.st_refused,
        "overlay_refused": found.overlay_refused,
        "likeness": None if found.overlay is None else found.overlay.likeness,
        "notes": list(found.notes),
    }


def _lines(files: list[str], found: Comparison, language: Language) -> Iterator[str]:
    yield f"{files[0]} (earlier), {files[1]} (later)"
    rows: list[tuple[str, ...]] = [("", "earlier", "later", "difference", "unit", "")]
    for change in found.changes:
        values = (f"{change.earlier:.0f}", f"{change.later:.0f}", f"{change.difference:+.0f}")
        rows.append((change.measure, *values, change.unit, _said(change.beyond_noise)))
    for one in found.st:
        st = (f"{one.earlier_uv:.0f}", f"{one.later_uv:.0f}", f"{one.difference_uv:+.0f}")
        rows.append((f"ST {one.lead} ({one.at})", *st, "uV", _said(one.beyond_noise)))
    yield from columns(rows)
    for missed in found.not_compared:
        yield f"{missed.measure}: {REFUSED_WORDS[missed.why].said(language)}"
    if found.st_refused is not None:
        yield REFUSED_WORDS[found.st_refused].said(language)
    yield from (NOTES[note].said(language) for note in found.notes)


def _said(beyond_noise: bool) -> str:
    return "beyond measuring error" if beyond_noise else ""
