"""Pictures as they were read, kept in memory for a while: a player asks for one frame after the other."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from records.exchange.picture_answers import FileDescription, PicturesRead

RUN = 32
"""Frames that are read at once: a process takes half a second to begin, and a frame a fiftieth."""

FIRST_RUN = 4
"""Of a picture of which nothing is here before the wanted frame: somebody waits for it."""

BUDGET_BYTES = 256 << 20

Read = Callable[[int, int], Awaitable[PicturesRead]]
"""Reads so many frames of a file from a number on."""


class KeptPictures:
    """Frames by the picture they are of, the longest unused given up first."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        self._frames: Bounded[bytes] = Bounded(budget_bytes, len)
        self._said: Bounded[FileDescription] = Bounded(10_000, lambda _: 1)

    async def description(self, picture: str, read: Read) -> FileDescription:
        """What a file says."""
        if (said := self._said.get(picture)) is None:
            said = (await read(1, 0)).description
            self._said.put(picture, said)
        return said

    async def frame(self, picture: str, number: int, read: Read) -> bytes:
        """A frame as PNG; those after it are read along, many where somebody plays."""
        if (frame := self._frames.get(f"{picture} {number}")) is not None:
            return frame
        goes_on = self._frames.get(f"{picture} {number - 1}") is not None
        read_now = await read(number, RUN if goes_on else FIRST_RUN)
        self._said.put(picture, read_now.description)
        for at, png in enumerate(read_now.pngs):
            self._frames.put(f"{picture} {number + at}", png)
        return read_now.pngs[0]


V = TypeVar("V")


class Bounded(Generic[V]):
    """Values by name, up to a weight of all together."""

    def __init__(self, budget: int, weight: Callable[[V], int]) -> None:
        self._budget, self._weight = budget, weight
        self._values: OrderedDict[str, V] = OrderedDict()
        self._held = 0

    def get(self, name: str) -> V | None:
        """The value, which is the latest used now."""
        if name in self._values:
            self._values.move_to_end(name)
        return self._values.get(name)

    def put(self, name: str, value: V) -> None:
        """Keep a value; the longest unused go until there is room. One too heavy by itself is not kept."""
        self.drop(name)
        if self._weight(value) > self._budget:
            return
        self._values[name] = value
        self._held += self._weight(value)
        while self._held > self._budget:
            _, gone = self._values.popitem(last=False)
            self._held -= self._weight(gone)

    def drop(self, name: str) -> None:
        """Forget a value."""
        if (gone := self._values.pop(name, None)) is not None:
            self._held -= self._weight(gone)
