"""When a signal that was read from a damaged file is right: it fits together, and it is what the bytes say.

Of every kind: channels of one length and at most `MAX_TRACING_SAMPLES`, finite steps and voltages, each
annotation within the signal, a start that is on the calendar or none, names of one printable line. Then what
a witness (`benchmarks.ecg_witness`), which shares no code with the readers, finds in the same bytes: the same
rate, as many channels, the same voltages with values missing at the same places. For SCP-ECG, whose samples
are packed behind checksums, and Philips Sierra, whose samples are packed: the samples of the whole file where
the bytes that hold them were not touched, and the announced length.
"""

from collections.abc import Callable

import numpy as np

from benchmarks.ecg_witness import Witness
from ecg.files.date_times import start_of
from ecg.tracing import MAX_TRACING_SAMPLES, Tracing

RATE_TOLERANCE = 1e-9
TOLERANCE_STEPS = 1e-3
"""A witness computes in doubles from the texts of a header, where readers compute exactly. Decimals of a CSV
that its reader rounds, and says so, may be half a step beside."""


def complaint(found: Tracing, witness: Callable[[Tracing], Witness]) -> str:
    """What is wrong with a signal, empty when it is right."""
    return unfit(found) or _contradiction(found, witness)


def unfit(found: Tracing) -> str:
    """What of a tracing does not fit together."""
    count = found.sample_count
    if not 0 < count * len(found.channels) <= MAX_TRACING_SAMPLES:
        return f"{count} samples of {len(found.channels)} channels"
    for channel in found.channels:
        if not np.isfinite(channel.nanovolts()[~channel.missing]).all():
            return "voltages that are not finite"
        if not _is_line(channel.name) or not _is_line(channel.derivation):
            return "a name that is no line of text"
    if not all(0 <= said.sample <= count and said.duration_s >= 0 for said in found.annotations):
        return "an annotation outside the signal"
    if found.acquired and start_of(found.acquired) is None:
        return "a start that is on no calendar"
    return "" if _is_line(found.device) else "a device that is no line of text"


def _is_line(text: str) -> bool:
    return len(text) <= 100 and all(c.isprintable() for c in text)


def _contradiction(found: Tracing, witness: Callable[[Tracing], Witness]) -> str:
    try:
        said = witness(found)
    except Exception as fault:
        # A file its reader took and its witness cannot make sense of is one to look at.
        return f"the witness stumbles: {type(fault).__name__}"
    if abs(found.rate_hz - said.rate_hz) > RATE_TOLERANCE * said.rate_hz:
        return f"{found.rate_hz} Hz where the bytes say {said.rate_hz}"
    if said.leads is None:
        channels = list(found.channels)
    else:
        channels = [one for one in found.channels if not one.derivation]
        if {str(one.lead) for one in channels} != set(said.leads):
            return "other leads than the bytes say"
        order = [str(one.lead) for one in channels]
        said = Witness(said.rate_hz, [said.rows[said.leads.index(lead)] for lead in order])
    if len(channels) != len(said.rows):
        return f"{len(channels)} channels where the bytes say {len(said.rows)}"
    for channel, row in zip(channels, said.rows, strict=True):
        if channel.samples.size != row.size:
            return f"{channel.samples.size} samples where the bytes say {row.size}"
        if not np.array_equal(channel.missing, np.isnan(row)):
            return "values missing at other places than the bytes say"
        apart = np.abs(channel.nanovolts() - row)[~channel.missing]
        steps = 0.5 if any("rounded to steps" in note for note in found.notes) else TOLERANCE_STEPS
        tolerance = steps * channel.nv_per_step + 1e-9 * float(np.nanmax(np.abs(row), initial=0))
        if apart.size and apart.max() > tolerance:
            return f"voltages {apart.max():.3g} nV beside what the bytes say"
    return ""
