/** What calipers on an exact still read: values with unit, doubt and origin of the scale, or why there is none. Pure. */

import type { PictureRegion, PictureTool, StillCard } from "../api/types";
import { ALSO, type Calipers, takesAngle } from "./calipers";
import { angle } from "./measuring/angle";
import { chamberArea, chamberLength } from "./measuring/chamber";
import { acceleration, gradient, velocity } from "./measuring/doppler";
import { ellipseArea, ellipseCircumference } from "./measuring/ellipse";
import { pressureHalfTime, pulsatilityIndex, resistiveIndex, systolicDiastolicRatio } from "./measuring/flowIndices";
import { meanGradient, meanVelocity, velocityTimeIntegral } from "./measuring/flowTrace";
import { distance, path } from "./measuring/length";
import type { Measured, RefusalCode, Refused } from "./measuring/measured";
import { area, circumference } from "./measuring/outline";
import type { Point } from "./measuring/points";
import type { Frame, Region } from "./measuring/region";
import { depthDifference, heartRate, interval, slope } from "./measuring/sweep";

export interface Value extends Measured {
  tool: PictureTool;
  /** The Doppler angle it was reckoned with, where a person set it. */
  angle_deg: number | null;
}

/** What of a still, or of a frame of an earlier exam, is needed to measure on it. */
export type Measurable = Pick<StillCard, "still_id" | "width" | "height" | "calibration">;

/** Whether a person may say what a pixel is worth: what the source itself says of it is not for anybody to set. */
export function maySetScale({ calibration }: Pick<Measurable, "calibration">): boolean {
  return calibration === null || calibration.source === "user" || calibration.source === "ruler";
}

export type Read = { values: Value[] } | Refused;

type Reckon = (frame: Frame, points: readonly Point[], angleDeg: number | null) => Measured | Refused;

const RECKONED: Record<PictureTool, Reckon> = {
  distance, path, angle, area, circumference, interval, slope, velocity, gradient, acceleration,
  ellipse_area: ellipseArea,
  ellipse_circumference: ellipseCircumference,
  heart_rate: heartRate,
  depth_difference: depthDifference,
  velocity_time_integral: velocityTimeIntegral,
  mean_velocity: meanVelocity,
  mean_gradient: meanGradient,
  pressure_half_time: pressureHalfTime,
  resistive_index: resistiveIndex,
  systolic_diastolic_ratio: systolicDiastolicRatio,
  pulsatility_index: pulsatilityIndex,
  chamber_area: chamberArea,
  chamber_length: chamberLength,
};

/** Of a part of their points these would read something else: nothing is shown before they are whole. */
const WHOLE_ONLY: readonly PictureTool[] = ["angle", "area", "ellipse_area", "chamber_area", "pulsatility_index"];
/** What a hand that is still laying points has not done wrong yet. */
const NOT_YET: readonly RefusalCode[] = ["wrong_number_of_points", "points_coincide", "no_time_between"];

/** What a tool reads of these points. */
export function reckon(tool: PictureTool, frame: Frame, points: readonly Point[], angleDeg: number | null): Measured | Refused {
  return RECKONED[tool](frame, points, angleDeg);
}

/** Calipers whose points are not all laid read nothing yet: `null`. */
export function readingOf(calipers: Calipers, card: Measurable): Read | null {
  const { tool, done } = calipers;
  if (!done && (calipers.points.length < 2 || WHOLE_ONLY.includes(tool))) return null;
  const frame = frameOf(card);
  const points = calipers.points.map(({ x, y }): Point => [x, y]);
  const angle_deg = takesAngle(tool) ? (calipers.angle_deg ?? null) : null;
  const first = reckon(tool, frame, points, angle_deg);
  if ("refused" in first) return !done && NOT_YET.includes(first.refused) ? null : first;
  const also = (ALSO[tool] ?? []).flatMap((other) => {
    const value = reckon(other, frame, points, angle_deg);
    return "refused" in value ? [] : [{ ...value, tool: other, angle_deg }];
  });
  return { values: [{ ...first, tool, angle_deg }, ...also] };
}

/** The still as it is measured on: only who has compared its pixels may ask. */
export function frameOf({ width, height, calibration }: Omit<Measurable, "still_id">): Frame {
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
    has_baseline: told.reference_y_px !== null,
  };
}
