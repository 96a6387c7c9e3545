"""What a viewer saw of a spoilt line, from what its browser counted. Pure."""

import itertools
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ultrasound.timecode import unwrap

SETTLED_S = 2.0
"""After the line was spoilt; freezes later than that are counted apart."""
FULL_SHARE = 0.85
"""Of the rate before: back at full quality."""
_RATE_OVER_S = 1.0


@dataclass(frozen=True)
class Window:
    """When the line was spoilt and mended, milliseconds since 1970."""

    began_ms: float
    ended_ms: float


@dataclass(frozen=True)
class EcgSeen:
    """The live ECG while the line was spoilt."""

    delays_ms: Sequence[float] = ()
    drawn: int = 0
    absent: int = 0  # moments at which the sample that was due was not there


@dataclass(frozen=True)
class Seen:
    """One run. Frames: `burnt_ms` (capture) and `displayed_ms`; samples as `page.js` takes them."""

    window: Window
    frames: Sequence[dict[str, float]]
    samples: Sequence[dict[str, Any]]
    ecg: EcgSeen = field(default_factory=EcgSeen)
    beside: Sequence[Sequence[float]] = ()  # of another viewer: when each picture came, and its bytes

    def delays_ms(self) -> list[float]:
        """Of the frames displayed while the line was spoilt, from 2 s on."""
        first = self.window.began_ms + 1000 * SETTLED_S
        return [
            one["displayed_ms"] - one["burnt_ms"]
            for one in self.frames
            if first <= one["displayed_ms"] <= self.window.ended_ms
        ]

    def frames_per_s(self) -> float | None:
        """Displayed a second while the line was spoilt, from 2 s on."""
        seconds = (self.window.ended_ms - self.window.began_ms) / 1000 - SETTLED_S
        return len(self.delays_ms()) / seconds if seconds > 0 else None

    def freezes_s(self) -> float | None:
        """Chromium's total of freezes from the spoiling to the last look."""
        return self._grown("freezes_s", self.window.began_ms, float("inf"))

    def late_freezes_s(self) -> float | None:
        """Those that were counted later than 2 s after the spoiling, and a half for the counting."""
        return self._grown("freezes_s", self.window.began_ms + 1000 * SETTLED_S + 500, float("inf"))

    def freezes(self) -> float | None:
        """How many, by Chromium's count."""
        return self._grown("freezes", self.window.began_ms, float("inf"))

    def lost(self) -> float | None:
        """Packets that never came, while the line was spoilt."""
        return self._grown("lost", self.window.began_ms, self.window.ended_ms)

    def rate_mbps(self, from_ms: float, to_ms: float) -> float | None:
        """Received between two moments."""
        grown = self._grown("bytes", from_ms, to_ms)
        return None if grown is None or to_ms <= from_ms else 8 * grown / (to_ms - from_ms) / 1000

    def full_again_s(self) -> float | None:
        """From the mending to the rate and the frame size of before; None: not while it was watched."""
        began = self.window.began_ms
        before = self.rate_mbps(began - 4000, began)
        size = self._size(began)
        if before is None or size is None:
            return None
        ends = [float(one["at_ms"]) for one in self.samples if one["at_ms"] > self.window.ended_ms]
        for end in ends:
            rate = self.rate_mbps(end - 1000 * _RATE_OVER_S, end)
            if rate is not None and rate >= FULL_SHARE * before and self._size(end) == size:
                return (end - self.window.ended_ms) / 1000
        return None

    def first_s(self, shows: Callable[[dict[str, Any]], bool]) -> float | None:
        """From the beginning to the first look at which it was so; None: at none."""
        at = next((one["at_ms"] for one in self.samples if shows(one)), None)
        return None if at is None else (at - self.window.began_ms) / 1000

    def picture_again_s(self) -> float | None:
        """From the mending to the next frame that was captured after it; None: none came."""
        ended = self.window.ended_ms
        came = [one["displayed_ms"] for one in self.frames if one["burnt_ms"] > ended]
        return (min(came) - ended) / 1000 if came else None

    def longest_gap_s(self) -> float | None:
        """Between two displayed frames, the second of which was displayed after the spoiling."""
        shown = [one["displayed_ms"] for one in self.frames]
        began = self.window.began_ms
        gaps = [after - before for before, after in itertools.pairwise(shown) if after >= began]
        return max(gaps) / 1000 if gaps else None

    def beside_share(self) -> float | None:
        """Bytes a second that the other viewer got while the line was spoilt, of those of the 4 s before."""
        began, ended = self.window.began_ms, self.window.ended_ms
        before = sum(size for at, size in self.beside if began - 4000 <= at < began) / 4000
        during = sum(size for at, size in self.beside if began <= at < ended)
        return during / (ended - began) / before if before else None

    def beside_longest_gap_s(self) -> float | None:
        """Between two pictures of the other viewer, from the spoiling to the end of the run."""
        came = [at for at, _ in self.beside]
        gaps = [after - at for at, after in itertools.pairwise(came) if after >= self.window.began_ms]
        return max(gaps) / 1000 if gaps else None

    def given_up(self) -> list[str]:
        """Everything the room said it did without."""
        return sorted({what for one in self.samples for what in one["given_up"]})

    def said(self) -> list[str]:
        """Every sentence of the room about its line, in the order it was first said."""
        return list(
            dict.fromkeys(one["said"] or one["strip"] for one in self.samples if one["said"] or one["strip"])
        )

    def _grown(self, name: str, from_ms: float, to_ms: float) -> float | None:
        """How much a counter grew; a new peer connection counts from nothing."""
        before = [one[name] for one in self.samples if one["at_ms"] <= from_ms and one[name] is not None]
        during = [
            one[name] for one in self.samples if from_ms < one["at_ms"] <= to_ms and one[name] is not None
        ]
        if not during:
            return None
        grown, last = 0.0, float(before[-1] if before else during[0])
        for value in during:
            grown += value - last if value >= last else value
            last = value
        return grown

    def _size(self, at_ms: float) -> tuple[int, int] | None:
        sizes = [
            (one["width"], one["height"])
            for one in self.samples
            if one["at_ms"] <= at_ms and one["width"] is not None
        ]
        return sizes[-1] if sizes else None


def frames_of(watched: Iterable[dict[str, Any]], now_ms: int) -> list[dict[str, float]]:
    """The frames of `page.js` with the capture time that was read from their pixels."""
    return [{"burnt_ms": unwrap(one["code"], now_ms), "displayed_ms": one["displayed_ms"]} for one in watched]


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Of what was measured; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def median(values: Iterable[float | None]) -> float | None:
    """Of the runs that have the figure; None when one has not: it is not left out."""
    found = list(values)
    return None if not found or None in found else statistics.median(one for one in found if one is not None)
