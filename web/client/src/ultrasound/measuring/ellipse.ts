/**
 * An ellipse by its two axes: the ends of one, then of the other.
 *
 * They stand only about at right angles. What is drawn, and told, is the one ellipse of which both are conjugate
 * diameters, as `ultrasound/measuring/ellipse.py` has it.
 */

import { betweenArms } from "./angle";
import { type Measured, type Refused, refuse } from "./measured";
import { type Shape, type Tool, isPlane, measure } from "./placed";
import { type Point, coinciding, pointsRefused } from "./points";
import type { Frame } from "./region";

type Axes = readonly [Point, Point, Point, Point];

/** Between the axes, on the screen: further from a right angle, they are not those of one ellipse. */
const LEAST_DEG = 60;
const DRAWN = 32;

/** Of the ellipse's semi-axes a and b: a^2 + b^2 and a b, which all its conjugate half diameters share. */
const ofSemiAxes =
  (value: (squares: number, product: number) => number): Shape =>
  (points) => {
    const [first, firstEnd, second, secondEnd] = points as unknown as Axes;
    const [x1, y1] = [(firstEnd[0] - first[0]) / 2, (firstEnd[1] - first[1]) / 2];
    const [x2, y2] = [(secondEnd[0] - second[0]) / 2, (secondEnd[1] - second[1]) / 2];
    return value(x1 * x1 + y1 * y1 + x2 * x2 + y2 * y2, Math.abs(x1 * y2 - y1 * x2));
  };

const AREA: Tool = { shape: ofSemiAxes((_, product) => Math.PI * product), unit: "mm2", fits: isPlane, bare: "px2" };
const AROUND: Tool = {
  // Ramanujan 1914, the first formula, of a + b and (3 a + b)(a + 3 b).
  shape: ofSemiAxes((squares, product) => Math.PI * (3 * Math.sqrt(squares + 2 * product) - Math.sqrt(3 * squares + 10 * product))),
  unit: "mm",
  fits: isPlane,
  bare: "px",
};

export function ellipseArea(frame: Frame, points: readonly Point[]): Measured | Refused {
  return axesRefused(frame, points) ?? measure(AREA, frame, points, drawn(points as unknown as Axes));
}

export function ellipseCircumference(frame: Frame, points: readonly Point[]): Measured | Refused {
  return axesRefused(frame, points) ?? measure(AROUND, frame, points, drawn(points as unknown as Axes));
}

function axesRefused(frame: Frame, points: readonly Point[]): Refused | null {
  const refused = pointsRefused(frame, points, 4, 4) ?? coinciding(points.slice(0, 2)) ?? coinciding(points.slice(2));
  if (refused) return refused;
  const [first, firstEnd, second, secondEnd] = points as unknown as Axes;
  const turned: Point = [secondEnd[0] - second[0] + first[0], secondEnd[1] - second[1] + first[1]];
  const acrossDeg = betweenArms([firstEnd, first, turned]);
  return acrossDeg >= LEAST_DEG && acrossDeg <= 180 - LEAST_DEG ? null : refuse("axes_not_across");
}

/** The ellipse as it stands on the screen, closed, with the ends of its axes. */
export function drawn([first, firstEnd, second, secondEnd]: Axes): Point[] {
  const points = [first, firstEnd, second, secondEnd];
  const middle = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / 4;
  const half = (from: Point, to: Point, axis: 0 | 1) => (to[axis] - from[axis]) / 2;
  const at = (axis: 0 | 1, turn: number) =>
    middle(axis) + half(first, firstEnd, axis) * Math.cos(turn) + half(second, secondEnd, axis) * Math.sin(turn);
  const turns = Array.from({ length: DRAWN + 1 }, (_, k) => (2 * Math.PI * k) / DRAWN);
  return [...points, ...turns.map((turn): Point => [at(0, turn), at(1, turn)])];
}
