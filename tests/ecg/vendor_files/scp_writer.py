"""A small writer of SCP-ECG files, as the reader's counterpart: every encoding, right checksums."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ecg.vendor_files.huffman import DEFAULT_CODES, Code
from ecg.vendor_files.scp_sections import scp_crc

LEAD_I, LEAD_II, LEAD_V1, LEAD_V2 = 1, 2, 3, 4


@dataclass(frozen=True)
class WrittenBeat:
    """A beat of section 4."""

    first: int
    fiducial: int
    last: int
    protected: tuple[int, int] = (0, 0)
    type: int = 0


@dataclass(frozen=True)
class ScpWriter:
    """What to write. `rows` by lead code: the samples as they are to be stored, before differences."""

    rows: Mapping[int, Sequence[int]]
    step_nv: int = 2500
    interval_us: int = 2000
    differences: int = 0
    huffman: bool = True
    own_tables: Sequence[Sequence[Code]] = ()
    subtracted: bool = False
    bimodal: bool = False
    protocol: int = 20
    spans: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    beats: Sequence[WrittenBeat] = ()
    beat_rows: Mapping[int, Sequence[int]] = field(default_factory=dict)
    beat_fiducial: int = 1
    beat_step_nv: int = 2500
    beat_interval_us: int = 2000
    header: bytes = b""
    extra_sections: Mapping[int, bytes] = field(default_factory=dict)

    def sections(self) -> dict[int, bytes]:
        """The bodies by number."""
        bodies: dict[int, bytes] = {1: self.header or default_header()}
        if self.huffman:
            bodies[2] = _tables(self.own_tables) if self.own_tables else struct.pack("<H", 19999)
        bodies[3] = self._leads()
        if self.beat_rows:
            bodies[4], bodies[5] = self._beats(), self._reference_beat()
        bodies[6] = self._rhythm()
        return bodies | dict(self.extra_sections)

    def data(self) -> bytes:
        """The file."""
        return sealed(self.sections(), self.protocol)

    def _leads(self) -> bytes:
        body = struct.pack("<BB", len(self.rows), int(self.subtracted) | 4 | (len(self.rows) << 3 & 0xF8))
        for code, values in self.rows.items():
            first, last = self.spans.get(code, (1, len(values)))
            body += struct.pack("<IIB", first, last, code)
        return body

    def _beats(self) -> bytes:
        count = len(next(iter(self.beat_rows.values())))
        body = struct.pack("<HHH", count * self.beat_interval_us // 1000, self.beat_fiducial, len(self.beats))
        for b in self.beats:
            body += struct.pack("<HIII", b.type, b.first, b.fiducial, b.last)
        return body + b"".join(struct.pack("<II", *b.protected) for b in self.beats)

    def _reference_beat(self) -> bytes:
        head = struct.pack("<HHBB", self.beat_step_nv, self.beat_interval_us, self.differences, 0)
        return head + self._coded(list(self.beat_rows.values()))

    def _rhythm(self) -> bytes:
        head = struct.pack("<HHBB", self.step_nv, self.interval_us, self.differences, int(self.bimodal))
        return head + self._coded(list(self.rows.values()))

    def _coded(self, rows: Sequence[Sequence[int]]) -> bytes:
        chunks = [self._chunk(differences(row, self.differences)) for row in rows]
        return struct.pack(f"<{len(chunks)}H", *map(len, chunks)) + b"".join(chunks)

    def _chunk(self, values: Sequence[int]) -> bytes:
        if not self.huffman:
            return struct.pack(f"<{len(values)}h", *values)
        codes = self.own_tables[0] if self.own_tables else DEFAULT_CODES
        bits = "".join(_bits(value, codes) for value in values)
        bits += "0" * (-len(bits) % 16)
        return int("1" + bits, 2).to_bytes(len(bits) // 8 + 1, "big")[1:] if bits else b""


def differences(row: Sequence[int], order: int) -> list[int]:
    """The row as differences of this order, after as many plain samples."""
    values = np.array(row, np.int64)
    return [*values[:order].tolist(), *np.diff(values, n=order).tolist()] if order else values.tolist()


def _bits(value: int, codes: Sequence[Code]) -> str:
    for code in codes:
        if not code.extra_bits and code.value == value and not code.switches:
            return f"{code.prefix:0{code.prefix_bits}b}"
    for code in codes:
        half = 1 << (code.extra_bits - 1) if code.extra_bits else 0
        if -half <= value < half:
            return f"{code.prefix:0{code.prefix_bits}b}{value % (2 * half):0{code.extra_bits}b}"
    raise ValueError(f"no code for {value}")


def _tables(tables: Sequence[Sequence[Code]]) -> bytes:
    body = struct.pack("<H", len(tables))
    for codes in tables:
        body += struct.pack("<H", len(codes))
        for c in codes:
            stored = int(f"{c.prefix:0{c.prefix_bits}b}"[::-1], 2)
            bits = c.prefix_bits + c.extra_bits
            body += struct.pack("<BBBhI", c.prefix_bits, bits, int(not c.switches), c.value, stored)
    return body


def default_header() -> bytes:
    """Section 1: 29 February 2024, 10:11:12, 0.05 to 150 Hz, 50 Hz notch, a Mortara; and a patient's name."""
    device = bytes(7) + b"\x08" + b"ELI25\0" + bytes(22)
    fields = [
        (0, b"Nemo\0"),
        (14, device),
        (25, struct.pack("<HBB", 2024, 2, 29)),
        (26, bytes([10, 11, 12])),
        (27, struct.pack("<H", 5)),
        (28, struct.pack("<H", 150)),
        (29, b"\x02"),
    ]
    return b"".join(struct.pack("<BH", tag, len(value)) + value for tag, value in fields) + b"\xff\0\0"


def sealed(bodies: Mapping[int, bytes], protocol: int = 20) -> bytes:
    """The file of these section bodies, with pointers and right checksums."""
    numbers = sorted({*range(12), *bodies})
    at = 6 + 16 + 10 * len(numbers)
    pointers, rest = b"", b""
    for number in numbers:
        if number == 0:
            pointers += struct.pack("<HII", 0, 16 + 10 * len(numbers), 7)
            continue
        section = _section(number, bodies[number], protocol) if number in bodies else b""
        pointers += struct.pack("<HII", number, len(section), at + len(rest) + 1 if section else 0)
        rest += section
    whole = _section(0, pointers, protocol) + rest
    size = struct.pack("<I", 6 + len(whole))
    return struct.pack("<H", scp_crc(size + whole)) + size + whole


def resealed(writer: ScpWriter, number: int, body: bytes) -> bytes:
    """The writer's file with one section's body exchanged and every checksum right again."""
    return sealed({**writer.sections(), number: body}, writer.protocol)


def _section(number: int, body: bytes, protocol: int) -> bytes:
    body += b"\0" * (len(body) % 2)
    after_crc = struct.pack("<HIBB", number, 16 + len(body), protocol, protocol) + bytes(6) + body
    return struct.pack("<H", scp_crc(after_crc)) + after_crc


def changed(writer: ScpWriter, **fields: object) -> ScpWriter:
    """The writer with some fields exchanged."""
    return replace(writer, **fields)  # type: ignore[arg-type]
