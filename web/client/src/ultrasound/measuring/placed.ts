/** From points of a picture to a measurement: scale chosen, value taken, doubt added. Pure. */

import { type Fits, choose } from "./choice";
import { type Measured, type Refused, type Unit, refuse } from "./measured";
import type { Point } from "./points";
import { type Frame, type Region, TWO_D, UNIT_CM, UNIT_SECONDS, physicalX, physicalY } from "./region";

/** A value of physical points. */
export type Shape = (points: readonly Point[]) => number;

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

const place =
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
    const [value, uncertainty] = [tool.shape(points), offBy(tool.shape, points)];
    const { uncalibrated } = choice;
    return { value, unit: tool.bare, uncertainty, calibration: "none", region: null, uncalibrated };
  }
  const { region, index } = choice;
  const valueAt = (moved: readonly Point[], stretch = 1) => tool.shape(moved.map(place(region, stretch)));
  const value = valueAt(points);
  const ofScale = Math.abs(valueAt(points, 1 + frame.scale_uncertainty) - value);
  const uncertainty = offBy((moved) => valueAt(moved), points) + ofScale;
  return { value, unit: tool.unit, uncertainty, calibration: frame.source, region: index, uncalibrated: null };
}

/** The most a value changes, to first order, when each point is off by `OFF_PX` the worst way. */
function offBy(valueAt: Shape, points: readonly Point[]): number {
  return points.reduce((total, [x, y], k) => {
    const at = (dx: number, dy: number) => valueAt(points.map((one, n): Point => (n === k ? [x + dx, y + dy] : one)));
    const across = (at(STEP_PX, 0) - at(-STEP_PX, 0)) / (2 * STEP_PX);
    const down = (at(0, STEP_PX) - at(0, -STEP_PX)) / (2 * STEP_PX);
    return total + Math.hypot(across, down) * OFF_PX;
  }, 0);
}
