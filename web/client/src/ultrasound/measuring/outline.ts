/** A closed outline: area and circumference of a polygon that does not cross itself. */

import { along } from "./length";
import { type Measured, type Refused, refuse } from "./measured";
import { type Tool, isPlane, measure } from "./placed";
import { MAX_POINTS, type Point, coinciding, pointsRefused } from "./points";
import type { Frame } from "./region";

const LEAST_AREA_PX2 = 1;

const next = (points: readonly Point[], k: number) => points[(k + 1) % points.length]!;
const closed = (points: readonly Point[]) => [...points, ...points.slice(0, 1)];

/** The shoelace formula (Meister 1769). */
export const enclosed = (points: readonly Point[]) =>
  Math.abs(points.reduce((sum, [x, y], k) => sum + x * next(points, k)[1] - next(points, k)[0] * y, 0)) / 2;

const AREA: Tool = { shape: enclosed, unit: "mm2", fits: isPlane, bare: "px2" };
const AROUND: Tool = { shape: (points) => along(closed(points)), unit: "mm", fits: isPlane, bare: "px" };

export function area(frame: Frame, points: readonly Point[]): Measured | Refused {
  return outlineRefused(frame, points) ?? measure(AREA, frame, points, closed(points));
}

export function circumference(frame: Frame, points: readonly Point[]): Measured | Refused {
  return outlineRefused(frame, points) ?? measure(AROUND, frame, points, closed(points));
}

export function outlineRefused(frame: Frame, points: readonly Point[]): Refused | null {
  const refused = pointsRefused(frame, points, 3, MAX_POINTS) ?? coinciding(closed(points));
  if (refused) return refused;
  for (let first = 0; first < points.length; first++)
    for (let second = first + 1; second < points.length; second++)
      if (edgesMeet(points, first, second)) return refuse("self_crossing");
  return enclosed(points) < LEAST_AREA_PX2 ? refuse("flat_outline") : null;
}

function edgesMeet(points: readonly Point[], first: number, second: number): boolean {
  const [a, b] = [points[first]!, next(points, first)];
  const [c, d] = [points[second]!, next(points, second)];
  if (second === first + 1) return points.length > 3 && foldsBack(a, b, d);
  if ((second + 1) % points.length === first) return points.length > 3 && foldsBack(c, a, b);
  return segmentsMeet(a, b, c, d);
}

/** Twice the area of a triangle; its sign tells the way around. */
const turn = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Whether the way from b to c lies on the way from a to b. */
const foldsBack = (a: Point, b: Point, c: Point) =>
  turn(a, b, c) === 0 && (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]) > 0;

function segmentsMeet(a: Point, b: Point, c: Point, d: Point): boolean {
  const turns = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)] as const;
  if (turns.every((one) => one !== 0)) return turns[0] > 0 !== turns[1] > 0 && turns[2] > 0 !== turns[3] > 0;
  const ends = [
    [a, b, c],
    [a, b, d],
    [c, d, a],
    [c, d, b],
  ] as const;
  return ends.some((end, k) => turns[k] === 0 && between(...end));
}

/** Whether a point of the straight line through a and b lies between them. */
const between = (a: Point, b: Point, point: Point) =>
  [0, 1].every((axis) => Math.min(a[axis]!, b[axis]!) <= point[axis]! && point[axis]! <= Math.max(a[axis]!, b[axis]!));
