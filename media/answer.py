"""The SDP answer: read strictly from a peer, and written by our own publisher.

Candidates in an answer are ignored: a peer's address is learned from its authenticated checks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from media.agreed import AgreedLine, agreed_line
from media.errors import SdpRefused
from media.layout import MediaLine
from media.offer import LocalTransport, SendingSsrcs, codec_rows, transport_rows
from media.sdp import (
    Section,
    direction,
    ice_credentials,
    read_sections,
    setup_role,
    sha256_fingerprint,
)


@dataclass(frozen=True)
class RemoteAnswer:
    """A well-formed answer to our offer."""

    ufrag: str
    password: str
    fingerprint: str
    dtls_client: bool  # the peer begins the handshake (a=setup:active)
    lines: tuple[AgreedLine, ...]


def read_answer(text: str, lines: Sequence[MediaLine]) -> RemoteAnswer:
    """Read the answer to an offer of these m-lines. Raises SdpRefused, and nothing else."""
    sections = read_sections(text)
    media = sections[1:]
    if len(media) != len(lines):
        raise SdpRefused(f"the answer has {len(media)} m-lines; {len(lines)} are right")
    agreed = tuple(_answered(line, section) for line, section in zip(lines, media, strict=True))
    _check_bundle(sections[0], agreed, media)
    accepted = [sections[0], *(section for section in media if section.port != 0)]
    ufrag, password = ice_credentials(accepted)
    return RemoteAnswer(
        ufrag=ufrag,
        password=password,
        fingerprint=sha256_fingerprint(sections),
        dtls_client=setup_role(accepted, ("active", "passive")) == "active",
        lines=agreed,
    )


def _answered(line: MediaLine, section: Section) -> AgreedLine:
    if section.one("mid") != line.mid:
        raise SdpRefused(f"m-line {line.mid} of the offer is not in its place in the answer")
    if section.media != ("video" if line.is_video else "audio"):
        raise SdpRefused(f"m-line {line.mid} changed its medium")
    if section.port == 0:
        return AgreedLine(line, active=False)
    wanted = "sendonly" if line.publishes else "recvonly"
    said = direction(section)
    if said not in (wanted, "inactive"):
        raise SdpRefused(f"m-line {line.mid} is {said}; {wanted} or inactive are right")
    if not section.has("rtcp-mux"):
        raise SdpRefused(f"m-line {line.mid} lacks a=rtcp-mux")
    return agreed_line(line, section, active=said == wanted)


def _check_bundle(session: Section, agreed: Sequence[AgreedLine], media: Sequence[Section]) -> None:
    bundles = [value.split(" ")[1:] for value in session.values("group") if value.startswith("BUNDLE ")]
    accepted = {line.line.mid for line, section in zip(agreed, media, strict=True) if section.port != 0}
    if not accepted:
        raise SdpRefused("the answer rejects every m-line")
    if len(bundles) != 1 or set(bundles[0]) != accepted:
        raise SdpRefused("a=group:BUNDLE of the answer does not hold exactly the accepted m-lines")


def write_answer(
    offered: Sequence[AgreedLine],
    transport: LocalTransport,
    ssrcs: dict[str, SendingSsrcs],
    cname: str,
) -> str:
    """An answer that takes every m-line; publish lines that are not in `ssrcs` are inactive."""
    session = [
        "v=0",
        "o=- 1 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(agreed.line.mid for agreed in offered)}",
    ]
    rows = [row for agreed in offered for row in _rows(agreed, transport, ssrcs, cname)]
    return "\r\n".join([*session, *rows, ""])


def _rows(
    agreed: AgreedLine, transport: LocalTransport, ssrcs: dict[str, SendingSsrcs], cname: str
) -> list[str]:
    line = agreed.line
    codecs = line.codecs
    numbers = [n for codec in codecs for n in (codec.payload_type, codec.rtx) if n is not None]
    sending = ssrcs.get(line.mid)
    rows = [
        f"m={'video' if line.is_video else 'audio'} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, numbers))}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{line.mid}",
        *transport_rows(transport, "active"),
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a={('sendonly' if sending else 'inactive') if line.publishes else 'recvonly'}",
        *(f"a=extmap:{number} {extension.value}" for extension, number in agreed.extension_ids.items()),
    ]
    for codec in codecs:
        rows += codec_rows(codec)
    if sending is not None and sending.rtx is not None:
        rows.append(f"a=ssrc-group:FID {sending.media} {sending.rtx}")
        rows.append(f"a=ssrc:{sending.rtx} cname:{cname}")
    if sending is not None:
        rows.append(f"a=ssrc:{sending.media} cname:{cname}")
    return rows
