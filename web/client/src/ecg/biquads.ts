/**
 * Second-order sections and their design by the bilinear transform: the twin of `ecg/signal/biquads.py`.
 *
 * Every operation stands in the same order as there, so that both give the same numbers (cookbook formulae,
 * R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients").
 */

const BUTTERWORTH_Q = 1 / Math.sqrt(2);

/** H(z) = (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2). */
export interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/** The state after `level` has stood at the input for ever. */
export function settled({ b0, b1, b2, a1, a2 }: Biquad, level: number): [number, number] {
  const output = (level * (b0 + b1 + b2)) / (1 + a1 + a2);
  const second = b2 * level - a2 * output;
  return [b1 * level - a1 * output + second, second];
}

/** What a level that stands for ever comes out as, for each unit of it. */
export function steadyGain({ b0, b1, b2, a1, a2 }: Biquad): number {
  return (b0 + b1 + b2) / (1 + a1 + a2);
}

/** -3 dB at the corner, one real pole: the kind that passes the impulse test of IEC 60601-2-25. */
export function firstOrderHighPass(corner_hz: number, rate_hz: number): Biquad {
  const k = Math.tan((Math.PI * corner_hz) / rate_hz);
  const gain = 1 / (1 + k);
  return { b0: gain, b1: -gain, b2: 0, a1: (k - 1) / (k + 1), a2: 0 };
}

/** Butterworth, -3 dB at the corner. */
export function secondOrderLowPass(corner_hz: number, rate_hz: number): Biquad {
  const w = (2 * Math.PI * corner_hz) / rate_hz;
  const alpha = Math.sin(w) / (2 * BUTTERWORTH_Q);
  const scale = 1 + alpha;
  const half = (1 - Math.cos(w)) / 2 / scale;
  return { b0: half, b1: 2 * half, b2: half, a1: (-2 * Math.cos(w)) / scale, a2: (1 - alpha) / scale };
}

/** Nothing passes at the centre; -3 dB at a width of centre / q. */
export function notch(centre_hz: number, rate_hz: number, q: number): Biquad {
  const w = (2 * Math.PI * centre_hz) / rate_hz;
  const alpha = Math.sin(w) / (2 * q);
  const scale = 1 + alpha;
  return { b0: 1 / scale, b1: (-2 * Math.cos(w)) / scale, b2: 1 / scale, a1: (-2 * Math.cos(w)) / scale, a2: (1 - alpha) / scale };
}
