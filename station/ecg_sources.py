"""Where ECG samples come from: a stored 12-lead ECG played over and over, or a synthetic heart."""

from ecg.dicom import open_dicom
from ecg.errors import EcgError
from ecg.live import highest_rate_hz
from ecg.source import EcgSource, RecordingLoop
from ecg.synthetic import SyntheticEcg
from station.errors import DeviceFailed
from station.source_words import SourceKind, SourceWord, parse

DEVICE = "ecg"


def open_ecg(word: str, started_us: int) -> EcgSource | None:
    """Open a source by its name, its sample 0 at `started_us`; None for `none`.

    Raises
    ------
    DeviceFailed : it cannot be opened
    """
    try:
        source = _open(parse(word), started_us)
    except (EcgError, OSError) as error:
        raise DeviceFailed(DEVICE, str(error)) from error
    if source is not None:
        _check_rate(source)
    return source


def _check_rate(source: EcgSource) -> None:
    leads = len(source.leads)
    highest_hz = highest_rate_hz(leads)
    if source.rate_hz > highest_hz:
        told = f"{leads} leads at {source.rate_hz:g} Hz cannot be sent live; at most {highest_hz} Hz"
        raise DeviceFailed(DEVICE, told)


def _open(asked: SourceWord, started_us: int) -> EcgSource | None:
    match asked.kind:
        case SourceKind.DICOM:
            return RecordingLoop(open_dicom(asked.file or ""))
        case SourceKind.SYNTHETIC:
            return SyntheticEcg(started_us=started_us)
        case _:
            return None
