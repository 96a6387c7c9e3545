/** One measurement as it is shown: never a number without its unit, its doubt and the origin of its scale. Pure. */

export const UNITS = ["mm", "cm", "mm2", "cm2", "mL", "deg", "ms", "/min", "mm/s", "cm/s", "cm/s2", "mm[Hg]", "%", "1", "px", "px2"] as const;
export type Unit = (typeof UNITS)[number];

/** Where a scale comes from: the scanner's file, its ruler in the picture, two clicks of a person, nowhere. */
export type CalibrationSource = "file" | "ruler" | "user" | "none";

/** Why a value stands in pixels; then the word "uncalibrated" stands beside it. */
export type Uncalibrated = "no_regions" | "outside_regions" | "region_faulty" | "units_do_not_fit";

export interface Measured {
  value: number;
  unit: Unit;
  /** In `unit`: every point one pixel off in its worst direction, and the scale as far off as it may be. */
  uncertainty: number;
  calibration: CalibrationSource;
  /** Index of the region that gave the scale. */
  region: number | null;
  uncalibrated: Uncalibrated | null;
}

/** The codes of `ultrasound/measuring/refusal.py` that calipers, and what is made of them, can meet. */
export const REFUSALS = [
  "live_picture",
  "point_not_a_number",
  "point_outside_picture",
  "wrong_number_of_points",
  "points_coincide",
  "across_regions",
  "equal_regions",
  "self_crossing",
  "flat_outline",
  "axes_not_across",
  "uncalibrated",
  "no_time_between",
  "not_in_order",
  "across_baseline",
  "doppler_contradicts",
  "no_baseline",
  "no_transducer_frequency",
  "no_doppler_angle",
  "doppler_angle_too_wide",
  "scanner_angle_unknown",
  "not_positive",
  "contour_folded",
  "lengths_differ",
  "systole_above_diastole",
  "not_decelerating",
  "diastole_above_systole",
  "wrong_part",
  "parts_repeat",
  "one_plane",
  "not_one_frame",
  "methods_differ",
  "one_instant",
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

export interface Refused {
  refused: RefusalCode;
}

export const refuse = (refused: RefusalCode): Refused => ({ refused });
