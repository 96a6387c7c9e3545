/** A ventricle in one view: its contour from one side of the valve ring past the apex to the other side. */

import { type Measured, type Refused, refuse } from "./measured";
import { enclosed, outlineRefused } from "./outline";
import { type Shape, type Tool, isPlane, measure } from "./placed";
import { type Point, apart, pointsRefused } from "./points";
import type { Frame } from "./region";

export const DISCS = 20;
/** Fewer draw a triangle or a box, not a ventricle. */
const LEAST_POINTS = 6;
/** More are no longer clicked by a hand; each is moved four times to tell the doubt. */
export const MOST_CONTOUR_POINTS = 128;

/** A contour cut across its long axis, which runs from the middle of the ring to the furthest point. */
export interface Discs {
  length: number;
  across: number[];
}

export function contourRefused(frame: Frame, points: readonly Point[]): Refused | null {
  return pointsRefused(frame, points, LEAST_POINTS, MOST_CONTOUR_POINTS) ?? outlineRefused(frame, points);
}

/** Cut a contour into twenty discs (Lang 2015, section 2). */
export function discsOf(contour: readonly Point[]): Discs | Refused {
  const [first, last] = [contour[0]!, contour.at(-1)!];
  const ring: Point = [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2];
  const apex = contour.reduce((furthest, point) => (apart(ring, point) > apart(ring, furthest) ? point : furthest));
  const length = apart(ring, apex);
  const along: Point = [(apex[0] - ring[0]) / length, (apex[1] - ring[1]) / length];
  const turned = contour.map(([x, y]): Point => [
    (x - ring[0]) * along[0] + (y - ring[1]) * along[1],
    (y - ring[1]) * along[0] - (x - ring[0]) * along[1],
  ]);
  const across = widths(turned, length);
  return "refused" in across ? across : { length, across };
}

/** How wide the closed contour is at the middle of each disc; every edge is asked once what it crosses. */
function widths(turned: readonly Point[], length: number): number[] | Refused {
  const sides: number[][] = Array.from({ length: DISCS }, () => []);
  for (const [n, [down, aside]] of turned.entries()) {
    const [nextDown, nextAside] = turned[(n + 1) % turned.length]!;
    const [low, high] = [Math.min(down, nextDown), Math.max(down, nextDown)];
    for (let k = Math.max(0, Math.floor((low / length) * DISCS - 1)); k < DISCS; k++) {
      const at = ((k + 0.5) * length) / DISCS;
      if (at >= high) break;
      if (at < low) continue;
      sides[k]!.push(aside + ((at - down) / (nextDown - down)) * (nextAside - aside));
    }
  }
  if (sides.some((met) => met.length !== 2)) return refuse("contour_folded");
  return sides.map(([one, other]) => Math.abs(one! - other!));
}

const ofDiscs =
  (value: (contour: readonly Point[], discs: Discs) => number): Shape =>
  (contour) => {
    const discs = discsOf(contour);
    return "refused" in discs ? discs : value(contour, discs);
  };

const AREA: Tool = { shape: ofDiscs((contour) => enclosed(contour)), unit: "mm2", fits: isPlane, bare: "px2" };
const LENGTH: Tool = { shape: ofDiscs((_, { length }) => length), unit: "mm", fits: isPlane, bare: "px" };

/** Within a contour that the ring closes. */
export function chamberArea(frame: Frame, points: readonly Point[]): Measured | Refused {
  return contourRefused(frame, points) ?? measure(AREA, frame, points, [...points, ...points.slice(0, 1)]);
}

/** From the middle of the ring to the furthest point. */
export function chamberLength(frame: Frame, points: readonly Point[]): Measured | Refused {
  return contourRefused(frame, points) ?? measure(LENGTH, frame, points, [...points, ...points.slice(0, 1)]);
}
