"""What a TURN client says and hears (RFC 8656 over RFC 8489). Pure; no bytes make it raise.

A client of ours has two uses: `cloudclinic turn check`, and a station whose line carries no UDP. The server
has none: it never allocates a relay.
"""

import enum
import hashlib
import hmac
import ipaddress
import struct
from collections.abc import Sequence
from dataclasses import dataclass

COOKIE = 0x2112A442
HEADER = 20
_INTEGRITY_SIZE = 24

Attribute = tuple[int, bytes]
Address = tuple[str, int]


class Method(enum.IntEnum):
    """RFC 8656 section 17."""

    ALLOCATE = 0x003
    REFRESH = 0x004
    CREATE_PERMISSION = 0x008
    CHANNEL_BIND = 0x009


SUCCESS, ERROR = 0x0100, 0x0110  # class bits of a response

USERNAME, INTEGRITY, ERROR_CODE, CHANNEL_NUMBER, LIFETIME = 0x0006, 0x0008, 0x0009, 0x000C, 0x000D
PEER_ADDRESS, REALM, NONCE = 0x0012, 0x0014, 0x0015
RELAYED_ADDRESS, ADDRESS_FAMILY, REQUESTED_TRANSPORT = 0x0016, 0x0017, 0x0019


@dataclass(frozen=True)
class Credentials:
    """Long-term credentials (RFC 8489 section 9.2). The text shows no password."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.username!r})"

    def key(self, realm: str) -> bytes:
        """The key of MESSAGE-INTEGRITY; MD5 is what the standard says and relays speak."""
        text = f"{self.username}:{realm}:{self.password}"
        return hashlib.md5(text.encode(), usedforsecurity=False).digest()


@dataclass(frozen=True)
class Challenge:
    """What the relay asked us to sign with."""

    realm: str
    nonce: bytes


@dataclass(frozen=True)
class Response:
    """An answer of the relay, not yet believed: see `is_signed`."""

    method: int
    transaction: bytes
    error: int | None  # None: success
    attributes: dict[int, bytes]
    data: bytes

    @property
    def challenge(self) -> Challenge | None:
        """Realm and nonce, when it has both."""
        realm, nonce = self.attributes.get(REALM), self.attributes.get(NONCE)
        if realm is None or nonce is None:
            return None
        return Challenge(realm.decode("utf-8", "replace"), nonce)

    def address(self, attribute: int) -> Address | None:
        """An XOR-…-ADDRESS (RFC 8489 section 14.2)."""
        value = self.attributes.get(attribute, b"")
        if len(value) not in (8, 20):
            return None
        (port,) = struct.unpack_from("!H", value, 2)
        mask = struct.pack("!I", COOKIE) + self.transaction
        packed = bytes(a ^ b for a, b in zip(value[4:], mask, strict=False))
        return str(ipaddress.ip_address(packed)), port ^ (COOKIE >> 16)


def write_request(
    method: Method,
    transaction: bytes,
    attributes: Sequence[Attribute],
    credentials: Credentials | None = None,
    challenge: Challenge | None = None,
) -> bytes:
    """A request; signed once the relay has told what to sign with."""
    if credentials is None or challenge is None:
        return _message(method, transaction, attributes)
    identity = [
        (USERNAME, credentials.username.encode()),
        (REALM, challenge.realm.encode()),
        (NONCE, challenge.nonce),
    ]
    unsigned = _message(method, transaction, [*attributes, *identity])
    digest = _integrity(unsigned, credentials.key(challenge.realm))
    return _message(method, transaction, [*attributes, *identity, (INTEGRITY, digest)])


def _message(method: int, transaction: bytes, attributes: Sequence[Attribute]) -> bytes:
    body = b"".join(
        struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4) for kind, value in attributes
    )
    return struct.pack("!HHI", method, len(body), COOKIE) + transaction + body


def _integrity(unsigned: bytes, key: bytes) -> bytes:
    length = struct.pack("!H", len(unsigned) - HEADER + _INTEGRITY_SIZE)
    return hmac.digest(key, unsigned[:2] + length + unsigned[4:], "sha1")


def peer_address(peer: Address, transaction: bytes) -> Attribute:
    """XOR-PEER-ADDRESS: whom to relay to."""
    packed = ipaddress.ip_address(peer[0]).packed
    mask = struct.pack("!I", COOKIE) + transaction
    mapped = bytes(a ^ b for a, b in zip(packed, mask, strict=False))
    family = 1 if len(packed) == 4 else 2
    return PEER_ADDRESS, struct.pack("!BBH", 0, family, peer[1] ^ (COOKIE >> 16)) + mapped


def read_response(data: bytes) -> Response | None:
    """A response to one of our requests; None for anything else, whatever the bytes."""
    if len(data) < HEADER:
        return None
    kind, length, cookie = struct.unpack_from("!HHI", data)
    if cookie != COOKIE or len(data) != HEADER + length or kind & 0x0110 not in (SUCCESS, ERROR):
        return None
    attributes: dict[int, bytes] = {}
    position = HEADER
    while position + 4 <= len(data):
        attribute, size = struct.unpack_from("!HH", data, position)
        if position + 4 + size > len(data):
            return None
        if INTEGRITY not in attributes:  # what follows it is not signed
            attributes.setdefault(attribute, data[position + 4 : position + 4 + size])
        position += 4 + size + (-size % 4)
    return Response(kind & ~0x0110, data[8:20], _error(kind, attributes), attributes, data)


def _error(kind: int, attributes: dict[int, bytes]) -> int | None:
    if kind & 0x0110 == SUCCESS:
        return None
    value = attributes.get(ERROR_CODE, b"")
    return (value[2] & 7) * 100 + value[3] if len(value) >= 4 else 0


def is_signed(response: Response, key: bytes) -> bool:
    """Whether it carries a MESSAGE-INTEGRITY made with this key."""
    position = HEADER
    while position + 4 <= len(response.data):
        attribute, size = struct.unpack_from("!HH", response.data, position)
        if attribute == INTEGRITY:
            expected = _integrity(response.data[:position], key)
            return hmac.compare_digest(expected, response.data[position + 4 : position + 4 + size])
        position += 4 + size + (-size % 4)
    return False


# Data, once a channel is bound (RFC 8656 section 12.4)


def write_channel_data(channel: int, data: bytes | memoryview, stream: bool) -> bytes:
    """A packet for the peer of a channel; over a stream it is padded."""
    padding = bytes(-len(data) % 4) if stream else b""
    return struct.pack("!HH", channel, len(data)) + bytes(data) + padding


def read_channel_data(message: bytes) -> tuple[int, bytes] | None:
    """Channel and packet; None when it is not ChannelData."""
    if len(message) < 4 or not 0x40 <= message[0] <= 0x4F:
        return None
    channel, size = struct.unpack_from("!HH", message)
    if len(message) < 4 + size:
        return None
    return channel, message[4 : 4 + size]


def split_stream(buffer: bytearray) -> list[bytes] | None:
    """Take every whole message off the front of a stream; None when it cannot be TURN: hang up."""
    messages = []
    while len(buffer) >= 4:
        (size,) = struct.unpack_from("!H", buffer, 2)
        if buffer[0] <= 3:
            whole = HEADER + size
        elif 0x40 <= buffer[0] <= 0x4F:
            whole = 4 + size + (-size % 4)
        else:
            return None
        if len(buffer) < whole:
            break
        messages.append(bytes(buffer[:whole]))
        del buffer[:whole]
    return messages
