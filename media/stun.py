"""The little of STUN an ICE agent needs (RFC 8489, RFC 8445): binding checks, authenticated. Pure.

Written here rather than taken: a check is the one thing a stranger's datagram can reach, so what looks at
it must be small, must never raise, and must not answer unless the password was known.
"""

import hmac
import ipaddress
import struct
import zlib
from dataclasses import dataclass

COOKIE = 0x2112A442
REQUEST, RESPONSE, ERROR = 0x0001, 0x0101, 0x0111
_USERNAME, _INTEGRITY, _XOR_MAPPED = 0x0006, 0x0008, 0x0020
_PRIORITY, _USE_CANDIDATE, _CONTROLLING = 0x0024, 0x0025, 0x802A
_FINGERPRINT, _FINGERPRINT_XOR = 0x8028, 0x5354554E
_HEADER = 20
_INTEGRITY_SIZE = 24


@dataclass(frozen=True)
class Check:
    """A binding request or response, not yet believed: see `is_authentic`."""

    kind: int
    transaction: bytes
    username: str
    use_candidate: bool
    integrity_at: int  # where the MESSAGE-INTEGRITY attribute begins
    data: bytes


def read_check(data: bytes) -> Check | None:
    """A binding message with MESSAGE-INTEGRITY; None for anything else, whatever the bytes."""
    if len(data) < _HEADER or len(data) % 4:
        return None
    kind, length, cookie = struct.unpack_from("!HHI", data)
    if cookie != COOKIE or len(data) != _HEADER + length or kind not in (REQUEST, RESPONSE):
        return None
    username, use_candidate, position = "", False, _HEADER
    while position + 4 <= len(data):
        attribute, size = struct.unpack_from("!HH", data, position)
        value_end = position + 4 + size
        if value_end > len(data):
            return None
        if attribute == _INTEGRITY:
            if size != 20:
                return None
            return Check(kind, data[8:20], username, use_candidate, position, data)
        if attribute == _USERNAME:
            username = data[position + 4 : value_end].decode("ascii", "replace")
        use_candidate = use_candidate or attribute == _USE_CANDIDATE
        position = value_end + (-size % 4)
    return None


def is_authentic(check: Check, password: str) -> bool:
    """Whether MESSAGE-INTEGRITY was made with this password (RFC 8489 section 14.5)."""
    at = check.integrity_at
    expected = _integrity(check.data[:at], password)
    return hmac.compare_digest(expected, check.data[at + 4 : at + _INTEGRITY_SIZE])


def _integrity(before: bytes, password: str) -> bytes:
    length = struct.pack("!H", len(before) - _HEADER + _INTEGRITY_SIZE)
    return hmac.digest(password.encode(), before[:2] + length + before[4:], "sha1")


def _message(kind: int, transaction: bytes, attributes: list[tuple[int, bytes]], password: str) -> bytes:
    body = b"".join(
        struct.pack("!HH", attribute, len(value)) + value + bytes(-len(value) % 4)
        for attribute, value in attributes
    )
    unsigned = struct.pack("!HHI", kind, len(body), COOKIE) + transaction + body
    signed = unsigned + struct.pack("!HH", _INTEGRITY, 20) + _integrity(unsigned, password)
    complete = signed[:2] + struct.pack("!H", len(signed) - _HEADER + 8) + signed[4:]
    checksum = zlib.crc32(complete) ^ _FINGERPRINT_XOR
    return complete + struct.pack("!HHI", _FINGERPRINT, 4, checksum)


def write_request(transaction: bytes, username: str, password: str, tie_breaker: int) -> bytes:
    """A controlling agent's check that nominates its pair."""
    attributes = [
        (_USERNAME, username.encode()),
        (_PRIORITY, struct.pack("!I", (110 << 24) | (65_535 << 8) | 255)),
        (_CONTROLLING, struct.pack("!Q", tie_breaker)),
        (_USE_CANDIDATE, b""),
    ]
    return _message(REQUEST, transaction, attributes, password)


def write_response(transaction: bytes, address: tuple[str, int], password: str) -> bytes:
    """The success response that tells the asker its own address."""
    packed = ipaddress.ip_address(address[0].partition("%")[0]).packed
    mask = struct.pack("!I", COOKIE) + transaction
    mapped = bytes(a ^ b for a, b in zip(packed, mask, strict=False))
    family = 1 if len(packed) == 4 else 2
    value = struct.pack("!BBH", 0, family, address[1] ^ (COOKIE >> 16)) + mapped
    return _message(RESPONSE, transaction, [(_XOR_MAPPED, value)], password)
