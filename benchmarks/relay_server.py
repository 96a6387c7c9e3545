"""What a server under measurement is to the benchmark: one room, one sender, viewers, and a process."""

from typing import Protocol

from benchmarks.endpoint import Endpoint
from benchmarks.picture_stream import Picture, PictureStream
from benchmarks.sink import Sink


class RelayServer(Protocol):
    """A running server."""

    name: str
    host: str  # the address of this machine it is reached at

    @property
    def pid(self) -> int: ...

    async def publish(self, endpoint: Endpoint, picture: Picture) -> PictureStream:
        """Connect the sender; what to send. Its RTCP is looked at for key frames."""

    async def view(self, sink: Sink) -> int:
        """Connect one more viewer of the sink; its number there."""


class ServerFailed(Exception):
    """A server under measurement did not do what it was asked."""
