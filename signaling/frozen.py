"""What is frozen in a room: which frame, by whom, and what became of its exact still. No I/O."""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass, field

from records.ids import BindingId, ParticipantId, StillId
from signaling.messages import SAME_FRAME_US, FrozenPicture, StillAbsence, StillCard
from signaling.station_messages import PictureStep

MOST_STILLS = 16
MOST_STILL_BYTES = 64 << 20
MOST_STEPS_WAITING = 32


@dataclass(frozen=True, slots=True)
class Still:
    """An exact still, with what it is bound to."""

    card: StillCard
    binding_id: BindingId
    png: bytes
    png_sha256: str
    taken_at: dt.datetime | None  # on the server's clock; None: the station's is not known


class Stills:
    """The newest exact stills of one room; the oldest give way to new ones."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[StillId, Still] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, still_id: StillId) -> Still | None:
        """The still of an id, unless it gave way."""
        return self._by_id.get(still_id)

    def of_frame(self, binding_id: BindingId, capture_us: int) -> Still | None:
        """The still of a binding's frame, when there is one already."""
        for still in self._by_id.values():
            if still.binding_id == binding_id and still.card.capture_us == capture_us:
                return still
        return None

    def add(self, still: Still) -> None:
        """Keep a still; those before it give way, the oldest first, beyond 16 or 64 MB."""
        self._by_id[still.card.still_id] = still
        while len(self._by_id) > MOST_STILLS or (len(self._by_id) > 1 and self._bytes() > MOST_STILL_BYTES):
            self._by_id.popitem(last=False)

    def forget(self, binding_id: BindingId) -> None:
        """Keep none of a binding."""
        for still_id in [one for one, still in self._by_id.items() if still.binding_id == binding_id]:
            del self._by_id[still_id]

    def _bytes(self) -> int:
        return sum(len(still.png) for still in self._by_id.values())


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step that the station has not answered yet."""

    still_id: StillId
    by: ParticipantId
    step: PictureStep


@dataclass(slots=True, kw_only=True)
class Frozen:
    """A room's frozen picture."""

    asked_us: int  # as the browser reckoned it that froze it
    capture_us: int  # the same, until the station has said what it is exactly
    by: ParticipantId
    at: dt.datetime
    still_id: StillId  # of its exact still, whether that is there or not
    binding_id: BindingId | None  # whose picture it is; None: of no station's
    asked_at: dt.datetime
    still: StillCard | None = None
    absent: StillAbsence | None = None
    steps: list[WaitingStep] = field(default_factory=list)
    ask_after_steps: bool = False  # its still was taken away, and is to be asked for if no step leads on

    def view(self) -> FrozenPicture:
        """The frozen picture as everybody who receives it sees it."""
        return FrozenPicture(
            capture_us=self.capture_us, by=self.by, at=self.at, still=self.still, absent=self.absent
        )

    def is_at(self, capture_us: int) -> bool:
        """Whether a capture time names its frame."""
        return capture_us in (self.capture_us, self.asked_us)

    def is_near(self, capture_us: int) -> bool:
        """Whether a capture time that a browser reckoned for itself is of its frame."""
        return any(abs(capture_us - one) <= SAME_FRAME_US for one in (self.capture_us, self.asked_us))

    @property
    def is_awaited(self) -> bool:
        """Whether the station is being asked for its still."""
        return self.still is None and self.absent is None

    def steps_to_go(self) -> tuple[PictureStep, ...]:
        """All steps that wait, one after the other; those of one unit as one."""
        merged: list[PictureStep] = []
        for waiting in self.steps:
            step = waiting.step
            if merged and merged[-1].unit is step.unit and _same_way(merged[-1].by, step.by):
                step = PictureStep(by=merged.pop().by + step.by, unit=step.unit)
            merged.append(step)
        return tuple(merged)

    def take_step(self, still_id: StillId) -> WaitingStep | None:
        """A step was answered: it and those before it wait no more. None: it does not wait."""
        for index, waiting in enumerate(self.steps):
            if waiting.still_id == still_id:
                del self.steps[: index + 1]
                return waiting
        return None

    def moved_to(self, capture_us: int, waiting: WaitingStep, now: dt.datetime) -> None:
        """It stands at the frame a step led to; that frame's still is awaited."""
        self.asked_us = self.capture_us = capture_us
        self.by, self.at = waiting.by, now
        self.still_id, self.asked_at = waiting.still_id, now
        self.still, self.absent, self.ask_after_steps = None, None, False


def _same_way(one: int, other: int) -> bool:
    """Steps there and back are not one: at the end of what is kept, back may lead elsewhere."""
    return (one < 0) == (other < 0)
