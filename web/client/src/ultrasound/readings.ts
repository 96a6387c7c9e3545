/** What calipers on an exact still read: values with unit, doubt and origin of the scale, or why there is none. Pure. */

import type { PictureRegion, PictureTool, StillCard } from "../api/types";
import { ALSO, type Calipers } from "./calipers";
import { angle } from "./measuring/angle";
import { velocity } from "./measuring/doppler";
import { ellipseArea, ellipseCircumference } from "./measuring/ellipse";
import { distance, path } from "./measuring/length";
import type { Measured, Refused } from "./measuring/measured";
import { area, circumference } from "./measuring/outline";
import type { Point } from "./measuring/points";
import type { Frame, Region } from "./measuring/region";
import { depthDifference, interval, slope } from "./measuring/sweep";

export interface Value extends Measured {
  tool: PictureTool;
}

/** What of a still, or of a frame of an earlier exam, is needed to measure on it. */
export type Measurable = Pick<StillCard, "still_id" | "width" | "height" | "calibration">;

export type Read = { values: Value[] } | Refused;

type Reckon = (frame: Frame, points: readonly Point[]) => Measured | Refused;

const RECKONED: Partial<Record<PictureTool, Reckon>> = {
  distance, path, angle, area, circumference, interval, slope, velocity,
  ellipse_area: ellipseArea,
  ellipse_circumference: ellipseCircumference,
  depth_difference: depthDifference,
};

/** Calipers whose points are not all laid read nothing yet: `null`. */
export function readingOf(calipers: Calipers, card: Measurable): Read | null {
  const reckon = RECKONED[calipers.tool];
  if (reckon === undefined || (!calipers.done && calipers.points.length < 2)) return null;
  if (!calipers.done && (calipers.tool === "angle" || calipers.tool === "area" || calipers.tool === "ellipse_area")) return null;
  const frame = frameOf(card);
  const points = calipers.points.map(({ x, y }): Point => [x, y]);
  const first = reckon(frame, points);
  if ("refused" in first) return first;
  const also = (ALSO[calipers.tool] ?? []).flatMap((tool) => {
    const value = RECKONED[tool]?.(frame, points);
    return value === undefined || "refused" in value ? [] : [{ ...value, tool }];
  });
  return { values: [{ ...first, tool: calipers.tool }, ...also] };
}

/** The still as it is measured on: only who has compared its pixels may ask. */
export function frameOf({ width, height, calibration }: Measurable): Frame {
  return {
    width,
    height,
    standing: "exact",
    regions: (calibration?.regions ?? []).map(regionOf),
    source: calibration?.source ?? "none",
    scale_uncertainty: calibration?.scale_uncertainty ?? 0,
  };
}

function regionOf(told: PictureRegion): Region {
  return {
    ...told,
    zero_x_px: (told.corner_x_px ?? told.left_px) + (told.reference_x_px ?? 0),
    zero_y_px: (told.corner_y_px ?? told.top_px) + (told.reference_y_px ?? 0),
    has_zero: told.reference_x_px !== null && told.reference_y_px !== null,
  };
}
