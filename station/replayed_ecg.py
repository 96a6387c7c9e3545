"""A stored ECG as a source: read by content, only standard leads, only what can be sent live."""

import logging
from pathlib import Path

from ecg.common_steps import recording_of
from ecg.errors import SignalError, SourceUnreadable
from ecg.files.door import read_any
from ecg.live import highest_rate_hz
from ecg.source import RecordingLoop
from ecg.tracing import FileKind, Tracing
from station.source_words import SourceKind

log = logging.getLogger(__name__)

LEAST_RATE_HZ = 100
"""Below it a QRS complex has too few samples to be drawn as it was, and the detector is not made for it."""

_KINDS = {
    SourceKind.DICOM: frozenset({FileKind.DICOM}),
    SourceKind.WFDB: frozenset({FileKind.WFDB}),
    SourceKind.EDF: frozenset({FileKind.EDF, FileKind.EDF_PLUS}),
}
"""What a file must be that was named so; by `file:` it may be of any kind."""


def replay(kind: SourceKind, file: Path) -> RecordingLoop:
    """Play a file over and over at its own rate, the seam a told gap.

    A channel that is no standard lead (MLII is not II) is left aside, and so is told in the log; a lead that
    was not stored is not there.

    Raises
    ------
    SourceUnreadable : it cannot be read, or is of another kind
    SignalError : none of its channels is a standard lead, or its rate cannot be sent live
    """
    tracing = read_any(file)
    expected = _KINDS.get(kind)
    if expected is not None and tracing.kind not in expected:
        raise SourceUnreadable(f"{file.name}: {tracing.kind}, not {kind}; file:{file.name} plays any kind")
    try:
        recording, error_nv = recording_of(tracing)
        check_rate(recording.rate_hz, len(recording.leads))
    except SignalError as error:
        raise SignalError(f"{file.name}: {error}") from None
    _tell(file.name, tracing, error_nv)
    return RecordingLoop(recording)


def check_rate(rate_hz: float, leads: int) -> None:
    """Raise SignalError when so many leads at this rate cannot be sent live, or not drawn truly."""
    highest_hz = highest_rate_hz(leads)
    if rate_hz > highest_hz:
        raise SignalError(f"{leads} leads at {rate_hz:g} Hz cannot be sent live; at most {highest_hz} Hz")
    if rate_hz < LEAST_RATE_HZ:
        raise SignalError(f"{rate_hz:g} Hz is too slow to be drawn truly; at least {LEAST_RATE_HZ} Hz")


def _tell(name: str, tracing: Tracing, error_nv: float) -> None:
    for channel in tracing.channels:
        if channel.lead is None:
            log.warning("%s: channel %r left aside: not one of the twelve leads", name, channel.name)
    for note in tracing.notes:
        log.warning("%s: %s", name, note)
    if error_nv:
        log.warning("%s: leads of unlike steps brought to one; at most %.3g uV apart", name, error_nv / 1000)
