/** From points of a picture to a measurement: scale chosen, value taken, doubt added. Pure. */

import { type Fits, choose } from "./choice";
import { type Measured, type Refused, type Unit, refuse } from "./measured";
import type { Point } from "./points";
import { type Frame, type Region, TWO_D, UNIT_CM, UNIT_SECONDS, physicalX, physicalY } from "./region";

/** A value of physical points, or why they have none. */
export type Shape = (points: readonly Point[]) => number | Refused;

export interface Tool {
  shape: Shape;
  unit: Unit;
  fits: Fits;
  /** The unit where there is no scale; null: without a scale it means nothing and is refused. */
  bare: Unit | null;
}

const MM_PER_CM = 10;
export const MS_PER_S = 1000;
/** How far a point may be off: a hand, or the edge of a pixel. */
const OFF_PX = 1;
const STEP_PX = 0.01;

export const isPlane: Fits = (region) =>
  region.spatial_format === TWO_D && region.unit_x === UNIT_CM && region.unit_y === UNIT_CM;

const factor = (unit: number) => (unit === UNIT_CM ? MM_PER_CM : unit === UNIT_SECONDS ? MS_PER_S : 1);

export const place =
  (region: Region, stretch: number) =>
  ([x, y]: Point): Point => [
    physicalX(region, x) * factor(region.unit_x) * stretch,
    physicalY(region, y) * factor(region.unit_y) * stretch,
  ];

/** A tool's value at checked points; `line` is what is drawn through them. */
export function measure(tool: Tool, frame: Frame, points: readonly Point[], line = points): Measured | Refused {
  const choice = choose(frame, line, tool.fits);
  if ("refused" in choice) return choice;
  if ("uncalibrated" in choice) {
    if (tool.bare === null) return refuse("uncalibrated");
    const value = tool.shape(points);
    const uncertainty = offBy(tool.shape, points);
    if (typeof value !== "number") return value;
    if (typeof uncertainty !== "number") return uncertainty;
    const { uncalibrated } = choice;
    return { value, unit: tool.bare, uncertainty, calibration: "none", region: null, uncalibrated };
  }
  const { region, index } = choice;
  const valueAt = (moved: readonly Point[], stretch = 1) => tool.shape(moved.map(place(region, stretch)));
  const value = valueAt(points);
  if (typeof value !== "number") return value;
  const stretched = valueAt(points, 1 + frame.scale_uncertainty);
  if (typeof stretched !== "number") return stretched;
  const ofPoints = offBy((moved) => valueAt(moved), points);
  if (typeof ofPoints !== "number") return ofPoints;
  const uncertainty = ofPoints + Math.abs(stretched - value);
  return { value, unit: tool.unit, uncertainty, calibration: frame.source, region: index, uncalibrated: null };
}

/** The most a value changes, to first order, when each point is off by `OFF_PX` the worst way. */
export function offBy(valueAt: Shape, points: readonly Point[]): number | Refused {
  const moved = [...points];
  let total = 0;
  for (const [k, [x, y]] of points.entries()) {
    const slopes: number[] = [];
    for (const [dx, dy] of [[STEP_PX, 0], [0, STEP_PX]] as const) {
      moved[k] = [x + dx, y + dy];
      const after = valueAt(moved);
      if (typeof after !== "number") return after;
      moved[k] = [x - dx, y - dy];
      const before = valueAt(moved);
      if (typeof before !== "number") return before;
      slopes.push((after - before) / (2 * STEP_PX));
    }
    moved[k] = [x, y];
    total += Math.hypot(...slopes) * OFF_PX;
  }
  return total;
}
