"""What can go wrong at a station.

StationError
├── SettingsWrong     what it was started with cannot be; every fault at once
├── DeviceFailed      a source could not be opened, or broke off; names the device
├── StreamDiffers     the ECG is not the one its stream began with
└── LineLost          the server cannot be reached, or said something that cannot be understood
"""

from collections.abc import Sequence


class StationError(Exception):
    """The base of what can go wrong at a station."""


class SettingsWrong(StationError):
    """What it was started with cannot be. `faults` holds a sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class DeviceFailed(StationError):
    """A source could not be opened, or broke off; the text begins with the device's name."""

    def __init__(self, device: str, problem: str) -> None:
        super().__init__(f"{device}: {problem}")


class StreamDiffers(StationError):
    """The ECG is not the one its stream began with: rate, scale or leads are others."""


class LineLost(StationError):
    """The server cannot be reached, or said something that cannot be understood."""
