"""The server's SDP offer: written from the layout, and read by who answers it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from media.agreed import AgreedLine, agreed_line
from media.errors import SdpRefused
from media.layout import EXTENSION_IDS, CodecLine, MediaLine
from media.sdp import (
    Section,
    direction,
    ice_credentials,
    read_sections,
    setup_role,
    sha256_fingerprint,
    whole_number,
)

MAX_CANDIDATES = 16


@dataclass(frozen=True)
class LocalTransport:
    """What is the same on every m-line of one offer or answer."""

    ufrag: str
    password: str
    fingerprint: str  # sha-256, upper case
    addresses: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class SendingSsrcs:
    """The SSRCs of one m-line on which the server sends."""

    media: int
    rtx: int | None


def write_offer(
    lines: Sequence[MediaLine], transport: LocalTransport, ssrcs: Mapping[str, SendingSsrcs], cname: str
) -> str:
    """The offer's text. `ssrcs`: by mid, for the m-lines the peer receives on."""
    session = [
        "v=0",
        f"o=- {secrets.randbits(62)} 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(line.mid for line in lines)}",
        "a=ice-lite",
        "a=msid-semantic: WMS *",
    ]
    written = [row for line in lines for row in _media_rows(line, transport, ssrcs.get(line.mid), cname)]
    return "\r\n".join([*session, *written, ""])


def _media_rows(
    line: MediaLine, transport: LocalTransport, ssrcs: SendingSsrcs | None, cname: str
) -> list[str]:
    codecs = line.codecs
    numbers = [n for codec in codecs for n in (codec.payload_type, codec.rtx) if n is not None]
    rows = [
        f"m={'video' if line.is_video else 'audio'} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, numbers))}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{line.mid}",
        *transport_rows(transport, "actpass"),
        "a=rtcp-mux",  # no rtcp-rsize: a report comes with each REMB and NACK, and with it a round trip
        f"a={'recvonly' if line.publishes else 'sendonly'}",
        *(f"a=extmap:{EXTENSION_IDS[extension]} {extension.value}" for extension in line.extensions),
    ]
    for codec in codecs:
        rows += codec_rows(codec)
        if not line.publishes:
            rows.append(f"a=rtcp-fb:{codec.payload_type} transport-cc")
    if ssrcs is not None:
        rows += _ssrc_rows(line, ssrcs, cname)
    return rows + candidate_rows(transport.addresses)


def transport_rows(transport: LocalTransport, setup: str) -> list[str]:
    """ICE credentials, fingerprint and DTLS role."""
    return [
        f"a=ice-ufrag:{transport.ufrag}",
        f"a=ice-pwd:{transport.password}",
        f"a=fingerprint:sha-256 {transport.fingerprint}",
        f"a=setup:{setup}",
    ]


def codec_rows(codec: CodecLine) -> list[str]:
    """rtpmap, fmtp, feedback and RTX of one codec."""
    number = codec.payload_type
    rows = [f"a=rtpmap:{number} {codec.rtpmap}"]
    if codec.fmtp is not None:
        rows.append(f"a=fmtp:{number} {codec.fmtp}")
    if codec.rtx is not None:
        rows += [f"a=rtcp-fb:{number} {kind}" for kind in ("nack", "nack pli", "ccm fir", "goog-remb")]
        rows += [f"a=rtpmap:{codec.rtx} rtx/90000", f"a=fmtp:{codec.rtx} apt={number}"]
    return rows


def _ssrc_rows(line: MediaLine, ssrcs: SendingSsrcs, cname: str) -> list[str]:
    rows = [f"a=msid:{line.msid} {line.kind.value}-{line.mid}"]
    if ssrcs.rtx is None:
        return [*rows, f"a=ssrc:{ssrcs.media} cname:{cname}"]
    return [
        *rows,
        f"a=ssrc-group:FID {ssrcs.media} {ssrcs.rtx}",
        f"a=ssrc:{ssrcs.media} cname:{cname}",
        f"a=ssrc:{ssrcs.rtx} cname:{cname}",
    ]


def candidate_rows(addresses: Sequence[tuple[str, int]]) -> list[str]:
    """Host candidates, the first preferred (RFC 8445 section 5.1.2.1)."""
    rows = []
    for index, (host, port) in enumerate(addresses):
        priority = (126 << 24) | ((65_535 - index) << 8) | 255
        rows.append(f"a=candidate:{index + 1} 1 udp {priority} {host} {port} typ host")
    return [*rows, "a=end-of-candidates"]


@dataclass(frozen=True)
class RemoteOffer:
    """An offer as its answerer sees it."""

    ufrag: str
    password: str
    fingerprint: str
    addresses: tuple[tuple[str, int], ...]
    lines: tuple[AgreedLine, ...]


def read_offer(text: str, lines: Sequence[MediaLine]) -> RemoteOffer:
    """Read an offer made for these m-lines. Raises SdpRefused."""
    sections = read_sections(text)
    if len(sections) != len(lines) + 1:
        raise SdpRefused(f"the offer has {len(sections) - 1} m-lines; {len(lines)} are right")
    ufrag, password = ice_credentials(sections)
    setup_role(sections, ("actpass",))
    return RemoteOffer(
        ufrag=ufrag,
        password=password,
        fingerprint=sha256_fingerprint(sections),
        addresses=_addresses(sections),
        lines=tuple(_offered(line, section) for line, section in zip(lines, sections[1:], strict=True)),
    )


def _offered(line: MediaLine, section: Section) -> AgreedLine:
    wanted = "recvonly" if line.publishes else "sendonly"
    if section.one("mid") != line.mid or direction(section) != wanted:
        raise SdpRefused(f"m-line {line.mid} of the offer is not {wanted}")
    return agreed_line(line, section, active=True)


def _addresses(sections: Sequence[Section]) -> tuple[tuple[str, int], ...]:
    found: dict[tuple[str, int], None] = {}
    for section in sections:
        for value in section.values("candidate"):
            parts = value.split(" ")
            if len(parts) >= 8 and parts[2].lower() == "udp":
                found[(parts[4], whole_number(parts[5], 65_535, "candidate port"))] = None
    if not found or len(found) > MAX_CANDIDATES:
        raise SdpRefused(f"the offer has {len(found)} UDP candidates; 1 to {MAX_CANDIDATES} are right")
    return tuple(found)
