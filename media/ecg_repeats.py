"""Which live ECG packets a narrow line can do without, as the next one says it all again. Pure.

The station sends every sample up to three times: a WAVE of format E1 (`docs/e1.md`) holds the newest samples
and those directly before them. For twelve leads that is 0.33 Mbit/s with headers; without the repeats 0.11.
On a line that carries little the room is worth more than the repeats: what is lost then is fetched from the
server like any gap.
"""

import struct

# E1: magic, packet type, flags, stream, sequence, samples a lead, leads, codec, index of the first sample,
# time; then what is off, unusable or clipped in the newest samples, and the number of marks.
_WAVE_HEAD = struct.Struct("<2sBBIIHBBQQ6sH")
_MAGIC, _WAVE = b"E1", 2


class EcgRepeats:
    """Follows the ECG towards one viewer."""

    def __init__(self) -> None:
        self._stream: int | None = None
        self._end = 0  # of the last packet, sent or not
        self._sent_end = 0
        self._state = b""

    def spares(self, payload: bytes) -> bool:
        """Whether this packet need not be sent: the next holds all of it that was not sent yet."""
        if len(payload) < _WAVE_HEAD.size:
            return False
        magic, kind, flags, stream, _, count, _, _, first, _, leads, _ = _WAVE_HEAD.unpack_from(payload)
        if magic != _MAGIC or kind != _WAVE:
            return False
        end = first + count
        step = end - self._end if stream == self._stream else 0
        state, before = bytes((flags,)) + leads, self._state
        self._stream, self._end, self._state = stream, end, state
        if state == before and 0 < step < count and end + step - count <= self._sent_end <= end:
            return True
        self._sent_end = end
        return False
