/** Volume of the left ventricle by the biplane method of discs (modified Simpson's rule; Lang 2015). */

import { DISCS, type Discs, contourRefused, discsOf } from "./chamber";
import { choose } from "./choice";
import { oneRegion, weakest } from "./madeOf";
import { type Measured, type Refused, refuse } from "./measured";
import { type Shape, isPlane, offBy, place } from "./placed";
import type { Point } from "./points";
import type { Frame, Region } from "./region";

/** Of the two long axes, as a part of the longer; beyond it one view is foreshortened. */
const MOST_LENGTHS_DIFFER = 0.2;
export const MM3_PER_ML = 1000;

/** The endocardium in one view. */
export interface Contour {
  frame: Frame;
  points: readonly Point[];
}

interface View extends Contour {
  region: Region;
  index: number;
  discs: Discs;
}

/** Millilitres of two contours at right angles: pi/4 sum(a_i b_i) L / 20, with L the longer long axis. */
export function biplaneVolume(fourChamber: Contour, twoChamber: Contour): Measured | Refused {
  const [one, other] = [viewOf(fourChamber), viewOf(twoChamber)];
  if ("refused" in one) return one;
  if ("refused" in other) return other;
  const [a, b] = [one.discs.length, other.discs.length];
  if (Math.abs(a - b) > MOST_LENGTHS_DIFFER * Math.max(a, b)) return refuse("lengths_differ");
  const [ofOne, ofOther] = [offByPoints(one, other.discs), offByPoints(other, one.discs)];
  if (typeof ofOne !== "number") return ofOne;
  if (typeof ofOther !== "number") return ofOther;
  const value = volumeMl(one.discs, other.discs);
  // A view's scale goes into its side of each disc, and the longer one's into the length as well.
  const share = (view: View, longer: boolean) => view.frame.scale_uncertainty * (longer ? 2 : 1);
  const ofScale = (share(one, a >= b) + share(other, a < b)) * value;
  const parts = [one, other].map(({ frame, index }) => ({ calibration: frame.source, region: index }));
  return { value, unit: "mL", uncertainty: ofOne + ofOther + ofScale, calibration: weakest(parts), region: oneRegion(parts), uncalibrated: null };
}

function viewOf(contour: Contour): View | Refused {
  const { frame, points } = contour;
  const refused = contourRefused(frame, points);
  if (refused) return refused;
  const choice = choose(frame, [...points, ...points.slice(0, 1)], isPlane);
  if ("refused" in choice) return choice;
  if ("uncalibrated" in choice) return refuse("uncalibrated");
  const discs = discsOf(points.map(place(choice.region, 1)));
  return "refused" in discs ? discs : { ...contour, ...choice, discs };
}

function volumeMl(one: Discs, other: Discs): number {
  const sum = one.across.reduce((total, a, k) => total + a * other.across[k]!, 0);
  return ((Math.PI / 4) * sum * Math.max(one.length, other.length)) / DISCS / MM3_PER_ML;
}

function offByPoints({ points, region }: View, other: Discs): number | Refused {
  const valueAt: Shape = (moved) => {
    const discs = discsOf(moved.map(place(region, 1)));
    return "refused" in discs ? discs : volumeMl(discs, other);
  };
  return offBy(valueAt, points);
}
