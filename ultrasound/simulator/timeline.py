"""Which episode a picture of a scenario belongs to, and when it is due. Pure."""

from dataclasses import dataclass
from itertools import accumulate

from ultrasound.simulator.scenario import Change, Episode, Scenario


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture stands: in which episode, as which of its pictures."""

    episode: Episode
    number: int


class Timeline:
    """A scenario's pictures by number; during `Change.LOST` there are none."""

    def __init__(self, scenario: Scenario) -> None:
        self._episodes = scenario.episodes
        self._rate_hz = scenario.rate_hz
        self._endless = scenario.episodes[-1].seconds is None
        seconds = [one.seconds or 0 for one in scenario.episodes]
        self._starts_s = [0, *accumulate(seconds)]
        counts = [
            0 if one.change is Change.LOST else length * scenario.rate_hz
            for one, length in zip(scenario.episodes, seconds, strict=True)
        ]
        self._firsts = [0, *accumulate(counts)]

    def place(self, number: int) -> Place:
        """Episode of picture `number`."""
        at, within, _ = self._find(number)
        return Place(self._episodes[at], within)

    def due_us(self, number: int) -> int:
        """When picture `number` is taken, microseconds after the first of the scenario."""
        at, within, rounds = self._find(number)
        seconds = rounds * self._starts_s[-1] + self._starts_s[at]
        return seconds * 1_000_000 + within * 1_000_000 // self._rate_hz

    def _find(self, number: int) -> tuple[int, int, int]:
        """Episode, picture in it, and rounds before it."""
        last = len(self._episodes) - 1
        if self._endless:
            if number >= self._firsts[last]:
                return last, number - self._firsts[last], 0
            rounds = 0
        else:
            rounds, number = divmod(number, self._firsts[-1])
        at = next(one for one in range(last + 1) if self._firsts[one] <= number < self._firsts[one + 1])
        return at, number - self._firsts[at], rounds
