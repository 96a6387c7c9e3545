/** Which region's scale holds for some points: by priority, then size, never two (DICOM PS3.3 C.8.5.5). Pure. */

import { type Refused, type Uncalibrated, refuse } from "./measured";
import type { Point } from "./points";
import { type Frame, type Region, agree, areaPx, highPriority, holds } from "./region";

export type Fits = (region: Region) => boolean;

export type Choice = { region: Region; index: number } | { uncalibrated: Uncalibrated };

/**
 * All points of the line lie in the chosen region; no other that stands above it holds one of them or is crossed
 * between them, unless both put every pixel at the same place.
 */
export function choose(frame: Frame, line: readonly Point[], fits: Fits): Choice | Refused {
  const { regions } = frame;
  if (regions.length === 0) return { uncalibrated: "no_regions" };
  const ranked = regions.map((_, index) => index).sort((a, b) => compareRank(regions[a]!, regions[b]!) || a - b);
  const chosen = ranked.find((index) => line.every((point) => holds(regions[index]!, point)));
  if (chosen === undefined) {
    const tops = new Set(line.map((point) => ranked.find((index) => holds(regions[index]!, point))));
    tops.delete(undefined);
    return tops.size > 1 ? refuse("across_regions") : { uncalibrated: "outside_regions" };
  }
  const region = regions[chosen]!;
  for (const index of ranked) {
    const refused = index === chosen ? null : stoodAbove(regions[index]!, region, line);
    if (refused) return refused;
  }
  if (region.fault !== null) return { uncalibrated: "region_faulty" };
  return fits(region) ? { region, index: chosen } : { uncalibrated: "units_do_not_fit" };
}

const compareRank = (one: Region, other: Region) =>
  Number(highPriority(other)) - Number(highPriority(one)) || areaPx(one) - areaPx(other);

function stoodAbove(other: Region, region: Region, line: readonly Point[]): Refused | null {
  const rank = compareRank(other, region);
  if (rank > 0 || agree(other, region)) return null;
  if (rank === 0 && line.every((point) => holds(other, point))) return refuse("equal_regions");
  const crossed = line.some((point, k) => crosses(other, point, line[k + 1] ?? point));
  return crossed ? refuse("across_regions") : null;
}

/** Whether the stretch between two points meets a region (Liang and Barsky 1984). */
export function crosses(region: Region, one: Point, two: Point): boolean {
  let [enters, leaves] = [0, 1];
  const edges = [
    [region.left_px, region.right_px],
    [region.top_px, region.bottom_px],
  ] as const;
  for (const [axis, [low, high]] of edges.entries()) {
    const start = one[axis]!;
    const way = two[axis]! - start;
    if (way === 0) {
      if (start < low || start > high) return false;
      continue;
    }
    const [first, last] = [(low - start) / way, (high - start) / way];
    enters = Math.max(enters, Math.min(first, last));
    leaves = Math.min(leaves, Math.max(first, last));
  }
  return enters <= leaves;
}
