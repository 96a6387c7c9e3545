/**
 * Where R waves are, well enough to jump to: energy of the slope over 80 ms against a threshold of its block.
 *
 * For finding a place on a tape only. It measures nothing: no rate, no interval is told from it. Pure.
 */

const SLOPE_S = 0.012;
const WINDOW_S = 0.08;
const APART_S = 0.25;
const NEAR_S = 0.06;
const SHARE = 0.3;

/** Indices of R waves in one lead; not-a-number is a missing sample. */
export function findRWaves(lead: Float32Array, rate_hz: number): number[] {
  const energy = slopeEnergy(lead, rate_hz);
  const threshold = SHARE * high(energy);
  if (!(threshold > 0)) return [];
  const found: number[] = [];
  const apart = Math.round(APART_S * rate_hz);
  for (let at = 0; at < energy.length; at++) {
    if (energy[at]! < threshold) continue;
    let peak = at;
    while (at < energy.length && energy[at]! >= threshold) {
      if (energy[at]! > energy[peak]!) peak = at;
      at++;
    }
    const r = tallest(lead, peak, Math.round(NEAR_S * rate_hz));
    const last = found.at(-1);
    if (r !== null && (last === undefined || r - last >= apart)) found.push(r);
  }
  return found;
}

/** Squared slope, averaged over a window; 0 where samples are missing. */
function slopeEnergy(lead: Float32Array, rate_hz: number): Float32Array {
  const step = Math.max(1, Math.round((SLOPE_S * rate_hz) / 2));
  const half = Math.max(1, Math.round((WINDOW_S * rate_hz) / 2));
  const squared = new Float32Array(lead.length);
  for (let at = step; at < lead.length - step; at++) {
    const slope = lead[at + step]! - lead[at - step]!;
    squared[at] = Number.isNaN(slope) ? 0 : slope * slope;
  }
  const energy = new Float32Array(lead.length);
  let sum = 0;
  for (let at = 0; at < lead.length + half; at++) {
    if (at < lead.length) sum += squared[at]!;
    if (at - 2 * half >= 0) sum -= squared[at - 2 * half]!;
    const middle = at - half;
    if (middle >= 0 && middle < lead.length) energy[middle] = Math.max(0, sum);
  }
  return energy;
}

/** A value that one sample in fifty exceeds: the height of complexes, not of one artefact. */
function high(energy: Float32Array): number {
  const sorted = Float32Array.from(energy).sort();
  return sorted[Math.floor(sorted.length * 0.98)] ?? 0;
}

/** The sample farthest from the middle of its surroundings. */
function tallest(lead: Float32Array, at: number, near: number): number | null {
  const from = Math.max(0, at - near);
  const around = lead.subarray(from, at + near + 1);
  const known = around.filter((value) => !Number.isNaN(value)).sort();
  const middle = known[known.length >> 1];
  if (middle === undefined) return null;
  let best = -1;
  let farthest = -1;
  around.forEach((value, index) => {
    const far = Math.abs(value - middle);
    if (far > farthest) [farthest, best] = [far, index];
  });
  return best < 0 ? null : from + best;
}
