"""The one exception to "the server offers": a client of WHIP (RFC 9725) or WHEP offers, and is answered.

Such a client chooses payload types, extension ids and mids; they are kept in the peer's own table and
translated like everybody's. What it may publish or receive is decided by who it is, never by its offer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from media.agreed import AgreedLine, agreed_line
from media.answer import RemoteAnswer
from media.errors import SdpRefused
from media.layout import CODECS, CodecLine, MediaLine
from media.offer import LocalTransport, SendingSsrcs, candidate_rows, transport_rows
from media.sdp import Section, direction, ice_credentials, read_sections, setup_role, sha256_fingerprint
from records.rooms import MediaKind

MAX_LINES = 8
_MAX_MID = 16  # of a header extension in the one-byte form
_BASELINE = re.compile(r"(profile-level-id=42)[08]0", re.IGNORECASE)
_VIDEO = (MediaKind.FACE, MediaKind.ULTRASOUND)


@dataclass(frozen=True)
class ForeignOffer:
    """A well-formed offer: the remote end, and each m-line with its section, rejected ones without a line."""

    remote: RemoteAnswer
    sections: tuple[tuple[Section, AgreedLine | None], ...]

    @property
    def lines(self) -> tuple[MediaLine, ...]:
        """The m-lines that are taken."""
        return tuple(agreed.line for agreed in self.remote.lines)


def read_foreign_offer(text: str, publishes: bool, kinds: Sequence[MediaKind]) -> ForeignOffer:
    """Read a client's offer to publish or to receive these kinds, one m-line each. Raises SdpRefused.

    Each m-line is taken for the first kind of its medium that is left; more than `kinds` are rejected.
    """
    sections = read_sections(text)
    media = sections[1:]
    if not 1 <= len(media) <= MAX_LINES:
        raise SdpRefused(f"the offer has {len(media)} m-lines; 1 to {MAX_LINES} are right")
    left = list(kinds)
    taken = [_taken(index, section, publishes, left) for index, section in enumerate(media)]
    lines = tuple(agreed for agreed in taken if agreed is not None)
    if not lines:
        raise SdpRefused(f"no m-line of the offer can carry {' or '.join(kinds)}")
    if len({agreed.line.mid for agreed in lines}) != len(lines):
        raise SdpRefused("two m-lines of the offer have the same a=mid")
    _check_bundle(sections[0], lines)
    used = [sections[0], *(section for section, agreed in zip(media, taken, strict=True) if agreed)]
    ufrag, password = ice_credentials(used)
    remote = RemoteAnswer(
        ufrag=ufrag,
        password=password,
        fingerprint=sha256_fingerprint(used),
        dtls_client=setup_role(used, ("actpass", "active", "passive")) != "passive",
        lines=lines,
    )
    return ForeignOffer(remote, tuple(zip(media, taken, strict=True)))


def _taken(index: int, section: Section, publishes: bool, left: list[MediaKind]) -> AgreedLine | None:
    video = section.media == "video"
    kind = next((one for one in left if (one in _VIDEO) is video), None)
    wanted = ("sendonly", "sendrecv") if publishes else ("recvonly", "sendrecv")
    if section.media not in ("audio", "video") or section.port == 0 or kind is None:
        return None
    if direction(section) not in wanted:
        return None
    if not section.has("rtcp-mux"):
        raise SdpRefused("an m-line of the offer lacks a=rtcp-mux")
    mid = section.one("mid") or str(index)
    if not 1 <= len(mid.encode()) <= _MAX_MID:
        raise SdpRefused(f"an a=mid of the offer has {len(mid.encode())} bytes; 1 to {_MAX_MID} are right")
    seat = 0 if publishes or kind in (MediaKind.ULTRASOUND, MediaKind.ECG) else 1
    line = MediaLine(mid=mid, kind=kind, publishes=publishes, seat=seat, codecs=CODECS[kind])
    agreed = agreed_line(line, _as_constrained(section) if publishes else section, active=True)
    if not agreed.payload_types:
        spelled = ", ".join(codec.rtpmap for codec in CODECS[kind])
        raise SdpRefused(
            f"no codec of m-line {mid} is forwarded; {spelled} are (H.264: constrained baseline)"
        )
    left.remove(kind)
    return agreed


def _as_constrained(section: Section) -> Section:
    """An encoder's plain baseline H.264 as the constrained baseline that it is.

    FFmpeg's muxer leaves the flag out of what x264 makes. What the flag rules out (RFC 6184 section 8.1) is
    flexible macroblock order, arbitrary slice order and redundant slices: no browser decodes these, and
    viewers that take constrained baseline only would be shown nothing.
    """
    named = [
        (name, _BASELINE.sub(r"\g<1>e0", value) if name == "fmtp" else value)
        for name, value in section.attributes
    ]
    return replace(section, attributes=named)


def _check_bundle(session: Section, lines: Sequence[AgreedLine]) -> None:
    bundles = [value.split(" ")[1:] for value in session.values("group") if value.startswith("BUNDLE ")]
    mids = {agreed.line.mid for agreed in lines}
    if len(lines) > 1 and not any(mids <= set(bundle) for bundle in bundles):
        raise SdpRefused("the offer's m-lines are not in one a=group:BUNDLE")


def write_foreign_answer(
    offer: ForeignOffer, transport: LocalTransport, ssrcs: dict[str, SendingSsrcs], cname: str
) -> str:
    """The answer: what is taken, in the client's own numbers; the rest rejected."""
    mids = " ".join(line.mid for line in offer.lines)
    rows = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", f"a=group:BUNDLE {mids}", "a=ice-lite"]
    setup = "passive" if offer.remote.dtls_client else "active"
    for section, agreed in offer.sections:
        if agreed is None:
            numbers = " ".join(map(str, section.payload_types))
            rows += [f"m={section.media} 0 UDP/TLS/RTP/SAVPF {numbers}", "c=IN IP4 0.0.0.0"]
        else:
            rows += _rows(section, agreed, transport, setup, ssrcs.get(agreed.line.mid), cname)
    return "\r\n".join([*rows, ""])


