"""The frame of an SCP-ECG file (EN 1064, ISO 11073-91064): sections, their checksums, and what they say.

Every number is little-endian. A file begins with its CRC and size; section 0 points to the others; each
section begins with 16 bytes: CRC, number, length, versions. What the signal stands on must be whole.
"""

import binascii
from dataclasses import dataclass
from fractions import Fraction

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.vendor_files.assembly import check_size
from ecg.vendor_files.huffman import DEFAULT_CODES, MAX_EXTRA_BITS, MAX_TABLES, Code, HuffmanTable
from ecg.vendor_files.quantities import date_and_time
from ecg.vendor_files.refusal import device_text, refuse

HEADER_BYTES = 16
SIGNAL_SECTIONS = frozenset({0, 2, 3, 4, 5, 6})
_READ_SECTIONS = SIGNAL_SECTIONS | {1, 12}
"""The others hold measurements and statements, which real files often spoil: they are not looked at."""

MAX_LEADS = 64
MAX_BEATS = 10_000
_DEFAULT_TABLE = 19999

_MAKERS = (
    "", "Burdick", "Cambridge", "Compumed", "Datamed", "Fukuda", "Hewlett-Packard", "Marquette", "Mortara",
    "Nihon Kohden", "Okin", "Quinton", "Siemens", "Spacelabs", "Telemed", "Hellige", "ESA-OTE", "Schiller",
    "Picker-Schwarzer", "et medical devices", "Zwönitz",
)  # fmt: skip
"""EN 1064, table of manufacturer codes; 255 and later ones are written as text, which is not read here."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section without its header."""

    number: int
    body: bytes
    protocol: int

    def u16(self, at: int) -> int:
        """An unsigned number of 2 bytes; refuses beyond the section's end."""
        return self._number(at, 2)

    def u32(self, at: int) -> int:
        """An unsigned number of 4 bytes; refuses beyond the section's end."""
        return self._number(at, 4)

    def u8(self, at: int) -> int:
        """One byte; refuses beyond the section's end."""
        return self._number(at, 1)

    @property
    def place(self) -> str:
        """Where it is, for a refusal."""
        return f"section {self.number}"

    def _number(self, at: int, size: int) -> int:
        if at + size > len(self.body):
            refuse(self.place, f"ends at byte {len(self.body)} where {at + size} are needed")
        return int.from_bytes(self.body[at : at + size], "little")


@dataclass(frozen=True, slots=True)
class ScpFile:
    """The sections by number, and what their checksums say."""

    sections: dict[int, Section]
    damaged: frozenset[int]
    unchecked: frozenset[int]
    record_checked: bool

    def need(self, number: int, what: str) -> Section:
        """A section; refuses when it is not there."""
        if number not in self.sections:
            refuse("section 0", f"no section {number} ({what})")
        return self.sections[number]


def scp_crc(data: bytes) -> int:
    """CRC-CCITT from FFFF on, as EN 1064 wants it of everything after the checksum itself."""
    return binascii.crc_hqx(data, 0xFFFF)


def split_sections(data: bytes) -> ScpFile:
    """The sections of a file; SourceUnreadable where it is none, cut, or damaged in what the signal needs."""
    check_size("SCP-ECG", data)
    if len(data) < 6 + HEADER_BYTES or data[8:10] != b"\0\0":
        refuse("byte 9", "no section 0: not an SCP-ECG file")
    size = int.from_bytes(data[2:6], "little")
    if not 6 + HEADER_BYTES <= size <= len(data):
        refuse("byte 3", f"{size} bytes are announced and {len(data)} there")
    data = data[:size]
    sections: dict[int, Section] = {}
    damaged: set[int] = set()
    unchecked: set[int] = set()
    for number, at, length in _pointers(data):
        stated = int.from_bytes(data[at : at + 2], "little")
        if stated == 0:
            unchecked.add(number)
        elif stated != scp_crc(data[at + 2 : at + length]):
            damaged.add(number)
            if number in SIGNAL_SECTIONS:
                refuse(f"section {number}", "its checksum is wrong: damaged")
        sections[number] = Section(number, data[at + HEADER_BYTES : at + length], data[at + 9])
    right = int.from_bytes(data[:2], "little") == scp_crc(data[2:])
    return ScpFile(sections, frozenset(damaged), frozenset(unchecked), right)


