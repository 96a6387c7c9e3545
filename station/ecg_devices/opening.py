"""Which adapter a device's name on the command line means."""

from collections.abc import Callable

from station.ecg_devices.device import EcgDevice, failed
from station.source_words import SourceKind, parse, parse_serial


def open_device(word: str, clock_us: Callable[[], int]) -> EcgDevice:
    """The device of that name, not yet connected; `clock_us` is the station's clock.

    Raises
    ------
    DeviceFailed : the library it needs is not installed, or it speaks a protocol nobody knows
    """
    asked = parse(word)
    match asked.kind:
        case SourceKind.LSL:
            from station.ecg_devices.lsl import LslDevice

            return LslDevice(asked.given, clock_us)
        case SourceKind.BLE:
            from station.ecg_devices.strap import StrapDevice

            return StrapDevice(asked.given, clock_us)
        case SourceKind.SERIAL:
            from station.ecg_devices.serial_port import SerialDevice

            return SerialDevice(parse_serial(asked.given), clock_us)
    raise failed(f"{asked.kind} is no device at the patient")
