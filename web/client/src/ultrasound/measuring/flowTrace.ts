/** The outline of a flow, traced along its envelope: velocity-time integral, mean velocity, mean gradient. */

import { gradientMmHg, measureSpectral } from "./doppler";
import { type Measured, type Refused, type Unit, refuse } from "./measured";
import { MS_PER_S, type Shape } from "./placed";
import { MAX_POINTS, type Point, pointsRefused, sameColumn } from "./points";
import type { Frame } from "./region";

/** So far a trace may stray beyond the baseline where it begins and ends. */
const OFF_CM_PER_S = 10;

type Traced = (frame: Frame, trace: readonly Point[], angleDeg?: number | null) => Measured | Refused;

/** Centimetres that the blood goes: the area under the trace (Quinones 2002). */
export const velocityTimeIntegral: Traced = ofTrace((placed) => under(placed, Math.abs) / MS_PER_S, "cm");

/** Centimetres a second, without its sign. */
export const meanVelocity: Traced = ofTrace((placed) => meanOf(placed, Math.abs), "cm/s");

/** The mean of 4 v^2, not 4 v^2 of the mean (Baumgartner 2009). */
export const meanGradient: Traced = ofTrace((placed) => meanOf(placed, gradientMmHg), "mm[Hg]");

function ofTrace(shape: (placed: readonly Point[]) => number, unit: Unit): Traced {
  const ofOneWay: Shape = (placed) => bothWays(placed) ?? shape(placed);
  return (frame, trace, angleDeg = null) => traceRefused(frame, trace) ?? measureSpectral(frame, trace, ofOneWay, unit, angleDeg);
}

/** A trace that is too short, or does not go one way in time. */
export function traceRefused(frame: Frame, trace: readonly Point[]): Refused | null {
  const refused = pointsRefused(frame, trace, 3, MAX_POINTS);
  if (refused) return refused;
  const way = trace.at(-1)![0] - trace[0]![0];
  for (const [k, two] of trace.slice(1).entries()) {
    const one = trace[k]!;
    const same = sameColumn(one, two);
    if (same) return same;
    if ((two[0] - one[0]) * way <= 0) return refuse("not_in_order");
  }
  return null;
}

/** Flow in both directions: their sum would be neither's. */
function bothWays(placed: readonly Point[]): Refused | null {
  const velocities = placed.map(([, v]) => v);
  const [back, forth] = [-Math.min(...velocities), Math.max(...velocities)];
  return Math.min(back, forth) > OFF_CM_PER_S ? refuse("across_baseline") : null;
}

/** By trapezoids, over time without its sign; milliseconds times what `of` makes of the velocity. */
function under(placed: readonly Point[], of: (velocity: number) => number): number {
  return placed.slice(1).reduce((sum, two, k) => {
    const one = placed[k]!;
    return sum + (Math.abs(two[0] - one[0]) * (of(one[1]) + of(two[1]))) / 2;
  }, 0);
}

/** The mean over time of what `of` makes of the velocity. */
export function meanOf(placed: readonly Point[], of: (velocity: number) => number): number {
  return under(placed, of) / Math.abs(placed.at(-1)![0] - placed[0]![0]);
}
