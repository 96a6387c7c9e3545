"""A complete serial protocol, to use as it is or to begin one's own from: frames with a counter and a CRC.

Little-endian. A frame is

    A5 5A | type u8 | length u16 | payload | CRC u16

with CRC-16/CCITT-FALSE (polynomial 0x1021, initial 0xFFFF) over type, length and payload. INFO (type 1) comes
at least once a second, so that a station can join at any time:

    rate_hz u16 | step in picovolts u32 | low cut in mHz u16 | high cut in Hz u16 | notch in Hz u8 | latency
    in us u32 | number of leads u8 | a code for each lead u8 | make, model and serial number in UTF-8

A lead's code is its number in MDC and SCP-ECG (1 I, 2 II, 3 to 8 V1 to V6, 61 III, 62 aVR, 63 aVL, 64 aVF); a
cut or notch of which all bits are set is not known. SAMPLES (type 2):

    counter u32 | electrodes off u16 | leads unusable u16 | leads clipped u16 | number of samples u8 | number
    of marks u8 | i16 for each sample and lead, sample by sample | marks: offset u8, kind u8, value u8

The counter counts samples, lost ones as well, and begins again after 2^32. Bits, marks and the missing value
-32768 are those of E1 (`docs/e1.md`).
"""

import binascii
import struct
from collections.abc import Iterator

import numpy as np

from ecg.description import Filters
from ecg.leads import Electrode, lead_of_code
from ecg.packets import Mark, MarkKind
from station.ecg_devices.device import DeviceDescription
from station.ecg_devices.serial_protocol import Damage, Said, Samples, Unwrapped

SYNC = b"\xa5\x5a"
INFO, SAMPLES = 1, 2
MOST_PAYLOAD = 2048

_HEAD = struct.Struct("<BH")
_CRC = struct.Struct("<H")
_INFO = struct.Struct("<HIHHBIB")
_SAMPLES = struct.Struct("<IHHHBB")
_MARK = struct.Struct("<BBB")
_FRAME_BYTES = len(SYNC) + _HEAD.size + _CRC.size


class FramedProtocol:
    """Parses one connection; see the module's docstring for the bytes."""

    baud = 460_800
    begin = b""
    end = b""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._about: DeviceDescription | None = None
        self._counter = Unwrapped(32)
        self._passed_over = 0

    def feed(self, data: bytes) -> Iterator[Said]:
        """What these bytes complete; ValueError when the device's INFO cannot be a stream."""
        self._bytes += data
        while (frame := self._next_frame()) is not None:
            if self._passed_over:
                yield Damage(self._passed_over)
                self._passed_over = 0
            said = self._understand(*frame)
            if said is not None:
                yield said

    def _next_frame(self) -> tuple[int, bytes] | None:
        """The next whole frame's type and payload; what is none is passed over byte by byte."""
        while True:
            at = self._bytes.find(SYNC)
            if at < 0:
                at = max(0, len(self._bytes) - 1)  # the last byte may be the first of a frame
            self._pass_over(at)
            if len(self._bytes) < _FRAME_BYTES:
                return None
            kind, length = _HEAD.unpack_from(self._bytes, len(SYNC))
            if length <= MOST_PAYLOAD:
                whole = _FRAME_BYTES + length
                if len(self._bytes) < whole:
                    return None
                checked = self._bytes[len(SYNC) : whole - _CRC.size]
                (crc,) = _CRC.unpack_from(self._bytes, whole - _CRC.size)
                if binascii.crc_hqx(checked, 0xFFFF) == crc:
                    del self._bytes[:whole]
                    return kind, bytes(checked[_HEAD.size :])
            self._pass_over(1)  # a frame may begin within what looked like one

    def _pass_over(self, count: int) -> None:
        del self._bytes[:count]
        self._passed_over += count

    def _understand(self, kind: int, payload: bytes) -> Said | None:
        """What a frame says; None for a type of a later version, and for samples before the first INFO."""
        if kind == INFO:
            self._about = _description(payload)
            return self._about
        if kind == SAMPLES and self._about is not None:
            return self._samples(payload, self._about.rows) or Damage(len(payload))
        return None

    def _samples(self, payload: bytes, rows: int) -> Samples | None:
        if len(payload) < _SAMPLES.size:
            return None
        counter, off, unusable, clipped, count, mark_count = _SAMPLES.unpack_from(payload)
        marks_at = _SAMPLES.size + 2 * count * rows
        marks = [_MARK.unpack_from(payload, at) for at in range(marks_at, len(payload) - 2, _MARK.size)]
        whole = len(payload) == marks_at + mark_count * _MARK.size and count and off < 1 << 10
        if not whole or any(kind not in _KINDS or offset >= count for offset, kind, _ in marks):
            return None
        values = np.frombuffer(payload, "<i2", count * rows, _SAMPLES.size)
        return Samples(
            number=self._counter.count(counter),
            samples=np.ascontiguousarray(values.reshape(count, rows).T).astype(np.int16),
            electrodes_off=Electrode(off),
            unusable=unusable & ((1 << rows) - 1),
            clipped=clipped & ((1 << rows) - 1),
            marks=tuple(Mark(offset, MarkKind(kind), value) for offset, kind, value in marks),
        )


_KINDS = frozenset(int(kind) for kind in MarkKind)


def _description(payload: bytes) -> DeviceDescription:
    if len(payload) < _INFO.size:
        raise ValueError(f"INFO of {len(payload)} bytes; at least {_INFO.size}")
    rate_hz, step_pv, low_mhz, high_hz, notch_hz, latency_us, count = _INFO.unpack_from(payload)
    codes, name = payload[_INFO.size : _INFO.size + count], payload[_INFO.size + count :]
    leads = [lead_of_code("MDC", f"2:{code}") for code in codes]
    if len(codes) < count or None in leads:
        raise ValueError(f"lead codes {list(codes)}; {count} of 1 to 8 and 61 to 64 are right")
    device = name.decode("utf-8", errors="replace")
    if not device.isprintable() or not 1 <= len(device) <= 64:
        raise ValueError(f"a name of {len(device)} letters; 1 to 64 printable ones are right")
    return DeviceDescription(
        rate_hz=rate_hz,
        nv_per_lsb=step_pv / 1000,
        leads=tuple(lead for lead in leads if lead is not None),
        device=device,
        filters=Filters(
            low_hz=None if low_mhz == 0xFFFF else low_mhz / 1000,
            high_hz=None if high_hz == 0xFFFF else float(high_hz),
            notch_hz=None if notch_hz == 0xFF else float(notch_hz),
        ),
        latency_us=latency_us,
    )
