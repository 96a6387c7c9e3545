/** The angle between two arms, of physical directions; without a scale that on the screen, uncalibrated. */

import type { Measured, Refused } from "./measured";
import { type Tool, isPlane, measure } from "./placed";
import { type Point, coinciding, pointsRefused } from "./points";
import type { Frame } from "./region";

/** Degrees at the second of three points, 0 to 180. */
export function betweenArms(points: readonly Point[]): number {
  const [arm, corner, other] = points as [Point, Point, Point];
  const one = [arm[0] - corner[0], arm[1] - corner[1]] as const;
  const two = [other[0] - corner[0], other[1] - corner[1]] as const;
  const [cross, dot] = [one[0] * two[1] - one[1] * two[0], one[0] * two[0] + one[1] * two[1]];
  return (Math.atan2(Math.abs(cross), dot) * 180) / Math.PI;
}

const ANGLE: Tool = { shape: betweenArms, unit: "deg", fits: isPlane, bare: "deg" };

export function angle(frame: Frame, points: readonly Point[]): Measured | Refused {
  return pointsRefused(frame, points, 3, 3) ?? coinciding(points) ?? measure(ANGLE, frame, points);
}
