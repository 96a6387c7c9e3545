"""The standard Bluetooth heart rate measurement (Heart Rate Service 1.0, characteristic 0x2A37). Pure.

Rate and RR intervals are numbers, not a signal: nothing here is ever drawn as an ECG.
"""

from dataclasses import dataclass

SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"

_WIDE_RATE, _DETECTED, _TELLS_CONTACT, _ENERGY, _RR = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class HeartRate:
    """One measurement. `contact`: whether the strap touches skin, None where it does not say."""

    per_min: int
    contact: bool | None
    rr_ms: tuple[float, ...]


def parse_heart_rate(data: bytes) -> HeartRate:
    """Read one value of the characteristic; raises ValueError when its length does not fit its flags."""
    if not data:
        raise ValueError("a heart rate measurement of 0 bytes")
    flags = data[0]
    at = 3 if flags & _WIDE_RATE else 2
    rr_at = at + 2 if flags & _ENERGY else at
    rr = data[rr_at:]
    if len(data) < rr_at or len(rr) % 2 or (rr and not flags & _RR):
        raise ValueError(f"a heart rate measurement of {len(data)} bytes with flags {flags:#04x}")
    return HeartRate(
        per_min=int.from_bytes(data[1:at], "little"),
        contact=bool(flags & _DETECTED) if flags & _TELLS_CONTACT else None,
        rr_ms=tuple(int.from_bytes(rr[k : k + 2], "little") * 1000 / 1024 for k in range(0, len(rr), 2)),
    )
