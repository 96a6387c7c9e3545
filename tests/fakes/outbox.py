"""One socket's way out, kept in a list."""

from typing import TypeVar

from signaling.messages import Event, Message

M = TypeVar("M", bound=Message)


class FakeOutbox:
    """Remembers what was sent, and with which code it was closed."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.packets: list[bytes] = []
        self.closed: str | None = None

    def put(self, message: Message) -> None:
        assert self.closed is None, f"sent after closing: {message}"
        self.sent.append(message)

    def put_bytes(self, packet: bytes) -> None:
        assert self.closed is None
        self.packets.append(packet)

    def close(self, code: str) -> None:
        assert self.closed is None, "closed twice"
        self.closed = code

    def of(self, kind: type[M]) -> list[M]:
        """Every message of one kind, in order."""
        return [message for message in self.sent if isinstance(message, kind)]

    def last(self, kind: type[M]) -> M:
        """The newest message of one kind."""
        found = self.of(kind)
        assert found, f"no {kind.__name__} among {[type(one).__name__ for one in self.sent]}"
        return found[-1]

    @property
    def events(self) -> list[Event]:
        return self.of(Event)
