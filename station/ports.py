"""What the station needs of `media`; `station/running.py` plugs it in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from records.rooms import Encoding, MediaKind
from signaling.messages import IceServer


class Publisher(Protocol):
    """The station's peer connection; the callables are set by whoever uses it."""

    key_frame_wanted: Callable[[], None]
    target_bitrate: Callable[[int], None]
    reduced_key_frame_wanted: Callable[[], None]
    reduced_bitrate: Callable[[int], None]
    lost: Callable[[str], None]

    @property
    def answer_sdp(self) -> str: ...

    async def connected(self) -> None: ...
    def send_frame(self, annexb: bytes, capture_us: int, encoding: Encoding = ...) -> bool: ...
    def send_ecg(self, packet: bytes, capture_us: int) -> bool: ...
    async def close(self) -> None: ...


AnswerOffer = Callable[[str, Mapping[str, MediaKind], Sequence[IceServer]], Awaitable[Publisher]]
"""Make a publisher that answers an SDP offer, by a relay if need be; raises what the media room raises."""
