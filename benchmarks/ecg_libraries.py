"""Beats by other libraries, in an environment of their own: `python ecg_libraries.py FOLDER`.

FOLDER holds one `.npy` a record, millivolts (n,) of its first lead at 360 Hz. Prints one JSON object:
{library: {"cpu_s": …, "beats": {record: [sample, …]}} or {"failed": why}}. Imports nothing of the project.
"""

import importlib
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

RATE_HZ = 360
Found = Callable[[Any], Any]


def gqrs() -> Found:
    """wfdb's gqrs as its documentation runs it: signal in steps, gain known."""
    processing = importlib.import_module("wfdb.processing")
    return lambda signal: processing.gqrs_detect(sig=signal, fs=RATE_HZ)


def sleepecg() -> Found:
    """sleepecg's C detector."""
    library = importlib.import_module("sleepecg")
    return lambda signal: library.detect_heartbeats(signal, RATE_HZ)


def _neurokit(method: str) -> Callable[[], Found]:
    def opened() -> Found:
        library = importlib.import_module("neurokit2")

        def found(signal: Any) -> Any:
            cleaned = library.ecg_clean(signal, sampling_rate=RATE_HZ, method=method)
            return library.ecg_peaks(cleaned, sampling_rate=RATE_HZ, method=method)[1]["ECG_R_Peaks"]

        return found

    return opened


LIBRARIES: dict[str, Callable[[], Found]] = {
    "wfdb gqrs": gqrs,
    "sleepecg": sleepecg,
    "NeuroKit2 pantompkins1985": _neurokit("pantompkins1985"),
    "NeuroKit2 default": _neurokit("neurokit"),
}


def main(folder: Path) -> None:
    """Run every library over every record."""
    warnings.simplefilter("ignore")
    numpy = importlib.import_module("numpy")
    signals = {file.stem: numpy.load(file) for file in sorted(folder.glob("*.npy"))}
    print(json.dumps({name: _run(opened, signals) for name, opened in LIBRARIES.items()}))


def _run(opened: Callable[[], Found], signals: dict[str, Any]) -> dict[str, object]:
    try:
        found = opened()
        began = time.process_time()
        beats = {name: [int(at) for at in found(signal)] for name, signal in signals.items()}
        return {"cpu_s": time.process_time() - began, "beats": beats}
    except Exception as fault:  # a library that breaks is one row without a figure
        return {"failed": f"{type(fault).__name__}: {fault}"[:200]}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
