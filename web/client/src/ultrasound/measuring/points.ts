/** Points of a picture: column and row, whole numbers in the middle of a pixel. Pure. */

import { type Refused, refuse } from "./measured";
import type { Frame } from "./region";

export type Point = readonly [number, number];

/** Of a path or an outline; more is no longer drawn by a hand. */
export const MAX_POINTS = 512;
const LEAST_APART_PX = 0.1;

/** Why no points of a frame are measured: it is no frame for that, or they are not in it, too few or too many. */
export function pointsRefused(frame: Frame, points: readonly Point[], least: number, most: number): Refused | null {
  if (frame.standing === "sent") return refuse("live_picture");
  if (points.length < least || points.length > most) return refuse("wrong_number_of_points");
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return refuse("point_not_a_number");
    if (x < 0 || y < 0 || x > frame.width - 1 || y > frame.height - 1) return refuse("point_outside_picture");
  }
  return null;
}

export const apart = (one: Point, other: Point) => Math.hypot(other[0] - one[0], other[1] - one[1]);

/** Two neighbours with nothing between them. */
export function coinciding(points: readonly Point[]): Refused | null {
  const some = points.slice(1).some((point, k) => apart(points[k]!, point) < LEAST_APART_PX);
  return some ? refuse("points_coincide") : null;
}

/** Two points of one instant. */
export function sameColumn(one: Point, two: Point): Refused | null {
  return Math.abs(two[0] - one[0]) < LEAST_APART_PX ? refuse("no_time_between") : null;
}
