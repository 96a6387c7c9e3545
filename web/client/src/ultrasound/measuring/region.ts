/** Calibrated regions of a picture, as `ultrasound/regions.py` reads them. Pixels count from 0, edges included. */

import type { CalibrationSource } from "./measured";
import type { Point } from "./points";

export const UNIT_CM = 3;
export const UNIT_SECONDS = 4;
export const UNIT_HERTZ = 5;
export const UNIT_CM_PER_SECOND = 7;

export const TWO_D = 1;
export const M_MODE = 2;
export const SPECTRAL = 3;

const LOW_PRIORITY = 1;
export const DOPPLER_FREQUENCY = 4;

export interface Region {
  left_px: number;
  top_px: number;
  right_px: number;
  bottom_px: number;
  spatial_format: number;
  unit_x: number;
  unit_y: number;
  delta_x: number;
  delta_y: number;
  /** Column and row of the reference pixel in the picture, counted from the region's corner as it was stated. */
  zero_x_px: number;
  zero_y_px: number;
  /** Whether the file says where the reference pixel is. */
  has_zero: boolean;
  /** Whether it says in which row: of a spectrum the baseline. */
  has_baseline: boolean;
  reference_x: number;
  reference_y: number;
  flags: number;
  transducer_khz: number | null;
  doppler_angle_deg: number | null;
  /** Why nothing is measured in it; it still covers what it covers. */
  fault: string | null;
}

/** What is measured on: only exact and stored pictures are. */
export interface Frame {
  width: number;
  height: number;
  standing: "exact" | "stored" | "sent";
  regions: Region[];
  source: CalibrationSource;
  /** The most the scale may be off, as a part of it. */
  scale_uncertainty: number;
}

export const highPriority = (region: Region) => (region.flags & LOW_PRIORITY) === 0;

export const areaPx = (region: Region) =>
  (region.right_px - region.left_px + 1) * (region.bottom_px - region.top_px + 1);

export const holds = (region: Region, [x, y]: Point) =>
  region.left_px <= x && x <= region.right_px && region.top_px <= y && y <= region.bottom_px;

/** What a column and a row stand for, in the region's units (DICOM PS3.3 C.8.5.5.1.16 and .17). */
export const physicalX = (region: Region, x: number) => region.reference_x + (x - region.zero_x_px) * region.delta_x;
export const physicalY = (region: Region, y: number) => region.reference_y + (y - region.zero_y_px) * region.delta_y;

const covers = (region: Region, other: Region) =>
  holds(region, [other.left_px, other.top_px]) && holds(region, [other.right_px, other.bottom_px]);

const same = (one: number, other: number) =>
  Math.abs(one - other) <= 1e-6 * Math.max(Math.abs(one), Math.abs(other));

/** Whether both put a pixel at the same physical place: a colour box in its tissue picture. */
export function agree(one: Region, other: Region): boolean {
  if (one.fault !== null || other.fault !== null || one.spatial_format !== other.spatial_format) return false;
  if (one.unit_x !== other.unit_x || one.unit_y !== other.unit_y) return false;
  if (!same(one.delta_x, other.delta_x) || !same(one.delta_y, other.delta_y)) return false;
  if (one.spatial_format === TWO_D && !(one.has_zero && other.has_zero)) return covers(one, other) || covers(other, one);
  const aside = physicalX(one, 0) - physicalX(other, 0);
  const down = physicalY(one, 0) - physicalY(other, 0);
  return Math.abs(aside) <= Math.abs(one.delta_x) / 2 && Math.abs(down) <= Math.abs(one.delta_y) / 2;
}
