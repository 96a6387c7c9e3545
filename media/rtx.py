"""Retransmission packets (RFC 4588). Pure."""

from media.rtp import abs_send_time

RESEND_INTERVAL_S = 0.02  # the same packet is not sent again within it
_SEND_TIME_AT = 17  # 12 header + 4 extension header + 1 element head: abs-send-time is always first


def rtx_packet(data: bytes, payload_type: int, sequence: int, ssrc: int, now: float, timed: bool) -> bytes:
    """Wrap a sent packet for retransmission (section 4), with a fresh abs-send-time when it is `timed`."""
    at = 12
    if data[0] & 0x10:
        at += 4 + 4 * int.from_bytes(data[14:16], "big")
    head = bytearray(data[:at])
    head[1] = head[1] & 128 | payload_type
    head[8:12] = ssrc.to_bytes(4, "big")
    if timed and at > 12:
        head[_SEND_TIME_AT : _SEND_TIME_AT + 3] = abs_send_time(now)
    original = data[2:4]
    head[2:4] = sequence.to_bytes(2, "big")
    return bytes(head) + original + data[at:]
