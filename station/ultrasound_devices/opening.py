"""Which adapter an ultrasound device's name on the command line means."""

from collections.abc import Callable

from station.source_words import IGTL_PORT, SourceKind, parse, parse_grabber, parse_place, parse_rtsp
from station.ultrasound_devices.device import UltrasoundDevice, failed


def open_device(word: str, clock_us: Callable[[], int]) -> UltrasoundDevice:
    """The device of that name, not yet connected; `clock_us` is the station's clock.

    Raises
    ------
    DeviceFailed : the library it needs is not installed
    """
    asked = parse(word)
    match asked.kind:
        case SourceKind.V4L2:
            from station.ultrasound_devices.v4l2 import V4l2Device

            return V4l2Device(parse_grabber(asked.given), clock_us)
        case SourceKind.RTSP:
            from station.ultrasound_devices.rtsp import RtspDevice

            return RtspDevice(parse_rtsp(asked.given), clock_us)
        case SourceKind.IGTL:
            from station.ultrasound_devices.igtl import IgtlDevice

            return IgtlDevice(*parse_place(asked.given, IGTL_PORT), clock_us)
        case SourceKind.NDI:
            from station.ultrasound_devices.ndi import NdiDevice

            return NdiDevice(asked.given, clock_us)
    raise failed(f"{asked.kind} is no device at the patient")