def _pointers(data: bytes) -> list[tuple[int, int, int]]:
    """Number, first byte and length of each section that is read, section 0 first."""
    length = int.from_bytes(data[10:14], "little")
    if not HEADER_BYTES <= length <= len(data) - 6:
        refuse("section 0", f"{length} bytes long in a file of {len(data)}")
    found = [(0, 6, length)]
    for entry in range(6 + HEADER_BYTES, 6 + length - 9, 10):
        number = int.from_bytes(data[entry : entry + 2], "little")
        long = int.from_bytes(data[entry + 2 : entry + 6], "little")
        at = int.from_bytes(data[entry + 6 : entry + 10], "little") - 1
        if number == 0 or number not in _READ_SECTIONS or long <= HEADER_BYTES:
            continue
        if any(number == other for other, _, _ in found):
            refuse("section 0", f"section {number} is there twice")
        wrong = _pointer_fault(data, number, at, long)
        if not wrong:
            found.append((number, at, long))
        elif number in SIGNAL_SECTIONS:
            refuse(f"section {number}", wrong)
    return found


def _pointer_fault(data: bytes, number: int, at: int, long: int) -> str:
    if at < 0 or at + long > len(data):
        return f"would end at byte {at + long} of {len(data)}"
    if data[at + 2 : at + 8] != number.to_bytes(2, "little") + long.to_bytes(4, "little"):
        return "its header and section 0 differ in number or length"
    return ""


def huffman_tables(file: ScpFile) -> tuple[HuffmanTable, ...]:
    """The tables of section 2; none means that samples are plain 16-bit numbers."""
    section = file.sections.get(2)
    if section is None:
        return ()
    count = section.u16(0)
    if count == _DEFAULT_TABLE:
        return (HuffmanTable(section.place, DEFAULT_CODES),)
    if not 1 <= count <= MAX_TABLES:
        refuse(
            section.place,
            f"{count} tables; 1 to {MAX_TABLES}, or {_DEFAULT_TABLE} for the default, are right",
        )
    tables: list[HuffmanTable] = []
    at = 2
    for _ in range(count):
        codes = section.u16(at)
        tables.append(HuffmanTable(section.place, [_code(section, at + 2 + 9 * k) for k in range(codes)]))
        at += 2 + 9 * codes
    return tuple(tables)


def _code(section: Section, at: int) -> Code:
    prefix_bits, all_bits, mode = section.u8(at), section.u8(at + 1), section.u8(at + 2)
    if not 1 <= prefix_bits <= 32 or not 0 <= all_bits - prefix_bits <= MAX_EXTRA_BITS:
        refuse(
            section.place, f"a code of {prefix_bits} bits, {all_bits} in all; at most 32 and 24 more are read"
        )
    value = section.u16(at + 3)
    stored = section.u32(at + 5) & ((1 << prefix_bits) - 1)
    prefix = int(f"{stored:0{prefix_bits}b}"[::-1], 2)  # stored with its first bit lowest
    signed = value - (value >> 15 << 16)
    return Code(prefix, prefix_bits, all_bits - prefix_bits, signed, switches=mode == 0)


@dataclass(frozen=True, slots=True)
class LeadSpan:
    """A lead of section 3: its code, and its first and last sample, counted from 1."""

    code: int
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many samples it has."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class LeadPlan:
    """Section 3."""

    spans: tuple[LeadSpan, ...]
    beats_subtracted: bool


def lead_plan(file: ScpFile, most_samples: int) -> LeadPlan:
    """What section 3 says of the leads; refuses spans that cannot be."""
    section = file.need(3, "leads")
    count, flags = section.u8(0), section.u8(1)
    if not 1 <= count <= MAX_LEADS:
        refuse(section.place, f"{count} leads; 1 to {MAX_LEADS} are read")
    spans: list[LeadSpan] = []
    for at in range(2, 2 + 9 * count, 9):
        span = LeadSpan(section.u8(at + 8), section.u32(at), section.u32(at + 4))
        if not 1 <= span.first <= span.last <= most_samples:
            refuse(
                section.place, f"a lead from sample {span.first} to {span.last}; 1 to {most_samples} are read"
            )
        spans.append(span)
    return LeadPlan(tuple(spans), bool(flags & 1))


