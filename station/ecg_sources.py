"""Where ECG samples come from: a file played over and over, a simulated or synthetic heart, a device."""

from ecg.errors import EcgError
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.source import EcgSource
from ecg.synthetic import SyntheticEcg
from station.errors import DeviceFailed
from station.replayed_ecg import check_rate, replay
from station.source_words import SourceKind, SourceWord, parse

DEVICE = "ecg"


def open_ecg(word: str, started_us: int) -> EcgSource | None:
    """Open a replayed or made up source by its name, its sample 0 at `started_us`; None for `none`.

    Raises
    ------
    DeviceFailed : it cannot be opened
    """
    try:
        source = _open(parse(word), started_us)
        if source is not None:
            check_rate(source.rate_hz, len(source.leads))
        return source
    except (EcgError, OSError) as error:
        raise DeviceFailed(DEVICE, str(error)) from error


def _open(asked: SourceWord, started_us: int) -> EcgSource | None:
    match asked.kind:
        case SourceKind.DICOM | SourceKind.WFDB | SourceKind.EDF | SourceKind.FILE:
            return replay(asked.kind, asked.file)
        case SourceKind.SYNTHETIC:
            return SyntheticEcg(started_us=started_us)
        case SourceKind.SIMULATOR:
            return SimulatedEcg(read_scenario(asked.given))
        case _:
            return None
