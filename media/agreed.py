"""What one peer agreed to on one m-line: its payload types, extension ids and announced SSRCs."""

from dataclasses import dataclass, field

from media.errors import SdpRefused
from media.layout import Codec, Extension, MediaLine
from media.sdp import Section, whole_number

MAX_SSRCS = 8


@dataclass
class AgreedLine:
    """The per-peer table of one m-line. `active`: the peer sends (publish) or receives here."""

    line: MediaLine
    active: bool
    payload_types: dict[Codec, int] = field(default_factory=dict)
    rtx_types: dict[int, int] = field(default_factory=dict)  # media payload type -> its RTX payload type
    extension_ids: dict[Extension, int] = field(default_factory=dict)
    ssrcs: tuple[int, ...] = ()
    rtx_ssrcs: dict[int, int] = field(default_factory=dict)  # media SSRC -> its RTX SSRC (FID group)


def agreed_line(line: MediaLine, section: Section, active: bool) -> AgreedLine:
    """Read the table of one m-line. Raises SdpRefused."""
    maps, formats = _keyed(section, "rtpmap"), _keyed(section, "fmtp")
    agreed = AgreedLine(line, active)
    for payload_type in section.payload_types:
        codec = _codec(line, maps.get(payload_type, ""), formats.get(payload_type, ""))
        if codec is not None:
            agreed.payload_types.setdefault(codec, payload_type)
    for payload_type in section.payload_types:
        if maps.get(payload_type, "").lower() == "rtx/90000":
            apt = _parameters(formats.get(payload_type, "")).get("apt", "")
            agreed.rtx_types[whole_number(apt, 127, "apt")] = payload_type
    agreed.extension_ids = _extension_ids(section)
    agreed.ssrcs, agreed.rtx_ssrcs = _ssrcs(section)
    return agreed


def _keyed(section: Section, name: str) -> dict[int, str]:
    found = {}
    for value in section.values(name):
        number, _, rest = value.partition(" ")
        found[whole_number(number, 127, f"a={name} payload type")] = rest
    return found


def _parameters(fmtp: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in fmtp.split(";"))
    return {key.lower(): value.lower() for key, _, value in pairs}


def _codec(line: MediaLine, rtpmap: str, fmtp: str) -> Codec | None:
    for offered in line.codecs:
        if rtpmap.lower() == offered.rtpmap.lower() and _same_format(offered.fmtp, fmtp):
            return offered.codec
    return None


def _same_format(offered: str | None, answered: str) -> bool:
    """H.264 must agree on mode and profile; the level (last byte) may differ (RFC 6184 section 8.1)."""
    wanted, got = _parameters(offered or ""), _parameters(answered)
    if "profile-level-id" not in wanted:
        return True
    profile = _h264_profile(got.get("profile-level-id", ""))
    return profile == _h264_profile(wanted["profile-level-id"]) and got.get("packetization-mode") == "1"


def _h264_profile(level_id: str) -> str | None:
    """Baseline or constrained baseline, however its flags are spelled (RFC 6184 section 8.1, table 5)."""
    try:
        idc, flags = bytes.fromhex(level_id[:4])
    except ValueError:
        return None
    if idc == 0x42 and flags & 0x0F == 0:
        return "constrained baseline" if flags & 0x40 else "baseline"
    if idc == 0x4D and flags & 0x8F == 0x80 or idc == 0x58 and flags & 0xCF == 0xC0:
        return "constrained baseline"
    return None


def _extension_ids(section: Section) -> dict[Extension, int]:
    known = {extension.value: extension for extension in Extension}
    ids: dict[Extension, int] = {}
    for value in section.values("extmap"):
        number, _, rest = value.partition(" ")
        uri = rest.split(" ")[0]
        if uri not in known:
            continue
        identifier = whole_number(number.partition("/")[0], 14, "extension id")
        if identifier == 0:
            raise SdpRefused("extension id 0 is padding; 1 to 14 are right")
        ids[known[uri]] = identifier
    if len(set(ids.values())) != len(ids):
        raise SdpRefused("two header extensions share one id")
    return ids


def _ssrcs(section: Section) -> tuple[tuple[int, ...], dict[int, int]]:
    largest = 0xFFFF_FFFF
    pairs = {}
    for value in section.values("ssrc-group"):
        semantics, *numbers = value.split(" ")
        if semantics == "FID" and len(numbers) == 2:
            media, rtx = (whole_number(number, largest, "SSRC") for number in numbers)
            pairs[media] = rtx
    listed = [whole_number(value.split(" ")[0], largest, "SSRC") for value in section.values("ssrc")]
    media_ssrcs = tuple(dict.fromkeys(ssrc for ssrc in listed if ssrc not in pairs.values()))
    if len(media_ssrcs) > MAX_SSRCS:
        raise SdpRefused(f"an m-line announces more than {MAX_SSRCS} SSRCs")
    return media_ssrcs, pairs
