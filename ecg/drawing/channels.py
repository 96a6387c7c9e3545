"""Channels as they are drawn: filtered by the view, each moved as a whole until its middle lies on its line.

Where 0 V lies is nothing an ECG amplifier measures, so a constant takes nothing from a trace.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ecg.leads import Lead
from ecg.ranges import SampleRange
from ecg.signal.filters import FilterSetting, HighPass, LowPass, Mains
from ecg.signal.settled import PRELUDE_S, settled
from ecg.tracing import Channel, Tracing

_LEAST_RATE_HZ = {LowPass.DIAGNOSTIC_150: 334, LowPass.REDUCED_100: 223, LowPass.MONITOR_40: 89}


class FlawKind(StrEnum):
    """What can be wrong with values that were recorded."""

    OFF = "off"
    CLIPPED = "clipped"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Samples of some channels, by name, that must not be read, or that are cut at the amplifier's limit.

    `electrodes`: whose contact was lost, as printed on them; empty when the device named none.
    """

    kind: FlawKind
    where: SampleRange
    channels: tuple[str, ...]
    electrodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DrawnChannel:
    """Microvolts (n,), NaN where missing, from sample `first` of the recording on."""

    name: str
    lead: Lead | None
    uv: NDArray[np.float64]
    first: int

    def part(self, where: SampleRange) -> "DrawnChannel":
        """The same channel over these samples, as far as there are any."""
        inside = self.uv[max(where.first - self.first, 0) : max(where.end - self.first, 0)]
        return DrawnChannel(self.name, self.lead, inside, max(where.first, self.first))

    def centred(self) -> "DrawnChannel":
        """The same channel with its middle at 0."""
        middle = float(np.nanmedian(self.uv)) if not np.isnan(self.uv).all() else 0.0
        return DrawnChannel(self.name, self.lead, self.uv - middle, self.first)

    @property
    def end(self) -> int:
        """The sample after the last."""
        return self.first + len(self.uv)


def usual_filters(rate_hz: float, mains: Mains = Mains.NONE) -> FilterSetting:
    """The diagnostic band; without a low-pass where the sample rate cannot carry one of 150 Hz."""
    carries = rate_hz >= _LEAST_RATE_HZ[LowPass.DIAGNOSTIC_150]
    low_pass = LowPass.DIAGNOSTIC_150 if carries else LowPass.NONE
    return FilterSetting(HighPass.DIAGNOSTIC_0_05, low_pass, mains)


def drawn_channels(
    tracing: Tracing, setting: FilterSetting, where: SampleRange, names: Collection[str]
) -> tuple[DrawnChannel, ...]:
    """The channels of these names over these samples; the filters have the seconds before to settle."""
    before = max(where.first - round(PRELUDE_S * tracing.rate_hz), 0)
    return tuple(
        _drawn(name, channel, setting, tracing.rate_hz, before, where)
        for name, channel in zip(channel_names(tracing), tracing.channels, strict=True)
        if name in names
    )


def _drawn(
    name: str, channel: Channel, setting: FilterSetting, rate_hz: float, before: int, where: SampleRange
) -> DrawnChannel:
    around = Channel(
        name=channel.name,
        lead=channel.lead,
        samples=channel.samples[before : where.end],
        nv_per_step=channel.nv_per_step,
        zero=channel.zero,
    )
    uv = settled(around, setting, rate_hz)[where.first - before :]
    return DrawnChannel(name, channel.lead, uv, where.first)


def channel_names(tracing: Tracing) -> tuple[str, ...]:
    """The names the channels are drawn under: the standard lead's, else the file's own, told apart."""
    names: list[str] = []
    for channel in tracing.channels:
        name = str(channel.lead or channel.name)
        names.append(f"{name} ({len(names) + 1})" if name in names else name)
    return tuple(names)


def missing_runs(uv: NDArray[np.float64], first: int) -> Iterator[SampleRange]:
    """The holes in values of which the first is sample `first`, in order."""
    edges = np.flatnonzero(np.diff(np.isnan(uv), prepend=False, append=False))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield SampleRange(first + begin, end - begin)


def holes_of(channel: DrawnChannel, flaws: Sequence[Flaw]) -> Iterator[SampleRange]:
    """The holes that no lost electrode explains, in order; of a hole explained in part, what is left."""
    uv = channel.uv.copy()
    for flaw in flaws:
        if flaw.kind is FlawKind.OFF and channel.name in flaw.channels:
            uv[max(flaw.where.first - channel.first, 0) : max(flaw.where.end - channel.first, 0)] = 0
    return missing_runs(uv, channel.first)


def flaws_of(flaws: Sequence[Flaw], kind: FlawKind, name: str, where: SampleRange) -> Iterator[Flaw]:
    """The flaws of one kind that touch this channel in these samples."""
    for flaw in flaws:
        touches = flaw.where.first < where.end and where.first < flaw.where.end
        if flaw.kind is kind and name in flaw.channels and touches:
            yield flaw