def _rows(
    section: Section,
    agreed: AgreedLine,
    transport: LocalTransport,
    setup: str,
    sending: SendingSsrcs | None,
    cname: str,
) -> list[str]:
    line = agreed.line
    types = list(agreed.payload_types.values())
    numbers = [
        number for kind in types for number in (kind, agreed.rtx_types.get(kind)) if number is not None
    ]
    rows = [
        f"m={section.media} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, numbers))}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{line.mid}",
        *transport_rows(transport, setup),
        "a=rtcp-mux",
        f"a={'recvonly' if line.publishes else 'sendonly'}",
        *(f"a=extmap:{number} {extension.value}" for extension, number in agreed.extension_ids.items()),
    ]
    known = {codec.codec: codec for codec in CODECS[line.kind]}
    formats = {value.partition(" ")[0]: value for value in section.values("fmtp")}
    for codec, number in agreed.payload_types.items():
        rows += _codec_rows(known[codec], number, agreed.rtx_types.get(number), formats.get(str(number)))
    if sending is not None:
        rows += [f"a=msid:{line.msid} {line.kind.value}", f"a=ssrc:{sending.media} cname:{cname}"]
        if sending.rtx is not None and agreed.rtx_types:
            rows += [f"a=ssrc:{sending.rtx} cname:{cname}", f"a=ssrc-group:FID {sending.media} {sending.rtx}"]
    return rows + candidate_rows(transport.addresses)


def _codec_rows(codec: CodecLine, number: int, rtx: int | None, fmtp: str | None) -> list[str]:
    rows = [f"a=rtpmap:{number} {codec.rtpmap}"]
    if fmtp is not None:
        rows.append(f"a=fmtp:{fmtp}")
    if codec.rtx is not None:
        rows += [f"a=rtcp-fb:{number} {kind}" for kind in ("nack", "nack pli", "ccm fir", "goog-remb")]
    if rtx is not None:
        rows += [f"a=rtpmap:{rtx} rtx/90000", f"a=fmtp:{rtx} apt={number}"]
    return rows
