"""The raw ECG of Polar straps: the bytes of their Measurement Data service, as the maker publishes them.
Pure.

130 samples a second of 14 bits, in microvolts, of the one lead between the strap's two pads: rhythm only.
(Polar Measurement Data Specification, in the maker's BLE SDK.)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

RATE_HZ = 130
NV_PER_LSB = 1000.0

_ECG = 0
_START, _STOP = 2, 3
_SAMPLE_RATE, _RESOLUTION = 0, 1
START_ECG = bytes([_START, _ECG, _SAMPLE_RATE, 1, RATE_HZ, 0, _RESOLUTION, 1, 14, 0])
STOP_ECG = bytes([_STOP, _ECG])

_FEATURES, _RESPONSE = 0x0F, 0xF0
_FRAME_HEAD = 10
_SAMPLE_BYTES = 3
_STATES = {
    0: "success",
    1: "invalid operation",
    2: "invalid measurement type",
    3: "not supported",
    4: "invalid length",
    5: "invalid parameter",
    6: "already in this state",
    7: "invalid resolution",
    8: "invalid sample rate",
    9: "invalid range",
    10: "invalid MTU",
    11: "invalid number of channels",
    12: "invalid state",
    13: "the strap is in its charger",
}
_ALREADY = 6


@dataclass(frozen=True, slots=True, eq=False)
class EcgFrame:
    """Microvolts int32 (n,); `stamp_ns`: when the last was taken, on the strap's own clock."""

    stamp_ns: int
    uv: NDArray[np.int32]


def gives_ecg(features: bytes) -> bool:
    """Whether a strap offers its raw ECG, by what its control point reads."""
    return len(features) >= 2 and features[0] == _FEATURES and bool(features[1] & 1 << _ECG)


def refused(response: bytes) -> str:
    """Why the strap did not begin its ECG, by its answer to START_ECG; empty when it does."""
    if len(response) < 4 or response[:3] != bytes([_RESPONSE, _START, _ECG]):
        return f"an answer of {len(response)} bytes that is none"
    state = response[3]
    return "" if state in (0, _ALREADY) else _STATES.get(state, f"state {state}")


def parse_ecg(data: bytes) -> EcgFrame | None:
    """Read one notification; None for another measurement. Raises ValueError when it is not a whole frame.

    Only frame type 0 is read: others compress, or carry more than voltages.
    """
    if data[:1] != bytes([_ECG]):
        return None
    payload = data[_FRAME_HEAD:]
    if len(payload) < _SAMPLE_BYTES or len(payload) % _SAMPLE_BYTES:
        raise ValueError(f"an ECG frame of {len(data)} bytes")
    if data[_FRAME_HEAD - 1] != 0:
        raise ValueError(f"an ECG frame of type {data[_FRAME_HEAD - 1]:#04x}; 0 is read")
    parts = np.frombuffer(payload, np.uint8).reshape(-1, _SAMPLE_BYTES).astype(np.int32)
    uv = parts[:, 0] | parts[:, 1] << 8 | (parts[:, 2] ^ 0x80) << 16
    return EcgFrame(int.from_bytes(data[1:9], "little"), uv - (1 << 23))