@dataclass(frozen=True, slots=True)
class BeatPlace:
    """A beat of section 4, counted from 1: where its reference beat was subtracted, its protected zone."""

    type: int
    first: int
    fiducial: int
    last: int
    protected_first: int = 0
    protected_last: int = 0


@dataclass(frozen=True, slots=True)
class BeatPlan:
    """Section 4: length of the reference beat, its fiducial sample (from 1), and the beats."""

    length_ms: int
    fiducial: int
    beats: tuple[BeatPlace, ...]


def beat_plan(file: ScpFile) -> BeatPlan | None:
    """What section 4 says, None when it is not there."""
    section = file.sections.get(4)
    if section is None:
        return None
    count = section.u16(4)
    if count > MAX_BEATS:
        refuse(section.place, f"{count} beats; at most {MAX_BEATS} are read")
    zones = 6 + 14 * count
    protected = len(section.body) >= zones + 8 * count
    if len(section.body) < zones:
        return BeatPlan(section.u16(0), section.u16(2), ())
    beats = tuple(
        BeatPlace(
            section.u16(at),
            section.u32(at + 2),
            section.u32(at + 6),
            section.u32(at + 10),
            section.u32(zones + 8 * k) if protected else 0,
            section.u32(zones + 8 * k + 4) if protected else 0,
        )
        for k, at in enumerate(range(6, zones, 14))
    )
    return BeatPlan(section.u16(0), section.u16(2), beats)


@dataclass(frozen=True, slots=True)
class ScpHeader:
    """What section 1 says beside the patient."""

    acquired: str = ""
    device: str = ""
    filters: Filters = Filters()
    readable: bool = True


def header_of(file: ScpFile) -> ScpHeader:
    """Start, device and filters; nothing, and not `readable`, when section 1 is absent or damaged."""
    section = file.sections.get(1)
    if section is None or 1 in file.damaged:
        return ScpHeader(readable=False)
    try:
        fields = _fields(section)
    except SourceUnreadable:
        return ScpHeader(readable=False)
    return ScpHeader(_acquired(fields), _device(fields.get(14, b"")), _filters(fields))


def _fields(section: Section) -> dict[int, bytes]:
    """The tagged fields up to the end mark, the first of each tag."""
    fields: dict[int, bytes] = {}
    at = 0
    while at < len(section.body) and (tag := section.u8(at)) != 255:
        length = section.u16(at + 1)
        if at + 3 + length > len(section.body):
            refuse(section.place, f"field {tag} runs over its end")
        fields.setdefault(tag, section.body[at + 3 : at + 3 + length])
        at += 3 + length
    return fields


def _acquired(fields: dict[int, bytes]) -> str:
    day, clock = fields.get(25, b""), fields.get(26, b"")
    if len(day) < 4 or len(clock) < 3:
        return ""
    year = int.from_bytes(day[:2], "little")
    return date_and_time(f"{year:04}-{day[2]}-{day[3]} {clock[0]}:{clock[1]}:{clock[2]}", "%Y-%m-%d %H:%M:%S")


def _device(field: bytes) -> str:
    if len(field) < 14:
        return ""
    maker = _MAKERS[field[7]] if field[7] < len(_MAKERS) else ""
    return device_text(maker, field[8:14].split(b"\0")[0].decode("latin-1"))


def _filters(fields: dict[int, bytes]) -> Filters:
    high_pass, low_pass, bitmap = (fields.get(tag, b"") for tag in (27, 28, 29))
    notch = None
    if bitmap:
        notch = 60.0 if bitmap[0] & 1 else 50.0 if bitmap[0] & 2 else 0.0
    return Filters(
        low_hz=float(Fraction(int.from_bytes(high_pass[:2], "little"), 100)) if len(high_pass) >= 2 else None,
        high_hz=float(int.from_bytes(low_pass[:2], "little")) or None if len(low_pass) >= 2 else None,
        notch_hz=notch,
    )
