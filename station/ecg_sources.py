"""Where ECG samples come from: a stored 12-lead ECG played over and over, or a synthetic heart."""

from ecg.dicom import open_dicom
from ecg.errors import EcgError
from ecg.source import EcgSource, RecordingLoop
from ecg.synthetic import SyntheticEcg
from station.errors import DeviceFailed
from station.source_words import SourceKind, parse

DEVICE = "ecg"


def open_ecg(word: str, started_us: int) -> EcgSource | None:
    """Open a source by its name, its sample 0 at `started_us`; None for `none`.

    Raises
    ------
    DeviceFailed : it cannot be opened
    """
    asked = parse(word)
    try:
        match asked.kind:
            case SourceKind.DICOM:
                return RecordingLoop(open_dicom(asked.file or ""))
            case SourceKind.SYNTHETIC:
                return SyntheticEcg(started_us=started_us)
            case _:
                return None
    except (EcgError, OSError) as error:
        raise DeviceFailed(DEVICE, str(error)) from error
