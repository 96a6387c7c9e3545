"""Where a key frame begins, seen in the payload without decoding it. Pure."""

from media.layout import Codec

_IDR, _SPS, _STAP_A, _FU_A = 5, 7, 24, 28


def begins_key_frame(codec: Codec, payload: bytes) -> bool:
    """Whether this payload is the first of a key frame."""
    if codec is Codec.VP8:
        return _vp8(payload)
    if codec in (Codec.H264_CB, Codec.H264_B):
        return _h264(payload)
    return False


def begins_with_parameters(payload: bytes) -> bool:
    """Whether this H.264 payload begins a key frame with the parameter sets that it is decoded by."""
    if not payload:
        return False
    kind = payload[0] & 31
    return kind == _SPS or (kind == _STAP_A and len(payload) > 3 and payload[3] & 31 == _SPS)


def _vp8(payload: bytes) -> bool:
    """RFC 7741 section 4.2: start of partition 0, and the P bit of the frame header is 0."""
    if len(payload) < 2 or payload[0] & 0x17 != 0x10:
        return False
    at = 1
    if payload[0] & 0x80:
        flags = payload[1]
        at = 2
        if flags & 0x80 and at < len(payload):
            at += 2 if payload[at] & 0x80 else 1
        at += (flags >> 6 & 1) + (1 if flags & 0x30 else 0)
    return at < len(payload) and payload[at] & 1 == 0


def _h264(payload: bytes) -> bool:
    """RFC 6184: a parameter set or an IDR slice, alone, aggregated, or as the first fragment."""
    if not payload:
        return False
    kind = payload[0] & 31
    if kind == _STAP_A:
        return _aggregates_key(payload)
    if kind == _FU_A:
        return len(payload) > 1 and bool(payload[1] & 0x80) and payload[1] & 31 == _IDR
    return kind in (_IDR, _SPS)


def _aggregates_key(payload: bytes) -> bool:
    at = 1
    while at + 2 < len(payload):
        if payload[at + 2] & 31 in (_IDR, _SPS):
            return True
        at += 2 + (payload[at] << 8 | payload[at + 1])
    return False
