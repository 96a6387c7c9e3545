"""Beats as a detector reports them, while the signal runs and afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class BeatKind(StrEnum):
    """How a beat became known."""

    BEAT = "beat"
    REPLACE = "replace"
    SEARCH_BACK = "search-back"


@dataclass(frozen=True, slots=True)
class BeatEvent:
    """One decision of a detector.

    `sample`: index of R. `decided_at`: how many samples the detector had seen when it knew. `replaces`: the R
    of the earlier event that this one corrects. `late`: decided longer after R than a live mark may be.
    `withdraws`: the R of earlier events that were no complexes, as this one shows.
    """

    sample: int
    kind: BeatKind
    decided_at: int
    late: bool
    replaces: int | None = None
    withdraws: tuple[int, ...] = ()

    @property
    def takes_back(self) -> tuple[int, ...]:
        """The R of every earlier event that no longer stands."""
        return self.withdraws if self.replaces is None else (self.replaces, *self.withdraws)

    @property
    def delay(self) -> int:
        """Samples from R to the decision."""
        return self.decided_at - self.sample


def settled_beats(events: Iterable[BeatEvent]) -> tuple[BeatEvent, ...]:
    """The beats that stand when all was said, in order of R: corrected ones are gone."""
    standing: dict[int, BeatEvent] = {}
    for event in events:
        for sample in event.takes_back:
            standing.pop(sample, None)
        standing[event.sample] = event
    return tuple(standing[sample] for sample in sorted(standing))
