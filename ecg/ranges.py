"""Sets of sample indices: what has arrived, what is missing."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SampleRange:
    """`count` samples from index `first` on."""

    first: int
    count: int

    @property
    def end(self) -> int:
        """The index after the last sample."""
        return self.first + self.count


class SampleRanges:
    """A growing set of sample indices, kept as few disjoint ranges in order."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._ends: list[int] = []

    def __iter__(self) -> Iterator[SampleRange]:
        for first, end in zip(self._firsts, self._ends, strict=True):
            yield SampleRange(first, end - first)

    def __contains__(self, index: int) -> bool:
        k = bisect_right(self._firsts, index) - 1
        return k >= 0 and index < self._ends[k]

    @property
    def total(self) -> int:
        """How many indices are in the set."""
        return sum(self._ends) - sum(self._firsts)

    @property
    def contiguous_end(self) -> int:
        """The first index that is missing when counted from 0: the HAVE of a receiver."""
        return self._ends[0] if self._firsts and self._firsts[0] == 0 else 0

    @property
    def end(self) -> int:
        """The index after the last one known; 0 when empty."""
        return self._ends[-1] if self._ends else 0

    def add(self, first: int, count: int) -> int:
        """Put in `count` indices from `first`; returns how many of them were new."""
        if first < 0 or count < 0:
            raise ValueError(f"first={first}, count={count}: neither may be negative")
        if count == 0:
            return 0
        before = self.total
        low = bisect_left(self._ends, first)  # the first range that touches or lies after
        high = bisect_right(self._firsts, first + count)
        start = min([first, *self._firsts[low:high]])
        end = max([first + count, *self._ends[low:high]])
        self._firsts[low:high] = [start]
        self._ends[low:high] = [end]
        return self.total - before

    def missing(self, first: int, end: int) -> tuple[SampleRange, ...]:
        """The ranges of [first, end) that are not in the set: what a NEED asks for."""
        gaps: list[SampleRange] = []
        at = first
        for have in self:
            if have.first >= end:
                break
            if have.first > at:
                gaps.append(SampleRange(at, have.first - at))
            at = max(at, have.end)
        if at < end:
            gaps.append(SampleRange(at, end - at))
        return tuple(gaps)
