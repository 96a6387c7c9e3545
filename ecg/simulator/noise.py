"""Noise by index: the same index always gives the same value, in whatever pieces it is asked for.

Random numbers are a hash of seed, channel and index (SplitMix64: Steele, Lea, Flood 2014), so none has to be
drawn before another.
"""

import numpy as np
from numpy.typing import NDArray

MAINS_UV = 150.0
WANDER_UV = 500.0
WANDER_PERIODS_S = (4, 10)
MUSCLE_UV = 60.0
CLIPPING_UV = 400
"""The range of the amplifier that is too small."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_IRWIN_HALL_SD = 2 * 65536 / np.sqrt(12)
"""Of the sum of four numbers of 16 bits: near enough to a normal distribution."""


def random_bits(seed: int, channel: int, index: NDArray[np.int64]) -> NDArray[np.uint64]:
    """64 bits for each index; `channel` below 65536 keeps the streams of one seed apart."""
    with np.errstate(over="ignore"):
        key = np.array([seed << 16 | channel], np.uint64) * _MIX_2
        mixed = (index.astype(np.uint64) + key) * _GOLDEN
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    scattered: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return scattered


def uniform(seed: int, channel: int, index: NDArray[np.int64]) -> NDArray[np.float64]:
    """From 0 up to, not including, 1, for each index."""
    bits = random_bits(seed, channel, index) >> np.uint64(11)
    fractions: NDArray[np.float64] = bits.astype(np.float64) / 2.0**53
    return fractions


def white(seed: int, channel: int, index: NDArray[np.int64]) -> NDArray[np.float64]:
    """About normally distributed, of mean 0 and standard deviation 1."""
    bits = random_bits(seed, channel, index)
    parts = [(bits >> np.uint64(16 * part)) & np.uint64(0xFFFF) for part in range(4)]
    total = np.sum(np.stack(parts).astype(np.float64), axis=0)
    spread: NDArray[np.float64] = (total - 2 * 65535) / _IRWIN_HALL_SD
    return spread


def muscle(seed: int, channel: int, index: NDArray[np.int64]) -> NDArray[np.float64]:
    """Broad noise without slow parts, of standard deviation 1."""
    before = white(seed, channel, index - 2)
    difference: NDArray[np.float64] = (white(seed, channel, index) - before) / np.sqrt(2)
    return difference


def sine(index: NDArray[np.int64], per_second: int, rate_hz: int, turn: float = 0.0) -> NDArray[np.float64]:
    """A sine of height 1, `turn` of a whole turn ahead, without drift however large the index is."""
    phase = (index * per_second % rate_hz) / rate_hz
    wave: NDArray[np.float64] = np.sin(2 * np.pi * (phase + turn))
    return wave


def slow_sine(index: NDArray[np.int64], period: int, turn: float = 0.0) -> NDArray[np.float64]:
    """A sine of height 1 whose period is so many samples."""
    wave: NDArray[np.float64] = np.sin(2 * np.pi * ((index % period) / period + turn))
    return wave


def wander(channel: int, index: NDArray[np.int64], rate_hz: int) -> NDArray[np.float64]:
    """A baseline that breathes and drifts, between -1 and 1, each channel for itself."""
    breath, drift = (period * rate_hz for period in WANDER_PERIODS_S)
    turn = channel * 0.13
    return 0.6 * slow_sine(index, breath, turn) + 0.4 * slow_sine(index, drift, 2 * turn)
