"""The beats of a stored ECG, whatever its channels are called and whatever their steps and rate."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from ecg.common_steps import in_one_step
from ecg.errors import SignalError
from ecg.leads import MISSING
from ecg.signal.beats import BeatEvent
from ecg.signal.qrs import find_beats
from ecg.tracing import Channel, Tracing

LOWEST_RATE_HZ = 100.0
HIGHEST_RATE_HZ = 1000.0
"""What the detector takes. Above, neighbours are averaged: a QRS complex has nothing up there."""


def beats_of(tracing: Tracing, channels: Sequence[Channel] | None = None) -> tuple[BeatEvent, ...]:
    """The beats that stand, found on these channels (all, unless given), in the tracing's sample numbers.

    Raises SignalError below 100 Hz, where QRS complexes cannot be told from T waves.
    """
    if tracing.rate_hz < LOWEST_RATE_HZ:
        raise SignalError(f"{tracing.rate_hz:g} Hz; beats are found at {LOWEST_RATE_HZ:g} Hz and above")
    stored = in_one_step(channels or tracing.channels)
    every = ceil(tracing.rate_hz / HIGHEST_RATE_HZ)
    slower = _averaged(stored.samples, every) if every > 1 else stored.samples
    beats = find_beats(slower, tracing.rate_hz / every, stored.nv_per_lsb)
    return beats if every == 1 else tuple(_at_full_rate(beat, every, tracing.sample_count) for beat in beats)


def channels_named(tracing: Tracing, names: Iterable[str]) -> tuple[Channel, ...]:
    """The channels of these names or standard leads, each once; SignalError says which there are."""
    return tuple({channel.name: channel for channel in (_named(tracing, name) for name in names)}.values())


def _named(tracing: Tracing, name: str) -> Channel:
    found = [one for one in tracing.channels if one.lead == name or one.name.lower() == name.lower()]
    if not found:
        raise SignalError(f"no lead {name}; there are {', '.join(one.name for one in tracing.channels)}")
    return found[0]


def _averaged(samples: NDArray[np.int16], every: int) -> NDArray[np.int16]:
    """Means of so many neighbours, missing where one of them is; the rest at the end is left out."""
    count = samples.shape[1] // every
    groups = samples[:, : count * every].reshape(samples.shape[0], count, every)
    means: NDArray[np.int16] = np.rint(groups.mean(axis=2)).astype(np.int16)
    means[(groups == MISSING).any(axis=2)] = MISSING
    return means


def _at_full_rate(beat: BeatEvent, every: int, sample_count: int) -> BeatEvent:
    def middle(at: int) -> int:
        return min(at * every + every // 2, sample_count - 1)

    replaces = None if beat.replaces is None else middle(beat.replaces)
    return replace(
        beat,
        sample=middle(beat.sample),
        decided_at=(beat.decided_at + 1) * every,
        replaces=replaces,
        withdraws=tuple(middle(at) for at in beat.withdraws),
    )
