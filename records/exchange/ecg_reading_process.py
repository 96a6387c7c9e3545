"""`python -m records.exchange.ecg_reading_process`: reads one ECG, of one file or of a WFDB record's several.

MessagePack on standard input and output: `records.exchange.ecg_answers`. It runs under the limits of
`records.exchange.apart`, and is the only place where foreign bytes meet the readers.
"""

from collections.abc import Sequence
from pathlib import PurePath

from ecg.errors import EcgError, SourceUnreadable, Unread
from ecg.files.companions import InMemory, is_plain_name
from ecg.files.door import read_any
from ecg.pacing import marks_of_annotations
from ecg.tracing import Tracing
from records.ecg_drafts import Acquisition
from records.ecg_samples import pack_tracing
from records.exchange.ecg_answers import EcgAnswer, EcgRead, EcgRefused, NamedFile, ReadEcg
from records.exchange.patient_in_file import stated_patient
from records.exchange.work_apart import answer_once

LONGEST_S = 3600.0
"""What is read at one sitting; a day's recording needs another way of reading."""

MOST_CHANNELS = 32


def answer_to(request: ReadEcg) -> EcgAnswer:
    """Read the ECG, or say why not. No name of a file is repeated: it may be a person's."""
    try:
        main = _main_file(request.files)
        # A record's other files are found by its name; of one file alone the name says nothing.
        name = main.name if len(request.files) > 1 and is_plain_name(main.name) else "file"
        tracing = read_any(main.data, name, beside=_beside(request.files))
        _check_size(tracing)
    except (EcgError, MemoryError) as refusal:
        why = refusal.why if isinstance(refusal, SourceUnreadable) else Unread.FAULTY
        return EcgRefused(sentence=_sentence(refusal, request.files), why=why)
    return EcgRead(
        samples=pack_tracing(tracing),
        acquisition=Acquisition(paces=marks_of_annotations(tracing)),
        stated=stated_patient(main.data, tracing.kind),
    )


def _main_file(files: Sequence[NamedFile]) -> NamedFile:
    if len(files) == 1:
        return files[0]
    headers = [one for one in files if one.name.lower().endswith(".hea")]
    if len(headers) != 1:
        raise SourceUnreadable(
            f"{len(files)} files with {len(headers)} headers (.hea); several files are one WFDB record"
            " with one header"
        )
    return headers[0]


def _beside(files: Sequence[NamedFile]) -> InMemory:
    return InMemory({one.name: one.data for one in files if is_plain_name(one.name)})


def _check_size(tracing: Tracing) -> None:
    if tracing.duration_s > LONGEST_S:
        raise SourceUnreadable(
            f"{tracing.duration_s / 3600:.1f} h of signal; an ECG that is read at one sitting has at most"
            f" {LONGEST_S / 3600:.0f} h"
        )
    if len(tracing.channels) > MOST_CHANNELS:
        raise SourceUnreadable(f"{len(tracing.channels)} channels; at most {MOST_CHANNELS}")


def _sentence(refusal: EcgError | MemoryError, files: Sequence[NamedFile]) -> str:
    if isinstance(refusal, MemoryError):
        return "it takes more memory than an ECG may"
    text = str(refusal)
    names = {PurePath(one.name).stem: number for number, one in enumerate(files, 1)}
    names |= {one.name: number for number, one in enumerate(files, 1)}
    for name in sorted(filter(_may_be_a_persons, names), key=len, reverse=True):
        text = text.replace(name, f"file {names[name]}")
    return text[:500]


def _may_be_a_persons(name: str) -> bool:
    """Not so short ones such as "100": in a sentence they stand for numbers as well."""
    return len(name) > 3 or not name.isascii()


if __name__ == "__main__":
    answer_once(ReadEcg, answer_to)
