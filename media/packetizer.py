"""H.264 access units cut into RTP payloads (RFC 6184, packetization-mode 1). Pure."""

MAX_PAYLOAD = (
    1160  # with header, extensions, SRTP tag and RTX well under 1280, the least an IPv6 path carries
)
_SPS, _PPS, _AUD = 7, 8, 9
_STAP_A, _FU_A = 24, 28


def split_annexb(data: bytes) -> list[bytes]:
    """The NAL units of an Annex B byte stream, without start codes and trailing zeros."""
    starts: list[int] = []
    at = data.find(b"\0\0\1")
    while at >= 0:
        starts.append(at + 3)
        at = data.find(b"\0\0\1", at + 3)
    ends = [*(start - 3 for start in starts), len(data)][1:]
    units = (data[start:end].rstrip(b"\0") for start, end in zip(starts, ends, strict=True))
    return [unit for unit in units if unit]


def packetize(annexb: bytes, limit: int = MAX_PAYLOAD, first_spare: int = 0) -> list[bytes]:
    """The payloads of one access unit, in order; the last one gets the marker bit.

    Parameter sets travel together in one STAP-A. Large units are cut into fragments of equal size, so that
    they can be sent by one system call; when the first payload is a fragment, it is `first_spare` bytes
    shorter: its packet carries that much more in its header.
    """
    units = [unit for unit in split_annexb(annexb) if unit[0] & 31 != _AUD]
    sets = [unit for unit in units if unit[0] & 31 in (_SPS, _PPS)]
    payloads: list[bytes] = []
    if len(sets) > 1 and 1 + sum(2 + len(unit) for unit in sets) <= limit:
        payloads.append(_aggregate(sets))
        units = [unit for unit in units if unit[0] & 31 not in (_SPS, _PPS)]
    for unit in units:
        spare = 0 if payloads else first_spare
        payloads += [unit] if len(unit) <= limit - spare else _fragments(unit, limit, spare)
    return payloads


def _aggregate(units: list[bytes]) -> bytes:
    head = bytes((max(unit[0] & 0x60 for unit in units) | _STAP_A,))
    return head + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


def _fragments(unit: bytes, limit: int, spare: int) -> list[bytes]:
    body = unit[1:]
    count = -(-(len(body) + spare) // (limit - 2))
    size = -(-(len(body) + spare) // count)
    indicator, kind = unit[0] & 0xE0 | _FU_A, unit[0] & 31
    starts = [0, *range(size - spare, len(body), size)]
    ends = [*starts[1:], len(body)]
    pieces = []
    for at, end in zip(starts, ends, strict=True):
        head = bytes((indicator, (at == 0) << 7 | (end == len(body)) << 6 | kind))
        pieces.append(head + body[at:end])
    return pieces
