"""SDP text taken apart into sections of attribute lines (RFC 8866). Strict: anything odd is refused."""

import re
from dataclasses import dataclass, field

from media.errors import SdpRefused

MAX_BYTES = 65_536
_LINE = re.compile(r"[a-z]=[^\x00\r\n]*")
_ICE_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")  # RFC 8839 section 5.4
_ICE_PWD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_SHA256 = re.compile(r"(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}")


@dataclass
class Section:
    """The session part (`media` empty) or one m-line with what follows it."""

    media: str = ""
    port: int = 0
    payload_types: tuple[int, ...] = ()
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """The values of every `a=name` or `a=name:value` line."""
        return [value for key, value in self.attributes if key == name]

    def one(self, name: str) -> str | None:
        """The value of `a=name`, None when absent; two different ones are refused."""
        found = set(self.values(name))
        if len(found) > 1:
            raise SdpRefused(f"a={name} is given twice with different values; one is right")
        return found.pop() if found else None

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.attributes)


def read_sections(text: str) -> list[Section]:
    """The session section and one section per m-line, in order. Raises SdpRefused."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise SdpRefused(f"SDP is longer than {MAX_BYTES} bytes")
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if lines[0] != "v=0":
        raise SdpRefused("SDP does not begin with v=0")
    sections = [Section()]
    for line in lines:
        if not _LINE.fullmatch(line):
            raise SdpRefused("SDP has a line that is not <letter>=<value>")
        if line[0] == "m":
            sections.append(_media_section(line[2:]))
        elif line[0] == "a":
            name, _, value = line[2:].partition(":")
            sections[-1].attributes.append((name, value.strip()))
    return sections


def _media_section(value: str) -> Section:
    parts = value.split(" ")
    if len(parts) < 4 or parts[2] != "UDP/TLS/RTP/SAVPF":
        raise SdpRefused("an m-line is not <media> <port> UDP/TLS/RTP/SAVPF <payload types>")
    port = whole_number(parts[1], 65_535, "port")
    payload_types = tuple(whole_number(part, 127, "payload type") for part in parts[3:])
    return Section(media=parts[0], port=port, payload_types=payload_types)


def whole_number(text: str, largest: int, what: str) -> int:
    """A decimal number from 0 to `largest`. Raises SdpRefused."""
    if not re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) or int(text) > largest:
        raise SdpRefused(f"{what} is not a number from 0 to {largest}")
    return int(text)


def ice_credentials(sections: list[Section]) -> tuple[str, str]:
    """The one ufrag and password of all sections. Raises SdpRefused."""
    ufrags = {value for section in sections for value in section.values("ice-ufrag")}
    passwords = {value for section in sections for value in section.values("ice-pwd")}
    if len(ufrags) != 1 or len(passwords) != 1:
        raise SdpRefused("SDP must have exactly one ice-ufrag and one ice-pwd for the bundle")
    ufrag, password = ufrags.pop(), passwords.pop()
    if not _ICE_UFRAG.fullmatch(ufrag) or not _ICE_PWD.fullmatch(password):
        raise SdpRefused("ice-ufrag or ice-pwd is not well-formed (RFC 8839 section 5.4)")
    return ufrag, password


def sha256_fingerprint(sections: list[Section]) -> str:
    """The one sha-256 fingerprint, upper case; other algorithms are ignored. Raises SdpRefused."""
    found = set()
    for section in sections:
        for value in section.values("fingerprint"):
            algorithm, _, digest = value.partition(" ")
            if algorithm.lower() == "sha-256":
                found.add(digest.strip().upper())
    if len(found) != 1:
        raise SdpRefused(f"SDP has {len(found)} different sha-256 fingerprints; exactly one is right")
    digest = found.pop()
    if not _SHA256.fullmatch(digest):
        raise SdpRefused("the sha-256 fingerprint is not 32 bytes in hexadecimal")
    return digest


def setup_role(sections: list[Section], allowed: tuple[str, ...]) -> str:
    """The one a=setup value. Raises SdpRefused."""
    found = {value for section in sections for value in section.values("setup")}
    if len(found) != 1 or not found <= set(allowed):
        raise SdpRefused(f"a=setup must be one of {', '.join(allowed)}, the same everywhere")
    return found.pop()


DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


def direction(section: Section) -> str:
    """The direction of an m-line; `sendrecv` when not said (RFC 8866 section 6.7)."""
    found = {name for name in DIRECTIONS if section.has(name)}
    if len(found) > 1:
        raise SdpRefused("an m-line has two directions")
    return found.pop() if found else "sendrecv"
