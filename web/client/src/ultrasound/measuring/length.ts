/** Lengths: between two points, along a path. Millimetres, or pixels where there is no scale. */

import type { Measured, Refused } from "./measured";
import { type Tool, isPlane, measure } from "./placed";
import { MAX_POINTS, type Point, apart, coinciding, pointsRefused } from "./points";
import type { Frame } from "./region";

export const along = (points: readonly Point[]) =>
  points.slice(1).reduce((sum, point, k) => sum + apart(points[k]!, point), 0);

const LENGTH: Tool = { shape: along, unit: "mm", fits: isPlane, bare: "px" };

export function distance(frame: Frame, points: readonly Point[]): Measured | Refused {
  return pointsRefused(frame, points, 2, 2) ?? coinciding(points) ?? measure(LENGTH, frame, points);
}

export function path(frame: Frame, points: readonly Point[]): Measured | Refused {
  return pointsRefused(frame, points, 2, MAX_POINTS) ?? coinciding(points) ?? measure(LENGTH, frame, points);
}
