/**
 * Indices of a flow that need no angle. Two points: the peak of systole, then the end of diastole, before or
 * after it. Or a trace over one beat. And how long a pressure gradient takes to halve.
 */

import { measureRatio } from "./doppler";
import { meanOf, traceRefused } from "./flowTrace";
import { type Measured, type Refused, refuse } from "./measured";
import type { Shape } from "./placed";
import { type Point, pointsRefused, sameColumn } from "./points";
import type { Frame } from "./region";

/** (S - D) / S (Pourcelot 1974); above 1 where the flow turns back in diastole. */
export function resistiveIndex(frame: Frame, points: readonly Point[]): Measured | Refused {
  return ofTwo(frame, points, (systolic, diastolic) => (systolic - diastolic) / systolic);
}

/** S / D (Stuart 1980); refused where there is no flow in diastole, or where it turns back. */
export function systolicDiastolicRatio(frame: Frame, points: readonly Point[]): Measured | Refused {
  return ofTwo(frame, points, (systolic, diastolic) => (diastolic > 0 ? systolic / diastolic : refuse("not_positive")));
}

/** From peak to peak over the mean, of a trace over one whole beat (Gosling and King 1974). */
export function pulsatilityIndex(frame: Frame, trace: readonly Point[]): Measured | Refused {
  return traceRefused(frame, trace) ?? measureRatio(frame, trace, pulsatility, "1");
}

function ofTwo(frame: Frame, points: readonly Point[], index: (systolic: number, diastolic: number) => number | Refused): Measured | Refused {
  const shape: Shape = ([one, two]) => {
    const way = one![1] < 0 ? -1 : 1;
    const [systolic, diastolic] = [way * one![1], way * two![1]];
    if (!(systolic > 0)) return refuse("not_positive");
    return diastolic > systolic ? refuse("diastole_above_systole") : index(systolic, diastolic);
  };
  return pointsRefused(frame, points, 2, 2) ?? sameColumn(points[0]!, points[1]!) ?? measureRatio(frame, points, shape, "1");
}

const pulsatility: Shape = (placed) => {
  const velocities = placed.map(([, v]) => v);
  const [slowest, fastest] = [Math.min(...velocities), Math.max(...velocities)];
  const way = fastest >= -slowest ? 1 : -1;
  const mean = meanOf(placed, (v) => way * v);
  return mean > 0 ? (fastest - slowest) / mean : refuse("not_positive");
};

/** The gradient goes with v^2: it is halved when the velocity has lost so much of its peak. */
const HALVED = 1 - 1 / Math.SQRT2;

/** Milliseconds from the peak until the gradient is halved, along the line down the slope (Hatle 1979). */
export function pressureHalfTime(frame: Frame, points: readonly Point[]): Measured | Refused {
  return pointsRefused(frame, points, 2, 2) ?? sameColumn(points[0]!, points[1]!) ?? measureRatio(frame, points, halfTimeMs, "ms");
}

const halfTimeMs: Shape = ([from, to]) => {
  const [[fromMs, peak], [toMs, later]] = [from!, to!];
  if (Math.abs(later) >= Math.abs(peak) || later * peak < 0 || toMs <= fromMs) return refuse("not_decelerating");
  return (HALVED * peak) / ((peak - later) / (toMs - fromMs));
};
