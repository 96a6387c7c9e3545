"""What of a tracing did not survive a file: found by reading the file again, not by knowing the format.

Samples, leads and gaps must be the same, or there is no file. Everything else that differs is a sentence.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ecg.annotations import Annotation
from ecg.errors import SignalError
from ecg.files.date_times import start_of
from ecg.tracing import Channel, Tracing

_ALL = "every lead"


def check_samples(before: Tracing, after: Tracing) -> None:
    """Raise SignalError when what was read again is another signal: then the file must not leave."""
    if [channel.lead for channel in before.channels] != [channel.lead for channel in after.channels]:
        raise SignalError("what was written is read with other leads; the file would show another ECG")
    for one, other in zip(before.channels, after.channels, strict=True):
        if one.samples.size != other.samples.size or not np.array_equal(one.missing, other.missing):
            raise SignalError(f"{one.name}: what was written is read with other gaps or another length")
        present = ~one.missing
        if not np.array_equal(one.samples[present], other.samples[present]):
            raise SignalError(f"{one.name}: what was written is read with other samples")


def lost(before: Tracing, after: Tracing, *, remarks: bool = False) -> tuple[str, ...]:
    """A sentence for each thing that is not the same after writing and reading.

    `remarks`: the kind of file says in words what it has no field for.
    """
    pairs = list(zip(before.channels, after.channels, strict=True))
    return tuple(
        [
            *_scale(pairs, before, after),
            *_of_channels(pairs, "is told in words only" if remarks else "is lost"),
            *_about(before, after),
            *_annotations(before.annotations, after.annotations, before.rate_hz),
        ]
    )


Pairs = Sequence[tuple[Channel, Channel]]


def _scale(pairs: Pairs, before: Tracing, after: Tracing) -> Iterator[str]:
    steps = max(abs(other.nv_per_step / one.nv_per_step - 1) for one, other in pairs)
    if steps:
        yield f"steps are rounded by up to {steps:.1g} of themselves"
    zeros = max(abs(other.zero - one.zero) for one, other in pairs)
    if zeros:
        yield f"0 V lies up to {zeros:.1g} steps beside where it was"
    if before.rate_hz != after.rate_hz:
        yield f"the rate is {after.rate_hz!r} Hz in place of {before.rate_hz!r} Hz"


def _of_channels(pairs: Pairs, fate: str) -> Iterator[str]:
    renamed = [one for one, other in pairs if one.name != other.name]
    if renamed:
        yield f"{_names(renamed, pairs)}: the name is written otherwise"
    filtered = [one for one, other in pairs if one.filters != other.filters]
    if filtered:
        yield f"{_names(filtered, pairs)}: what the device filtered {fate}"
    derived = [one for one, other in pairs if one.derivation != other.derivation]
    if derived:
        yield f"{_names(derived, pairs)}: that it was derived {fate}"


def _names(channels: Sequence[Channel], pairs: Pairs) -> str:
    return _ALL if len(channels) == len(pairs) > 1 else ", ".join(channel.name for channel in channels)


def _about(before: Tracing, after: Tracing) -> Iterator[str]:
    yield from _start(before.acquired, after.acquired)
    if before.device != after.device:
        yield "the name of the device is lost" if not after.device else "the name of the device is shortened"
    if before.notes:
        yield f"{len(before.notes)} remarks of the reader of the source are lost"


def _start(before: str, after: str) -> Iterator[str]:
    one, other = start_of(before), start_of(after)
    if one == other:
        return
    if one is None or other is None:
        yield "the time of the start is lost"
    elif (one.date, one.time) == (other.date, other.time):
        yield "the start is told without its zone" if not other.zone else "the start is told with a zone"
    else:
        yield "the start is told without its time of day" if not other.time else "the start differs"


def _annotations(before: Sequence[Annotation], after: Sequence[Annotation], rate_hz: float) -> Iterator[str]:
    if not before:
        return
    gone = len(before) - len(after)
    if gone:
        yield f"{gone} of {len(before)} annotations are lost"
        return
    aspects: dict[str, Callable[[Annotation], object]] = {
        "samples": lambda said: said.sample,
        "codes": lambda said: (said.sample, said.code),
        "texts": lambda said: (said.sample, said.text),
        "channels": lambda said: (said.sample, said.channel),
        "subtypes": lambda said: (said.sample, said.subtype),
        "numbers": lambda said: (said.sample, said.number),
        "durations": lambda said: (said.sample, round(said.duration_s * rate_hz)),
    }
    changed = [
        aspect
        for aspect, of in aspects.items()
        if Counter(of(said) for said in before) != Counter(of(said) for said in after)
    ]
    if changed:
        yield f"{', '.join(changed)} of annotations differ"
