/** Time and M-mode: time across, depth down. */

import type { Fits } from "./choice";
import { madeOf, partsRefused } from "./madeOf";
import type { Measured, Refused } from "./measured";
import { MS_PER_S, type Tool, measure } from "./placed";
import { type Point, coinciding, pointsRefused, sameColumn } from "./points";
import { type Frame, M_MODE, UNIT_CM, UNIT_SECONDS } from "./region";

const MS_PER_MIN = 60 * MS_PER_S;

const isSweep: Fits = (region) => region.unit_x === UNIT_SECONDS;
const isMMode: Fits = (region) =>
  region.spatial_format === M_MODE && region.unit_x === UNIT_SECONDS && region.unit_y === UNIT_CM;

const between =
  (axis: 0 | 1) =>
  (points: readonly Point[]) =>
    Math.abs(points[1]![axis] - points[0]![axis]);

const TIME: Tool = { shape: between(0), unit: "ms", fits: isSweep, bare: "px" };
const DEPTH: Tool = { shape: between(1), unit: "mm", fits: isMMode, bare: "px" };
const SLOPE: Tool = {
  shape: (points) => (between(1)(points) / between(0)(points)) * MS_PER_S,
  unit: "mm/s",
  fits: isMMode,
  bare: null,
};

/** Milliseconds from one point to the other, by their columns. */
export function interval(frame: Frame, points: readonly Point[]): Measured | Refused {
  return pointsRefused(frame, points, 2, 2) ?? sameColumn(points[0]!, points[1]!) ?? measure(TIME, frame, points);
}

/** Beats a minute, when one fills the time. */
export function heartRate(frame: Frame, points: readonly Point[]): Measured | Refused {
  const time = interval(frame, points);
  if ("refused" in time) return time;
  return partsRefused([time]) ?? madeOf((ms) => MS_PER_MIN / ms!, "/min", [time]);
}

/** Millimetres from one depth to the other, whenever they were. */
export function depthDifference(frame: Frame, points: readonly Point[]): Measured | Refused {
  return pointsRefused(frame, points, 2, 2) ?? coinciding(points) ?? measure(DEPTH, frame, points);
}

/** Millimetres a second between two points, without its sign. */
export function slope(frame: Frame, points: readonly Point[]): Measured | Refused {
  return pointsRefused(frame, points, 2, 2) ?? sameColumn(points[0]!, points[1]!) ?? measure(SLOPE, frame, points);
}
