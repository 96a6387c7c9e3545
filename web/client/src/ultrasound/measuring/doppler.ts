/** Spectral Doppler: velocity at a point, positive towards the probe. */

import { type Fits, choose } from "./choice";
import { type Measured, type Refused, refuse } from "./measured";
import { measure } from "./placed";
import { type Point, pointsRefused } from "./points";
import {
  DOPPLER_FREQUENCY,
  type Frame,
  type Region,
  SPECTRAL,
  UNIT_CM_PER_SECOND,
  UNIT_HERTZ,
  UNIT_SECONDS,
} from "./region";

/** In soft tissue, as scanners assume. */
const SOUND_CM_PER_S = 154_000;
/** Above it an error of the angle counts for more than the flow (Gill 1985). */
const MOST_ANGLE_DEG = 60;
const HZ_PER_KHZ = 1000;

const isSpectral: Fits = (region) =>
  region.spatial_format === SPECTRAL &&
  region.unit_x === UNIT_SECONDS &&
  (region.unit_y === UNIT_CM_PER_SECOND || region.unit_y === UNIT_HERTZ);

/** Centimetres a second at one point; `angleDeg` stands in for the region's own angle where rows are frequencies. */
export function velocity(frame: Frame, points: readonly Point[], angleDeg: number | null = null): Measured | Refused {
  const refused = pointsRefused(frame, points, 1, 1);
  if (refused) return refused;
  const choice = choose(frame, points, isSpectral);
  if ("refused" in choice) return choice;
  if ("uncalibrated" in choice) return refuse("uncalibrated");
  const perUnit = cmPerSPerUnit(choice.region, angleDeg);
  if (typeof perUnit !== "number") return perUnit;
  const shape = (placed: readonly Point[]) => placed[0]![1] * perUnit;
  return measure({ shape, unit: "cm/s", fits: isSpectral, bare: null }, frame, points);
}

/** 1 for rows in cm/s; for hertz c / (2 f0 cos(theta)), the Doppler equation. */
function cmPerSPerUnit(region: Region, angleDeg: number | null): number | Refused {
  if (region.unit_y === UNIT_CM_PER_SECOND) {
    return (region.flags & DOPPLER_FREQUENCY) === 0 ? 1 : refuse("doppler_contradicts");
  }
  if (region.transducer_khz === null || region.transducer_khz <= 0) return refuse("no_transducer_frequency");
  const theta = angleDeg ?? region.doppler_angle_deg;
  if (theta === null || !Number.isFinite(theta)) return refuse("no_doppler_angle");
  if (Math.abs(theta) > MOST_ANGLE_DEG) return refuse("doppler_angle_too_wide");
  return SOUND_CM_PER_S / (2 * region.transducer_khz * HZ_PER_KHZ * Math.cos((theta * Math.PI) / 180));
}
