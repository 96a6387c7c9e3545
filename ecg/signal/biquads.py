"""Second-order sections and their design by the bilinear transform, in the order of operations of the viewer.

Cookbook formulae (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients").
"""

from dataclasses import dataclass
from math import cos, pi, sin, sqrt, tan

BUTTERWORTH_Q = 1 / sqrt(2)


@dataclass(frozen=True, slots=True)
class Biquad:
    """H(z) = (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2)."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float

    def settled(self, level: float) -> tuple[float, float]:
        """The state after `level` has stood at the input for ever."""
        output = level * (self.b0 + self.b1 + self.b2) / (1 + self.a1 + self.a2)
        second = self.b2 * level - self.a2 * output
        return self.b1 * level - self.a1 * output + second, second

    def response(self, frequency_hz: float, rate_hz: float) -> complex:
        """The complex gain at a frequency."""
        w = 2 * pi * frequency_hz / rate_hz
        z1 = complex(cos(w), -sin(w))
        z2 = z1 * z1
        return (self.b0 + self.b1 * z1 + self.b2 * z2) / (1 + self.a1 * z1 + self.a2 * z2)


def first_order_high_pass(corner_hz: float, rate_hz: float) -> Biquad:
    """-3 dB at the corner, one real pole: the kind that passes the impulse test of IEC 60601-2-25."""
    k = tan(pi * corner_hz / rate_hz)
    gain = 1 / (1 + k)
    return Biquad(gain, -gain, 0.0, (k - 1) / (k + 1), 0.0)


def second_order_low_pass(corner_hz: float, rate_hz: float) -> Biquad:
    """Butterworth, -3 dB at the corner."""
    w = 2 * pi * corner_hz / rate_hz
    alpha = sin(w) / (2 * BUTTERWORTH_Q)
    scale = 1 + alpha
    half = (1 - cos(w)) / 2 / scale
    return Biquad(half, 2 * half, half, -2 * cos(w) / scale, (1 - alpha) / scale)


def notch(centre_hz: float, rate_hz: float, q: float) -> Biquad:
    """Nothing passes at the centre; -3 dB at a width of centre / q."""
    w = 2 * pi * centre_hz / rate_hz
    alpha = sin(w) / (2 * q)
    scale = 1 + alpha
    return Biquad(1 / scale, -2 * cos(w) / scale, 1 / scale, -2 * cos(w) / scale, (1 - alpha) / scale)
